"""One's own passkeys: added, renamed, removed; and a passkey to confirm who one is."""

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts import factor_changes, passkeys
from annotator.accounts.account_pages import at_the_browser
from annotator.accounts.answers import attempt, done, own_path
from annotator.accounts.confirm_pages import ask_page, go_on
from annotator.accounts.doors import lock_person
from annotator.accounts.factor_pages import HOME, done_or_codes, in_person, overview
from annotator.accounts.factor_schemas import ConfirmingPasskey, NewPasskey, PasskeyName
from annotator.accounts.models import User
from annotator.accounts.proof_models import StepKind
from annotator.accounts.second_factor import count_tries
from annotator.database import db
from annotator.errors import TooMany
from annotator.forms import Form
from annotator.freshness import fresh
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.permissions import Permission, permit

blueprint = Blueprint("passkeys", __name__)


@blueprint.post("/account/passkeys/challenge")
@permit(Permission.SIGNED_IN)
@fresh
def passkey_challenge() -> dict[str, Any]:
    """Give the challenge that a new passkey is to answer."""
    return passkeys.begin_adding(db.session, *in_person())


@blueprint.post("/account/passkeys")
@permit(Permission.SIGNED_IN)
@fresh
def add_passkey() -> AnyResponse:
    """Add a passkey."""
    identity = at_the_browser()
    user_id, session_id = identity.user_id, identity.session_id or ""
    form = forms.check(NewPasskey())
    attempt(form, lambda: _add(user_id, session_id, form.data))
    if not form:
        return overview(form, "passkey")
    return done_or_codes(db.session.get_one(User, user_id), "passkey-added")


def _add(user_id: str, session_id: str, given: dict[str, str]) -> None:
    passkey = passkeys.add(user_id, session_id, given["step"], given["passkey"], given["name"])
    passkeys.keep(db.session, passkey)
    user, about = db.session.get_one(User, user_id), {"name": passkey.name}
    factor_changes.changed(
        db.session, user, Action.PASSKEY_ADDED, actor=user_id, keep=session_id, about=about
    )


@blueprint.post("/account/passkeys/<id:passkey_id>/rename")
@permit(Permission.SIGNED_IN)
@fresh
def rename_passkey(passkey_id: str) -> AnyResponse:
    """Call a passkey something else."""
    user, _ = in_person()
    row = passkeys.own_passkey(db.session, user.id, passkey_id)
    form = forms.check(PasskeyName())
    if not form:
        return overview(form, "rename", renamed=row.id)
    before, row.name = {"name": row.name}, form.data["name"]
    record(db.session, Action.PASSKEY_CHANGED, user, actor=user.id, before=before, after={"name": row.name})
    return done(HOME, "saved")


@blueprint.post("/account/passkeys/<id:passkey_id>/remove")
@permit(Permission.SIGNED_IN)
@fresh
def remove_passkey(passkey_id: str) -> AnyResponse:
    """Remove a passkey."""
    user, session_id = in_person()
    row = passkeys.own_passkey(db.session, user.id, passkey_id)
    form = Form()
    if attempt(
        form, lambda: factor_changes.remove_passkey(db.session, user, row, actor=user.id, keep=session_id)
    ):
        return done(HOME, "passkey-removed")
    return overview(form, "passkeys")


@blueprint.post("/confirm/challenge")
@permit(Permission.SIGNED_IN)
def confirm_challenge() -> dict[str, Any]:
    """Give the challenge by which a passkey of one's own confirms who one is."""
    user, session_id = in_person()
    return passkeys.begin_proving(db.session, StepKind.CONFIRMATION, user_id=user.id, session_id=session_id)


@blueprint.post("/confirm/passkey")
@permit(Permission.SIGNED_IN)
def confirm() -> AnyResponse:
    """Confirm who one is by a passkey and go on, as with the password."""
    identity = at_the_browser()
    user_id, session_id = identity.user_id, identity.session_id or ""
    form = forms.check(ConfirmingPasskey())
    target, kept = own_path(form.shown.get("next") or "/account"), form.shown.get("kept", "")
    try:
        count_tries(f"confirm:{user_id}")
    except TooMany as error:
        form.refuse(error, "passkey")
        page = ask_page(form, target, kept, error.status)
        page.headers.update(error.headers)
        return page
    if attempt(form, lambda: _prove(form.data, user_id, session_id)):
        return go_on(target, kept, renew=True)
    return ask_page(form, target, kept, 422)


def _prove(given: dict[str, str], user_id: str, session_id: str) -> None:
    kind = StepKind.CONFIRMATION
    proof = passkeys.prove(kind, given["step"], given["passkey"], user_id=user_id, session_id=session_id)
    lock_person(db.session, user_id)
    passkeys.count_as_used(db.session, proof)
