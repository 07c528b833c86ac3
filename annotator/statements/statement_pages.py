"""The pages of statements: the list, one with all that is known of it, adding, correcting, deleting."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy import select
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts.answers import attempt, done
from annotator.articles.pages import filled, older
from annotator.columns import new_id
from annotator.database import db
from annotator.errors import Conflict, Stale, WrongState
from annotator.identity import acting
from annotator.paging import count
from annotator.permissions import Permission, permit
from annotator.projects.context import project_context
from annotator.projects.models import Project
from annotator.statements import alike, filling, operations, queries, reading, telling
from annotator.statements.form_schemas import STATEMENT_FIELDS, Filters, StatementForm
from annotator.statements.models import Speaker, Statement
from annotator.statements.schemas import LikeStatementArgs

blueprint = Blueprint("statements", __name__)
blueprint.add_app_template_global(reading.is_foreign)
FILTERS = ("q", "tag", "since", "until")
NO_COLUMNS = ("another", "new_speaker")


@blueprint.get("/projects/<slug:project_slug>/statements/")
@permit(Permission.PROJECT_READ, Project, key="slug")
def list_statements(project: Project) -> Response:
    """List the project's statements in order of time; find them by words, tag and dates."""
    form = forms.check(Filters(), filled(request.args))
    asked = form.data if form else Filters().load({})
    condition = (Statement.project_id == project.id) & queries.found(asked)
    page = reading.page_in_time(db.session, condition, limit=asked["limit"], cursor=asked["cursor"])
    filters = {name: form.shown[name] for name in FILTERS if form.shown.get(name)}
    return forms.page(
        "statements/list.html",
        form,
        **project_context(project),
        statements=page["items"],
        more=older(page["next"], filters),
        filters=filters,
        total=count(db.session, select(Statement.id).where(condition)),
        tags=list(db.session.scalars(queries.topic_tags(project.id))),
    )


@blueprint.get("/statements/<id:statement_id>/")
@permit(Permission.PROJECT_READ, Statement)
def show(statement: Statement) -> str:
    """Show everything that is known of a statement, where it is used, and its history."""
    return render_template("statements/statement.html", error="", **_context(statement))


def _context(statement: Statement) -> dict[str, Any]:
    project = db.session.get_one(Project, statement.project_id)
    return {
        **project_context(project),
        "statement": reading.statement(db.session, statement.id),
        "speaker": db.session.get_one(Speaker, statement.speaker_id),
        "uses": reading.uses(db.session, statement.id),
        "lines": telling.lines(db.session, statement.id),
    }


@blueprint.get("/projects/<slug:project_slug>/statements/new")
@permit(Permission.CONTENT_ADD, Project, key="slug")
def new_statement(project: Project) -> str:
    """Show the form of a new statement; `speaker` fills in who said it."""
    wanted = (Speaker.id == filling.asked_id("speaker")) & queries.unmerged(project.id)
    speaker = db.session.scalar(select(Speaker).where(wanted))
    values = {"speaker": speaker.name, "speaker_id": speaker.id} if speaker else {}
    return render_template(
        "statements/form.html", form=None, statement=None, values=values, same=[], **_offering(project)
    )


def _offering(project: Project) -> dict[str, Any]:
    tags = list(db.session.scalars(queries.topic_tags(project.id)))
    return {
        **project_context(project),
        "offered": {**filling.offered(db.session, project.id), "tags": tags},
    }


@blueprint.post("/projects/<slug:project_slug>/statements/new")
@permit(Permission.CONTENT_ADD, Project, key="slug")
def add_statement(project: Project) -> AnyResponse:
    """Add a statement; 409, once, when the same words are there already."""
    form = forms.check(StatementForm(), filling.typed_values())
    filling.resolve_ends(db.session, form, project.id)
    same = _same(form, project.id)
    asked, key = bool(form and same and not form.data["another"]), new_id()
    if not asked and attempt(form, lambda: _add(form, project.id, key)):
        return done(f"/statements/{key}/", "statement-added")
    context = _offering(project)
    page = forms.page("statements/form.html", form, statement=None, values={}, same=same, **context)
    page.status_code = Conflict.status if asked else page.status_code
    return page


def _add(form: forms.Form, project_id: str, key: str) -> None:
    actor = acting().user_id
    filling.add_speaker_named(db.session, form, project_id, actor)
    operations.add_statement(db.session, _columns(form), project=project_id, actor=actor, key=key)


def _same(form: forms.Form, project_id: str) -> list[dict[str, Any]]:
    """Give the statements that surely are the same, as typed: a form with faults goes back with them, too."""
    typed = {name: form.shown.get(name, "") for name in ("speaker", "quote")}
    typed["speaker"] = form.data.get("speaker") or typed["speaker"]
    asked = forms.check(LikeStatementArgs(), typed)
    found = alike.statements_like(db.session, project_id, **asked.data)
    return [item for item in found if item["reason"] in alike.SURE]


def _columns(form: forms.Form) -> dict[str, Any]:
    return {name: value for name, value in form.data.items() if name not in NO_COLUMNS}


@blueprint.get("/statements/<id:statement_id>/edit")
@permit(Permission.CONTENT_CHANGE, Statement)
def edit(statement: Statement) -> str:
    """Show a statement's form."""
    return render_template("statements/form.html", form=None, **_editing(statement))


def _editing(statement: Statement) -> dict[str, Any]:
    now = filling.statement_text(db.session, statement)
    return {
        **_offering(db.session.get_one(Project, statement.project_id)),
        "statement": statement,
        "hidden": filling.hides_source(db.session, statement),
        "values": now,
        "was": now,
        "version": statement.version,
        "clashes": {},
        "same": [],
    }


@blueprint.post("/statements/<id:statement_id>/edit")
@permit(Permission.CONTENT_CHANGE, Statement)
def change(statement: Statement) -> AnyResponse:
    """Keep the fields that were changed; 412 with both versions where somebody else changed the same ones."""
    context = _editing(statement)
    mine = filling.Correction(STATEMENT_FIELDS, context["values"], statement.version)
    context.update(values=mine.values, clashes=mine.clashes)
    if mine.clashes:
        return Response(render_template("statements/form.html", form=None, **context), Stale.status)
    ticked = {name: request.form[name] for name in NO_COLUMNS if name in request.form}
    form = forms.check(StatementForm(), {**mine.values, **ticked})
    filling.resolve_ends(db.session, form, statement.project_id, statement)
    if attempt(form, lambda: _keep(form, mine, statement)):
        return done(url_for("statements.show", statement_id=statement.id), "saved")
    return forms.page("statements/form.html", form, **context)


def _keep(form: forms.Form, mine: filling.Correction, statement: Statement) -> None:
    actor = acting().user_id
    filling.add_speaker_named(db.session, form, statement.project_id, actor)
    data = filling.only(_columns(form), mine.wanted)
    operations.change_statement(db.session, statement, data, actor=actor)


@blueprint.post("/statements/<id:statement_id>/delete")
@permit(Permission.CONTENT_CHANGE, Statement)
def delete(statement: Statement) -> AnyResponse:
    """Delete a statement that no link uses, and offer to undo it; 409 with the reason while one does."""
    try:
        operations.delete_statement(db.session, statement, actor=acting().user_id)
    except WrongState as error:
        page = render_template("statements/statement.html", error=error.detail, **_context(statement))
        return Response(page, error.status)
    address = url_for("speakers.show", speaker_id=statement.speaker_id, undo=statement.id)
    return redirect(f"{address}&notice=statement-deleted", 303)


@blueprint.post("/statements/<id:statement_id>/restore")
@permit(Permission.CONTENT_CHANGE, Statement, deleted=True)
def restore(statement: Statement) -> AnyResponse:
    """Bring a deleted statement back."""
    operations.restore_statement(db.session, statement, actor=acting().user_id)
    return done(f"/statements/{statement.id}/", "statement-restored")
