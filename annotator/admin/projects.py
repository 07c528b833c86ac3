"""The administrator's pages of projects: made, archived, given members, without reading what is in them."""

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts.answers import attempt, done
from annotator.accounts.operations import find_user
from annotator.admin.access import SITE
from annotator.admin.schemas import MemberAndSure, NewProject, Sure
from annotator.database import db
from annotator.errors import NotFound
from annotator.forms import Form
from annotator.identity import acting
from annotator.projects import operations
from annotator.projects.models import Membership, Project
from annotator.projects.pages import member_context, set_member_by_form
from annotator.projects.queries import all_projects

blueprint = Blueprint("projects", __name__)


@blueprint.get("/projects")
@SITE
def list_projects() -> Response:
    """List all projects by name, with the number of members."""
    return _projects(Form())


def _projects(form: Form) -> Response:
    return forms.page("admin/projects.html", form, rows=db.session.execute(all_projects()).all())


@blueprint.post("/projects")
@SITE
def add_project() -> AnyResponse:
    """Make a project; its maker may join it as editor in the same step."""
    form = forms.check(NewProject())
    made: list[Project] = []

    def add() -> None:
        about, actor = dict(form.data), acting().user_id
        join = about.pop("join")
        made.append(operations.add_project(db.session, **about, actor=actor))
        if join:
            operations.join_project(db.session, made[0], find_user(db.session, actor))

    if attempt(form, add):
        return done(f"/admin/projects/{made[0].id}", "project-added")
    return _projects(form)


@blueprint.get("/projects/<id:project_id>")
@SITE
def show_project(project_id: str) -> Response:
    """Show a project's name and members."""
    return _project(_find(project_id), Form())


def _find(project_id: str) -> Project:
    project = db.session.get(Project, project_id)
    if project is None:
        raise NotFound
    return project


def _project(project: Project, form: Form, which: str = "") -> Response:
    mine = db.session.get(Membership, (project.id, acting().user_id))
    context = {**member_context(project), **({f"{which}_form": form} if which else {})}
    # not `project`: the header offers the articles of that one, and an administrator need not be a member
    return forms.page(
        "admin/project.html", form, shown_project=project, is_member=mine is not None, **context
    )


@blueprint.post("/projects/<id:project_id>/members")
@SITE
def set_member(project_id: str) -> AnyResponse:
    """Add a member, or give one another role."""
    project = _find(project_id)
    form = set_member_by_form(project, MemberAndSure())
    if form:
        return done(f"/admin/projects/{project.id}", "role-set")
    return _project(project, form, "member")


@blueprint.post("/projects/<id:project_id>/members/<id:user_id>/remove")
@SITE
def remove_member(project_id: str, user_id: str) -> AnyResponse:
    """Take a person out of the project."""
    project, user, actor = _find(project_id), find_user(db.session, user_id), acting().user_id
    form = forms.check(Sure())

    def remove() -> None:
        operations.remove_member(db.session, project, user, actor=actor, leave=form.data["leave"])

    if attempt(form, remove, "_form"):
        return done(f"/admin/projects/{project.id}", "member-removed")
    return _project(project, form, "member")


@blueprint.post("/projects/<id:project_id>/archive")
@SITE
def archive(project_id: str) -> AnyResponse:
    """Close the project: it can be read, not changed."""
    project = _find(project_id)
    operations.archive_project(db.session, project, actor=acting().user_id)
    return done(f"/admin/projects/{project.id}", "project-archived")


@blueprint.post("/projects/<id:project_id>/reopen")
@SITE
def reopen(project_id: str) -> AnyResponse:
    """Open an archived project again."""
    project = _find(project_id)
    operations.reopen_project(db.session, project, actor=acting().user_id)
    return done(f"/admin/projects/{project.id}", "project-reopened")


@blueprint.post("/projects/<id:project_id>/join")
@SITE
def join(project_id: str) -> AnyResponse:
    """Join the project as editor; the journal says so."""
    project = _find(project_id)
    operations.join_project(db.session, project, find_user(db.session, acting().user_id))
    return done(f"/projects/{project.slug}/settings", "project-joined")
