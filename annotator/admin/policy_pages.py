"""The rules of signing in: of whom the site demands a second factor, and whom that would meet who has none yet."""

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts import policies
from annotator.accounts.answers import done
from annotator.admin.access import SITE
from annotator.admin.schemas import PolicyForm
from annotator.database import db
from annotator.errors import Stale
from annotator.forms import Form
from annotator.identity import acting

blueprint = Blueprint("policy", __name__)
GROUP_WORDS = [
    ("everybody", "Everybody"),
    ("admin", "Administrators"),
    ("editor", "Editors, in any project"),
    ("reviewer", "Reviewers, in any project"),
    ("viewer", "Viewers, in any project"),
]


@blueprint.get("/policy")
@SITE
def show() -> Response:
    """Show of whom a second factor is demanded, and who of each group has none yet."""
    return _page(Form())


def _page(form: Form) -> Response:
    groups = [(name, words, policies.without_factor(db.session, [name])) for name, words in GROUP_WORDS]
    return forms.page("admin/policy.html", form, policy=policies.current(db.session), groups=groups)


@blueprint.post("/policy")
@SITE
def change() -> AnyResponse:
    """Demand a second factor of these groups, and of nobody else."""
    form = forms.check(PolicyForm())
    if form:
        try:
            chosen, version = form.data["second_factor_for"], form.data["version"]
            policies.set_policy(db.session, chosen, version, acting().user_id)
        except Stale as error:
            db.rollback()
            form.refuse(error)
        else:
            return done("/admin/policy", "policy-set")
    return _page(form)
