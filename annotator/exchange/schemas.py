"""The native format, version 1: one schema for each kind of thing, for the way out and the way in (docs/format.md)."""

import re
from collections.abc import Mapping

from marshmallow import Schema, fields

from annotator.annotations.models import Anchor, AnchorReason, Kind, State
from annotator.articles.ingest.document import BlockKind, MarkType, Role
from annotator.articles.models import Direction, Method, Status
from annotator.exchange.fields import (
    SHA256,
    Base64,
    Exact,
    Fields,
    Fraction,
    Moment,
    Patterned,
    Ref,
    WorldDate,
    sha256_field,
    target_field,
    web_field,
)
from annotator.fields import Children, Choice, Day, InSchema, PublicId, WholeNumber, YesNo
from annotator.links.models import Acknowledged, Consistency, ContradictionKind, Relation
from annotator.projects.slugs import PATTERN
from annotator.sources.models import Confidentiality, SourceType, Tier
from annotator.statements.models import LocatorKind, Medium, SpeakerKind

ACTION = re.compile(
    r"(?:project|member|article|snapshot|annotation|source|speaker|statement|link):[a-z][a-z-]{1,40}"
)
LONGEST_TEXT = 20_000_000


def words(least: int = 0) -> Exact:
    """Give a field of text."""
    return Exact(required=True, least=least)


def maybe_words() -> Exact:
    """Give a field of text that may be missing."""
    return Exact(required=True, allow_none=True)


class Native(InSchema):
    """What every changeable thing carries."""

    id = PublicId(required=True)
    version = WholeNumber(required=True, least=1)
    created_at = Moment(required=True)
    created_by = Ref("people", allow_none=True)
    updated_at = Moment(required=True)
    updated_by = Ref("people", allow_none=True)
    request_sha256 = Patterned(
        SHA256, "Give a SHA-256: 64 hexadecimal digits in lower case.", required=True, allow_none=True
    )


class Deletable(Native):
    """What can be deleted softly, and restored, carries besides."""

    deleted_at = Moment(required=True, allow_none=True)
    deleted_by = Ref("people", allow_none=True)


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


class NativeSource(Native):
    """A source."""

    title = words(1)
    url = web_field()
    publisher = words()
    authors = fields.List(words(1), required=True)
    published_on = WorldDate(required=True, allow_none=True)
    type = Choice(SourceType, required=True)
    tier = Choice(Tier, required=True, allow_none=True)
    independence_group = words()
    confidentiality = Choice(Confidentiality, required=True)
    note = words()


class NativeBlock(InSchema):
    """A block of a text: `[start, end)` in code points."""

    kind = Choice(BlockKind, required=True)
    level = WholeNumber(required=True, most=6)
    depth = WholeNumber(required=True, most=1000)
    role = Choice(Role, required=True, allow_none=True)
    start = WholeNumber(required=True)
    end = WholeNumber(required=True)


class NativeMark(InSchema):
    """Inline markup of a text."""

    type = Choice(MarkType, required=True)
    start = WholeNumber(required=True)
    end = WholeNumber(required=True)
    href = target_field()


class NativeSnapshot(InSchema):
    """A captured text with the bytes it was made from."""

    id = PublicId(required=True)
    article = Ref("articles", allow_none=True)
    source = Ref("sources", allow_none=True)
    number = WholeNumber(required=True, least=1)
    captured_at = Moment(required=True)
    captured_by = Ref("people")
    method = Choice(Method, required=True)
    url = web_field()
    final_url = web_field()
    media_type = words(1)
    raw = Base64("raw")
    raw_sha256 = sha256_field()
    text = Exact(required=True, most=LONGEST_TEXT)
    text_sha256 = sha256_field()
    blocks = fields.List(fields.Nested(NativeBlock), required=True)
    marks = fields.List(fields.Nested(NativeMark), required=True)
    sentences = fields.List(fields.List(WholeNumber()), required=True)
    sentence_rule = WholeNumber(required=True)
    note = maybe_words()


class NativeSpeaker(Native):
    """A speaker."""

    name = words(1)
    kind = Choice(SpeakerKind, required=True)
    also_known_as = fields.List(words(1), required=True)
    same_as = web_field()
    description = words()


class NativeStatement(Native):
    """A statement."""

    speaker = Ref("speakers")
    role = words()
    quote = words(1)
    language = words()
    translation = words()
    translator = words()
    said_on = WorldDate(required=True, allow_none=True)
    occasion = words()
    medium = Choice(Medium, required=True)
    source = Ref("sources", allow_none=True)
    locator_kind = Choice(LocatorKind, required=True, allow_none=True)
    locator = words()
    valid_from = WorldDate(required=True, allow_none=True)
    valid_until = WorldDate(required=True, allow_none=True)


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
    "speakers": NativeSpeaker,
    "statements": NativeStatement,
    "annotations": NativeAnnotation,
    "links": NativeLink,
    "events": NativeEvent,
}
