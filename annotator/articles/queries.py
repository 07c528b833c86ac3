"""Selects of articles and snapshots, labelled for their schemas; built once for each kind of database."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, func, select

from annotator.articles.models import Article, Assignee, Snapshot
from annotator.database import Model
from annotator.reading import join_people, like, people, person_columns, raw
from annotator.text import fold


def newest() -> ColumnElement[bool]:
    """Give the condition that a joined snapshot is the newest of its article."""
    other = select(func.max(Snapshot.number)).where(Snapshot.article_id == Article.id).correlate(Article)
    return and_(Snapshot.article_id == Article.id, Snapshot.number == other.scalar_subquery())


@cache
def articles(dialect: str) -> Select[Any]:
    """Give the Select of articles with their newest snapshot and the number of annotations."""
    aliases = people("created_by", "updated_by")
    annotations: Table = Model.metadata.tables["annotations"]
    counted = (
        select(func.count())
        .where(annotations.c.article_id == Article.id, annotations.c.deleted_at.is_(None))
        .correlate(Article)
        .scalar_subquery()
    )
    plain = (
        "id",
        "version",
        "title",
        "url",
        "publisher",
        "byline",
        "published_on",
        "language",
        "direction",
        "status",
    )
    columns = [getattr(Article, name) for name in plain]
    columns += [Article.due_on, Article.priority, Article.project_id.label("project")]
    columns += [
        raw(Article.created_at, dialect).label("created_at"),
        raw(Article.updated_at, dialect).label("updated_at"),
    ]
    columns += [
        Snapshot.id.label("snapshot"),
        Snapshot.number.label("revision"),
        Snapshot.length.label("characters"),
    ]
    columns += [counted.label("annotations"), Article.deleted_at.is_not(None).label("deleted")]
    query = select(*columns, *person_columns(aliases)).select_from(Article).join(Snapshot, newest())
    return join_people(query, Article, aliases)


def found(
    *, words: str = "", status: str | None = None, tag: str = "", assignee: str | None = None
) -> ColumnElement[bool]:
    """Give the condition for finding: every word stands in title, credits or text; tag on one of its annotations."""
    conditions: list[ColumnElement[bool]] = [Article.deleted_at.is_(None)]
    conditions += [Article.folded.like(like(word), escape="\\") for word in fold(words).split()[:16]]
    if status:
        conditions.append(Article.status == status)
    if assignee:
        conditions.append(Article.id.in_(select(Assignee.article_id).where(Assignee.user_id == assignee)))
    if tag:
        conditions.append(Article.id.in_(_with_tag(tag)))
    return and_(*conditions)


def _with_tag(tag: str) -> Select[Any]:
    annotations, tags = Model.metadata.tables["annotations"], Model.metadata.tables["annotation_tags"]
    query: Select[Any] = (
        select(annotations.c.article_id)
        .join(tags, tags.c.annotation_id == annotations.c.id)
        .where(tags.c.tag == tag, annotations.c.deleted_at.is_(None))
    )
    return query


def same_text(project_id: str, text_sha256: str) -> Select[str, str]:
    """Give the Select of a project's live articles that hold this very text in any revision."""
    return (
        select(Article.id, Article.title)
        .join(Snapshot, Snapshot.article_id == Article.id)
        .where(
            Article.project_id == project_id,
            Article.deleted_at.is_(None),
            Snapshot.text_sha256 == text_sha256,
        )
        .limit(1)
    )


@cache
def snapshots(dialect: str, *, text: bool) -> Select[Any]:
    """Give the Select of snapshots, with or without their text."""
    aliases = people("captured_by")
    plain = ("id", "number", "method", "url", "final_url", "media_type", "raw_sha256", "text_sha256", "note")
    columns = [getattr(Snapshot, name) for name in (*plain, "filename", "unread", "status_code")]
    columns += [Snapshot.project_id.label("project"), Snapshot.article_id.label("article")]
    columns += [Snapshot.source_id.label("source"), Snapshot.length.label("characters")]
    columns.append(raw(Snapshot.captured_at, dialect).label("captured_at"))
    if text:
        columns += [
            Snapshot.text,
            Snapshot.blocks,
            Snapshot.marks,
            Snapshot.sentences,
            Snapshot.sentence_rule,
        ]
    query = select(*columns, *person_columns(aliases)).select_from(Snapshot)
    return join_people(query, Snapshot, aliases)


def search_words(article: Article, text: str) -> str:
    """Give the text that finding looks into."""
    return fold("\n".join((article.title, article.publisher, article.byline, article.url, text)))
