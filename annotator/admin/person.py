"""The administrator's page of one person: name, roles, ways in, devices, tokens, and what can be done about each."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms, mailing
from annotator.accounts import operations
from annotator.accounts.answers import attempt, check_fresh, done
from annotator.accounts.editors import last_editor_of
from annotator.accounts.factors import demanded, demands, methods_of
from annotator.accounts.handing_over import hand_over_password_link
from annotator.accounts.models import User
from annotator.accounts.queries import sessions_of, tokens_of
from annotator.accounts.schemas import UserIn
from annotator.accounts.sessions import in_force, renew_present
from annotator.admin.access import PEOPLE, refuse_older
from annotator.admin.people_queries import last_sign_in
from annotator.admin.schemas import RoleChoice, Sure
from annotator.columns import now
from annotator.database import db
from annotator.errors import Invalid, NotFound
from annotator.forms import Form
from annotator.identity import acting
from annotator.permissions import Role
from annotator.projects.models import Project
from annotator.projects.operations import remove_member, set_member
from annotator.projects.queries import all_projects, roles_of
from annotator.wording import CHOICES

blueprint = Blueprint("person", __name__)


@blueprint.get("/people/<id:user_id>")
@PEOPLE
def person(user_id: str) -> Response:
    """Show a person: name, ways in, administrator or not, roles."""
    return show(operations.find_user(db.session, user_id), Form())


def show(user: User, form: Form, which: str = "", **more: Any) -> Response:
    """Give the person's page, with `form` in the place that `which` names."""
    context: dict[str, Any] = {f"{which}_form": form, **more} if which else more
    mine = [(project, role) for _, project, role in db.session.execute(roles_of([user.id]))]
    known = {project.id for project, _ in mine}
    everything = [project for project, _ in db.session.execute(all_projects())]
    return forms.page(
        "admin/person.html",
        form,
        user=user,
        mine=mine,
        last={row.id: row.name for row in last_editor_of(db.session, user.id)},
        others=[(one.id, one.name) for one in everything if one.id not in known and not one.archived_at],
        project_names={one.id: one.name for one in everything},
        role_choices=CHOICES["role"],
        **_ways_in(user),
        **context,
    )


def _ways_in(user: User) -> dict[str, Any]:
    session, at = db.session, now()
    return {
        "now": at,
        "here": acting().session_id,
        "mail": mailing.possible(),
        "sessions": list(session.scalars(sessions_of(user.id, *in_force(at)))),
        "tokens": list(session.scalars(tokens_of(user.id))),
        "methods": methods_of(session, user.id),
        "demanded": demands(session, demanded(session), user.id, is_admin=user.is_admin),
        "last_seen": session.scalar(last_sign_in(user.id)),
    }


@blueprint.post("/people/<id:user_id>")
@PEOPLE
def change_person(user_id: str) -> AnyResponse:
    """Change a person's name and e-mail address."""
    user = operations.find_user(db.session, user_id)
    form = forms.check(UserIn())
    check_fresh(form, user)
    actor = acting()
    keep, email = actor.session_id if actor.user_id == user.id else None, user.email
    if not attempt(
        form, lambda: operations.change_user(db.session, user, **form.data, actor=actor.user_id, keep=keep)
    ):
        return show(user, form, "person")
    answer = done(f"/admin/people/{user.id}", "saved")
    if keep and user.email != email:
        renew_present(answer)
    return answer


@blueprint.post("/people/<id:user_id>/link")
@PEOPLE
def make_link(user_id: str) -> AnyResponse:
    """Make a one-time link to set the password; it is mailed, or shown this once."""
    user = operations.find_user(db.session, user_id)
    token = operations.make_password_link(db.session, user, actor=acting().user_id)
    link = hand_over_password_link(user, token)
    return done(f"/admin/people/{user.id}", "link-mailed") if link is None else show(user, Form(), link=link)


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
    user, form = operations.find_user(db.session, user_id), forms.check(Sure())
    operation, notice = SWITCHES[verb]
    refuse_older(form, user)
    oneself = user.id == acting().user_id
    more: dict[str, Any] = {"leave": form.data.get("leave", False)} if verb == "deactivate" else {}
    if verb == "withdraw-admin" and oneself:
        more = {"keep": acting().session_id}
    if not attempt(form, lambda: operation(db.session, user, actor=acting().user_id, **more)):
        return show(user, form, "switch")
    answer = done("/" if oneself and not user.is_admin else f"/admin/people/{user.id}", notice)
    if more.get("keep"):
        renew_present(answer)
    return answer


@blueprint.post("/people/<id:user_id>/roles")
@PEOPLE
def set_role(user_id: str) -> AnyResponse:
    """Give a person a role in a project."""
    user, form = operations.find_user(db.session, user_id), forms.check(RoleChoice())

    def change() -> None:
        project, role = _project(form.data["project"]), Role(form.data["role"])
        set_member(db.session, project, user, role, actor=acting().user_id, leave=form.data["leave"])

    if attempt(form, change, "project"):
        return done(f"/admin/people/{user.id}", "role-set")
    return show(user, form, "role")


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
    form, actor = forms.check(Sure()), acting().user_id
    if attempt(
        form,
        lambda: remove_member(db.session, project, user, actor=actor, leave=form.data["leave"]),
        "project",
    ):
        return done(f"/admin/people/{user.id}", "member-removed")
    return show(user, form, "role")
