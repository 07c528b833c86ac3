"""What goes in and out of a link."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from annotator.fields import (
    Choice,
    Computed,
    InSchema,
    Line,
    PersonOut,
    Prose,
    PublicId,
    ThingOut,
    WholeNumber,
)
from annotator.links.comparison import compare
from annotator.links.models import Acknowledged, Consistency, ContradictionKind, Relation
from annotator.statements.models import LocatorKind

FAR_ENDS = ("source", "statement", "target")
OF_CONTRADICTIONS = ("contradiction_kind", "acknowledged", "consistency")


class PassageIn(InSchema):
    """The words that count at the far end, as a place in one of its snapshots."""

    snapshot = PublicId(required=True)
    start = WholeNumber(required=True)
    end = WholeNumber(required=True, least=1)
    exact = fields.String()


class LinkChange(InSchema):
    """The fields of a link that may be changed; its ends are not among them."""

    relation = Choice(Relation)
    locator_kind = Choice(LocatorKind, allow_none=True)
    locator = Line(max=1000)
    passage = fields.Nested(PassageIn, allow_none=True)
    group = Line(max=100)
    assumption = Prose(max=2000)
    note = Prose()
    contradiction_kind = Choice(ContradictionKind, allow_none=True)
    acknowledged = Choice(Acknowledged, allow_none=True)
    consistency = Choice(Consistency, allow_none=True)


class LinkIn(LinkChange):
    """A new link: its near end, exactly one far end, and the relation."""

    annotation = PublicId(required=True)
    source = PublicId()
    statement = PublicId()
    target = PublicId()
    relation = Choice(Relation, required=True)

    @validates_schema
    def one_far_end(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse none, two and three far ends, and a link to itself."""
        if sum(name in data for name in FAR_ENDS) != 1:
            raise ValidationError("Give exactly one far end: source, statement or target.")
        if data.get("target") == data.get("annotation"):
            raise ValidationError("An annotation cannot be linked to itself.", "target")


class FoundOut(Schema):
    """One thing that the palette found."""

    kind = fields.String(metadata={"enum": ["source", "statement", "annotation", "speaker"]})
    id = fields.String()
    title = fields.String()
    detail = fields.String()
    date = fields.String(allow_none=True)
    article = fields.String(allow_none=True)


class FindOut(Schema):
    """What the palette found."""

    results = fields.List(fields.Nested(FoundOut))


class PassageOut(Schema):
    """A passage as the API gives it."""

    snapshot = fields.String()
    start = fields.Integer()
    end = fields.Integer()
    exact = fields.String()
    prefix = fields.String()
    suffix = fields.String()


class TitledOut(Schema):
    """A thing named by its title."""

    id = fields.String()
    title = fields.String()


class CitedOut(TitledOut):
    """A source named by title and address."""

    url = fields.String()


class FarOut(Schema):
    """The far end of a link: enough of it for a card."""

    id = fields.String()
    kind = fields.String()
    title = fields.String()
    quote = fields.String(allow_none=True)
    role = fields.String(allow_none=True)
    occasion = fields.String(allow_none=True)
    medium = fields.String(allow_none=True)
    date = fields.String(allow_none=True)
    url = fields.String(allow_none=True)
    publisher = fields.String(allow_none=True)
    speaker = fields.Nested(PersonOut, allow_none=True)
    article = fields.Nested(TitledOut, allow_none=True)
    source = fields.Nested(CitedOut, allow_none=True)
    version = fields.Integer()
    deleted = fields.Boolean()


class LinkOut(ThingOut):
    """A link as the API gives it, with its far end and the comparison of both ends."""

    project = fields.String()
    annotation = fields.String()
    relation = fields.String()
    locator_kind = fields.String(allow_none=True)
    locator = fields.String()
    passage = fields.Nested(PassageOut, allow_none=True)
    group = fields.String()
    assumption = fields.String()
    note = fields.String()
    contradiction_kind = fields.String(allow_none=True)
    acknowledged = fields.String(allow_none=True)
    consistency = fields.String(allow_none=True)
    far = fields.Nested(FarOut)
    comparison = Computed(
        compare,
        "far__kind",
        "near_claimed_on",
        "near_published_on",
        "far__date",
        "near_claimant_id",
        "far__speaker__id",
        "far_claimant_id",
        metadata={"type": "object"},
    )
    deleted = fields.Boolean()
