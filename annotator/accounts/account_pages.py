"""One's own account: name, language and time, password, sessions and API tokens."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms, mailing
from annotator.accounts import factors, operations, tokens
from annotator.accounts.answers import attempt, done
from annotator.accounts.login_sessions import end_session, end_sessions_of
from annotator.accounts.models import User
from annotator.accounts.oidc.settings import local_sign_in
from annotator.accounts.pages import asked_from, refuse_passwords
from annotator.accounts.passwords import hash_password
from annotator.accounts.proving import confirm_password
from annotator.accounts.queries import projects_of, sessions_of, tokens_of
from annotator.accounts.schemas import ChangedPassword, NameIn, Regional, TokenIn
from annotator.accounts.sessions import clear_cookie, in_force, renew_present
from annotator.columns import now
from annotator.database import db
from annotator.errors import NotAllowed, NotFound
from annotator.forms import Form
from annotator.freshness import fresh
from annotator.identity import Identity, Scope, acting
from annotator.permissions import Permission, permit
from annotator.wording import CHOICES
from annotator.zones import regions

blueprint = Blueprint("account", __name__)
SCOPES = [
    (Scope.READ.value, "Read: see what I can see"),
    (Scope.WRITE.value, "Write: also add and change"),
    (Scope.ADMIN.value, "Admin: also manage people and projects"),
]
LIFETIMES = [("7", "7 days"), ("30", "30 days"), ("90", "90 days"), ("365", "One year"), ("", "No end")]
LANGUAGES = [("en", "English")]
FACTORS = {"totp": "a code", "passkey": "a passkey", "recovery": "a recovery code"}
METHODS = dict(CHOICES["method"])


@blueprint.get("/account")
@permit(Permission.SIGNED_IN)
def account() -> Response:
    """Show one's account: who one is, how one signs in, where one is signed in, API tokens."""
    return show_account(Form())


def show_account(form: Form, which: str = "", **more: Any) -> Response:
    """Show the account with `form` in the place that `which` names."""
    identity = acting()
    user = operations.find_user(db.session, identity.user_id)
    projects = [(row.id, row.name) for row in db.session.execute(projects_of(user.id))]
    context = {
        "user": user,
        "here": identity.session_id,
        "sessions": list(db.session.scalars(sessions_of(user.id, *in_force(now())))),
        "tokens": list(db.session.scalars(tokens_of(user.id))),
        "factors": [FACTORS[name] for name in factors.methods_of(db.session, user.id)],
        "projects": dict(projects),
        "reaches": [("", "All my projects"), *projects],
        "scopes": [choice for choice in SCOPES if user.is_admin or choice[0] != "admin"],
        "lifetimes": LIFETIMES,
        "languages": LANGUAGES,
        "regions": regions(),
        "methods": METHODS,
        "by_mail": mailing.possible(),
        "passwords": local_sign_in(user),
        "now": now(),
        **more,
    }
    if which:
        context[f"{which}_form"] = form
    return forms.page("accounts/account.html", form, **context)


def in_person() -> tuple[Identity, User]:
    """Give who acts; NotAllowed for an API token, which must not make itself another or change the way in."""
    identity = at_the_browser()
    return identity, operations.find_user(db.session, identity.user_id)


def at_the_browser() -> Identity:
    """Give who acts by a session; NotAllowed for an API token. Asks nothing of the request's own database session."""
    identity = acting()
    if identity.via != "cookie":
        raise NotAllowed("An API token cannot change the account. Sign in in the browser.")
    return identity


@blueprint.post("/account/name")
@permit(Permission.SIGNED_IN)
def change_name() -> AnyResponse:
    """Change one's own name."""
    _, user = in_person()
    form = forms.check(NameIn())
    if attempt(
        form,
        lambda: operations.change_user(
            db.session, user, email=user.email or "", name=form.data["name"], actor=user.id
        ),
    ):
        return done("/account", "saved")
    return show_account(form, "name")


@blueprint.post("/account/language")
@permit(Permission.SIGNED_IN)
def change_language() -> AnyResponse:
    """Change the language of the pages and the time zone that times are shown in."""
    _, user = in_person()
    form = forms.check(Regional())
    if attempt(form, lambda: operations.change_regional(db.session, user, **form.data, actor=user.id)):
        return done("/account", "saved")
    return show_account(form, "language")


@blueprint.post("/account/password")
@permit(Permission.SIGNED_IN)
@fresh
def change_password() -> AnyResponse:
    """Change the password: all other sessions, tokens and links end, and this session goes on under a new value."""
    identity = at_the_browser()
    refuse_passwords()
    form = forms.check(ChangedPassword())
    if form and not confirm_password(identity.email, form.data["current"], **asked_from()):
        form.errors["current"] = ["This is not your current password."]
    hashed = hash_password(form.data["password"]) if form else ""
    user = operations.find_user(db.session, identity.user_id)

    def change() -> None:
        new, keep = form.data["password"], identity.session_id
        operations.set_password(db.session, user, new, actor=user.id, keep=keep, hashed=hashed)

    if not attempt(form, change):
        return show_account(form, "password")
    answer = done("/account", "password-changed")
    renew_present(answer, proven=True)
    return answer


@blueprint.post("/account/sessions/<id:session_id>/end")
@permit(Permission.SIGNED_IN)
@fresh
def end_one(session_id: str) -> AnyResponse:
    """End one of one's sessions."""
    identity, user = in_person()
    if not end_session(db.session, session_id, actor=user.id, user_id=user.id):
        raise NotFound
    if session_id != identity.session_id:
        return done("/account", "session-ended")
    answer = done("/login", "session-ended")
    clear_cookie(answer)
    return answer


@blueprint.post("/account/sessions/end-others")
@permit(Permission.SIGNED_IN)
@fresh
def end_others() -> AnyResponse:
    """End all of one's sessions but this one."""
    identity, user = in_person()
    end_sessions_of(db.session, user, actor=user.id, except_id=identity.session_id)
    return done("/account", "others-ended")


@blueprint.post("/account/tokens")
@permit(Permission.SIGNED_IN)
@fresh
def make_token() -> AnyResponse:
    """Make an API token and show it, this once."""
    _, user = in_person()
    form = forms.check(TokenIn())
    made: list[str] = []

    def make() -> None:
        days, project = form.data["days"], form.data["project"]
        _, value = tokens.make_token(
            db.session,
            user,
            name=form.data["purpose"],
            scope=Scope(form.data["scope"]),
            expires_at=now() + timedelta(days=int(days)) if days else None,
            project_id=project or None,
            actor=user.id,
        )
        made.append(value)

    if attempt(form, make):
        return show_account(Form(), token=made[0])
    return show_account(form, "token")


@blueprint.post("/account/tokens/<id:token_id>/revoke")
@permit(Permission.SIGNED_IN)
@fresh
def revoke_token(token_id: str) -> AnyResponse:
    """Revoke one of one's API tokens."""
    _, user = in_person()
    tokens.revoke_token(db.session, token_id, user_id=user.id, actor=user.id)
    return done("/account", "token-revoked")
