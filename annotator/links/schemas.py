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
    UtcTime,
    WholeNumber,
)
from annotator.links.comparison import compare
from annotator.links.models import (
    Acknowledged,
    Consistency,
    ContradictionKind,
    ContradictionState,
    Relation,
)
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
    explanation = Prose(max=5000)


class DecisionIn(InSchema):
    """A second person's answer to a contradiction; a rejection needs a reason."""

    answer = Choice(ContradictionState, without=("proposed",), required=True)
    reason = Prose(max=5000, load_default="")

    @validates_schema
    def rejection_has_reason(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a rejection that says no reason."""
        if data.get("answer") == "rejected" and not data.get("reason"):
            raise ValidationError("Say why this is rejected.", "reason")


class WordsIn(InSchema):
    """The words that count at the far end, to be found in a snapshot of it; `which` chooses among several places."""

    snapshot = PublicId(required=True)
    words = Prose(needed=True, required=True)
    which = WholeNumber(least=1, load_default=None, allow_none=True)


class FarArgs(InSchema):
    """A far end that is not linked yet: exactly one of the three."""

    source = PublicId()
    statement = PublicId()
    target = PublicId()

    @validates_schema
    def one_far_end(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse none, two and three far ends."""
        if len(data) != 1:
            raise ValidationError("Give exactly one far end: source, statement or target.")


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
    speaker = fields.Nested(PersonOut, allow_none=True)
    same_speaker = fields.Boolean(allow_none=True)


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


class CopyOut(Schema):
    """The newest copy that is kept of the source at the far end."""

    snapshot = fields.String()
    number = fields.Integer()
    captured_at = UtcTime()


def _nothing() -> None:
    """Stand for what `annotator.links.reading` fills in after the rows are read."""


class FarOut(Schema):
    """The far end of a link: enough of it for a card.

    `protected` says that its source, or that of the passage's copy, is a protected one; `hidden` that who reads is not
    named there, and then nothing of it is told, nor where the words of the link stand; `closed` that none but its named
    readers change the link. `deleted` is true of a target whose article is deleted, too. `url`, `tier`,
    `independence_group` and `copy` of a statement are those of its source.
    """

    id = fields.String()
    kind = fields.String()
    title = fields.String()
    quote = fields.String(allow_none=True)
    translation = fields.String(allow_none=True)
    translator = fields.String(allow_none=True)
    role = fields.String(allow_none=True)
    occasion = fields.String(allow_none=True)
    medium = fields.String(allow_none=True)
    date = fields.String(allow_none=True)
    valid_from = fields.String(allow_none=True)
    valid_until = fields.String(allow_none=True)
    locator = fields.String(allow_none=True)
    url = fields.String(allow_none=True)
    publisher = fields.String(allow_none=True)
    tier = fields.String(allow_none=True)
    independence_group = fields.String(allow_none=True)
    speaker = fields.Nested(PersonOut, allow_none=True)
    article = fields.Nested(TitledOut, allow_none=True)
    source = fields.Nested(CitedOut, allow_none=True)
    copy = Computed(_nothing, metadata={"type": ["object", "null"]})
    protected = fields.Boolean()
    hidden = fields.Boolean()
    closed = fields.Boolean()
    version = fields.Integer()
    deleted = fields.Boolean()


class LinkOut(ThingOut):
    """A link as the API gives it, with its far end and the comparison of both ends.

    `draft`: it names a source, but neither words nor a place in it. `missing` says in sentences what it lacks by
    that rule and by the project's policy. `decided_by` answered what `proposed_by` proposed.
    """

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
    explanation = fields.String()
    contradiction_state = fields.String(allow_none=True)
    proposed_by = fields.Nested(PersonOut, allow_none=True)
    decided_by = fields.Nested(PersonOut, allow_none=True)
    decided_at = UtcTime(allow_none=True)
    decision_reason = fields.String()
    draft = fields.Boolean()
    missing = Computed(list, metadata={"type": "array", "items": {"type": "string"}})
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
        "far__valid_from",
        "far__valid_until",
        metadata={"type": "object"},
    )
    deleted = fields.Boolean()
