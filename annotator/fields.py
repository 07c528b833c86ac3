"""Fields of our schemas: strict about types, generous about nothing that people would not expect.

marshmallow's own fields take 1.9 for 1, "yes" for True and digits in strings; ours refuse them.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from annotator import dates
from annotator.columns import as_time

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
MAX_OFFSET = 2**31 - 1
REQUIRED = "Fill this in."


class InSchema(Schema):
    """What comes in: unknown names are refused."""

    class Meta:
        """Refuse what we do not know, so that a slip in a name is seen at once."""

        unknown = RAISE


class PublicId(fields.String):
    """A public id: a UUID in canonical lower-case form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if not ID.fullmatch(text):
            raise ValidationError("Give an id: a UUID in lower case.")
        return text


class Line(fields.String):
    """One line of text: trimmed, in NFC, without control characters; `max` counts code points."""

    def __init__(self, *, max: int = 300, needed: bool = False, **kwargs: Any) -> None:  # noqa: A002
        """Take the longest length and whether an empty line is refused."""
        super().__init__(**kwargs)
        self.max = max
        self.needed = needed

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = unicodedata.normalize("NFC", str(super()._deserialize(value, attr, data, **kwargs))).strip()
        if CONTROLS.search(text):
            raise ValidationError("Give one line without control characters.")
        return _bounded(text, self.max, needed=self.needed)


class Prose(fields.String):
    """Text of several lines, kept as typed but for line ends; `max` counts code points."""

    def __init__(self, *, max: int = 20_000, needed: bool = False, **kwargs: Any) -> None:  # noqa: A002
        """Take the longest length and whether an empty text is refused."""
        super().__init__(**kwargs)
        self.max = max
        self.needed = needed

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = (
            str(super()._deserialize(value, attr, data, **kwargs)).replace("\r\n", "\n").replace("\r", "\n")
        )
        if "\0" in text:
            raise ValidationError("The text holds the character NUL.")
        return _bounded(text if text.strip() else "", self.max, needed=self.needed)


def _bounded(text: str, most: int, *, needed: bool) -> str:
    if needed and not text:
        raise ValidationError(REQUIRED)
    if len(text) > most:
        raise ValidationError(f"This is {len(text):,} characters long; the most is {most:,}.")
    return text


class Url(Line):
    """A web address, http or https; empty for none."""

    def __init__(self, **kwargs: Any) -> None:
        """Take what a Line takes."""
        super().__init__(max=2048, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and not _is_web_address(text):
            raise ValidationError(
                "Give a web address that begins with http:// or https://, without a user name."
            )
        return text


def _is_web_address(text: str) -> bool:
    if "\\" in text or " " in text:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


class WholeNumber(fields.Integer):
    """A JSON integer: no fraction, no text, no boolean."""

    def __init__(self, *, least: int = 0, most: int = MAX_OFFSET, **kwargs: Any) -> None:
        """Take the bounds, both counted in."""
        super().__init__(strict=True, validate=validate.Range(least, most), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str) and data is not None and not isinstance(data, FormValues):
            raise self.make_error("invalid", input=value)
        if isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(self._number(value), attr, data, **kwargs)

    def _number(self, value: Any) -> Any:
        """Read the digits that a form sends."""
        if not isinstance(value, str):
            return value
        if not re.fullmatch(r"\s*-?[0-9]{1,10}\s*", value):
            raise self.make_error("invalid", input=value)
        return int(value)


class FormValues(dict[str, Any]):
    """Values of an HTML form, where a number is text."""


class YesNo(fields.Boolean):
    """A JSON boolean and nothing that looks like one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Choice(fields.String):
    """One of a closed list; a form's empty choice is None where that is allowed."""

    def __init__(self, choices: type[StrEnum], *, without: tuple[str, ...] = (), **kwargs: Any) -> None:
        """Take the list, less what cannot be chosen by hand."""
        known = [choice.value for choice in choices if choice.value not in without]
        super().__init__(
            validate=validate.OneOf(known, error=f"Choose one of: {', '.join(known)}."), **kwargs
        )

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """Take the empty text of a form's empty choice for None."""
        return super().deserialize(None if value == "" and self.allow_none else value, attr, data, **kwargs)


class Imprecise(fields.String):
    """A date of the world, known to day, month or year: `YYYY[-MM[-DD]]`, or as people write it, `4 October 2022`."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """Take an empty text for None."""
        return super().deserialize(None if value == "" else value, attr, data, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).strip()
        try:
            return dates.parse(dates.recognise_date(text, None) or text).value
        except ValueError as error:
            raise ValidationError(str(error)) from None


class Day(fields.Date):
    """A day of the calendar, `YYYY-MM-DD`; None for an empty text."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """Take an empty text for None."""
        return super().deserialize(None if value == "" else value, attr, data, **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return as_day(value)


def as_day(value: date | str | None) -> str | None:
    """Write a day; text is in that form already."""
    return value if value is None or isinstance(value, str) else value.isoformat()


class UtcTime(fields.String):
    """A time as all our JSON writes it (`annotator.columns.as_time`)."""

    def _serialize(
        self, value: datetime | str | None, attr: str | None, obj: Any, **kwargs: Any
    ) -> str | None:
        return as_time(value)


class Computed(fields.Raw):
    """A value made by a pure function of other columns of the same row."""

    def __init__(self, function: Callable[..., Any], *labels: str, **kwargs: Any) -> None:
        """Take the function and the labels of the columns it gets, in order."""
        super().__init__(dump_only=True, **kwargs)
        self.function = function
        self.labels = labels

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **kwargs: Any) -> Any:
        """Give the function of the row's columns."""
        return self.function(*(obj.get(label) for label in self.labels))


class Children(fields.List[Any]):
    """A list of rows of another table that belong to this one."""


class PersonOut(Schema):
    """A person as everybody who may read the project sees them: never the e-mail address."""

    id = fields.String()
    name = fields.String()


class ThingOut(Schema):
    """What everything we give out carries."""

    id = fields.String()
    version = fields.Integer()
    created_at = UtcTime()
    created_by = fields.Nested(PersonOut, allow_none=True)
    updated_at = UtcTime()
    updated_by = fields.Nested(PersonOut, allow_none=True)


def bounds(prefix: str, value: str | None) -> dict[str, Any]:
    """Give the three columns of an imprecise date: as written, the earliest and the latest day it can mean."""
    if value is None:
        return {f"{prefix}_on": None, f"{prefix}_earliest": None, f"{prefix}_latest": None}
    parsed = dates.parse(value)
    return {
        f"{prefix}_on": parsed.value,
        f"{prefix}_earliest": parsed.earliest,
        f"{prefix}_latest": parsed.latest,
    }
