"""Verbs on articles: bring in, change, delete, restore."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from annotator import text
from annotator.articles import queries
from annotator.articles.capturing import Input, capture, read_input
from annotator.articles.ingest import Document
from annotator.articles.models import Article, Assignee, Snapshot
from annotator.columns import new_id, now
from annotator.creating import stamps
from annotator.database import Model, one_at_a_time
from annotator.errors import Conflict, Invalid, WrongState
from annotator.fetched import Fetched
from annotator.fields import bounds
from annotator.journal.operations import changed_fields, record
from annotator.journal.tags import Action

PLAIN = ("title", "url", "publisher", "byline", "language", "direction", "status", "priority")
__all__ = ["Input", "bring_in", "change_article", "delete_article", "restore_article", "state"]

RECOGNISED = ("title", "url", "publisher", "byline", "published_on", "language", "direction")
LONGEST_TITLE = 200


def bring_in(
    session: Session,
    given: Input,
    details: Mapping[str, Any],
    *,
    project: Any,
    actor: str,
    key: str = "",
    digest: str | None = None,
    allow_same: bool = False,
    document: Document | None = None,
    fetched: Fetched | None = None,
) -> Article:
    """Bring an article in; what `details` leaves open is taken from the text.

    `document` is what was read of `given`, where that was done before (requests do, since it takes its time);
    `fetched` the page it came from. Raises Invalid when no words can be had, Conflict with `existing` when the
    project holds this very text.
    """
    document = document or read_input(given, project.language)
    if not allow_same:
        refuse_same(session, project.id, document.text)
    article = Article(
        id=key or new_id(),
        project_id=project.id,
        **_fields(details, document, project.language),
        **stamps(actor, digest),
    )
    article.folded = queries.search_words(article, document.text)
    session.add(article)
    session.flush()
    record(session, Action.ARTICLE_ADDED, article, actor=actor, after=state(session, article))
    capture(session, article, given, document, actor=actor, fetched=fetched)
    return article


def refuse_same(session: Session, project_id: str, canonical: str) -> None:
    """Raise Conflict when a live article of the project holds this very text."""
    digest = text.sha256(canonical)
    one_at_a_time(session, f"text:{project_id}:{digest}")
    row = session.execute(queries.same_text(project_id, digest)).first()
    if row is not None:
        raise Conflict(
            f"This text is already in the project, as “{row.title}”. Open that article, or bring it in once more.",
            existing={"id": row.id, "title": row.title, "url": f"/articles/{row.id}/"},
        )


def _fields(details: Mapping[str, Any], document: Document, language: str) -> dict[str, Any]:
    found = {name: details[name] if name in details else document.value(name) for name in RECOGNISED}
    first = document.text.strip().split("\n", 1)[0]
    title = (
        found["title"]
        or document.value("title")
        or (first[:LONGEST_TITLE] + ("…" if len(first) > LONGEST_TITLE else ""))
    )
    return {
        "title": title,
        "url": found["url"] or "",
        "publisher": found["publisher"] or "",
        "byline": found["byline"] or "",
        "language": found["language"] or language,
        "direction": found["direction"] or "auto",
        **bounds("published", found["published_on"]),
    }


def state(session: Session, article: Article) -> dict[str, Any]:
    """Give the article's fields as the journal keeps them."""
    found: dict[str, Any] = {name: getattr(article, name) for name in PLAIN}
    found["published_on"] = article.published_on
    found["due_on"] = article.due_on.isoformat() if article.due_on else None
    rows = session.scalars(select(Assignee.user_id).where(Assignee.article_id == article.id))
    found["assignees"] = sorted(rows)
    return found


def change_article(session: Session, article: Article, data: Mapping[str, Any], *, actor: str) -> Article:
    """Change the given fields (checked by ArticleChange); Invalid for an assignee who is no member."""
    before = state(session, article)
    with session.no_autoflush:  # one UPDATE, one version
        if "assignees" in data:
            _assign(session, article, data["assignees"])
        _set_fields(article, data)
        old, new = changed_fields(before, state(session, article))
        words = session.scalar(_newest_text(article.id)) if new else None
    if new:
        article.folded = queries.search_words(article, words or "")
        article.stamp(actor, now())
        session.flush()
        record(session, Action.ARTICLE_CHANGED, article, actor=actor, before=old, after=new)
    return article


def _set_fields(article: Article, data: Mapping[str, Any]) -> None:
    for name in PLAIN:
        if name in data:
            setattr(article, name, data[name])
    if "published_on" in data:
        for column, value in bounds("published", data["published_on"]).items():
            setattr(article, column, value)
    if "due_on" in data:
        article.due_on = data["due_on"]


def _newest_text(article_id: str) -> Select[str]:
    query = select(Snapshot.text).where(Snapshot.article_id == article_id)
    return query.order_by(Snapshot.number.desc()).limit(1)


def _assign(session: Session, article: Article, people: list[str]) -> None:
    memberships = Model.metadata.tables["memberships"]
    members = set(
        session.scalars(select(memberships.c.user_id).where(memberships.c.project_id == article.project_id))
    )
    if set(people) - members:
        raise Invalid({"assignees": ["Only members of the project can be assigned."]})
    session.execute(delete(Assignee).where(Assignee.article_id == article.id))
    if people:
        session.execute(
            insert(Assignee), [{"article_id": article.id, "user_id": user} for user in dict.fromkeys(people)]
        )


def delete_article(session: Session, article: Article, *, actor: str) -> None:
    """Delete the article softly: it and its annotations are out of sight and can be restored."""
    article.deleted_at, article.deleted_by_id = now(), actor
    article.stamp(actor, article.deleted_at)
    session.flush()
    record(session, Action.ARTICLE_DELETED, article, actor=actor)


def restore_article(session: Session, article: Article, *, actor: str) -> None:
    """Bring a deleted article back; WrongState when it is not deleted."""
    if article.deleted_at is None:
        raise WrongState("This article is not deleted.")
    article.deleted_at = article.deleted_by_id = None
    article.stamp(actor, now())
    session.flush()
    record(session, Action.ARTICLE_RESTORED, article, actor=actor)
