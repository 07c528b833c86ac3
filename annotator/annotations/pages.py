"""All annotations of an article on a page, with filters; works without script."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from sqlalchemy import ColumnElement, select
from werkzeug.datastructures import MultiDict

from annotator import forms, wording
from annotator.accounts.models import User
from annotator.annotations import queries, reading
from annotator.annotations.models import Annotation, State, Tag
from annotator.annotations.schemas import AnnotationArgs
from annotator.articles.models import Article
from annotator.articles.reading import latest
from annotator.database import db
from annotator.paging import count
from annotator.permissions import Permission, permit
from annotator.projects.context import project_context
from annotator.projects.models import Project

blueprint = Blueprint("annotations", __name__)
FILTERS = ("q", "kind", "state", "tag", "author")
BY_VERDICT = [("submitted", "Submitted"), ("approved", "Approved")]
STATES = sorted(wording.CHOICES["state"] + BY_VERDICT, key=lambda choice: list(State).index(State(choice[0])))


@blueprint.get("/articles/<id:article_id>/annotations")
@permit(Permission.PROJECT_READ, Article)
def list_annotations(article: Article) -> Response:
    """List an article's annotations in the order of the text; find them by words, kind, state, tag and author."""
    given = MultiDict((name, value) for name, value in request.args.items(multi=True) if value.strip())
    form = forms.check(AnnotationArgs(), given)
    asked = form.data if form else AnnotationArgs().load({})
    snapshot = latest(db.session, article.id).id
    here = Annotation.article_id == article.id
    found = here & queries.found(asked)
    page = reading.page_of_article(db.session, snapshot, found, limit=asked["limit"], cursor=asked["cursor"])
    filters = {name: form.shown[name] for name in FILTERS if form.shown.get(name)}
    return forms.page(
        "annotations/list.html",
        form,
        **project_context(db.session.get_one(Project, article.project_id)),
        **choices(article.id),
        article=article,
        annotations=page["items"],
        next_url=f"?{urlencode({**filters, 'cursor': page['next']})}" if page["next"] else None,
        filters=filters,
        fitting=_count(snapshot, found),
        all_here=_count(snapshot, here & queries.found({})),
    )


def _count(snapshot: str, condition: ColumnElement[bool]) -> int:
    return count(db.session, queries.in_text_order(select(Annotation.id), snapshot).where(condition))


def choices(article_id: str) -> dict[str, Any]:
    """Give what the filters offer: kinds, states, and the tags and authors that this article has."""
    here = (Annotation.article_id == article_id) & Annotation.deleted_at.is_(None)
    tags = select(Tag.tag).join(Annotation, Annotation.id == Tag.annotation_id).where(here)
    authors = select(User.id, User.name).join(Annotation, Annotation.created_by_id == User.id).where(here)
    return {
        "kinds": [(value, words) for value, words, _ in wording.KINDS],
        "states": STATES,
        "tags": [(tag, tag) for tag in db.session.scalars(tags.distinct().order_by(Tag.tag))],
        "authors": [
            tuple(row) for row in db.session.execute(authors.distinct().order_by(User.name, User.id))
        ],
    }
