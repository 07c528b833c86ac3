"""A forgotten password: a link by mail, with the same answer in the same time whether or not the person is known."""

from datetime import timedelta

from flask import Blueprint, Response, render_template, request

from annotator import forms, limits, mailing
from annotator.accounts import mails, operations
from annotator.accounts.oidc.settings import local_sign_in
from annotator.accounts.pages import refuse_passwords
from annotator.accounts.queries import by_email
from annotator.accounts.schemas import EmailAlone
from annotator.accounts.secret_values import digest
from annotator.asking import asker
from annotator.database import after_commit, db
from annotator.errors import WrongState
from annotator.forms import Form
from annotator.permissions import Permission, permit

blueprint = Blueprint("forgotten", __name__)
HOUR = timedelta(hours=1)
PER_PERSON = 5
PER_ADDRESS = 20
NO_MAIL = "This site sends no mail. Ask an administrator for a link to set a new password."


@blueprint.get("/forgotten")
@permit(Permission.PUBLIC)
def form() -> str:
    """Show the form that asks for a link; without a mail server say who helps."""
    refuse_passwords()
    return render_template("accounts/forgotten.html", form=None, by_mail=mailing.possible(), sent="")


@blueprint.post("/forgotten")
@permit(Permission.PUBLIC)
def ask() -> Response:
    """Mail a link to set a new password, if the address is a person's; the page never says whether it is."""
    refuse_passwords()
    if not mailing.possible():
        raise WrongState(NO_MAIL)
    asked = forms.check(EmailAlone())
    if asked:
        email = asked.data["email"]
        limits.spend(f"forgotten-at:{asker(request)}", PER_ADDRESS, HOUR)
        limits.spend(f"forgotten:{digest(email)}", PER_PERSON, HOUR)
        after_commit(db.session, lambda: mailing.later(lambda: _send_link(email)))
        return forms.page("accounts/forgotten.html", Form(), by_mail=True, sent=email)
    return forms.page("accounts/forgotten.html", asked, by_mail=True, sent="")


def _send_link(email: str) -> None:
    """Look for the person and mail the link; nobody waits for it, so that its time tells nothing."""
    user = db.session.scalar(by_email(email))
    if user is not None and user.active and local_sign_in(user):
        token = operations.make_own_link(db.session, user)
        if token is not None:
            mails.send_reset(user, token)
    db.commit()
