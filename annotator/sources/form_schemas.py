"""What the forms of the sources' pages send besides the fields of a source."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate
from werkzeug.datastructures import MultiDict

from annotator.fields import InSchema, Line, YesNo
from annotator.sources.schemas import MEDIA_TYPES, SourceChange

FIELDS = tuple(SourceChange().fields)
WAYS = ("fetch", "file", "text")


class SourceForm(SourceChange):
    """A new source, and whether to fetch a copy at once, and to add it though one looks the same."""

    title = Line(needed=True, required=True)
    capture = YesNo(load_default=False)
    allow_same = YesNo(load_default=False)


class CopyForm(InSchema):
    """A copy that comes in: how, and the pasted text."""

    way = fields.String(required=True, validate=validate.OneOf(WAYS, error="Choose how the copy comes in."))
    text = fields.String(load_default="")
    media_type = fields.String(load_default="", validate=validate.OneOf(["", *MEDIA_TYPES]))


def typed(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """Give a form as the schema takes it: one author a line, and no readers where none of their boxes is ticked."""
    known = {*FIELDS, "capture", "allow_same"} - {"authors", "readers"}
    given = MultiDict((name, value) for name, value in form.items(multi=True) if name in known)
    if "authors" in form:
        given.setlist("authors", [line for line in form["authors"].splitlines() if line.strip()])
    if "was-readers" in form and form.get("confidentiality") == "protected":
        given.setlist("readers", form.getlist("readers"))
    return given


def as_text(source: Mapping[str, Any]) -> dict[str, Any]:
    """Give a source, as the API gives it, as the form shows it."""
    found = {name: source[name] for name in FIELDS}
    found["authors"] = "\n".join(source["authors"])
    found["readers"] = [person["id"] for person in source["readers"]]
    return {name: "" if value is None else value for name, value in found.items()}
