"""Sources, who may read a protected one, and what came of looking for their pages again."""

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
from sqlalchemy.orm import Mapped, mapped_column

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


class SourceType(StrEnum):
    """The item types of CSL 1.0.2 that fit evidence."""

    ARTICLE = "article"
    ARTICLE_JOURNAL = "article-journal"
    ARTICLE_MAGAZINE = "article-magazine"
    ARTICLE_NEWSPAPER = "article-newspaper"
    BILL = "bill"
    BOOK = "book"
    BROADCAST = "broadcast"
    CHAPTER = "chapter"
    DATASET = "dataset"
    DOCUMENT = "document"
    ENTRY_ENCYCLOPEDIA = "entry-encyclopedia"
    FIGURE = "figure"
    GRAPHIC = "graphic"
    HEARING = "hearing"
    INTERVIEW = "interview"
    LEGAL_CASE = "legal_case"
    LEGISLATION = "legislation"
    MANUSCRIPT = "manuscript"
    MOTION_PICTURE = "motion_picture"
    PAMPHLET = "pamphlet"
    PERSONAL_COMMUNICATION = "personal_communication"
    POST = "post"
    POST_WEBLOG = "post-weblog"
    REGULATION = "regulation"
    REPORT = "report"
    SONG = "song"
    SPEECH = "speech"
    STANDARD = "standard"
    THESIS = "thesis"
    TREATY = "treaty"
    WEBPAGE = "webpage"


class Tier(StrEnum):
    """How close a source is to the event."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"


class Confidentiality(StrEnum):
    """Who may know of a source."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PROTECTED = "protected"


class Outcome(StrEnum):
    """What came of capturing a source's page."""

    FIRST = "first"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    GONE = "gone"
    FAILED = "failed"


class Source(Thing, Model):
    """A work that carries evidence: law, study, report, recording, interview; reusable across articles.

    `url_key` is its address in the form that equal addresses share, `doi` stands in small letters without a
    resolver; both serve to notice a source that the project has already. `interests` says who paid or gains.
    """

    __tablename__ = "sources"
    __table_args__ = (
        UniqueConstraint("project_id", "id"),
        Index(None, "project_id", "created_at"),
        Index(None, "project_id", "url_key"),
        Index(None, "project_id", "doi"),
        CheckConstraint("length(title) > 0", name="title_said"),
        one_of("type", SourceType),
        one_of("tier", Tier),
        one_of("confidentiality", Confidentiality),
        imprecise("published"),
    )

    project_id: Mapped[str] = mapped_column(IdType, ForeignKey("projects.id"))
    title: Mapped[str]
    url: Mapped[Words]
    publisher: Mapped[Words]
    authors: Mapped[Any] = mapped_column(JsonType, default=list)
    published_on: Mapped[str | None]
    published_earliest: Mapped[OptionalDay]
    published_latest: Mapped[OptionalDay]
    type: Mapped[str] = mapped_column(default="document")
    tier: Mapped[str | None]
    independence_group: Mapped[Words]
    confidentiality: Mapped[str] = mapped_column(default="public")
    note: Mapped[Words]
    doi: Mapped[Words]
    interests: Mapped[Words]
    url_key: Mapped[Words]
    folded: Mapped[str] = mapped_column(default="", deferred=True)
    deleted_at: Mapped[OptionalTime]
    deleted_by_id: Mapped[str | None] = user_key(optional=True)
    request_sha256: Mapped[str | None]

    @classmethod
    def live(cls, *, deleted: bool = False) -> ColumnElement[bool]:
        """Give the condition that it is not deleted; with `deleted`, that it may be found to be restored."""
        return true() if deleted else cls.deleted_at.is_(None)


class SourceReader(Model):
    """A person who may read a protected source."""

    __tablename__ = "source_readers"

    source_id: Mapped[str] = mapped_column(IdType, ForeignKey("sources.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(IdType, ForeignKey("users.id"), primary_key=True, index=True)


class SourceCheck(Model):
    """One look at a source's page or one copy brought in: when, by whom, what came of it, and the snapshot, if any.

    `request_sha256` is that of an attempt that brought no copy; a copy carries its own.
    """

    __tablename__ = "source_checks"
    __table_args__ = (
        Index(None, "source_id", "at"),
        Index(None, "snapshot_id"),
        Index(None, "project_id"),
        ForeignKeyConstraint(["project_id", "source_id"], ["sources.project_id", "sources.id"]),
        ForeignKeyConstraint(["project_id", "snapshot_id"], ["snapshots.project_id", "snapshots.id"]),
        CheckConstraint(
            "(outcome IN ('gone', 'failed')) = (snapshot_id IS NULL)", name="snapshot_of_success"
        ),
        CheckConstraint("outcome <> 'failed' OR length(detail) > 0", name="failure_explained"),
        one_of("outcome", Outcome),
    )

    id: Mapped[PublicId]
    project_id: Mapped[str] = mapped_column(IdType, ForeignKey("projects.id"))
    source_id: Mapped[str] = mapped_column(IdType)
    snapshot_id: Mapped[str | None] = mapped_column(IdType)
    at: Mapped[Time]
    by_id: Mapped[str] = user_key()
    outcome: Mapped[str]
    detail: Mapped[Words]
    request_sha256: Mapped[str | None]
