"""What goes in and out of a speaker and of a statement."""

from marshmallow import Schema, fields, validate

from annotator.fields import Choice, Imprecise, InSchema, Line, PersonOut, Prose, PublicId, ThingOut, Url
from annotator.statements.models import LocatorKind, Medium, SpeakerKind


class SpeakerChange(InSchema):
    """The fields of a speaker that may be changed."""

    name = Line(needed=True)
    kind = Choice(SpeakerKind)
    also_known_as = fields.List(Line(needed=True), validate=validate.Length(max=50))
    same_as = Url()
    description = Prose()


class SpeakerIn(SpeakerChange):
    """A new speaker: a name is enough."""

    project = PublicId(required=True)
    name = Line(needed=True, required=True)


class SpeakerOut(ThingOut):
    """A speaker as the API gives it."""

    project = fields.String()
    name = fields.String()
    kind = fields.String()
    also_known_as = fields.Raw(metadata={"type": "array", "items": {"type": "string"}})
    same_as = fields.String()
    description = fields.String()


class StatementChange(InSchema):
    """The fields of a statement that may be changed."""

    speaker = PublicId()
    role = Line()
    quote = Prose(needed=True)
    language = Line(max=35)
    translation = Prose()
    translator = Line()
    said_on = Imprecise(allow_none=True)
    occasion = Line()
    medium = Choice(Medium)
    source = PublicId(allow_none=True)
    locator_kind = Choice(LocatorKind, allow_none=True)
    locator = Line()
    valid_from = Imprecise(allow_none=True)
    valid_until = Imprecise(allow_none=True)


class StatementIn(StatementChange):
    """A new statement: who and which words; when, where and how can follow."""

    project = PublicId(required=True)
    speaker = PublicId(required=True)
    quote = Prose(needed=True, required=True)


class CitedSource(Schema):
    """A source as it is named beside what it carries."""

    id = fields.String()
    title = fields.String()
    url = fields.String()


class StatementOut(ThingOut):
    """A statement as the API gives it."""

    project = fields.String()
    speaker = fields.Nested(PersonOut)
    role = fields.String()
    quote = fields.String()
    language = fields.String()
    translation = fields.String()
    translator = fields.String()
    said_on = fields.String(allow_none=True)
    occasion = fields.String()
    medium = fields.String()
    source = fields.Nested(CitedSource, allow_none=True)
    locator_kind = fields.String(allow_none=True)
    locator = fields.String()
    valid_from = fields.String(allow_none=True)
    valid_until = fields.String(allow_none=True)
