"""Signing in and out, setting a password by a link, and one's own account."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from marshmallow import Schema
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts import operations
from annotator.accounts.answers import attempt, done, own_path
from annotator.accounts.login_sessions import end_session, end_sessions_of
from annotator.accounts.models import User
from annotator.accounts.queries import FIRST_EMAIL, ready_admins, sessions_of, tokens_of
from annotator.accounts.schemas import ChangedPassword, FirstAdmin, NameIn, NewPassword, SignIn, TokenIn
from annotator.accounts.sessions import (
    clear_cookie,
    confirm_password,
    device_of,
    end_present,
    in_force,
    set_cookie,
    sign_in,
    start_session,
)
from annotator.columns import now
from annotator.database import db
from annotator.errors import NotAllowed, NotFound, NotSignedIn, TooMany
from annotator.forms import Form
from annotator.identity import Identity, Scope, acting, current
from annotator.permissions import Permission, permit

blueprint = Blueprint("accounts", __name__)
SCOPES = [
    (Scope.READ.value, "Read: see what I can see"),
    (Scope.WRITE.value, "Write: also add and change"),
    (Scope.ADMIN.value, "Admin: also manage people and projects"),
]
LIFETIMES = [("7", "7 days"), ("30", "30 days"), ("90", "90 days"), ("365", "One year"), ("", "No end")]


def first_start() -> bool:
    """Tell whether no administrator has set a password yet: the link that the start printed is waiting."""
    return db.session.scalars(ready_admins()).first() is None


@blueprint.get("/login")
@permit(Permission.PUBLIC)
def login() -> AnyResponse | str:
    """Show the form to sign in; who is signed in already goes on."""
    target = own_path(request.args.get("next"))
    if current() is not None:
        return redirect(target, 303)
    return render_template("accounts/login.html", form=None, next=target, first_start=first_start())


@blueprint.post("/login")
@permit(Permission.PUBLIC)
def begin() -> AnyResponse:
    """Sign in and go on to where one wanted to be."""
    target = own_path(request.form.get("next"))
    form = forms.check(SignIn())
    status, headers = 422, {}
    if form:
        try:
            _, value = sign_in(**form.data, address=request.remote_addr or "", device=device_of(request))
        except NotSignedIn as error:
            form.refuse(error, "password")
        except TooMany as error:
            form.refuse(error, "password")
            status, headers = error.status, error.headers
        else:
            end_present()
            answer = redirect(target, 303)
            set_cookie(answer, value)
            return answer
    page = forms.page("accounts/login.html", form, next=target, first_start=first_start())
    page.status_code = status
    page.headers.update(headers)
    return page


@blueprint.post("/logout")
@permit(Permission.PUBLIC)
def logout() -> AnyResponse:
    """End the session here and now."""
    end_present()
    answer = done("/login", "signed-out")
    clear_cookie(answer)
    return answer


@blueprint.get("/password/<token>")
@permit(Permission.PUBLIC)
def password_form(token: str) -> str:
    """Show the form that sets a password; 410 when the link works no more."""
    user = operations.find_link(db.session, token)
    return render_template("accounts/password.html", form=None, person=user, first=_is_first(user))


@blueprint.post("/password/<token>")
@permit(Permission.PUBLIC)
def set_password(token: str) -> AnyResponse:
    """Set the password, once; the first administrator also says name and e-mail address."""
    user = operations.find_link(db.session, token)
    first = _is_first(user)
    schema: Schema = FirstAdmin() if first else NewPassword()
    form = forms.check(schema)

    def use() -> None:
        if first:
            about = {name: form.data[name] for name in ("name", "email")}
            operations.change_user(db.session, user, **about, actor=user.id)
        operations.use_link(db.session, token, form.data["password"])

    if attempt(form, use):
        return done("/login", "password-set")
    return forms.page("accounts/password.html", form, person=user, first=first)


def _is_first(user: User) -> bool:
    return user.email == FIRST_EMAIL and user.password_hash is None


@blueprint.get("/account")
@permit(Permission.SIGNED_IN)
def account() -> Response:
    """Show one's account: name, password, sessions, API tokens."""
    return _account(Form())


def _account(form: Form, which: str = "", **more: Any) -> Response:
    """Show the account with `form` in the place that `which` names."""
    identity = acting()
    user = operations.find_user(db.session, identity.user_id)
    context = {
        "user": user,
        "here": identity.session_id,
        "sessions": list(db.session.scalars(sessions_of(user.id, *in_force(now())))),
        "tokens": list(db.session.scalars(tokens_of(user.id))),
        "scopes": [choice for choice in SCOPES if user.is_admin or choice[0] != "admin"],
        "lifetimes": LIFETIMES,
        "now": now(),
        **more,
    }
    if which:
        context[f"{which}_form"] = form
    return forms.page("accounts/account.html", form, **context)


def _in_person() -> tuple[Identity, User]:
    """Give who acts; NotAllowed for an API token, which must not make itself another or change the way in."""
    identity = _at_the_browser()
    return identity, operations.find_user(db.session, identity.user_id)


def _at_the_browser() -> Identity:
    identity = acting()
    if identity.via != "cookie":
        raise NotAllowed("An API token cannot change the account. Sign in in the browser.")
    return identity


@blueprint.post("/account/name")
@permit(Permission.SIGNED_IN)
def change_name() -> AnyResponse:
    """Change one's own name."""
    _, user = _in_person()
    form = forms.check(NameIn())
    if attempt(
        form,
        lambda: operations.change_user(
            db.session, user, email=user.email or "", name=form.data["name"], actor=user.id
        ),
    ):
        return done("/account", "saved")
    return _account(form, "name")


@blueprint.post("/account/password")
@permit(Permission.SIGNED_IN)
def change_password() -> AnyResponse:
    """Change the password: all sessions and tokens end, and this browser goes on with a new session."""
    identity = _at_the_browser()
    form = forms.check(ChangedPassword())
    if form and not confirm_password(identity.email, form.data["current"], address=request.remote_addr or ""):
        form.errors["current"] = ["This is not your current password."]
    user = operations.find_user(db.session, identity.user_id)
    if not attempt(
        form, lambda: operations.set_password(db.session, user, form.data["password"], actor=user.id)
    ):
        return _account(form, "password")
    _, value = start_session(db.session, user, device=device_of(request))
    answer = done("/account", "saved")
    set_cookie(answer, value)
    return answer


@blueprint.post("/account/sessions/<id:session_id>/end")
@permit(Permission.SIGNED_IN)
def end_one(session_id: str) -> AnyResponse:
    """End one of one's sessions."""
    identity, user = _in_person()
    if not end_session(db.session, session_id, actor=user.id, user_id=user.id):
        raise NotFound
    return done("/login" if session_id == identity.session_id else "/account", "session-ended")


@blueprint.post("/account/sessions/end-others")
@permit(Permission.SIGNED_IN)
def end_others() -> AnyResponse:
    """End all of one's sessions but this one."""
    identity, user = _in_person()
    end_sessions_of(db.session, user, actor=user.id, except_id=identity.session_id)
    return done("/account", "session-ended")


@blueprint.post("/account/tokens")
@permit(Permission.SIGNED_IN)
def make_token() -> AnyResponse:
    """Make an API token and show it, this once."""
    _, user = _in_person()
    form = forms.check(TokenIn())
    made: list[str] = []

    def make() -> None:
        days = form.data["days"]
        _, value = operations.make_token(
            db.session,
            user,
            name=form.data["purpose"],
            scope=Scope(form.data["scope"]),
            expires_at=now() + timedelta(days=int(days)) if days else None,
            actor=user.id,
        )
        made.append(value)

    if attempt(form, make):
        return _account(Form(), token=made[0])
    return _account(form, "token")


@blueprint.post("/account/tokens/<id:token_id>/revoke")
@permit(Permission.SIGNED_IN)
def revoke_token(token_id: str) -> AnyResponse:
    """Revoke one of one's API tokens."""
    _, user = _in_person()
    operations.revoke_token(db.session, token_id, user_id=user.id, actor=user.id)
    return done("/account", "token-revoked")
