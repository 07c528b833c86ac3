"""What goes in and out of an annotation."""

from marshmallow import Schema, ValidationError, fields, validate

from annotator.annotations.models import Kind, State
from annotator.fields import (
    MAX_OFFSET,
    Children,
    Choice,
    Imprecise,
    InSchema,
    Line,
    PersonOut,
    Prose,
    PublicId,
    ThingOut,
    UtcTime,
    WholeNumber,
)
from annotator.paging import PageArgs

MAX_SPANS = 50
MAX_TAGS = 30
MAX_BRACKETS = 300
STATES_BY_VERDICT = ("submitted", "approved")


class SpanIn(InSchema):
    """A place in the snapshot: `[start, end)` in code points; `exact`, when given, must be the words there."""

    start = WholeNumber(required=True)
    end = WholeNumber(required=True, least=1)
    exact = fields.String()


def _few_brackets(text: str) -> None:
    """Refuse a note whose rendering would cost far more than it is worth: the work grows with their square."""
    if text.count("[") > MAX_BRACKETS:
        raise ValidationError(f"A note takes at most {MAX_BRACKETS} opening brackets.")


class AnnotationChange(InSchema):
    """The fields of an annotation that may be changed.

    `submitted` and `approved` follow from verdicts and cannot be chosen.
    """

    kind = Choice(Kind)
    snapshot = PublicId()
    spans = fields.List(fields.Nested(SpanIn), validate=validate.Length(1, MAX_SPANS))
    body = Prose(validate=_few_brackets)
    tags = fields.List(Line(max=100, needed=True), validate=validate.Length(max=MAX_TAGS))
    claim_text = Prose(max=2000)
    claimant = PublicId(allow_none=True)
    claimed_on = Imprecise(allow_none=True)
    state = Choice(State, without=STATES_BY_VERDICT)
    reason = Line(allow_none=True, max=1000)
    assignee = PublicId(allow_none=True)


class AnnotationIn(AnnotationChange):
    """A new annotation: where it stands and of what kind it is."""

    article = PublicId(required=True)
    snapshot = PublicId(required=True)
    kind = Choice(Kind, required=True)
    spans = fields.List(fields.Nested(SpanIn), required=True, validate=validate.Length(1, MAX_SPANS))


class SpanOut(Schema):
    """A span as the API gives it."""

    snapshot = fields.String()
    start = fields.Integer()
    end = fields.Integer()
    exact = fields.String()
    prefix = fields.String()
    suffix = fields.String()
    anchor = fields.String()
    reason = fields.String(allow_none=True)


class AnnotationOut(ThingOut):
    """An annotation as the API gives it; `spans` are those of the article's newest snapshot."""

    project = fields.String()
    article = fields.String()
    kind = fields.String()
    state = fields.String()
    reason = fields.String(allow_none=True)
    tone = fields.String()
    body = fields.String()
    body_html = fields.String()
    tags = Children(fields.String())
    claim_text = fields.String()
    claimant = fields.Nested(PersonOut, allow_none=True)
    claimed_on = fields.String(allow_none=True)
    assignee = fields.Nested(PersonOut, allow_none=True)
    spans = Children(fields.Nested(SpanOut))
    links = Children(fields.Raw())
    deleted = fields.Boolean()


class SpansOut(Schema):
    """What a page is painted from."""

    snapshot = fields.String()
    spans = fields.List(
        fields.Raw(), metadata={"description": "[annotation, start, end, tone], by start, longest first"}
    )


class TagsOut(Schema):
    """A project's tags, each once, in order."""

    tags = fields.List(fields.String())


class LineOut(Schema):
    """A line of the journal."""

    number = fields.Integer()
    at = UtcTime()
    actor = fields.Nested(PersonOut, allow_none=True)
    action = fields.String()
    before = fields.Raw(
        metadata={"type": ["object", "null"], "description": "the changed fields as they were"}
    )
    after = fields.Raw(metadata={"type": ["object", "null"], "description": "the changed fields as they are"})


class HistoryOut(Schema):
    """The journal's lines of a thing, oldest first."""

    items = fields.List(fields.Nested(LineOut))


class FilterArgs(Schema):
    """What annotations are found by."""

    q = Line(load_default="")
    kind = fields.String(load_default=None, validate=validate.OneOf([kind.value for kind in Kind]))
    state = fields.String(load_default=None, validate=validate.OneOf([state.value for state in State]))
    tag = Line(load_default="", max=100)
    author = PublicId(load_default=None)


class AnnotationArgs(FilterArgs, PageArgs):
    """What the lists of annotations take."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 2000))


class StretchArgs(AnnotationArgs):
    """What the list of an article's annotations takes besides: a stretch of its text in code points."""

    start = fields.Integer(data_key="from", load_default=None, validate=validate.Range(0, MAX_OFFSET))
    end = fields.Integer(data_key="to", load_default=None, validate=validate.Range(0, MAX_OFFSET))
