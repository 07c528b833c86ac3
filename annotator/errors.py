"""What can go wrong, each with a status, a stable name and a sentence a person can act on (RFC 9457)."""

from collections.abc import Mapping
from typing import Any

Messages = Mapping[str, Any] | list[Any]
# marshmallow's own sentences in the words of our screens
PLAIN_WORDS = {
    "Missing data for required field.": "Fill this in.",
    "Field may not be null.": "This cannot be null.",
    "Unknown field.": "There is no such field.",
    "Not a valid string.": "Give a text.",
    "Not a valid integer.": "Give a whole number.",
    "Not a valid boolean.": "Give true or false.",
    "Not a valid list.": "Give a list.",
    "Not a valid date.": "Give a day as 2025-04-30.",
    "Invalid input type.": "Give an object.",
}


class AnnotatorError(Exception):
    """The base of our errors; `detail` says what happened and what to do, `more` goes into the problem document."""

    status = 500
    name = "internal"
    title = "Something went wrong"

    def __init__(self, detail: str = "", **more: Any) -> None:
        """Keep the sentence and whatever the problem document shall carry besides."""
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.headers: dict[str, str] = more.pop("headers", {})
        self.more = more


class BadRequest(AnnotatorError):
    """The request itself cannot be read."""

    status, name, title = 400, "bad-request", "The request cannot be read"


class NotSignedIn(AnnotatorError):
    """Nobody is signed in, or the session has ended."""

    status, name, title = 401, "not-signed-in", "Please sign in"


class CsrfFailed(AnnotatorError):
    """The request may come from another site."""

    status, name, title = 403, "csrf", "The request did not come from this page"


class NotAllowed(AnnotatorError):
    """A known person may see this but not do that."""

    status, name, title = 403, "not-allowed", "Your role does not allow this"


class NotFresh(AnnotatorError):
    """The person proved who they are too long ago for this; they are asked again, and nothing typed is lost."""

    status, name, title = 403, "confirm", "Please confirm that it is you"


class FactorNeeded(AnnotatorError):
    """The site asks this person for a second factor, and there is none yet."""

    status, name, title = 403, "second-factor-needed", "A second factor is needed here"


class NotFound(AnnotatorError):
    """It does not exist, or this person may not know that it does: the same answer for both."""

    status, name, title = 404, "not-found", "There is nothing here"


class Conflict(AnnotatorError):
    """It exists otherwise."""

    status, name, title = 409, "conflict", "This clashes with what is stored"


class WrongState(AnnotatorError):
    """The thing's state does not allow this now."""

    status, name, title = 409, "wrong-state", "This is not possible now"


class Gone(AnnotatorError):
    """It was there once and works no more."""

    status, name, title = 410, "gone", "This has been used or has expired"


class Stale(AnnotatorError):
    """Somebody changed the thing meanwhile; `current` holds its present state."""

    status, name, title = 412, "stale", "This was changed meanwhile"


class TooLarge(AnnotatorError):
    """The body is larger than this door takes."""

    status, name, title = 413, "too-large", "This is too large"


class WrongType(AnnotatorError):
    """The body is of another media type."""

    status, name, title = 415, "wrong-type", "This kind of content is not taken here"


class Invalid(AnnotatorError):
    """Fields do not hold; `errors` lists pointers (RFC 6901) and sentences."""

    status, name, title = 422, "invalid", "Some fields need attention"

    def __init__(self, messages: Messages, detail: str = "") -> None:
        """Take marshmallow's nested messages, or the same by hand: `{"field": ["sentence"]}`."""
        self.messages = messages
        found = list(pointers(messages))
        super().__init__(detail or " ".join(dict.fromkeys(row["detail"] for row in found[:3])), errors=found)


class VersionNeeded(AnnotatorError):
    """A change must say which version it is based on."""

    status, name, title = 428, "version-needed", "The change does not say which version it is based on"


class TooMany(AnnotatorError):
    """Too many tries in a short time."""

    status, name, title = 429, "too-many", "Too many tries"


class Unavailable(AnnotatorError):
    """The server is busy or cannot write just now."""

    status, name, title = 503, "unavailable", "The server is busy"


def pointers(messages: Any, path: str = "") -> list[dict[str, str]]:
    """Flatten marshmallow's messages into `[{"pointer": "/spans/0/start", "detail": "..."}]`."""
    if isinstance(messages, Mapping):
        found: list[dict[str, str]] = []
        for key, value in messages.items():
            step = "" if key == "_schema" else "/" + str(key).replace("~", "~0").replace("/", "~1")
            found.extend(pointers(value, path + step))
        return found
    if isinstance(messages, list):
        return [row for message in messages for row in pointers(message, path)]
    return [{"pointer": path, "detail": PLAIN_WORDS.get(str(messages), str(messages))}]
