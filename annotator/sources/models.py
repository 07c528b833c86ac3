"""Sources."""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from annotator.columns import IdType, JsonType, OptionalDay, Words, imprecise, one_of
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


class Source(Thing, Model):
    """A work that carries evidence: law, study, report, recording, interview; reusable across articles."""

    __tablename__ = "sources"
    __table_args__ = (
        UniqueConstraint("project_id", "id"),
        Index(None, "project_id", "created_at"),
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
    folded: Mapped[str] = mapped_column(default="", deferred=True)
    request_sha256: Mapped[str | None]
