"""One's own second factors: set up, seen, renamed, removed. Every change asks for a recent proof of who it is."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts import factor_changes, factors, passkeys, recovery, totp
from annotator.accounts.account_pages import at_the_browser
from annotator.accounts.answers import attempt, done
from annotator.accounts.factor_schemas import CodeIn
from annotator.accounts.models import User
from annotator.accounts.proof_models import TotpFactor
from annotator.database import db
from annotator.errors import Gone, WrongState
from annotator.forms import Form
from annotator.freshness import fresh, is_fresh
from annotator.identity import acting
from annotator.journal.tags import Action
from annotator.permissions import Permission, permit

blueprint = Blueprint("factors", __name__)
HOME = "/account/second-factor"
NO_FACTOR = "Recovery codes stand in for a second factor. Set up an app or a passkey first."


def in_person() -> tuple[User, str]:
    """Give who acts and the id of their session; NotAllowed for an API token, which must not change the way in."""
    identity = at_the_browser()
    return db.session.get_one(User, identity.user_id), identity.session_id or ""


@blueprint.get(HOME)
@permit(Permission.SIGNED_IN)
def show() -> Response:
    """Show one's authenticator app, passkeys and recovery codes."""
    return overview(Form())


def overview(form: Form, which: str = "", **more: Any) -> Response:
    """Show the page with `form` in the place that `which` names."""
    identity = acting()
    user = db.session.get_one(User, identity.user_id)
    context = {
        "app_factor": db.session.get(TotpFactor, user.id),
        "passkeys": passkeys.passkeys_of(db.session, user.id),
        "codes_left": recovery.codes_left(db.session, user.id),
        "few": recovery.FEW,
        "must": factors.must_have(db.session, user.id, user.is_admin),
        "is_fresh": is_fresh(identity),
        **more,
    }
    if which:
        context[f"{which}_form"] = form
    return forms.page("accounts/factors.html", form, **context)


@blueprint.post(f"{HOME}/app")
@permit(Permission.SIGNED_IN)
@fresh
def begin_app() -> AnyResponse:
    """Begin to set up an authenticator app."""
    totp.begin(db.session, *in_person())
    return redirect(f"{HOME}/app", 303)


@blueprint.get(f"{HOME}/app")
@permit(Permission.SIGNED_IN)
@fresh
def show_app() -> AnyResponse | str:
    """Show the secret as picture and in letters, and ask for the first code."""
    return _setting_up(Form())


@blueprint.get(f"{HOME}/app/code.svg")
@permit(Permission.SIGNED_IN)
@fresh
def app_picture() -> Response:
    """Give the picture of the secret that is being set up; nobody keeps it."""
    user, session_id = in_person()
    found = totp.pending(db.session, user.id, session_id)
    answer = Response(totp.qr_code(found.secret, user.email or user.name), content_type="image/svg+xml")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post(f"{HOME}/app/confirm")
@permit(Permission.SIGNED_IN)
@fresh
def confirm_app() -> AnyResponse:
    """Take the app into use with its first code; who has no recovery codes is shown ten."""
    user, session_id = in_person()
    form = forms.check(CodeIn())
    try:
        right = attempt(form, lambda: totp.confirm(db.session, user, session_id, form.data["code"]))
    except Gone:
        db.rollback()
        return done(HOME, "factor-over")
    if not right:
        return _setting_up(form)
    factor_changes.changed(db.session, user, Action.FACTOR_ADDED, actor=user.id, keep=session_id)
    return done_or_codes(user, "factor-added")


def _setting_up(form: Form) -> AnyResponse:
    user, session_id = in_person()
    try:
        found = totp.pending(db.session, user.id, session_id)
    except Gone:
        return done(HOME, "factor-over")
    return forms.page("accounts/factor_app.html", form, secret=found.typed, email=user.email)


def done_or_codes(user: User, notice: str) -> AnyResponse:
    """Go on; with the first factor, show recovery codes, this once."""
    if recovery.codes_left(db.session, user.id):
        return done(HOME, notice)
    codes = recovery.make_codes(db.session, user, actor=user.id)
    return Response(render_template("accounts/recovery_codes.html", codes=codes, first=True))


@blueprint.post(f"{HOME}/app/remove")
@permit(Permission.SIGNED_IN)
@fresh
def remove_app() -> AnyResponse:
    """Remove the authenticator app."""
    user, session_id = in_person()
    form = Form()
    if attempt(form, lambda: factor_changes.remove_app(db.session, user, actor=user.id, keep=session_id)):
        return done(HOME, "factor-removed")
    return overview(form, "app")


@blueprint.post(f"{HOME}/codes")
@permit(Permission.SIGNED_IN)
@fresh
def make_codes() -> AnyResponse:
    """Make ten new recovery codes and show them, this once."""
    user, session_id = in_person()
    if not factors.has_factor(db.session, user.id):
        form = Form()
        form.refuse(WrongState(NO_FACTOR), "codes")
        return overview(form, "codes")
    codes = recovery.make_codes(db.session, user, actor=user.id)
    factor_changes.end_others(db.session, user, Action.CODES_MADE, actor=user.id, keep=session_id)
    return Response(render_template("accounts/recovery_codes.html", codes=codes, first=False))
