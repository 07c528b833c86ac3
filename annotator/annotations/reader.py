"""The reader: the article in the middle, its highlights painted from compact rows, cards beside it."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import select

from annotator import wording
from annotator.annotations import queries, reading
from annotator.annotations.models import Annotation
from annotator.articles.models import Article, Snapshot
from annotator.articles.reading import latest
from annotator.articles.rendering import block_views
from annotator.database import db
from annotator.identity import Identity, acting
from annotator.permissions import Permission, Role, allowed, memberships, permit
from annotator.projects.models import Project

blueprint = Blueprint("reader", __name__)
MOST_MARKED = 2000


@blueprint.get("/articles/<id:article_id>/")
@permit(Permission.PROJECT_READ, Article)
def read(article: Article) -> str:
    """Show an article; `?view=marks` with real `<mark>` elements, for print, no script and screen readers."""
    identity = acting()
    project = db.session.get_one(Project, article.project_id)
    columns = (
        Snapshot.id,
        Snapshot.number,
        Snapshot.text,
        Snapshot.blocks,
        Snapshot.marks,
        Snapshot.sentences,
    )
    snapshot = latest(db.session, article.id, *columns)
    spans = reading.compact_spans(db.session, snapshot.id)
    marked = request.args.get("view") == "marks"
    context: dict[str, Any] = {
        "article": article,
        "project": project,
        "snapshot": snapshot,
        "view": "marks" if marked else "live",
        "can_write": may_write(project, identity),
        "blocks": block_views(
            snapshot.text,
            snapshot.blocks,
            snapshot.marks,
            [tuple(span) for span in spans] if marked else None,
        ),
        "annotations": _all(article, snapshot.id) if marked else [],
    }
    context["reader_data"] = reader_data(context, spans, identity)
    return render_template("articles/reader.html", **context)


def may_write(project: Project, identity: Identity) -> bool:
    """Tell whether this person may annotate in the project now."""
    table = memberships()
    role = db.session.scalar(
        select(table.c.role).where(table.c.project_id == project.id, table.c.user_id == identity.user_id)
    )
    return project.archived_at is None and allowed(
        identity, Permission.CONTENT_ADD, Role(role) if role else None
    )


def _all(article: Article, snapshot_id: str) -> list[dict[str, Any]]:
    condition = (Annotation.article_id == article.id) & queries.found({})
    page = reading.page_of_article(db.session, snapshot_id, condition, limit=MOST_MARKED, cursor=None)
    items: list[dict[str, Any]] = page["items"]
    return items


def reader_data(context: dict[str, Any], spans: list[list[Any]], identity: Identity) -> dict[str, Any]:
    """Give what the page's modules need, as data in the page."""
    article, snapshot = context["article"], context["snapshot"]
    return {
        "project": article.project_id,
        "article": article.id,
        "title": article.title,
        "published_on": article.published_on,
        "snapshot": snapshot.id,
        "language": article.language,
        "can_write": context["can_write"],
        "me": {"id": identity.user_id, "name": identity.name},
        "spans": spans,
        "sentences": snapshot.sentences,
        "kinds": wording.KINDS,
        "relations": wording.RELATIONS,
        "tones": wording.TONES,
        "choices": wording.CHOICES,
    }
