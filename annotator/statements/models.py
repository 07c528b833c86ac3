"""Speakers, statements with their tags, and merges of speakers that are one."""

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annotator.columns import (
    IdType,
    JsonType,
    OptionalDay,
    OptionalTime,
    PublicId,
    Time,
    Words,
    imprecise,
    one_of,
    user_key,
)
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
    """A person or body behind a statement; one that was merged names the speaker it is the same as."""

    __tablename__ = "speakers"
    __table_args__ = (
        UniqueConstraint("project_id", "id"),
        Index(None, "project_id", "name"),
        ForeignKeyConstraint(["project_id", "merged_into_id"], ["speakers.project_id", "speakers.id"]),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        CheckConstraint("length(name) > 0", name="name_said"),
        one_of("kind", SpeakerKind),
    )

    project_id: Mapped[str] = mapped_column(IdType, ForeignKey("projects.id"))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="person")
    also_known_as: Mapped[Any] = mapped_column(JsonType, default=list)
    same_as: Mapped[Words]
    description: Mapped[Words]
    merged_into_id: Mapped[str | None] = mapped_column(IdType)
    folded: Mapped[str] = mapped_column(default="", deferred=True)
    request_sha256: Mapped[str | None]


class SpeakerMerge(Model):
    """Two speakers found to be one: what moved to the kept one, so that it can be taken back."""

    __tablename__ = "speaker_merges"
    __table_args__ = (
        Index(None, "kept_id"),
        Index(None, "merged_id"),
        Index(None, "project_id"),
        ForeignKeyConstraint(["project_id", "kept_id"], ["speakers.project_id", "speakers.id"]),
        ForeignKeyConstraint(["project_id", "merged_id"], ["speakers.project_id", "speakers.id"]),
        CheckConstraint("kept_id <> merged_id", name="two_speakers"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_by_somebody"),
    )

    id: Mapped[PublicId]
    project_id: Mapped[str] = mapped_column(IdType, ForeignKey("projects.id"))
    kept_id: Mapped[str] = mapped_column(IdType)
    merged_id: Mapped[str] = mapped_column(IdType)
    moved: Mapped[Any] = mapped_column(JsonType)
    made_at: Mapped[Time]
    made_by_id: Mapped[str] = user_key()
    undone_at: Mapped[OptionalTime]
    undone_by_id: Mapped[str | None] = user_key(optional=True)


class Statement(Thing, Model):
    """What a speaker said, decreed, wrote or voted: the original words, when, where, and where it is found."""

    __tablename__ = "statements"
    __table_args__ = (
        UniqueConstraint("project_id", "id"),
        Index(None, "project_id", "created_at"),
        Index(None, "speaker_id", "said_earliest"),
        Index(None, "source_id"),
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
    deleted_at: Mapped[OptionalTime]
    deleted_by_id: Mapped[str | None] = user_key(optional=True)
    request_sha256: Mapped[str | None]
    tag_rows: Mapped[list["StatementTag"]] = relationship(
        order_by="StatementTag.ordinal", cascade="all, delete-orphan"
    )

    @property
    def tags(self) -> list[str]:
        """Give the topic tags in their order; a list of words can be set, each once."""
        return [row.tag for row in self.tag_rows]

    @tags.setter
    def tags(self, tags: list[str]) -> None:
        known = {row.tag: row for row in self.tag_rows}
        rows = [known.get(tag) or StatementTag(tag=tag) for tag in dict.fromkeys(tags)]
        for ordinal, row in enumerate(rows):
            row.ordinal = ordinal
        self.tag_rows = rows

    @classmethod
    def live(cls, *, deleted: bool = False) -> ColumnElement[bool]:
        """Give the condition that it is not deleted; with `deleted`, that it may be found to be restored."""
        return true() if deleted else cls.deleted_at.is_(None)


class StatementTag(Model):
    """A topic tag on a statement, in the order given."""

    __tablename__ = "statement_tags"
    __table_args__ = (Index(None, "tag"), CheckConstraint("length(tag) > 0", name="tag_said"))

    statement_id: Mapped[str] = mapped_column(IdType, ForeignKey("statements.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)
    ordinal: Mapped[int]
