"""Speakers and statements."""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from annotator.columns import IdType, JsonType, OptionalDay, Words, imprecise, one_of
from annotator.database import Model, Thing


class SpeakerKind(StrEnum):
    """What kind of speaker it is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    STATE_BODY = "state_body"
    OTHER = "other"


class Medium(StrEnum):
    """By what a statement was made."""

    SPEECH = "speech"
    INTERVIEW = "interview"
    PRESS_CONFERENCE = "press_conference"
    POST = "post"
    DECREE = "decree"
    LAW = "law"
    VOTE = "vote"
    DOCUMENT = "document"
    BROADCAST = "broadcast"
    OTHER = "other"


class LocatorKind(StrEnum):
    """What a locator counts inside the far end."""

    PAGE = "page"
    PARAGRAPH = "paragraph"
    LINE = "line"
    SECTION = "section"
    TABLE_CELL = "table_cell"
    TIMECODE = "timecode"
    URL_FRAGMENT = "url_fragment"


class Speaker(Thing, Model):
    """A person or body behind a statement."""

    __tablename__ = "speakers"
    __table_args__ = (
        UniqueConstraint("project_id", "id"),
        Index(None, "project_id", "name"),
        CheckConstraint("length(name) > 0", name="name_said"),
        one_of("kind", SpeakerKind),
    )

    project_id: Mapped[str] = mapped_column(IdType, ForeignKey("projects.id"))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="person")
    also_known_as: Mapped[Any] = mapped_column(JsonType, default=list)
    same_as: Mapped[Words]
    description: Mapped[Words]
    folded: Mapped[str] = mapped_column(default="", deferred=True)
    request_sha256: Mapped[str | None]


class Statement(Thing, Model):
    """What a speaker said, decreed, wrote or voted: the original words, when, where, and where it is found."""

    __tablename__ = "statements"
    __table_args__ = (
        UniqueConstraint("project_id", "id"),
        Index(None, "project_id", "created_at"),
        Index(None, "speaker_id", "said_earliest"),
        ForeignKeyConstraint(["project_id", "speaker_id"], ["speakers.project_id", "speakers.id"]),
        ForeignKeyConstraint(["project_id", "source_id"], ["sources.project_id", "sources.id"]),
        CheckConstraint("length(quote) > 0", name="quote_said"),
        one_of("medium", Medium),
        one_of("locator_kind", LocatorKind),
        imprecise("said"),
        imprecise("valid_from"),
        imprecise("valid_until"),
    )

    project_id: Mapped[str] = mapped_column(IdType, ForeignKey("projects.id"))
    speaker_id: Mapped[str] = mapped_column(IdType)
    role: Mapped[Words]
    quote: Mapped[str]
    language: Mapped[Words]
    translation: Mapped[Words]
    translator: Mapped[Words]
    said_on: Mapped[str | None]
    said_earliest: Mapped[OptionalDay]
    said_latest: Mapped[OptionalDay]
    occasion: Mapped[Words]
    medium: Mapped[str] = mapped_column(default="other")
    source_id: Mapped[str | None] = mapped_column(IdType)
    locator_kind: Mapped[str | None]
    locator: Mapped[Words]
    valid_from_on: Mapped[str | None]
    valid_from_earliest: Mapped[OptionalDay]
    valid_from_latest: Mapped[OptionalDay]
    valid_until_on: Mapped[str | None]
    valid_until_earliest: Mapped[OptionalDay]
    valid_until_latest: Mapped[OptionalDay]
    folded: Mapped[str] = mapped_column(default="", deferred=True)
    request_sha256: Mapped[str | None]
