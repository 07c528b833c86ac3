"""Signing in and out, and setting a password by a link."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from marshmallow import Schema
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms, mailing
from annotator.accounts import devices, operations
from annotator.accounts.answers import attempt, done, own_path
from annotator.accounts.models import Method, User
from annotator.accounts.oidc.settings import INSTEAD, local_sign_in, passwords_offered, single_sign_on
from annotator.accounts.passwords import hash_password
from annotator.accounts.proving import prove
from annotator.accounts.queries import FIRST_EMAIL, ready_admins
from annotator.accounts.schemas import FirstAdmin, NewPassword, SignIn
from annotator.accounts.sessions import begin_sign_in, clear_cookie, end_present
from annotator.asking import asker
from annotator.database import db
from annotator.errors import NotAllowed, NotSignedIn, TooMany
from annotator.forms import Form
from annotator.identity import current
from annotator.permissions import Permission, permit

blueprint = Blueprint("accounts", __name__)


def around_sign_in(target: str) -> dict[str, Any]:
    """Give what the page to sign in needs besides its form: the way back, and what to do without a password."""
    return {
        "next": target,
        "first_start": db.session.scalars(ready_admins()).first() is None,
        "by_mail": mailing.possible(),
        "passwords": passwords_offered(),
    }


def refuse_passwords(user: User | None = None) -> None:
    """Raise NotAllowed where people sign in through a provider alone; for `user`, where this person does."""
    provider = single_sign_on()
    if provider is not None and not (passwords_offered() if user is None else local_sign_in(user)):
        raise NotAllowed(INSTEAD.format(name=provider.name))


@blueprint.get("/login")
@permit(Permission.PUBLIC)
def login() -> AnyResponse | str:
    """Show the form to sign in; who is signed in already goes on."""
    target = own_path(request.args.get("next"))
    if current() is not None:
        return redirect(target, 303)
    return render_template("accounts/login.html", form=None, **around_sign_in(target))


@blueprint.post("/login")
@permit(Permission.PUBLIC)
def begin() -> AnyResponse:
    """Sign in and go on to where one wanted to be, or first to the second factor."""
    refuse_passwords()
    target = own_path(request.form.get("next"))
    form = forms.check(SignIn())
    status, headers = 422, {}
    if form:
        try:
            user = prove(**form.data, **asked_from())
        except NotSignedIn as error:
            form.refuse(error, "password")
        except TooMany as error:
            form.refuse(error, "password")
            status, headers = error.status, error.headers
        else:
            return begin_sign_in(user, method=Method.PASSWORD, target=target)
    page = forms.page("accounts/login.html", form, **around_sign_in(target))
    page.status_code = status
    page.headers.update(headers)
    return page


def asked_from() -> dict[str, Any]:
    """Give what tries are counted by: the address asking, and the device cookie's value."""
    return {"address": asker(request), "device": request.cookies.get(devices.COOKIE)}


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
    return render_template("accounts/password.html", form=None, **_around_link(user))


@blueprint.post("/password/<token>")
@permit(Permission.PUBLIC)
def set_password(token: str) -> AnyResponse:
    """Set the password, once, and sign in; the first administrator also says name and e-mail address."""
    with Session(db.here.engine, expire_on_commit=False) as session:  # the request's own waits for the hash
        user = operations.find_link(session, token)
    refuse_passwords(user)
    schema: Schema = FirstAdmin() if _is_first(user) else NewPassword()
    form = forms.check(schema)
    hashed = hash_password(form.data["password"]) if form else ""
    if attempt(form, lambda: _use(token, form, hashed)):
        user = operations.find_user(db.session, user.id)
        return begin_sign_in(user, method=Method.LINK, target="/?notice=password-set")
    return forms.page("accounts/password.html", form, **_around_link(user))


def _use(token: str, form: Form, hashed: str) -> None:
    user = operations.find_link(db.session, token)
    if _is_first(user):
        about = {name: form.data[name] for name in ("name", "email")}
        operations.change_user(db.session, user, **about, actor=user.id)
    operations.use_link(db.session, token, form.data["password"], hashed=hashed)


def _around_link(user: User) -> dict[str, Any]:
    return {"person": user, "first": _is_first(user), "passwords": local_sign_in(user)}


def _is_first(user: User) -> bool:
    return user.email == FIRST_EMAIL and user.password_hash is None
