"""Fields of the native format: they take exactly what an export writes, and change nothing in it."""

import re
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from annotator.articles.ingest.content import DOCX, HTML, MARKDOWN, PDF, PLAIN
from annotator.dates import parse
from annotator.fields import Children, Computed, PublicId, UtcTime, WholeNumber

LONGEST = 1_000_000
DEEPEST = 24
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
SHA256 = re.compile(r"[0-9a-f]{64}")
WEB = re.compile(r"(?:https?://[^\x00-\x20\x7f]+)?", re.IGNORECASE)
TARGET = re.compile(r"(?:(?:https?|mailto):[^\x00-\x20\x7f]*)?", re.IGNORECASE)
MAX_INTEGER = 2**53 - 1
FILE = "project.json"
COPIES = "copies/"
COPY = re.compile(r"copies/([0-9a-f]{64})(?:\.[a-z0-9]{1,8})?")
ENDINGS = {HTML: ".html", PLAIN: ".txt", MARKDOWN: ".md", PDF: ".pdf", DOCX: ".docx"}


class Exact(fields.String):
    """Text as it lies in the database: no NUL, at most `most` code points, at least `least`."""

    def __init__(self, *, least: int = 0, most: int = LONGEST, **kwargs: Any) -> None:
        """Take the bounds of the length, both counted in."""
        super().__init__(**kwargs)
        self.least = least
        self.most = most

    def holds(self, text: str) -> bool:
        """Tell whether the text may stand here."""
        return self.least <= len(text) <= self.most and "\0" not in text

    def complaint(self, text: str) -> str:
        """Say what is wrong with a text that does not hold."""
        if "\0" in text:
            return "A text cannot hold the character NUL."
        if not text:
            return "This cannot be empty."
        return f"This is {len(text):,} characters long; the most is {self.most:,}."

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if not self.holds(text):
            raise ValidationError(self.complaint(text))
        return text


class Patterned(Exact):
    """Text of one pattern, with the sentence that says which."""

    def __init__(self, pattern: re.Pattern[str], sentence: str, **kwargs: Any) -> None:
        """Take the pattern that the whole text must match, and what to say when it does not."""
        super().__init__(**kwargs)
        self.pattern = pattern
        self.sentence = sentence

    def holds(self, text: str) -> bool:
        """Tell whether the text matches."""
        return super().holds(text) and self.pattern.fullmatch(text) is not None

    def complaint(self, text: str) -> str:
        """Say what the text must look like."""
        return self.sentence


def sha256_field() -> Patterned:
    """Give the field of a SHA-256 in hexadecimal."""
    return Patterned(SHA256, "Give a SHA-256: 64 hexadecimal digits in lower case.", required=True)


def web_field() -> Patterned:
    """Give the field of a web address that may be empty; other schemes would run as scripts in a browser."""
    return Patterned(
        WEB, "Give a web address that begins with http:// or https://, or nothing.", required=True
    )


def target_field() -> Patterned:
    """Give the field of a link's target inside a text."""
    sentence = "A link leads to http, https or mailto, or nowhere."
    return Patterned(TARGET, sentence, required=True, allow_none=True)


class Ref(PublicId):
    """The id of another thing of the same file."""

    def __init__(self, to: str, **kwargs: Any) -> None:
        """Take the name of the list that the thing stands in."""
        super().__init__(required=True, **kwargs)
        self.to = to


class Moment(UtcTime):
    """A time in UTC: `2025-04-30T12:00:00.000000Z`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if not is_moment(text):
            raise ValidationError("Write a time as 2025-04-30T12:00:00.000000Z.")
        return text


def is_moment(text: str) -> bool:
    """Tell whether the text is a time as we write it, and one that exists."""
    if TIME.fullmatch(text) is None:
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


class WorldDate(fields.String):
    """A date of the world, `YYYY[-MM[-DD]]`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        try:
            return parse(text).value
        except ValueError as error:
            raise ValidationError(str(error)) from None


class Fraction(fields.Float):
    """A number from 0 to 1."""

    def __init__(self, **kwargs: Any) -> None:
        """Refuse what is no number."""
        super().__init__(validate=validate.Range(0, 1), **kwargs)


class Base64(Computed):
    """Bytes, written in Base64 (RFC 4648 4); None where they lie in an archive beside the file."""

    def __init__(self, label: str) -> None:
        """Take the label of the column."""
        super().__init__(lambda value: b64encode(value).decode("ascii"), label)
        self.dump_only = False
        self.required = self.allow_none = True

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("Give the bytes in Base64.")
        return value


class Entry(Computed):
    """The name of a copy's entry in an archive, or None for bytes that stand in the file itself."""

    def __init__(self, function: Callable[..., Any], *labels: str) -> None:
        """Take the function that makes the name, and the labels of its columns."""
        super().__init__(function, *labels)
        self.dump_only = False
        self.required = self.allow_none = True

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or COPY.fullmatch(value) is None:
            raise ValidationError(f"Give the name of a copy: {COPIES}<SHA-256>, with or without an ending.")
        return value


def copy_entry(raw_sha256: str, media_type: str) -> str:
    """Give the name of a copy's entry: the hash of its bytes, and an ending that programs open it by."""
    return f"{COPIES}{raw_sha256}{ENDINGS.get(media_type, '')}"


class Fields(fields.Raw):
    """Fields of a thing before or after a change, by name, as the journal keeps them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, dict) or not is_plain(value):
            raise ValidationError(f"Give an object of plain values, nested up to {DEEPEST} levels.")
        return value


def is_plain(value: Any, depth: int = 0) -> bool:
    """Tell whether every database takes this JSON value and gives it back as it is."""
    kind = type(value)
    if kind is str:
        return "\0" not in value
    if value is None or kind is bool or kind is float:
        return True
    if kind is int:
        return -MAX_INTEGER <= int(value) <= MAX_INTEGER
    if depth == DEEPEST:
        return False
    items = value if kind is list else [*value, *value.values()]
    return all(is_plain(item, depth + 1) for item in items)


__all__ = [
    "COPIES",
    "COPY",
    "FILE",
    "Base64",
    "Children",
    "Entry",
    "Exact",
    "Fields",
    "Fraction",
    "Moment",
    "Patterned",
    "Ref",
    "WholeNumber",
    "WorldDate",
    "copy_entry",
    "is_moment",
    "is_plain",
    "sha256_field",
    "target_field",
    "web_field",
]
