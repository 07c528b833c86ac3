"""What the forms of the links' pages send."""

from marshmallow import fields, validate

from annotator.fields import Choice, InSchema, PublicId
from annotator.links.models import Relation
from annotator.links.schemas import LinkChange


class LinkForm(LinkChange):
    """A link's fields as its page sends them; the passage has a form of its own."""

    class Meta(LinkChange.Meta):
        """Leave out what the form does not have."""

        exclude = ("passage",)


class SuggestedIn(InSchema):
    """A suggestion that somebody links: what it is, its id, and by which relation."""

    kind = fields.String(required=True, validate=validate.OneOf(["statement", "annotation"]))
    id = PublicId(required=True)
    relation = Choice(Relation, required=True)
