"""What goes in and out of a source."""

from marshmallow import fields, validate

from annotator.fields import Choice, Imprecise, InSchema, Line, Prose, PublicId, ThingOut, Url
from annotator.sources.models import Confidentiality, SourceType, Tier


class SourceChange(InSchema):
    """The fields of a source that may be changed.

    `protected` cannot be chosen: it needs named readers, which this version does not have.
    """

    title = Line(needed=True)
    url = Url()
    publisher = Line()
    authors = fields.List(Line(needed=True), validate=validate.Length(max=50))
    published_on = Imprecise(allow_none=True)
    type = Choice(SourceType)
    tier = Choice(Tier, allow_none=True)
    independence_group = Line()
    confidentiality = Choice(Confidentiality, without=("protected",))
    note = Prose()


class SourceIn(SourceChange):
    """A new source: an address and a title are enough."""

    project = PublicId(required=True)
    title = Line(needed=True, required=True)


class SourceOut(ThingOut):
    """A source as the API gives it."""

    project = fields.String()
    title = fields.String()
    url = fields.String()
    publisher = fields.String()
    authors = fields.Raw(metadata={"type": "array", "items": {"type": "string"}})
    published_on = fields.String(allow_none=True)
    type = fields.String()
    tier = fields.String(allow_none=True)
    independence_group = fields.String()
    confidentiality = fields.String()
    note = fields.String()
