"""Annotations, their spans and their tags."""

from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    and_,
    exists,
)
from sqlalchemy.orm import Mapped, mapped_column

from annotator.articles.models import Article
from annotator.columns import (
    IdType,
    OptionalDay,
    OptionalTime,
    OptionalWords,
    Words,
    imprecise,
    one_of,
    user_key,
)
from annotator.database import Model, Thing


class Kind(StrEnum):
    """What an annotation is about."""

    CLAIM = "claim"
    QUOTE = "quote"
    NUMBER = "number"
    ATTRIBUTION = "attribution"
    HEADLINE = "headline"
    IMAGE = "image"
    LEGAL = "legal"
    WORDING = "wording"
    OPINION = "opinion"
    NOTE = "note"


class State(StrEnum):
    """Where the work on an annotation stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    NOT_CHECKABLE = "not_checkable"


class Anchor(StrEnum):
    """A span's standing on a revision."""

    EXACT = "exact"
    MOVED = "moved"
    CHANGED = "changed"
    ORPHANED = "orphaned"


class AnchorReason(StrEnum):
    """Why a span counts as changed."""

    NUMBER = "number"
    NEGATION = "negation"
    NAME = "name"
    WORDS = "words"
    TYPOGRAPHY = "typography"
    AMBIGUOUS = "ambiguous"


class Annotation(Thing, Model):
    """Highlighted spans of an article and what we say of them; of kind claim, the checkable sentence.

    `body_html` is `body` (Markdown) rendered and cleaned when it was written; `folded` serves finding.
    """

    __tablename__ = "annotations"
    __table_args__ = (
        UniqueConstraint("project_id", "id"),
        Index(None, "article_id", "deleted_at"),
        Index(None, "project_id", "created_at"),
        ForeignKeyConstraint(["project_id", "article_id"], ["articles.project_id", "articles.id"]),
        ForeignKeyConstraint(["project_id", "claimant_id"], ["speakers.project_id", "speakers.id"]),
        CheckConstraint("(state = 'not_checkable') = (reason IS NOT NULL)", name="not_checkable_has_reason"),
        one_of("kind", Kind),
        one_of("state", State),
        imprecise("claimed"),
    )

    project_id: Mapped[str] = mapped_column(IdType, ForeignKey("projects.id"))
    article_id: Mapped[str] = mapped_column(IdType)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    reason: Mapped[OptionalWords]
    body: Mapped[Words]
    body_html: Mapped[Words]
    assignee_id: Mapped[str | None] = user_key(optional=True)
    claim_text: Mapped[Words]
    claimant_id: Mapped[str | None] = mapped_column(IdType)
    claimed_on: Mapped[str | None]
    claimed_earliest: Mapped[OptionalDay]
    claimed_latest: Mapped[OptionalDay]
    folded: Mapped[str] = mapped_column(default="", deferred=True)
    deleted_at: Mapped[OptionalTime]
    deleted_by_id: Mapped[str | None] = user_key(optional=True)
    request_sha256: Mapped[str | None]

    @classmethod
    def live(cls, *, deleted: bool = False) -> ColumnElement[bool]:
        """Give the condition that neither it nor its article is deleted; with `deleted`, that the article is not."""
        article = exists().where(Article.id == cls.article_id, Article.live()).correlate(cls)
        return article if deleted else and_(cls.deleted_at.is_(None), article)


class Span(Model):
    """A half-open range `[start, end)` of code points in a snapshot, with the words that stand there."""

    __tablename__ = "spans"
    __table_args__ = (
        CheckConstraint('0 <= "start" AND "start" < "end"', name="range_in_order"),
        CheckConstraint("ordinal >= 0", name="ordinal_not_negative"),
        CheckConstraint("(anchor = 'changed') = (reason IS NOT NULL)", name="changed_has_reason"),
        one_of("anchor", Anchor),
        one_of("reason", AnchorReason),
        Index(None, "snapshot_id", "start", "end"),
    )

    annotation_id: Mapped[str] = mapped_column(IdType, ForeignKey("annotations.id"), primary_key=True)
    snapshot_id: Mapped[str] = mapped_column(IdType, ForeignKey("snapshots.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    start: Mapped[int]
    end: Mapped[int]
    exact: Mapped[str]
    prefix: Mapped[Words]
    suffix: Mapped[Words]
    anchor: Mapped[str] = mapped_column(default="exact")
    reason: Mapped[OptionalWords]
    score: Mapped[float | None]
    confirmed_by_id: Mapped[str | None] = user_key(optional=True)


class Tag(Model):
    """A tag on an annotation, in the order given."""

    __tablename__ = "annotation_tags"
    __table_args__ = (Index(None, "tag"), CheckConstraint("length(tag) > 0", name="tag_said"))

    annotation_id: Mapped[str] = mapped_column(IdType, ForeignKey("annotations.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)
    ordinal: Mapped[int]
