"""One thing done to many people: shown first for each of them, then done, with a list of what came of it."""

from typing import Any

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts.handing_over import hand_over_password_link
from annotator.accounts.models import User
from annotator.admin.access import PEOPLE
from annotator.admin.bulk_actions import ACTIONS, NEEDS_PROJECT, Outcome, Wish, attempt_one, foresee
from annotator.admin.schemas import BulkForm
from annotator.database import db
from annotator.fields import ID
from annotator.forms import Form
from annotator.identity import acting
from annotator.permissions import Role
from annotator.projects.models import Project

blueprint = Blueprint("bulk", __name__)
MEANWHILE = "Somebody changed this person meanwhile; nothing was done. Look at them again."


@blueprint.post("/people/bulk")
@PEOPLE
def ask_or_do() -> AnyResponse:
    """Show for each ticked person what would be done, and do it once that was seen."""
    form = forms.check(BulkForm())
    wish = _wish(form)
    if wish is None:
        return _page(form)
    ticked = dict(form.data["person"])
    users = sorted(
        (user for key in ticked if (user := db.session.get(User, key)) is not None),
        key=lambda user: (user.name.casefold(), user.id),
    )
    if not form.data["sure"]:
        return _page(form, wish=wish, outcomes=foresee(db.session, users, wish))
    return _page(form, wish=wish, outcomes=[_do(user, ticked[user.id], wish) for user in users], over=True)


def _wish(form: Form) -> Wish | None:
    """Give what is wanted, None when the form does not say it."""
    if not form:
        return None
    action, key = form.data["action"], form.data["project"]
    if action not in dict(ACTIONS):
        form.errors["action"] = ["Choose what to do."]
        return None
    project = None
    if action in NEEDS_PROJECT:
        project = db.session.get(Project, key) if ID.fullmatch(key) else None
        if project is None:
            form.errors["project"] = ["Choose a project."]
            return None
    return Wish(action, project, Role(form.data["role"]), form.data["leave"])


def _do(user: User, version: int | None, wish: Wish) -> Outcome:
    if version is not None and version != user.version:
        return Outcome(user, False, MEANWHILE)
    outcome = attempt_one(db.session, user, wish, actor=acting().user_id)
    if outcome.link is not None:
        outcome.link = hand_over_password_link(user, outcome.link)
        outcome.words = (
            "The link is below; it is shown this once." if outcome.link else "The link is on its way by mail."
        )
    return outcome


def _page(form: Form, **context: Any) -> Response:
    wish: Wish | None = context.get("wish")
    words = dict(ACTIONS).get(wish.action, "") if wish else ""
    return forms.page(
        "admin/bulk.html", form, **{"wish": None, "outcomes": [], "over": False, **context}, words=words
    )
