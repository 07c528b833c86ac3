"""The native format's schemas of what evidence is made of: sources, their copies and checks, speakers, statements."""

from marshmallow import fields

from annotator.articles.ingest.document import BlockKind, MarkType, Role
from annotator.articles.models import Method
from annotator.exchange.fields import (
    Base64,
    Entry,
    Exact,
    Fields,
    Moment,
    Ref,
    WorldDate,
    copy_entry,
    sha256_field,
    target_field,
    web_field,
)
from annotator.exchange.natives import Deletable, Native, maybe_words, request_field, words
from annotator.fields import Children, Choice, Computed, InSchema, PublicId, WholeNumber
from annotator.sources.models import Confidentiality, Outcome, SourceType, Tier
from annotator.statements.models import LocatorKind, Medium, SpeakerKind

LONGEST_TEXT = 20_000_000


class NativeSource(Deletable):
    """A source; who may read a protected one is each installation's own matter."""

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
    doi = words()
    interests = words()


class NativeBlock(InSchema):
    """A block of a text: `[start, end)` in code points."""

    kind = Choice(BlockKind, required=True)
    level = WholeNumber(required=True, most=6)
    depth = WholeNumber(required=True, most=1000)
    role = Choice(Role, required=True, allow_none=True)
    start = WholeNumber(required=True)
    end = WholeNumber(required=True)
    page = WholeNumber(least=1)


class NativeMark(InSchema):
    """Inline markup of a text."""

    type = Choice(MarkType, required=True)
    start = WholeNumber(required=True)
    end = WholeNumber(required=True)
    href = target_field()


class NativeSnapshot(InSchema):
    """A captured text with the bytes it was made from: in `raw`, or in the entry `file` of the archive."""

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
    raw: Computed = Base64("raw")
    file = Entry(lambda: None)
    raw_sha256 = sha256_field()
    text = Exact(required=True, most=LONGEST_TEXT)
    text_sha256 = sha256_field()
    blocks = fields.List(fields.Nested(NativeBlock), required=True)
    marks = fields.List(fields.Nested(NativeMark), required=True)
    sentences = fields.List(fields.List(WholeNumber()), required=True)
    sentence_rule = WholeNumber(required=True)
    note = maybe_words()
    filename = words()
    unread = words()
    status_code = WholeNumber(required=True, allow_none=True, least=100, most=599)
    headers = fields.List(fields.List(words()), required=True, allow_none=True)
    redirects = fields.List(web_field(), required=True, allow_none=True)
    request_sha256 = request_field()


class FiledSnapshot(NativeSnapshot):
    """A snapshot as it is written beside its bytes, which lie in an archive."""

    raw: Computed = Computed(lambda: None)
    file = Entry(copy_entry, "raw_sha256", "media_type")


class NativeCheck(InSchema):
    """One look at a source's page, or one copy brought in, and what came of it."""

    id = PublicId(required=True)
    source = Ref("sources")
    snapshot = Ref("snapshots", allow_none=True)
    at = Moment(required=True)
    by = Ref("people")
    outcome = Choice(Outcome, required=True)
    detail = words()
    request_sha256 = request_field()


class NativeSpeaker(Native):
    """A speaker; one that was merged names the speaker it is the same as."""

    name = words(1)
    kind = Choice(SpeakerKind, required=True)
    also_known_as = fields.List(words(1), required=True)
    same_as = web_field()
    description = words()
    merged_into = Ref("speakers", allow_none=True)


class NativeMerge(InSchema):
    """Two speakers found to be one, and what moved to the kept one."""

    id = PublicId(required=True)
    kept = Ref("speakers")
    merged = Ref("speakers")
    moved = Fields(required=True)
    made_at = Moment(required=True)
    made_by = Ref("people")
    undone_at = Moment(required=True, allow_none=True)
    undone_by = Ref("people", allow_none=True)


class NativeStatement(Deletable):
    """A statement with its tags."""

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
    tags = Children(words(1), required=True)
