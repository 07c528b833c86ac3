"""My projects, and a project's settings and members."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms, limits
from annotator.accounts.answers import attempt, check_fresh, done
from annotator.accounts.models import User
from annotator.accounts.operations import find_user
from annotator.accounts.queries import by_email
from annotator.database import db
from annotator.errors import AnnotatorError, NotFound
from annotator.forms import Form
from annotator.identity import acting
from annotator.permissions import Permission, Role, load_by, permit
from annotator.projects import operations
from annotator.projects.models import Project
from annotator.projects.queries import DEMO_SLUG, member_rows, my_projects, people_to_add
from annotator.projects.schemas import MemberChoice, ProjectChange
from annotator.wording import CHOICES

blueprint = Blueprint("projects", __name__)
UNKNOWN = {
    "user": "This person is not here any more. Choose another.",
    "email": "Nobody with this address can be added. Check how it is written, or ask an administrator to invite them.",
}
TRIES = 30
MANAGED = permit(Permission.PROJECT_MANAGE, Project, key="slug")


@blueprint.get("/")
@permit(Permission.SIGNED_IN)
def home() -> str:
    """Show the projects one is a member of; where there are none, what to do."""
    identity = acting()
    rows = db.session.execute(my_projects(identity)).all()
    offer_demo = (
        identity.is_admin and db.session.scalar(select(Project.id).where(Project.slug == DEMO_SLUG)) is None
    )
    return render_template("projects/list.html", rows=rows, offer_demo=offer_demo)


@blueprint.get("/projects/<slug:project_slug>/settings")
@MANAGED
def settings(project: Project) -> Response:
    """Show the settings and members of a project."""
    return _settings(project, Form())


def _settings(project: Project, form: Form, which: str = "") -> Response:
    context: dict[str, Any] = {f"{which}_form": form} if which else {}
    return forms.page("projects/settings.html", form, project=project, **member_context(project), **context)


def member_context(project: Project) -> dict[str, Any]:
    """Give what the list of members on a page needs."""
    people = list(db.session.scalars(people_to_add(project.id, acting())))
    names = [user.name for user in people]
    members = db.session.execute(member_rows(db.session, project.id)).all()
    editors = [row.person__id for row in members if row.active and row.role == Role.EDITOR.value]
    archived = project.archived_at is not None
    return {
        "members": members,
        "last_editor": editors[0] if len(editors) == 1 and not archived else None,
        # two people of one name are told apart by their addresses
        "people": [(u.id, u.name if names.count(u.name) == 1 else f"{u.name} ({u.email})") for u in people],
        "roles": CHOICES["role"],
        "project_role": "editor",
    }


@blueprint.post("/projects/<slug:project_slug>/settings")
@MANAGED
def change_settings(project: Project) -> AnyResponse:
    """Change name, description, rating scale, language and policy."""
    form = forms.check(ProjectChange(exclude=("archived",)))
    check_fresh(form, project)
    actor = acting().user_id
    if attempt(form, lambda: operations.change_project(db.session, project, form.data, actor=actor)):
        return done(f"/projects/{project.slug}/settings", "saved")
    return _settings(project, form, "project")


@blueprint.post("/projects/<slug:project_slug>/members")
@MANAGED
def set_member(project: Project) -> AnyResponse:
    """Add a member, or give one another role; an address can be tried thirty times an hour."""
    if request.form.get("email"):
        project = _counted(project.slug)
    form = set_member_by_form(project, MemberChoice())
    if form:
        return done(f"/projects/{project.slug}/settings", "role-set")
    return _settings(project, form, "member")


def _counted(slug: str) -> Project:
    """Count one more try of an address, whose answer tells who has an account; TooMany after thirty in an hour.

    Counting needs SQLite's only writing place, so the request lets go of it, and asks for the right once more.
    """
    db.rollback()
    identity = acting()
    limits.spend(f"member-by-email:{identity.user_id}", TRIES, timedelta(hours=1))
    found: Project = load_by(Project, "slug", slug, identity, Permission.PROJECT_MANAGE)
    return found


def set_member_by_form(project: Project, schema: MemberChoice) -> Form:
    """Do what a form with `user` or `email`, `role`, and maybe `leave` asks for; gives it, with what was refused."""
    form = forms.check(schema)
    field = "email" if form.data.get("email") else "user"

    def change() -> None:
        user, role, leave = _named(form.data), Role(form.data["role"]), form.data.get("leave", False)
        operations.set_member(db.session, project, user, role, actor=acting().user_id, leave=leave)

    try:
        attempt(form, change, field)
    except NotFound:
        form.refuse(AnnotatorError(UNKNOWN[field]), field)
    return form


def _named(data: dict[str, Any]) -> User:
    """Give the person of the id or of the e-mail address; NotFound, for the address of a deactivated person too."""
    if "email" not in data:
        return find_user(db.session, data["user"])
    user = db.session.scalar(by_email(data["email"]))
    if user is None or not user.active:
        raise NotFound
    return user


@blueprint.post("/projects/<slug:project_slug>/members/<id:user_id>/remove")
@MANAGED
def remove_member(project: Project, user_id: str) -> AnyResponse:
    """Take a person out of the project."""
    form, user, actor = Form(), find_user(db.session, user_id), acting().user_id
    if not attempt(form, lambda: operations.remove_member(db.session, project, user, actor=actor), "_form"):
        return _settings(project, form, "member")
    if user_id == actor:
        return done("/", "member-removed")
    return done(f"/projects/{project.slug}/settings", "member-removed")


@blueprint.post("/projects/<slug:project_slug>/archive")
@MANAGED
def archive(project: Project) -> AnyResponse:
    """Close the project: it can be read, not changed."""
    operations.archive_project(db.session, project, actor=acting().user_id)
    return done(f"/projects/{project.slug}/settings", "project-archived")


@blueprint.post("/projects/<slug:project_slug>/reopen")
@MANAGED
def reopen(project: Project) -> AnyResponse:
    """Open an archived project again."""
    operations.reopen_project(db.session, project, actor=acting().user_id)
    return done(f"/projects/{project.slug}/settings", "project-reopened")
