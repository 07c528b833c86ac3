"""A link's page: both ends side by side, with forms to correct it, to set its passage and to decide it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts.answers import STALE, attempt, done
from annotator.database import db
from annotator.errors import NotAllowed, Stale
from annotator.forms import Form
from annotator.identity import acting
from annotator.links import deciding, operations, reading
from annotator.links.aging import changed_since
from annotator.links.claim_pages import blueprint as claim_pages
from annotator.links.form_schemas import LinkForm
from annotator.links.models import Link
from annotator.links.schemas import OF_CONTRADICTIONS, DecisionIn, WordsIn
from annotator.links.sides import copies, near_end
from annotator.permissions import Permission, permit
from annotator.projects.context import project_context
from annotator.projects.models import Project
from annotator.wording import RELATIONS, shown_time

blueprint = Blueprint("links", __name__)
blueprint.register_blueprint(claim_pages)
FIELDS = tuple(LinkForm().fields)


@blueprint.get("/links/<id:link_id>/")
@permit(Permission.PROJECT_READ, Link)
def show(link: Link) -> str:
    """Show both ends of a link, what follows from their dates and speakers, and what it lacks."""
    return render_template("links/link.html", **_context(link))


def _context(link: Link) -> dict[str, Any]:
    found = reading.one(db.session, link.id)
    context = project_context(db.session.get_one(Project, link.project_id))
    mine = link.proposed_by_id == acting().user_id
    kept = [] if found["far"]["hidden"] else copies(db.session, link)
    return {
        **context,
        "relations": [(value, words) for value, words, _ in RELATIONS],
        "copies": kept,
        "copies_named": [(one.id, f"Copy {one.number}, {shown_time(one.captured_at)}") for one in kept],
        "link": found,
        "near": near_end(db.session, link.annotation_id),
        "target": near_end(db.session, link.target_id) if link.target_id else None,
        "changed": changed_since(db.session, [found]),
        "can_write": context["can_write"] and not found["far"]["closed"],
        "mine": mine,
        "form": None,
        "which": "",
    }


@blueprint.post("/links/<id:link_id>/")
@permit(Permission.CONTENT_CHANGE, Link)
def change(link: Link) -> AnyResponse:
    """Keep the link's fields as the form has them."""
    typed = MultiDict(request.form.items())
    if (
        typed.get("relation") != "contradicts"
    ):  # a page without script still shows what only a contradiction has
        for name in (*OF_CONTRADICTIONS, "explanation"):
            typed.pop(name, None)
    form = forms.check(LinkForm(), typed)
    return _answer(link, form, "edit", operations.change_link)


@blueprint.post("/links/<id:link_id>/supersedes")
@permit(Permission.CONTENT_CHANGE, Link)
def supersede(link: Link) -> AnyResponse:
    """Make the relation `supersedes`, as a person chose who was offered it."""
    form = Form(data={"relation": "supersedes"}, shown=request.form)
    return _answer(link, form, "edit", operations.change_link)


@blueprint.post("/links/<id:link_id>/passage")
@permit(Permission.CONTENT_CHANGE, Link)
def set_passage(link: Link) -> AnyResponse:
    """Make the words that were typed the passage."""
    typed = MultiDict((name, value) for name, value in request.form.items() if value.strip())
    return _answer(link, forms.check(WordsIn(), typed), "passage", operations.set_passage_by_words)


@blueprint.post("/links/<id:link_id>/decision")
@permit(Permission.CONTENT_CHANGE, Link)
def decide(link: Link) -> AnyResponse:
    """Accept or reject a contradiction that somebody else proposed."""
    return _answer(link, forms.check(DecisionIn()), "decision", deciding.decide)


def _answer(link: Link, form: Form, which: str, change_it: Callable[..., Any]) -> AnyResponse:
    """Do what the form asks, or show the page again with the form as it was typed; 412 for an older version or none."""
    key, stale = link.id, request.form.get("version") != str(link.version)
    if stale:
        form.refuse(Stale(STALE))
    actor = acting().user_id
    try:
        if attempt(form, lambda: change_it(db.session, link, form.data, actor=actor)):
            return done(f"/links/{key}/", "saved")
    except NotAllowed as error:
        db.rollback()
        form.refuse(error)
    context = {**_context(db.session.get_one(Link, key)), "form": form, "which": which}
    return Response(render_template("links/link.html", **context), Stale.status if stale else 422)
