"""The pages of sources: the library, one source, adding and changing it."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts.answers import STALE, attempt, done
from annotator.articles.choosing import members
from annotator.articles.pages import filled, older
from annotator.database import db
from annotator.errors import Conflict, Stale, WrongState
from annotator.fields import ID
from annotator.forms import Form
from annotator.identity import acting
from annotator.journal.reading import history
from annotator.paging import count
from annotator.permissions import Permission, permit
from annotator.projects.context import project_context
from annotator.projects.models import Project
from annotator.sources import copies_pages, library, operations, queries, telling
from annotator.sources.duplicates import like
from annotator.sources.form_schemas import SourceForm, as_text, typed
from annotator.sources.kind import SOURCE
from annotator.sources.models import Source
from annotator.sources.readers import may_read, refuse_strangers
from annotator.sources.schemas import SourceArgs, SourceChange
from annotator.sources.showing import show

blueprint = Blueprint("sources", __name__)
blueprint.register_blueprint(copies_pages.blueprint)
FILTERS = ("q", "type", "tier", "group", "confidentiality", "unused")


@blueprint.context_processor
def words() -> dict[str, Any]:
    """Give templates the words for copies and checks."""
    return {"telling": telling}


@blueprint.get("/projects/<slug:project_slug>/sources/")
@permit(Permission.PROJECT_READ, Project, key="slug")
def list_sources(project: Project) -> Response:
    """List the project's sources, newest first; find them by words, type, tier, group and who may know of them."""
    form = forms.check(SourceArgs(), filled(request.args))
    asked = form.data if form else SourceArgs().load({})
    condition = (Source.project_id == project.id) & library.matching(SOURCE, asked["q"])
    condition &= queries.filtered(asked)
    page = library.page(db.session, SOURCE, condition, limit=asked["limit"], cursor=asked["cursor"])
    filters = {name: form.shown[name] for name in FILTERS if form.shown.get(name)}
    return forms.page(
        "sources/list.html",
        form,
        **project_context(project),
        sources=page["items"],
        total=count(db.session, select(Source.id).where(condition)),
        older=older(page["next"], filters),
        filters=filters,
        groups=list(db.session.scalars(queries.groups(project.id))),
        undo=_deleted(project, request.args.get("undo", "")),
    )


def _deleted(project: Project, key: str) -> Source | None:
    if not ID.fullmatch(key):
        return None
    query = select(Source).where(
        Source.id == key, Source.project_id == project.id, Source.deleted_at.is_not(None)
    )
    source = db.session.scalar(query)
    return source if source and may_read(db.session, source, acting().user_id) else None


@blueprint.get("/projects/<slug:project_slug>/sources/new")
@permit(Permission.CONTENT_ADD, Project, key="slug")
def new_source(project: Project) -> str:
    """Show the page on which a source is added; the address may name what is known of it."""
    known = {name: request.args.get(name, "") for name in ("title", "url", "doi")}
    values = {"type": "webpage", "capture": True, "readers": [], **known}
    return render_template("sources/new.html", **_form_context(project, values))


def _form_context(project: Project, values: dict[str, Any]) -> dict[str, Any]:
    return {
        **project_context(project),
        "form": None,
        "values": values,
        "people": members(db.session, project.id),
        "same": [],
        "was": None,
    }


@blueprint.post("/projects/<slug:project_slug>/sources/new")
@permit(Permission.CONTENT_ADD, Project, key="slug")
def add_source(project: Project) -> AnyResponse:
    """Add a source, and a copy of it if asked; 409 with those that look the same, unless they have been seen."""
    form = forms.check(SourceForm(), typed(request.form))
    form.shown = {**request.form.to_dict(), "readers": request.form.getlist("readers")}
    same: list[dict[str, str]] = []
    made: list[Source] = []
    if form and not form.data["allow_same"]:
        same = like(db.session, project.id, **_known(form))
    data = {name: value for name, value in form.data.items() if name not in ("capture", "allow_same")}
    actor = acting().user_id
    if (
        not same
        and attempt(
            form,
            lambda: made.append(operations.add_source(db.session, data, project=project.id, actor=actor)),
        )
        and made
    ):
        return copies_pages.after_adding(made[0].id, capture=form.data["capture"])
    context = {**_form_context(project, {}), "form": form, "same": same}
    return Response(render_template("sources/new.html", **context), 422 if not form else Conflict.status)


def _known(form: Form) -> dict[str, str]:
    return {name: form.data.get(name, "") for name in ("url", "doi", "title")}


@blueprint.get("/sources/<id:source_id>/")
@permit(Permission.PROJECT_READ, Source)
def show_source(source: Source) -> str:
    """Show a source with its copies and where it is used; of a protected one, to strangers, that it is one."""
    return show(source, None)


@blueprint.get("/sources/<id:source_id>/edit")
@permit(Permission.CONTENT_CHANGE, Source)
def edit_source(source: Source) -> str:
    """Show the form in which a source is changed."""
    refuse_strangers(db.session, source, acting().user_id)
    return render_template("sources/edit.html", **_edit_context(source))


def _edit_context(source: Source) -> dict[str, Any]:
    project = db.session.get_one(Project, source.project_id)
    row = library.read_one(db.session, SOURCE, source.id)
    context = _form_context(project, as_text(row))
    known = dict(context["people"])
    left = [(person["id"], person["name"]) for person in row["readers"] if person["id"] not in known]
    return {**context, "source": row, "people": context["people"] + left, "was": row}


@blueprint.post("/sources/<id:source_id>/edit")
@permit(Permission.CONTENT_CHANGE, Source)
def change_source(source: Source) -> AnyResponse:
    """Keep what was changed; where somebody else changed the source meanwhile, say what is stored now."""
    actor, context = acting().user_id, {}
    refuse_strangers(db.session, source, actor)
    context = _edit_context(source)
    form = forms.check(SourceChange(), typed(request.form))
    form.shown = {**request.form.to_dict(), "readers": request.form.getlist("readers")}
    _check_fresh(form, source, context["values"])
    if attempt(form, lambda: operations.change_source(db.session, source, form.data, actor=actor)) and form:
        return done(f"/sources/{source.id}/", "saved")
    return Response(render_template("sources/edit.html", **{**context, "form": form}), 422)


def _check_fresh(form: Form, source: Source, now: dict[str, Any]) -> None:
    """Refuse a form made from another version, or from none; each field that differs says what is stored."""
    if request.form.get("version") == str(source.version):
        return
    form.refuse(Stale(STALE))
    form.shown = {**form.shown, "version": str(source.version)}
    for name in set(form.data) - {"readers"}:
        if form.shown.get(name, "").strip() != str(now[name]):
            form.errors.setdefault(name, []).append(f"Stored now: {now[name] or 'nothing'}")


@blueprint.post("/sources/<id:source_id>/delete")
@permit(Permission.CONTENT_CHANGE, Source)
def delete_source(source: Source) -> AnyResponse:
    """Delete a source that nothing needs; the library then offers to undo it."""
    actor = acting().user_id
    refuse_strangers(db.session, source, actor)
    try:
        operations.delete_source(db.session, source, actor=actor)
    except WrongState as error:
        form = Form()
        form.refuse(error)
        return Response(show(source, form), error.status)
    return _to_library(source, f"notice=source-deleted&undo={source.id}")


@blueprint.post("/sources/<id:source_id>/restore")
@permit(Permission.CONTENT_CHANGE, Source, deleted=True)
def restore_source(source: Source) -> AnyResponse:
    """Bring a deleted source back."""
    actor = acting().user_id
    refuse_strangers(db.session, source, actor)
    operations.restore_source(db.session, source, actor=actor)
    return done(f"/sources/{source.id}/", "source-restored")


def _to_library(source: Source, query: str) -> AnyResponse:
    slug = db.session.get_one(Project, source.project_id).slug
    return Response(status=303, headers={"Location": f"/projects/{slug}/sources/?{query}"})


@blueprint.get("/sources/<id:source_id>/history")
@permit(Permission.PROJECT_READ, Source)
def show_history(source: Source) -> str:
    """Show who did what to a source, oldest first; a protected one has none for strangers."""
    project = db.session.get_one(Project, source.project_id)
    known = may_read(db.session, source, acting().user_id)
    lines = telling.history_lines(history(db.session, source.id), dict(members(db.session, project.id)))
    row = library.read_one(db.session, SOURCE, source.id)
    context = {**project_context(project), "source": row, "lines": lines if known else []}
    return render_template("sources/history.html" if known else "sources/protected.html", **context)
