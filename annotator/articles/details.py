"""An article's details: seen by every member, corrected by those who write, deleted and brought back by editors."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts.answers import attempt, done
from annotator.articles import choosing, correcting, operations, reading
from annotator.articles.models import Article, Snapshot
from annotator.articles.schemas import ArticleChange
from annotator.database import db
from annotator.errors import Stale
from annotator.forms import Form
from annotator.identity import acting
from annotator.permissions import Permission, permit, refuse_archived
from annotator.projects.context import project_context
from annotator.projects.models import Project
from annotator.wording import CHOICES

blueprint = Blueprint("details", __name__)


@blueprint.get("/articles/<id:article_id>/details")
@permit(Permission.PROJECT_READ, Article)
def show(article: Article) -> str:
    """Show what is known of an article, and its snapshots."""
    return render_template("articles/details.html", **_context(article))


def _context(article: Article) -> dict[str, Any]:
    project = db.session.get_one(Project, article.project_id)
    state = correcting.as_text(operations.state(db.session, article))
    facts = reading.one(db.session, article.id)
    return {
        **project_context(project),
        "article": article,
        "facts": facts,
        "form": None,
        "values": state,
        "was": state,
        "version": article.version,
        "clashes": {},
        "members": _assignable(article, facts["assignees"]),
        "snapshots": reading.snapshot_list(db.session, article.id),
        "words": _words(article.id),
    }


def _assignable(article: Article, assigned: list[dict[str, str]]) -> list[tuple[str, str]]:
    """Give the active members, and whoever is assigned already and is none any more."""
    known = choosing.members(db.session, article.project_id)
    return known + [(one["id"], one["name"]) for one in assigned if one["id"] not in dict(known)]


def _words(article_id: str) -> dict[str, int]:
    query = select(Snapshot.id, Snapshot.text).where(Snapshot.article_id == article_id)
    return {key: len(text.split()) for key, text in db.session.execute(query)}


@blueprint.post("/articles/<id:article_id>/details")
@permit(Permission.CONTENT_CHANGE, Article)
def change(article: Article) -> AnyResponse:
    """Keep the fields that were changed; 412 with both versions where somebody else changed the same ones."""
    context = _context(article)
    names = correcting.FIELDS + (correcting.EDITORS_FIELDS if context["can_manage"] else ())
    now = context["values"]
    mine = correcting.typed(request.form, names, now)
    if request.form.get("version", str(article.version)) != str(article.version):
        context["clashes"] = correcting.clashes(mine, request.form, now)
    wanted = correcting.changed(mine, request.form, now)
    if context["clashes"]:
        return _ask(context, wanted)
    form = checked(wanted, may_archive=context["can_manage"])
    actor = acting().user_id
    if attempt(form, lambda: operations.change_article(db.session, article, form.data, actor=actor)):
        return done(f"/articles/{article.id}/details", "saved")
    context.update(form=form, values={**now, **mine}, version=request.form.get("version", article.version))
    context["was"] = {name: request.form.get(f"was-{name}", now[name]) for name in now}
    return Response(render_template("articles/details.html", **context), 422)


def _ask(context: dict[str, Any], wanted: dict[str, str]) -> Response:
    """Show both versions; what only the other person changed is in the form already."""
    context["values"] = {**context["values"], **wanted}
    return Response(render_template("articles/details.html", **context), Stale.status)


def checked(wanted: dict[str, str], *, may_archive: bool) -> Form:
    """Check the fields that a person changed, as text; archiving is refused where it is not theirs to do."""
    values = MultiDict((name, value) for name, value in wanted.items() if name != "assignees")
    if "assignees" in wanted:
        values.setlist("assignees", wanted["assignees"].split())
    form = forms.check(ArticleChange(), values)
    if "assignees" in wanted and form:
        form.data["assignees"] = wanted["assignees"].split()
    if wanted.get("status") == "archived" and not may_archive:
        form.errors.setdefault("status", []).append("Only an editor can archive an article.")
    return form


def status_choices(current: str, *, may_archive: bool) -> list[tuple[str, str]]:
    """Give the states a person may choose: `approved` follows from verdicts, `archived` is the editors'."""
    closed = {"approved"} if may_archive else {"approved", "archived"}
    return [(value, words) for value, words in CHOICES["status"] if value == current or value not in closed]


@blueprint.app_context_processor
def choices() -> dict[str, Any]:
    """Give templates the choices of an article's status."""
    return {"status_choices": status_choices}


@blueprint.post("/articles/<id:article_id>/delete")
@permit(Permission.PROJECT_MANAGE, Article)
def delete(article: Article) -> AnyResponse:
    """Delete the article softly; the list then offers to undo it."""
    refuse_archived(article.project_id)
    operations.delete_article(db.session, article, actor=acting().user_id)
    return _to_list(article, notice="article-deleted", undo=article.id)


@blueprint.post("/articles/<id:article_id>/restore")
@permit(Permission.PROJECT_MANAGE, Article, deleted=True)
def restore(article: Article) -> AnyResponse:
    """Bring a deleted article back."""
    refuse_archived(article.project_id)
    operations.restore_article(db.session, article, actor=acting().user_id)
    return _to_list(article, notice="article-restored")


def _to_list(article: Article, **query: Any) -> AnyResponse:
    project = db.session.get_one(Project, article.project_id)
    return redirect(url_for("articles.list_articles", project_slug=project.slug, **query), 303)
