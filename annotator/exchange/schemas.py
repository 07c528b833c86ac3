"""The native format, version 2: one schema for each kind of thing, for the way out and the way in (docs/format.md)."""

import re
from collections.abc import Mapping

from marshmallow import Schema, fields

from annotator.annotations.models import Anchor, AnchorReason, Kind, State
from annotator.articles.models import Direction, Status
from annotator.exchange.fields import (
    Fields,
    Fraction,
    Moment,
    Patterned,
    Ref,
    WorldDate,
    web_field,
)
from annotator.exchange.library import (
    NativeCheck,
    NativeMerge,
    NativeSnapshot,
    NativeSource,
    NativeSpeaker,
    NativeStatement,
)
from annotator.exchange.natives import Deletable, Native, maybe_words, words
from annotator.fields import Children, Choice, Day, InSchema, PublicId, WholeNumber, YesNo
from annotator.links.models import Acknowledged, Consistency, ContradictionKind, ContradictionState, Relation
from annotator.projects.slugs import PATTERN
from annotator.statements.models import LocatorKind

ACTION = re.compile(
    r"(?:project|member|article|snapshot|annotation|source|speaker|statement|link):[a-z][a-z-]{1,40}"
)


class NativePerson(InSchema):
    """A person by name alone: whoever made, changed, captured or confirmed something in the file."""

    id = PublicId(required=True)
    name = words(1)


class NativeProject(Native):
    """The project; who may enter it is each installation's own matter."""

    name = words(1)
    slug = Patterned(PATTERN, "Use small letters a to z, digits and hyphens, at most 80.", required=True)
    description = words()
    rating_scale = words()
    language = words()
    approvals_needed = WholeNumber(required=True, least=1)
    independent_sources_needed = WholeNumber(required=True)
    primary_required = YesNo(required=True)
    archived_copy_required = YesNo(required=True)
    locator_required = YesNo(required=True)
    archived_at = Moment(required=True, allow_none=True)


class NativeArticle(Deletable):
    """An article; its texts are its snapshots."""

    title = words(1)
    url = web_field()
    publisher = words()
    byline = words()
    published_on = WorldDate(required=True, allow_none=True)
    language = words()
    direction = Choice(Direction, required=True)
    status = Choice(Status, required=True)
    due_on = Day(required=True, allow_none=True)
    priority = WholeNumber(required=True, most=3)
    assignees = Children(Ref("people"), required=True)


class NativeSpan(InSchema):
    """A span of an annotation, on any of the article's snapshots."""

    snapshot = Ref("snapshots")
    ordinal = WholeNumber(required=True)
    start = WholeNumber(required=True)
    end = WholeNumber(required=True, least=1)
    exact = words()
    prefix = words()
    suffix = words()
    anchor = Choice(Anchor, required=True)
    reason = Choice(AnchorReason, required=True, allow_none=True)
    score = Fraction(required=True, allow_none=True)
    confirmed_by = Ref("people", allow_none=True)


class NativeAnnotation(Deletable):
    """An annotation with all its spans and its tags."""

    article = Ref("articles")
    kind = Choice(Kind, required=True)
    state = Choice(State, required=True)
    reason = maybe_words()
    body = words()
    assignee = Ref("people", allow_none=True)
    claim_text = words()
    claimant = Ref("speakers", allow_none=True)
    claimed_on = WorldDate(required=True, allow_none=True)
    tags = Children(words(1), required=True)
    spans = Children(fields.Nested(NativeSpan), required=True)


class NativePassage(InSchema):
    """The words that count at the far end of a link."""

    snapshot = Ref("snapshots")
    start = WholeNumber(required=True)
    end = WholeNumber(required=True, least=1)
    exact = words()
    prefix = maybe_words()
    suffix = maybe_words()


class NativeLink(Deletable):
    """A link; exactly one of source, statement and target is its far end."""

    annotation = Ref("annotations")
    source = Ref("sources", allow_none=True)
    statement = Ref("statements", allow_none=True)
    target = Ref("annotations", allow_none=True)
    relation = Choice(Relation, required=True)
    passage = fields.Nested(NativePassage, required=True, allow_none=True)
    locator_kind = Choice(LocatorKind, required=True, allow_none=True)
    locator = words()
    group = words()
    assumption = words()
    note = words()
    contradiction_kind = Choice(ContradictionKind, required=True, allow_none=True)
    acknowledged = Choice(Acknowledged, required=True, allow_none=True)
    consistency = Choice(Consistency, required=True, allow_none=True)
    explanation = words()
    contradiction_state = Choice(ContradictionState, required=True, allow_none=True)
    proposed_by = Ref("people", allow_none=True)
    decided_by = Ref("people", allow_none=True)
    decided_at = Moment(required=True, allow_none=True)
    decision_reason = words()
    draft = YesNo(required=True)


class NativeEvent(InSchema):
    """A line of the journal; the lines stand in the order in which they were written."""

    at = Moment(required=True)
    actor = Ref("people", allow_none=True)
    action = Patterned(ACTION, "Give an action of a project's journal.", required=True)
    subject_kind = words(1)
    subject = PublicId(required=True)
    article = Ref("articles", allow_none=True)
    before = Fields(required=True, allow_none=True)
    after = Fields(required=True, allow_none=True)


SCHEMAS: Mapping[str, type[Schema]] = {
    "people": NativePerson,
    "articles": NativeArticle,
    "sources": NativeSource,
    "snapshots": NativeSnapshot,
    "checks": NativeCheck,
    "speakers": NativeSpeaker,
    "merges": NativeMerge,
    "statements": NativeStatement,
    "annotations": NativeAnnotation,
    "links": NativeLink,
    "events": NativeEvent,
}
