"""What goes in and out of an article and of a snapshot."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from annotator.articles.models import Direction, Status
from annotator.fields import (
    Children,
    Choice,
    Day,
    Imprecise,
    InSchema,
    Line,
    PersonOut,
    PublicId,
    ThingOut,
    Url,
    UtcTime,
    WholeNumber,
    YesNo,
)
from annotator.paging import PageArgs

MEDIA_TYPES = ("text/plain", "text/markdown", "text/html")


class ArticleDetails(InSchema):
    """What is known of an article besides its text; any member who may write may correct it."""

    title = Line(max=500, needed=True)
    url = Url()
    publisher = Line()
    byline = Line()
    published_on = Imprecise(allow_none=True)
    language = Line(max=35)
    direction = Choice(Direction)


class ArticleChange(ArticleDetails):
    """The fields of an article that may be changed; assignees, due date, priority and archiving are the editors'.

    `approved` cannot be chosen: it follows from approved verdicts.
    """

    status = Choice(Status, without=("approved",))
    due_on = Day(allow_none=True)
    priority = WholeNumber(least=0, most=3)
    assignees = fields.List(PublicId(), validate=validate.Length(max=50))


class ArticleIn(ArticleDetails):
    """A new article: its text, or `fetch` and its address; what is not given is recognised in the text."""

    project = PublicId(required=True)
    text = fields.String(validate=validate.Length(1, error="Paste the article's text."))
    fetch = YesNo()
    media_type = fields.String(validate=validate.OneOf(MEDIA_TYPES))
    title = Line(max=500)
    allow_same = YesNo(load_default=False)

    @validates_schema
    def one_way(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a text and an address to fetch at once, and neither."""
        if data.get("fetch") and "text" in data:
            raise ValidationError("Give the text, or say fetch; not both.", "text")
        if data.get("fetch") and not data.get("url"):
            raise ValidationError("Give the address of the page.", "url")
        if not data.get("fetch") and "text" not in data:
            raise ValidationError("Missing data for required field.", "text")


class ArticleFileArgs(Schema):
    """What goes with the bytes of an uploaded article."""

    project = PublicId(required=True)
    name = Line(load_default="", max=400)
    allow_same = fields.Boolean(load_default=False)


class RecogniseIn(InSchema):
    """A text whose details are to be recognised."""

    text = fields.String(required=True, validate=validate.Length(1, error="Paste the article's text."))
    media_type = fields.String(validate=validate.OneOf(MEDIA_TYPES))


class RecognisedOut(Schema):
    """What a text says of itself."""

    media_type = fields.String()
    title = fields.String(allow_none=True)
    url = fields.String(allow_none=True)
    publisher = fields.String(allow_none=True)
    byline = fields.String(allow_none=True)
    published_on = fields.String(allow_none=True)
    language = fields.String(allow_none=True)
    direction = fields.String(allow_none=True)
    found_in = fields.Dict(metadata={"description": "where each field was found"})
    notes = fields.List(fields.String())
    blocks = fields.Integer()
    characters = fields.Integer()
    words = fields.Integer()
    existing = fields.Raw(
        metadata={
            "type": ["object", "null"],
            "description": "the article that holds the same text: id, title, url",
        }
    )


class ArticleArgs(PageArgs):
    """What the list of articles takes."""

    q = Line(load_default="")
    status = fields.String(load_default=None, validate=validate.OneOf([status.value for status in Status]))
    tag = Line(load_default="", max=100)
    assignee = PublicId(load_default=None)


class ArticleOut(ThingOut):
    """An article as the API gives it; `snapshot` and `revision` are those of its newest text."""

    project = fields.String()
    title = fields.String()
    url = fields.String()
    publisher = fields.String()
    byline = fields.String()
    published_on = fields.String(allow_none=True)
    language = fields.String()
    direction = fields.String()
    status = fields.String()
    due_on = Day(allow_none=True)
    priority = fields.Integer()
    snapshot = fields.String()
    revision = fields.Integer()
    characters = fields.Integer()
    annotations = fields.Integer(metadata={"description": "how many stand in it"})
    assignees = Children(fields.Nested(PersonOut))
    deleted = fields.Boolean()


class SnapshotOut(Schema):
    """A snapshot with its text; offsets are code points into `text`."""

    id = fields.String()
    project = fields.String()
    article = fields.String(allow_none=True)
    source = fields.String(allow_none=True)
    number = fields.Integer()
    captured_at = UtcTime()
    captured_by = fields.Nested(PersonOut)
    method = fields.String()
    url = fields.String()
    final_url = fields.String()
    media_type = fields.String()
    raw_sha256 = fields.String()
    text_sha256 = fields.String()
    characters = fields.Integer()
    note = fields.String(allow_none=True)
    filename = fields.String()
    unread = fields.String(metadata={"description": "why no text could be made of the bytes"})
    status_code = fields.Integer(allow_none=True)


class SnapshotText(SnapshotOut):
    """A snapshot with its text, blocks, marks and sentences."""

    text = fields.String()
    blocks = fields.Raw(metadata={"type": "array"})
    marks = fields.Raw(metadata={"type": "array"})
    sentences = fields.Raw(metadata={"type": "array", "description": "[start, end] of each sentence"})
    sentence_rule = fields.Integer()
