"""Changing one's e-mail address: a link goes to the new one, and the old one is told."""

from datetime import timedelta

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms, limits, mailing
from annotator.accounts import email_changes
from annotator.accounts.account_pages import at_the_browser, in_person, show_account
from annotator.accounts.answers import attempt, done
from annotator.accounts.schemas import EmailAlone
from annotator.accounts.sessions import renew_present
from annotator.database import db
from annotator.errors import WrongState
from annotator.forms import Form
from annotator.freshness import fresh
from annotator.identity import current
from annotator.permissions import Permission, permit

blueprint = Blueprint("email", __name__)
NO_MAIL = (
    "This site sends no mail, so it cannot confirm a new address. An administrator can change it for you."
)


@blueprint.post("/account/email")
@permit(Permission.SIGNED_IN)
@fresh
def ask() -> AnyResponse:
    """Ask for another e-mail address: a link is mailed there."""
    identity = at_the_browser()
    if not mailing.possible():
        raise WrongState(NO_MAIL)
    limits.spend(f"email:{identity.user_id}", 5, timedelta(hours=1))
    _, user = in_person()
    form = forms.check(EmailAlone())
    if form and form.data["email"] == user.email:
        form.errors["email"] = ["This is your e-mail address already."]
    if attempt(form, lambda: email_changes.ask_for(db.session, user, form.data["email"])):
        return done("/account", "email-asked")
    return show_account(form, "email")


@blueprint.get("/email/<token>")
@permit(Permission.PUBLIC)
def look(token: str) -> Response:
    """Ask whether the address shall be changed; looking does not use the link, since mail programs look, too."""
    email, user = email_changes.find(db.session, token)
    return forms.page("accounts/email.html", Form(), email=email, person=user)


@blueprint.post("/email/<token>")
@permit(Permission.PUBLIC)
def change(token: str) -> AnyResponse:
    """Change the address, once: the person's other sessions, tokens and links end."""
    email, user = email_changes.find(db.session, token)
    identity = current()
    own = identity is not None and identity.via == "cookie" and identity.user_id == user.id
    keep = identity.session_id if identity is not None and own else None
    form = Form()
    if not attempt(form, lambda: email_changes.use(db.session, token, keep=keep), "email"):
        return forms.page("accounts/email.html", form, email=email, person=user)
    answer = done("/account" if own else "/login", "email-changed")
    if own:
        renew_present(answer)
    return answer
