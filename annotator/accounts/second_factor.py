"""The second step of signing in: one page with what the person has, and the answer to it; and a passkey alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from annotator import forms, limits, mailing
from annotator.accounts import devices, mails, passkeys, recovery, sessions, totp
from annotator.accounts.answers import done, own_path, with_notice
from annotator.accounts.doors import lock_person
from annotator.accounts.factor_changes import tell
from annotator.accounts.factor_schemas import PasskeyIn, SecondFactorIn
from annotator.accounts.factors import methods_of
from annotator.accounts.models import Method, User
from annotator.accounts.oidc.settings import local_sign_in
from annotator.accounts.pages import around_sign_in
from annotator.accounts.proof_models import SignInStep, StepKind
from annotator.accounts.steps import read_step, use_step
from annotator.asking import asker
from annotator.database import db
from annotator.errors import AnnotatorError, Invalid, NotSignedIn, TooMany, WrongState
from annotator.forms import Form
from annotator.identity import current
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.permissions import Permission, permit

blueprint = Blueprint("second_factor", __name__)
blueprint.add_app_template_global(passkeys.possible, "passkeys_possible")
HOUR = timedelta(hours=1)
TRIES = ((5, timedelta(minutes=1), "a minute"), (30, HOUR, "an hour"))
# a minute and address: a whole house behind one signs in at nine o'clock, each with two or three
CHALLENGES = 120
TOO_MANY = "Too many tries with a second factor. Nothing is lost; wait {} and try again."
WRONG_RECOVERY = "This recovery code does not fit, or it was used before."
ELSE_RECOVERY = " Is it a recovery code? It goes under “Use a recovery code”."
OVER = "Signing in took too long, or was finished elsewhere. Go back and sign in again."
ELSEWHERE = (
    "People sign in to this site through the button above. Your passkey is your second factor here, no more."
)
AFTER_PASSWORD = {
    "totp": Method.PASSWORD_TOTP,
    "passkey": Method.PASSWORD_PASSKEY,
    "recovery": Method.PASSWORD_RECOVERY,
}


@blueprint.get("/login/second-factor")
@permit(Permission.PUBLIC)
def ask() -> Response:
    """Ask for one of the second factors that the person has."""
    step = read_step(db.session, StepKind.SECOND_FACTOR, _cookie())
    return _over() if step is None else _page(step, Form())


@blueprint.post("/login/second-factor")
@permit(Permission.PUBLIC)
def answer() -> Response:
    """Sign in with the second factor; a wrong one shows the page again, and each try counts."""
    step = _waiting()
    if step is None:
        return _over()
    form = forms.check(SecondFactorIn())
    if form:
        try:
            spend_tries(step.user_id or "")
            return _go_on(step, _proven(step.user_id or "", form.data))
        except (Invalid, WrongState, TooMany) as error:
            return _page(step, form, error)
    return _page(step, form)


def spend_tries(user_id: str) -> None:
    """Count one more answer with a second factor of this person, of whatever kind; TooMany beyond the limits.

    On a device that the person is known by only the tries made there count, so that whoever knows the password
    locks nobody out. Beyond an hour's limit the person is told, once in that hour. Call it before anything is asked
    of the request's own session.
    """
    with Session(db.here.engine) as session:
        email = session.get_one(User, user_id).email or ""
        known = devices.known_device(session, devices.device_here(), email)
    whose = user_id if known is None else f"device:{known.id}"
    count_tries(f"factor:{whose}", beyond=lambda: _tell_once(user_id))


def count_tries(key: str, *, beyond: Callable[[], None] | None = None) -> None:
    """Count one more answer of `key`; TooMany beyond the limits, after `beyond` where it is the hour's."""
    for most, per, words in TRIES:
        try:
            limits.spend(f"{key}:{words}", most, per, sentence=TOO_MANY.format(words))
        except TooMany:
            if beyond is not None and per == HOUR:
                beyond()
            raise


def _tell_once(user_id: str) -> None:
    if not mailing.possible():
        return
    try:
        limits.spend(f"factor-told:{user_id}", 1, HOUR)
    except TooMany:
        return
    mailing.later(lambda: _tell(user_id))


def _tell(user_id: str) -> None:
    mails.tell_many_tries(db.session.get_one(User, user_id))
    db.commit()


def _proven(user_id: str, given: dict[str, str]) -> str:
    """Give the way that was proven ("totp", "passkey", "recovery"); Invalid at its field when it does not fit."""
    if given["passkey"]:
        proof = passkeys.prove(StepKind.PASSKEY, given["step"], given["passkey"], user_id=user_id)
        lock_person(db.session, user_id)
        passkeys.count_as_used(db.session, proof)
        return "passkey"
    lock_person(db.session, user_id)
    if given["recovery"]:
        if recovery.use_code(db.session, user_id, given["recovery"]):
            return "recovery"
        raise _wrong(user_id, "recovery", WRONG_RECOVERY)
    if totp.verify(db.session, user_id, given["code"]):
        return "totp"
    pointer = ELSE_RECOVERY if recovery.codes_left(db.session, user_id) else ""
    raise _wrong(user_id, "code", totp.WRONG + pointer)


def _wrong(user_id: str, field: str, sentence: str) -> Invalid:
    user = db.session.get_one(User, user_id)
    record(db.session, Action.SIGN_IN_FAILED, user, actor=None, after={"second_factor": field})
    return Invalid({field: [sentence]})


def _go_on(step: SignInStep, way: str) -> Response:
    """Burn the step and sign in; somebody who was faster with it leaves nothing of this."""
    if use_step(db.session, StepKind.SECOND_FACTOR, _cookie()) is None:
        db.rollback()
        return _over()
    user = db.session.get_one(User, step.user_id)
    first = Method(step.data["method"])
    method = AFTER_PASSWORD[way] if first is Method.PASSWORD else first
    target = _after_recovery(user, step.data["next"]) if way == "recovery" else step.data["next"]
    return sessions.finish(user, method=method, target=target)


def _after_recovery(user: User, target: str) -> str:
    """Say that a code is gone and how many are left; where few are left, go to where new ones are made."""
    left = recovery.codes_left(db.session, user.id)
    record(db.session, Action.CODE_USED, user, actor=user.id, after={"left": left})
    tell(user, Action.CODE_USED)
    few = left <= recovery.FEW
    return "/account/second-factor?notice=codes-few" if few else with_notice(target, f"codes-left-{left}")


@blueprint.post("/login/second-factor/challenge")
@permit(Permission.PUBLIC)
def challenge() -> dict[str, Any]:
    """Give a passkey's challenge to the person who has given the first proof."""
    _spend_challenge()
    step = read_step(db.session, StepKind.SECOND_FACTOR, _cookie())
    if step is None:
        raise NotSignedIn(OVER)
    return passkeys.begin_proving(db.session, StepKind.PASSKEY, user_id=step.user_id)


@blueprint.post("/login/passkey/challenge")
@permit(Permission.PUBLIC)
def passkey_challenge() -> dict[str, Any]:
    """Give a challenge that any passkey of this site may answer."""
    _spend_challenge()
    return passkeys.begin_proving(db.session, StepKind.PASSKEY)


@blueprint.post("/login/passkey")
@permit(Permission.PUBLIC)
def with_passkey() -> Response:
    """Sign in with a passkey alone: it is something one has, and it has verified who holds it."""
    _spend_challenge()
    target = own_path(request.form.get("next"))
    form = forms.check(PasskeyIn())
    if form:
        try:
            return sessions.finish(_holder(form.data), method=Method.PASSKEY, target=target)
        except (Invalid, WrongState) as error:
            db.rollback()
            form.refuse(error, "passkey")
    return forms.page("accounts/login.html", form, **around_sign_in(target))


def _holder(given: dict[str, str]) -> User:
    """Give whose passkey has answered; WrongState where people sign in through the provider alone."""
    proof = passkeys.prove(StepKind.PASSKEY, given["step"], given["passkey"])
    lock_person(db.session, proof.user_id)
    passkeys.count_as_used(db.session, proof)
    user = db.session.get_one(User, proof.user_id)
    if not local_sign_in(user):
        raise WrongState(ELSEWHERE)
    return user


def _spend_challenge() -> None:
    limits.spend(f"passkey:{asker(request)}", CHALLENGES, timedelta(minutes=1))


def _cookie() -> str | None:
    return request.cookies.get(sessions.COOKIE)


def _waiting() -> SignInStep | None:
    """Read the step apart from the request's transaction, which is to begin only when the try has been counted."""
    with Session(db.here.engine, expire_on_commit=False) as session:
        return read_step(session, StepKind.SECOND_FACTOR, _cookie())


def _over() -> Response:
    return redirect("/", 303) if current() is not None else done("/login", "step-over")


def _page(step: SignInStep, form: Form, error: AnnotatorError | None = None) -> Response:
    ways = methods_of(db.session, step.user_id or "")
    if not ways:  # the last factor was taken away meanwhile
        return _over()
    if error is not None:
        form.refuse(error, ways[0] if ways[0] != "totp" else "code")
    page = forms.page("accounts/second_factor.html", form, ways=ways)
    if isinstance(error, TooMany):
        page.status_code = error.status
        page.headers.update(error.headers)
    return page
