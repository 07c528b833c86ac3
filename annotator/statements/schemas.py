"""What goes in and out of a speaker and of a statement."""

from marshmallow import Schema, fields, validate

from annotator.fields import (
    Children,
    Choice,
    Imprecise,
    InSchema,
    Line,
    PersonOut,
    Prose,
    PublicId,
    ThingOut,
    Url,
)
from annotator.paging import PageArgs
from annotator.statements.models import LocatorKind, Medium, SpeakerKind

MAX_TAGS = 30


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
    merged_into = fields.String(
        allow_none=True, metadata={"description": "the speaker that this one was merged into"}
    )


class MergeIn(InSchema):
    """Which speaker this one is the same as: that one is kept."""

    into = PublicId(required=True)


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
    tags = fields.List(Line(max=100, needed=True), validate=validate.Length(max=MAX_TAGS))


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
    tags = Children(fields.String())
    deleted = fields.Boolean()


class SpeakerArgs(PageArgs):
    """What the list of speakers takes."""

    q = Line(load_default="")


class StatementArgs(SpeakerArgs):
    """What the list of statements takes: words, one speaker, a topic tag, and the days it may have been said on."""

    speaker = PublicId(load_default=None)
    tag = Line(load_default="", max=100)
    since = Imprecise(data_key="from", load_default=None, allow_none=True)
    until = Imprecise(load_default=None, allow_none=True)


class LikeSpeakerArgs(Schema):
    """The name that somebody is typing."""

    name = Line(required=True)


class LikeStatementArgs(Schema):
    """What somebody is typing: the speaker by id or by name, the words, the day."""

    speaker = Line(load_default="")
    quote = Prose(load_default="")
    said_on = Line(load_default="")


class LikeSpeaker(Schema):
    """A speaker that is there already, and in what it is alike."""

    id = fields.String()
    name = fields.String()
    url = fields.String(metadata={"description": "its page"})
    reason = fields.String(metadata={"enum": ["same name", "other name", "similar name"]})


class LikeSpeakers(Schema):
    """Speakers that are there already, the likest first."""

    items = fields.List(fields.Nested(LikeSpeaker))


class LikeStatement(Schema):
    """A statement that is there already, and in what it is alike."""

    id = fields.String()
    speaker = fields.Nested(PersonOut)
    quote = fields.String()
    said_on = fields.String(allow_none=True)
    url = fields.String(metadata={"description": "its page"})
    reason = fields.String(metadata={"enum": ["same words", "similar words", "same speaker and day"]})


class LikeStatements(Schema):
    """Statements that are there already, the likest first."""

    items = fields.List(fields.Nested(LikeStatement))
