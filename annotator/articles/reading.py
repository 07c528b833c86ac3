"""Articles and snapshots as the API and the pages give them."""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from annotator.articles import queries
from annotator.articles.models import Article, Assignee, Snapshot
from annotator.articles.schemas import ArticleOut, SnapshotOut, SnapshotText
from annotator.compiled import dump_rows
from annotator.database import Model
from annotator.errors import NotFound
from annotator.paging import Order, encode, narrowed
from annotator.reading import dialect_of, grouped


def _dump(session: Session, result: Any) -> list[dict[str, Any]]:
    rows = result.all()
    ids = [row.id for row in rows]
    users = Model.metadata.tables["users"]
    people = session.execute(
        select(Assignee.article_id, users.c.id, users.c.name)
        .join(users, users.c.id == Assignee.user_id)
        .where(Assignee.article_id.in_(ids))
        .order_by(users.c.name)
    )
    assignees = grouped((key, {"id": user, "name": name}) for key, user, name in people)
    return dump_rows(ArticleOut, list(result.keys()), rows, {"assignees": assignees})


def page(
    session: Session, condition: ColumnElement[bool], *, limit: int, cursor: str | None
) -> dict[str, Any]:
    """Give a page of articles, newest first, in two queries."""
    order = Order((Article.created_at, Article.id), descending=True)
    items = _dump(
        session,
        session.execute(
            narrowed(queries.articles(dialect_of(session)).where(condition), order, limit, cursor)
        ),
    )
    more = len(items) > limit
    items = items[:limit]
    return {"items": items, "next": encode([items[-1]["created_at"], items[-1]["id"]]) if more else None}


def one(session: Session, article_id: str) -> dict[str, Any]:
    """Give one article."""
    return _dump(
        session, session.execute(queries.articles(dialect_of(session)).where(Article.id == article_id))
    )[0]


def snapshot_list(session: Session, article_id: str) -> list[dict[str, Any]]:
    """Give an article's snapshots without their texts, newest first."""
    query = queries.snapshots(dialect_of(session), text=False).where(Snapshot.article_id == article_id)
    result = session.execute(query.order_by(Snapshot.number.desc()))
    return dump_rows(SnapshotOut, list(result.keys()), result.all(), {})


def snapshot_text(session: Session, snapshot_id: str) -> dict[str, Any]:
    """Give a snapshot with its text."""
    result = session.execute(
        queries.snapshots(dialect_of(session), text=True).where(Snapshot.id == snapshot_id)
    )
    return dump_rows(SnapshotText, list(result.keys()), result.all(), {})[0]


def latest(session: Session, article_id: str, *columns: Any) -> Any:
    """Give columns of an article's newest snapshot (default: id, length)."""
    wanted = columns or (Snapshot.id, Snapshot.length)
    query = select(*wanted).where(Snapshot.article_id == article_id).order_by(Snapshot.number.desc()).limit(1)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row
