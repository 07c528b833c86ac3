"""Passkeys (W3C Web Authentication, Level 3): added, and proven to be at hand (docs/adr/0023).

A challenge is a step of its own kind: random, ten minutes long, burnt in a transaction of its own before anything is
looked at, so that it is gone whatever comes of it. A refusal of a known person's passkey leaves a line in the journal.
"""

import logging
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import webauthn
from flask import current_app, request
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    generate_challenge,
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from annotator.accounts.models import User
from annotator.accounts.proof_models import Passkey, SignInStep, StepKind
from annotator.accounts.steps import begin_step, use_step
from annotator.accounts.unfit import Unfit, trying
from annotator.columns import new_id, now
from annotator.database import db
from annotator.errors import Invalid, NotFound, WrongState
from annotator.journal.operations import record
from annotator.journal.tags import Action

log = logging.getLogger(__name__)
MOST = 20
SITE = "Annotator"
WAIT = 120_000  # milliseconds that the browser waits for the person
REFUSED = "This passkey was not accepted. Nothing was changed; try again, or use another way."
COPIED = (
    "This passkey was refused: its count went back, as if there were a copy of it. Use another way, remove it "
    "in your account, and tell your administrator."
)


@dataclass(frozen=True, slots=True)
class Proof:
    """A passkey that has answered its challenge; `count_as_used` keeps that in the request's own transaction."""

    passkey_id: str
    user_id: str
    seen_count: int
    new_count: int
    backed_up: bool


def site() -> tuple[str, str]:
    """Give the relying party's id and origin: of BASE_URL, or without it of the host that was asked."""
    ours = urlsplit(current_app.config["SETTINGS"].base_url or request.host_url)
    return ours.hostname or "", f"{ours.scheme}://{ours.netloc}"


def possible() -> bool:
    """Tell whether passkeys can work under the address of this site: they need a name, not a number."""
    try:
        ip_address(site()[0])
    except ValueError:
        return True
    return False


def passkeys_of(session: Session, user_id: str) -> list[Passkey]:
    """Give the person's passkeys, oldest first."""
    query = select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.created_at, Passkey.id)
    return list(session.scalars(query))


def own_passkey(session: Session, user_id: str, passkey_id: str) -> Passkey:
    """Give one of the person's passkeys; NotFound for another's."""
    row = session.get(Passkey, passkey_id)
    if row is None or row.user_id != user_id:
        raise NotFound
    return row


def begin_adding(session: Session, user: User, session_id: str) -> dict[str, Any]:
    """Begin to add a passkey: gives `step` and what the browser's `create` takes; WrongState when there are many."""
    known = passkeys_of(session, user.id)
    if len(known) >= MOST:
        raise WrongState(f"You have {MOST} passkeys. Remove one that you no longer use first.")
    challenge = generate_challenge()
    options = webauthn.generate_registration_options(
        rp_id=site()[0],
        rp_name=SITE,
        user_id=user.id.encode(),
        user_name=user.email or user.name,
        user_display_name=user.name,
        challenge=challenge,
        timeout=WAIT,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[_descriptor(row) for row in known],
    )
    step = _begin(session, StepKind.REGISTRATION, challenge, user_id=user.id, session_id=session_id)
    return {"step": step, "options": options_to_json_dict(options)}


def add(user_id: str, session_id: str, step: str, credential: str, name: str) -> Passkey:
    """Give the passkey that answered, not yet kept; Invalid at `passkey` when the answer does not hold.

    Call it before anything is asked of the request's own session, which would hold SQLite's only writing place.
    """
    burnt = _burn(StepKind.REGISTRATION, step)
    if burnt is None or (burnt.user_id, burnt.session_id) != (user_id, session_id):
        raise _refusal(user_id, "challenge")
    rp_id, origin = site()
    try:
        answer = trying(lambda: parse_registration_credential_json(credential))
        verified = trying(
            lambda: webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=_challenge(burnt),
                expected_rp_id=rp_id,
                expected_origin=origin,
                require_user_verification=True,
            )
        )
    except Unfit as error:
        raise _refusal(user_id, error.reason) from None
    return Passkey(
        id=new_id(),
        user_id=user_id,
        credential_id=bytes_to_base64url(verified.credential_id),
        public_key=bytes_to_base64url(verified.credential_public_key),
        sign_count=verified.sign_count,
        name=name,
        transports=[transport.value for transport in answer.response.transports or []],
        backed_up=verified.credential_backed_up,
        created_at=now(),
    )


def keep(session: Session, passkey: Passkey) -> None:
    """Keep a passkey that `add` gave; Invalid when it is known already."""
    known = select(func.count()).where(Passkey.credential_id == passkey.credential_id)
    if session.scalar(known):
        raise Invalid({"passkey": ["This passkey is here already."]})
    session.add(passkey)
    session.flush()


def begin_proving(
    session: Session, kind: StepKind, *, user_id: str | None = None, session_id: str | None = None
) -> dict[str, Any]:
    """Begin to ask for a passkey: gives `step` and what the browser's `get` takes; without a person any may answer."""
    challenge = generate_challenge()
    options = webauthn.generate_authentication_options(
        rp_id=site()[0],
        challenge=challenge,
        timeout=WAIT,
        allow_credentials=[_descriptor(row) for row in passkeys_of(session, user_id)] if user_id else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    step = _begin(session, kind, challenge, user_id=user_id, session_id=session_id)
    return {"step": step, "options": options_to_json_dict(options)}


def prove(
    kind: StepKind, step: str, credential: str, *, user_id: str | None = None, session_id: str | None = None
) -> Proof:
    """Give the proof that a passkey (of this person, if one is named) answered the challenge of `step`, once.

    Call it before anything is asked of the request's own session, which would hold SQLite's only writing place.
    Invalid at `passkey` when the answer does not hold.
    """
    burnt = _burn(kind, step)
    try:
        answer = trying(lambda: parse_authentication_credential_json(credential))
    except Unfit as error:
        raise _refusal(user_id, error.reason) from None
    passkey = _known(bytes_to_base64url(answer.raw_id))
    if passkey is None:
        raise _refusal(user_id, "unknown")
    asked = (None, None) if burnt is None else (burnt.user_id, burnt.session_id)
    handle = answer.response.user_handle
    if burnt is None or asked != (user_id, session_id):
        raise _refusal(passkey.user_id, "challenge")
    if passkey.user_id != (user_id or passkey.user_id) or handle not in (None, passkey.user_id.encode()):
        raise _refusal(passkey.user_id, "person")
    return _verified(passkey, answer, _challenge(burnt))


def _verified(passkey: Passkey, answer: Any, challenge: bytes) -> Proof:
    rp_id, origin = site()
    try:
        verified = trying(
            lambda: webauthn.verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=rp_id,
                expected_origin=origin,
                credential_public_key=base64url_to_bytes(passkey.public_key),
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        )
    except Unfit as error:
        raise _refusal(passkey.user_id, error.reason) from None
    return Proof(
        passkey.id,
        passkey.user_id,
        passkey.sign_count,
        verified.new_sign_count,
        verified.credential_backed_up,
    )


def count_as_used(session: Session, proof: Proof) -> None:
    """Note the use and the passkey's own count; Invalid when somebody used the same count a moment before."""
    used = session.execute(
        update(Passkey)
        .where(Passkey.id == proof.passkey_id, Passkey.sign_count == proof.seen_count)
        .values(sign_count=proof.new_count, backed_up=proof.backed_up, last_used_at=now())
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise Invalid({"passkey": [COPIED]})


def _begin(session: Session, kind: StepKind, challenge: bytes, **whose: str | None) -> str:
    return begin_step(session, kind, data={"challenge": bytes_to_base64url(challenge)}, **whose)


def _burn(kind: StepKind, value: str) -> SignInStep | None:
    with db.here.apart() as session:
        return use_step(session, kind, value)


def _known(credential_id: str) -> Passkey | None:
    """Give the passkey, if it belongs to an active person."""
    query = (
        select(Passkey)
        .join(User, User.id == Passkey.user_id)
        .where(Passkey.credential_id == credential_id, User.active)
    )
    with Session(db.here.engine, expire_on_commit=False) as session:
        return session.scalar(query)


def _challenge(step: SignInStep) -> bytes:
    return base64url_to_bytes((step.data or {}).get("challenge", ""))


def _descriptor(row: Passkey) -> PublicKeyCredentialDescriptor:
    known = {transport.value for transport in AuthenticatorTransport}
    transports = [AuthenticatorTransport(name) for name in row.transports if name in known]
    return PublicKeyCredentialDescriptor(
        id=base64url_to_bytes(row.credential_id), transports=transports or None
    )


def _refusal(user_id: str | None, reason: str) -> Invalid:
    """Give the error for a passkey that was refused, and leave a line: in the journal for somebody known."""
    if user_id is None:
        log.warning("a passkey that nobody here has was refused: %s", reason)
    else:
        with db.here.apart() as session:
            user = session.get_one(User, user_id)
            record(session, Action.PASSKEY_REFUSED, user, actor=None, after={"reason": reason})
    return Invalid({"passkey": [COPIED if reason == "count" else REFUSED]})
