"""The reader: the article in the middle, its highlights painted from compact rows, cards beside it."""

from typing import Any

from flask import Blueprint, render_template, request

from annotator import wording
from annotator.annotations import queries, reading
from annotator.annotations.models import Annotation
from annotator.articles.models import Article, Snapshot
from annotator.articles.reading import latest
from annotator.articles.rendering import block_views
from annotator.database import db
from annotator.identity import Identity, acting
from annotator.permissions import Permission, permit
from annotator.projects.context import project_context
from annotator.projects.models import Project

blueprint = Blueprint("reader", __name__)
MOST_MARKED = 2000


@blueprint.get("/articles/<id:article_id>/")
@permit(Permission.PROJECT_READ, Article)
def read(article: Article) -> str:
    """Show an article; `?view=marks` with real `<mark>` elements, for print, no script and screen readers."""
    identity = acting()
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
        **project_context(db.session.get_one(Project, article.project_id)),
        "article": article,
        "snapshot": snapshot,
        "view": "marks" if marked else "live",
        "blocks": block_views(
            snapshot.text,
            snapshot.blocks,
            snapshot.marks,
            [tuple(span) for span in spans] if marked else None,
        ),
        "annotations": _all(article, snapshot.id) if marked else [],
        "annotation_count": len({span[0] for span in spans}),
    }
    context["reader_data"] = reader_data(context, spans, identity)
    return render_template("articles/reader.html", **context)


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
