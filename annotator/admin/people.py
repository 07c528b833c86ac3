"""The administrator's pages of people: added, found, changed, deactivated, given links and roles."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, request
from sqlalchemy import func
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts import operations
from annotator.accounts.answers import attempt, check_fresh, done
from annotator.accounts.login_sessions import end_sessions_of
from annotator.accounts.models import User
from annotator.accounts.queries import people, sessions_of
from annotator.accounts.schemas import UserIn
from annotator.accounts.sessions import in_force
from annotator.admin.schemas import RoleChoice
from annotator.columns import now
from annotator.database import db
from annotator.errors import Invalid, NotFound
from annotator.forms import Form
from annotator.identity import acting
from annotator.paging import Order, encode, narrowed
from annotator.permissions import Permission, Role, permit
from annotator.projects.models import Project
from annotator.projects.operations import remove_member, set_member
from annotator.projects.queries import all_projects, roles_of
from annotator.reading import grouped
from annotator.wording import CHOICES

blueprint = Blueprint("people", __name__)
PEOPLE = permit(Permission.PEOPLE_MANAGE)
SHOWN = [
    ("all", "Everybody"),
    ("active", "Active"),
    ("deactivated", "Deactivated"),
    ("admins", "Administrators"),
]
PAGE = 50
KEY = func.lower(User.name)
BY_NAME = Order((KEY, User.id))


@blueprint.get("/people")
@PEOPLE
def list_people() -> Response:
    """List people by name, with their projects and roles; find and filter them."""
    return _people(Form())


def _people(form: Form) -> Response:
    find = request.args.get("q", "").replace("\0", "").strip()[:200]
    show = request.args.get("show", "all")
    query = people(find, show if show in dict(SHOWN) else "all").order_by(None).add_columns(KEY)
    rows = db.session.execute(narrowed(query, BY_NAME, PAGE, request.args.get("cursor"))).all()
    shown = [row[0] for row in rows[:PAGE]]
    cursor = encode([rows[PAGE - 1][1], rows[PAGE - 1][0].id]) if len(rows) > PAGE else None
    roles = db.session.execute(roles_of([user.id for user in shown])).all()
    return forms.page(
        "admin/people.html",
        form,
        people=shown,
        roles=grouped((user_id, (project, role)) for user_id, project, role in roles),
        find=find,
        show=show,
        filters=SHOWN,
        cursor=cursor,
    )


@blueprint.post("/people")
@PEOPLE
def add_person() -> AnyResponse:
    """Add a person and show the one-time link for their password, this once."""
    form = forms.check(UserIn())
    made: list[tuple[User, str]] = []

    def add() -> None:
        actor = acting().user_id
        user = operations.add_user(db.session, **form.data, actor=actor)
        made.append((user, operations.make_password_link(db.session, user, actor=actor)))

    if attempt(form, add):
        user, token = made[0]
        return _person(user, Form(), link=_address(token), added=True)
    return _people(form)


def _address(token: str) -> str:
    base: str = current_app.config["SETTINGS"].base_url or request.host_url
    return f"{base.rstrip('/')}/password/{token}"


@blueprint.get("/people/<id:user_id>")
@PEOPLE
def person(user_id: str) -> Response:
    """Show a person: name, ways in, administrator or not, roles."""
    return _person(operations.find_user(db.session, user_id), Form())


def _person(user: User, form: Form, which: str = "", **more: Any) -> Response:
    context: dict[str, Any] = {f"{which}_form": form, **more} if which else more
    mine = [(project, role) for _, project, role in db.session.execute(roles_of([user.id]))]
    known = {project.id for project, _ in mine}
    everything = [project for project, _ in db.session.execute(all_projects()) if not project.archived_at]
    return forms.page(
        "admin/person.html",
        form,
        user=user,
        mine=mine,
        others=[(project.id, project.name) for project in everything if project.id not in known],
        role_choices=CHOICES["role"],
        sessions=list(db.session.scalars(sessions_of(user.id, *in_force(now())))),
        **context,
    )


@blueprint.post("/people/<id:user_id>")
@PEOPLE
def change_person(user_id: str) -> AnyResponse:
    """Change a person's name and e-mail address."""
    user = operations.find_user(db.session, user_id)
    form = forms.check(UserIn())
    check_fresh(form, user)
    if attempt(form, lambda: operations.change_user(db.session, user, **form.data, actor=acting().user_id)):
        return done(f"/admin/people/{user.id}", "saved")
    return _person(user, form, "person")


@blueprint.post("/people/<id:user_id>/link")
@PEOPLE
def make_link(user_id: str) -> AnyResponse:
    """Make a one-time link to set the password and show it, this once."""
    user = operations.find_user(db.session, user_id)
    token = operations.make_password_link(db.session, user, actor=acting().user_id)
    return _person(user, Form(), link=_address(token))


Verb = Callable[..., None]
SWITCHES: dict[str, tuple[Verb, str]] = {
    "deactivate": (operations.deactivate_user, "person-deactivated"),
    "activate": (operations.activate_user, "person-activated"),
    "grant-admin": (operations.grant_admin, "admin-granted"),
    "withdraw-admin": (operations.withdraw_admin, "admin-withdrawn"),
}


@blueprint.post("/people/<id:user_id>/<any('deactivate', 'activate', 'grant-admin', 'withdraw-admin'):verb>")
@PEOPLE
def switch(user_id: str, verb: str) -> AnyResponse:
    """Deactivate or reactivate a person, make them administrator or no longer."""
    user = operations.find_user(db.session, user_id)
    operation, notice = SWITCHES[verb]
    form = Form()
    if attempt(form, lambda: operation(db.session, user, actor=acting().user_id)):
        return done(f"/admin/people/{user.id}", notice)
    return _person(user, form, "switch")


@blueprint.post("/people/<id:user_id>/sessions/end")
@PEOPLE
def end_sessions(user_id: str) -> AnyResponse:
    """End all sessions of a person."""
    user = operations.find_user(db.session, user_id)
    end_sessions_of(db.session, user, actor=acting().user_id)
    return done(f"/admin/people/{user.id}", "sessions-ended")


@blueprint.post("/people/<id:user_id>/roles")
@PEOPLE
def set_role(user_id: str) -> AnyResponse:
    """Give a person a role in a project."""
    user = operations.find_user(db.session, user_id)
    form = forms.check(RoleChoice())

    def change() -> None:
        project = _project(form.data["project"])
        set_member(db.session, project, user, Role(form.data["role"]), actor=acting().user_id)

    if attempt(form, change, "project"):
        return done(f"/admin/people/{user.id}", "role-set")
    return _person(user, form, "role")


def _project(project_id: str) -> Project:
    project = db.session.get(Project, project_id)
    if project is None:
        raise Invalid({"project": ["This project is not here any more. Choose another."]})
    return project


@blueprint.post("/people/<id:user_id>/roles/<id:project_id>/remove")
@PEOPLE
def remove_role(user_id: str, project_id: str) -> AnyResponse:
    """Take a person out of a project."""
    user, project = operations.find_user(db.session, user_id), db.session.get(Project, project_id)
    if project is None:
        raise NotFound
    remove_member(db.session, project, user, actor=acting().user_id)
    return done(f"/admin/people/{user.id}", "member-removed")
