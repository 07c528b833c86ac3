"""What goes out of a claim with all its evidence, and of a far end that is not linked yet."""

from marshmallow import Schema, fields, validate

from annotator.fields import PersonOut
from annotator.links.schemas import FoundOut, LinkOut, TitledOut


class ComparisonOut(Schema):
    """How a far end would lie to a claim, before they are linked."""

    near_on = fields.String(allow_none=True)
    near_from = fields.String(allow_none=True)
    far_on = fields.String(allow_none=True)
    order = fields.String()
    distance = fields.String(allow_none=True)
    same_speaker = fields.Boolean(allow_none=True)
    after_article = fields.Boolean(allow_none=True)
    validity = fields.String(allow_none=True)
    proposal = fields.String(allow_none=True)
    sentence = fields.String()


class AppearanceOut(Schema):
    """The same claim in this or another article; `first` marks the earliest of several."""

    id = fields.String()
    words = fields.String()
    article = fields.Nested(TitledOut)
    claimant = fields.Nested(PersonOut, allow_none=True)
    date = fields.String(allow_none=True)
    first = fields.Boolean()
    here = fields.Boolean()


class EvidenceGroupOut(Schema):
    """Links that prove something only together, and what must hold for them to count."""

    name = fields.String()
    links = fields.List(fields.String())
    assumptions = fields.List(fields.String())


class IndependentOut(Schema):
    """How many independent sources stand for and against a claim; one side has to have as many as `needed`."""

    found = fields.Integer()
    needed = fields.Integer()
    supporting = fields.Integer()
    contradicting = fields.Integer()


class PointOut(Schema):
    """A dated point of a claim's picture in time: `lane` is `above` (supports), `line` or `below` (contradicts)."""

    key = fields.String()
    on = fields.String(allow_none=True)
    label = fields.String()
    lane = fields.String()
    tone = fields.String()
    href = fields.String()
    note = fields.String()


class NearOut(Schema):
    """The annotation at the near end of a link that ends at a claim."""

    id = fields.String()
    words = fields.String()
    article = fields.Nested(TitledOut)
    claimant = fields.Nested(PersonOut, allow_none=True)
    date = fields.String(allow_none=True)


class IncomingOut(Schema):
    """A link of another annotation that ends at the claim; the comparison is made from the claim's side."""

    link = fields.Nested(LinkOut)
    near = fields.Nested(NearOut)
    comparison = fields.Nested(ComparisonOut)


class ClaimOut(Schema):
    """A claim's page as data: its evidence, what that lacks, where else it was made, and who speaks about it.

    `contradictions` counts those at either end that nobody rejected.
    """

    id = fields.String()
    article = fields.Nested(TitledOut)
    words = fields.String()
    claim_text = fields.String()
    claimant = fields.Nested(PersonOut, allow_none=True)
    date = fields.String(allow_none=True)
    evidence = fields.List(fields.Nested(LinkOut))
    incoming = fields.List(fields.Nested(IncomingOut))
    contradictions = fields.Integer()
    groups = fields.List(fields.Nested(EvidenceGroupOut))
    missing = fields.List(fields.String())
    independent = fields.Nested(IndependentOut)
    appearances = fields.List(fields.Nested(AppearanceOut))
    timeline = fields.List(fields.Nested(PointOut))


class SuggestionArgs(Schema):
    """How many suggestions are wanted."""

    limit = fields.Integer(load_default=10, validate=validate.Range(1, 50))


class SuggestionOut(FoundOut):
    """An earlier statement or annotation of like words, with what follows from both dates and speakers."""

    distance = fields.String(allow_none=True)
    sentence = fields.String()


class SuggestionsOut(Schema):
    """What may be of use for a claim, the same speaker's first."""

    items = fields.List(fields.Nested(SuggestionOut))
