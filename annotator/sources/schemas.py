"""What goes in and out of a source, of its copies and of what came of looking for them."""

import re
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from annotator.fields import (
    Children,
    Choice,
    Imprecise,
    InSchema,
    Line,
    PersonOut,
    Prose,
    PublicId,
    ThingOut,
    Url,
    UtcTime,
    YesNo,
)
from annotator.paging import PageArgs
from annotator.sources.duplicates import bare_doi
from annotator.sources.models import Confidentiality, Outcome, SourceType, Tier

MEDIA_TYPES = ("text/plain", "text/markdown", "text/html")
DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s<>\"\\^`{|}]+")


class Doi(Line):
    """A DOI, bare or as an address of a resolver; kept bare and in small letters (DOI Handbook 2.2, 2.4)."""

    def __init__(self, **kwargs: Any) -> None:
        """Take what a Line takes."""
        super().__init__(max=300, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        bare = bare_doi(super()._deserialize(value, attr, data, **kwargs))
        if bare and not DOI.fullmatch(bare):
            raise ValidationError("Give a DOI as 10.1000/182, or its address at doi.org.")
        return bare


class SourceChange(InSchema):
    """The fields of a source that may be changed.

    `readers` are the ids of those who may read a protected source; others know only that there is one.
    """

    title = Line(needed=True)
    url = Url()
    doi = Doi()
    publisher = Line()
    authors = fields.List(Line(needed=True), validate=validate.Length(max=50))
    published_on = Imprecise(allow_none=True)
    type = Choice(SourceType)
    tier = Choice(Tier, allow_none=True)
    independence_group = Line()
    interests = Prose(max=2_000)
    confidentiality = Choice(Confidentiality)
    readers = fields.List(PublicId(), validate=validate.Length(max=50))
    note = Prose()


class SourceIn(SourceChange):
    """A new source: an address and a title are enough."""

    project = PublicId(required=True)
    title = Line(needed=True, required=True)


class NewestCopy(Schema):
    """The copy of a source that was brought in last, with what came of it."""

    snapshot = fields.String()
    number = fields.Integer()
    captured_at = UtcTime()
    method = fields.String()
    outcome = fields.String(allow_none=True)


class SourceOut(ThingOut):
    """A source as the API gives it; a protected one, to those who are no readers, is empty but for its id."""

    created_at = UtcTime(allow_none=True)
    updated_at = UtcTime(allow_none=True)
    project = fields.String()
    title = fields.String()
    url = fields.String()
    doi = fields.String()
    publisher = fields.String()
    authors = fields.Raw(metadata={"type": "array", "items": {"type": "string"}})
    published_on = fields.String(allow_none=True)
    type = fields.String()
    tier = fields.String(allow_none=True)
    independence_group = fields.String()
    interests = fields.String()
    confidentiality = fields.String()
    note = fields.String()
    protected = fields.Boolean()
    readers = Children(fields.Nested(PersonOut), metadata={"description": "who may read it; for readers"})
    uses = fields.Integer(metadata={"description": "links that lead to it"})
    copies = fields.Integer()
    newest = fields.Nested(NewestCopy, allow_none=True)


class SourceArgs(PageArgs):
    """What the list of sources takes."""

    q = Line(load_default="")
    type = fields.String(load_default=None, validate=validate.OneOf([kind.value for kind in SourceType]))
    tier = fields.String(load_default=None, validate=validate.OneOf([tier.value for tier in Tier]))
    group = Line(load_default="")
    confidentiality = fields.String(
        load_default=None, validate=validate.OneOf([kind.value for kind in Confidentiality])
    )
    unused = fields.Boolean(load_default=False)


class LikeArgs(Schema):
    """What a source that is about to be added says of itself; `source` is the one that is being changed."""

    url = fields.String(load_default="", validate=validate.Length(max=2048))
    doi = fields.String(load_default="", validate=validate.Length(max=400))
    title = Line(load_default="")
    source = PublicId(load_default=None)


class LikeItem(Schema):
    """A source that the project has, and what it has in common with the new one."""

    id = fields.String()
    title = fields.String()
    url = fields.String()
    reason = fields.String(metadata={"description": "same address, same DOI or same title"})


class LikeOut(Schema):
    """Sources that look the same."""

    items = fields.List(fields.Nested(LikeItem))


class CopyIn(InSchema):
    """A copy to be brought in: pasted `text`, or `fetch` for what stands at the source's address now."""

    source = PublicId(required=True)
    text = fields.String(validate=validate.Length(1, error="Paste the text of the copy."))
    media_type = fields.String(validate=validate.OneOf(MEDIA_TYPES))
    fetch = YesNo()

    @validates_schema
    def one_way(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse both ways at once, and none."""
        if ("text" in data) == bool(data.get("fetch")):
            raise ValidationError("Give the text of the copy, or say fetch.", "text")


class FileArgs(Schema):
    """What goes with the bytes of an uploaded copy."""

    source = PublicId(required=True)
    name = Line(load_default="", max=400)


class CopyOut(Schema):
    """A copy of a source without its text; `unread` says why no text could be made of its bytes."""

    id = fields.String()
    number = fields.Integer()
    captured_at = UtcTime()
    captured_by = fields.Nested(PersonOut)
    method = fields.String()
    media_type = fields.String()
    url = fields.String()
    final_url = fields.String()
    filename = fields.String()
    raw_sha256 = fields.String()
    text_sha256 = fields.String()
    length = fields.Integer()
    unread = fields.String()
    note = fields.String(allow_none=True)
    status_code = fields.Integer(allow_none=True)
    outcome = fields.String(allow_none=True)
    passages = fields.Integer(metadata={"description": "links whose words stand in this copy"})


class CheckOut(Schema):
    """One look at a source's page, or one copy brought in."""

    id = fields.String()
    at = UtcTime()
    by = fields.Nested(PersonOut)
    outcome = fields.String(validate=validate.OneOf([outcome.value for outcome in Outcome]))
    detail = fields.String()
    snapshot = fields.String(allow_none=True)
    number = fields.Integer(allow_none=True)


class Changed(Schema):
    """How far a copy differs from the one before, in words."""

    from_ = fields.Integer(data_key="from")
    inserted = fields.Integer()
    deleted = fields.Integer()


class BroughtOut(Schema):
    """What came of bringing a copy in."""

    snapshot = fields.Nested(CopyOut, allow_none=True)
    outcome = fields.String(validate=validate.OneOf([outcome.value for outcome in Outcome]))
    detail = fields.String()
    changes = fields.Nested(Changed, allow_none=True)


class ChangesArgs(Schema):
    """Which copy to compare with; the one before unless given."""

    from_ = PublicId(load_default=None, data_key="from")


class ChangesOut(Schema):
    """Two copies compared, in reading order."""

    pieces = fields.Raw(
        metadata={"type": "array", "description": "[same | deleted | inserted, words] in reading order"}
    )
