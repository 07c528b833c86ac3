"""Articles, who is assigned to them, and snapshots: immutable captured texts of an article or of a source."""

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    event,
    exists,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from annotator.columns import (
    IdType,
    JsonType,
    OptionalDay,
    OptionalTime,
    OptionalWords,
    PublicId,
    Time,
    Words,
    imprecise,
    one_of,
    user_key,
)
from annotator.database import Model, Thing
from annotator.protection import readable


class Status(StrEnum):
    """Where an article stands."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    ARCHIVED = "archived"


class Direction(StrEnum):
    """The writing direction of a text."""

    LTR = "ltr"
    RTL = "rtl"
    AUTO = "auto"


class Method(StrEnum):
    """How a snapshot's bytes came to us."""

    PASTE = "paste"
    UPLOAD = "upload"
    FETCH = "fetch"


class Article(Thing, Model):
    """The text under check. `folded` is its title, credits and text folded for finding; never shown."""

    __tablename__ = "articles"
    __table_args__ = (
        UniqueConstraint("project_id", "id"),
        Index(None, "project_id", "created_at"),
        one_of("status", Status),
        one_of("direction", Direction),
        imprecise("published"),
        CheckConstraint("length(title) > 0", name="title_said"),
        CheckConstraint("priority BETWEEN 0 AND 3", name="priority_known"),
    )

    project_id: Mapped[str] = mapped_column(IdType, ForeignKey("projects.id"))
    title: Mapped[str]
    url: Mapped[Words]
    publisher: Mapped[Words]
    byline: Mapped[Words]
    published_on: Mapped[str | None]
    published_earliest: Mapped[OptionalDay]
    published_latest: Mapped[OptionalDay]
    language: Mapped[Words]
    direction: Mapped[str] = mapped_column(default="auto")
    status: Mapped[str] = mapped_column(default="new")
    due_on: Mapped[OptionalDay] = mapped_column(Date)
    priority: Mapped[int] = mapped_column(default=0)
    folded: Mapped[str] = mapped_column(default="", deferred=True)
    deleted_at: Mapped[OptionalTime]
    deleted_by_id: Mapped[str | None] = user_key(optional=True)
    request_sha256: Mapped[str | None]

    @classmethod
    def live(cls, *, deleted: bool = False) -> ColumnElement[bool]:
        """Give the condition that it is not deleted; with `deleted`, that it may be found to be restored."""
        return true() if deleted else cls.deleted_at.is_(None)


class Assignee(Model):
    """A person an article is assigned to."""

    __tablename__ = "article_assignees"

    article_id: Mapped[str] = mapped_column(IdType, ForeignKey("articles.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(IdType, ForeignKey("users.id"), primary_key=True, index=True)


class Snapshot(Model):
    """An immutable captured text with proof of when and how it was taken; triggers refuse every change.

    `unread` says why no text could be made of the bytes, which are kept all the same; `text` is then empty.
    `status_code`, `headers` (pairs) and `redirects` (addresses) are those of the answer of a fetched one.
    `text` is the canonical text all offsets count on (code points); `blocks` and `marks` lie beside it as
    offsets; `sentences` were cut by the rule `sentence_rule` and stay as they are when a better rule comes.
    """

    __tablename__ = "snapshots"
    __table_args__ = (
        CheckConstraint("(article_id IS NULL) <> (source_id IS NULL)", name="one_owner"),
        CheckConstraint("number >= 1", name="number_positive"),
        CheckConstraint("length >= 0", name="length_not_negative"),
        CheckConstraint("length > 0 OR length(unread) > 0", name="text_or_reason"),
        CheckConstraint("status_code IS NULL OR method = 'fetch'", name="status_of_fetched"),
        UniqueConstraint("project_id", "id"),
        UniqueConstraint("article_id", "number"),
        UniqueConstraint("source_id", "number"),
        ForeignKeyConstraint(["project_id", "article_id"], ["articles.project_id", "articles.id"]),
        ForeignKeyConstraint(["project_id", "source_id"], ["sources.project_id", "sources.id"]),
        Index(None, "project_id", "text_sha256"),
        one_of("method", Method),
    )

    id: Mapped[PublicId]
    project_id: Mapped[str] = mapped_column(IdType, ForeignKey("projects.id"))
    article_id: Mapped[str | None] = mapped_column(IdType)
    source_id: Mapped[str | None] = mapped_column(IdType)
    number: Mapped[int]
    captured_at: Mapped[Time]
    captured_by_id: Mapped[str] = user_key()
    method: Mapped[str]
    url: Mapped[Words]
    final_url: Mapped[Words]
    media_type: Mapped[str]
    raw: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    raw_sha256: Mapped[str]
    text: Mapped[str] = mapped_column(deferred=True)
    text_sha256: Mapped[str]
    length: Mapped[int]
    blocks: Mapped[Any] = mapped_column(JsonType, deferred=True)
    marks: Mapped[Any] = mapped_column(JsonType, deferred=True)
    sentences: Mapped[Any] = mapped_column(JsonType, deferred=True)
    sentence_rule: Mapped[int]
    note: Mapped[OptionalWords]
    filename: Mapped[Words]
    unread: Mapped[Words]
    status_code: Mapped[int | None]
    headers: Mapped[Any] = mapped_column(JsonType, nullable=True, deferred=True)
    redirects: Mapped[Any] = mapped_column(JsonType, nullable=True, deferred=True)
    request_sha256: Mapped[str | None]

    @classmethod
    def live(cls, *, deleted: bool = False) -> ColumnElement[bool]:
        """Give the condition that its article, or its source, is not deleted, and the source may be seen."""
        article = exists().where(Article.id == cls.article_id, Article.live(deleted=deleted)).correlate(cls)
        sources = Model.metadata.tables["sources"].alias()
        kept = true() if deleted else sources.c.deleted_at.is_(None)
        source = exists(select(sources.c.id).where(sources.c.id == cls.source_id, kept, readable(sources)))
        return or_(article, source)


REFUSE_SQLITE = """
CREATE TRIGGER snapshots_{verb}_refused BEFORE {verb} ON snapshots
BEGIN SELECT RAISE(ABORT, 'a snapshot is immutable'); END
"""
FUNCTION_POSTGRESQL = """
CREATE FUNCTION snapshots_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a snapshot is immutable'; END $$
"""
TRIGGER_POSTGRESQL = """
CREATE TRIGGER snapshots_refused BEFORE UPDATE OR DELETE OR TRUNCATE ON snapshots
FOR EACH STATEMENT EXECUTE FUNCTION snapshots_refuse()
"""


def _guard(_table: Any, connection: Any, **_: Any) -> None:
    if connection.dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(REFUSE_SQLITE.format(verb=verb))
    else:
        connection.exec_driver_sql(FUNCTION_POSTGRESQL)
        connection.exec_driver_sql(TRIGGER_POSTGRESQL)


event.listen(Snapshot.__table__, "after_create", _guard)
