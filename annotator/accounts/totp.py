"""Authenticator apps: time-based one-time codes of six digits (RFC 6238), each used once (docs/adr/0023)."""

import hmac
import io
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp
import segno
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from annotator.accounts.models import User
from annotator.accounts.proof_models import SignInStep, StepKind, TotpFactor
from annotator.accounts.sealing import seal, unseal
from annotator.accounts.steps import begin_step
from annotator.columns import now
from annotator.errors import Gone, Invalid

ISSUER = "Annotator"
SECRET = 32  # base32 signs, 160 bits (RFC 4226 4)
SECONDS = 30
WINDOW = 1  # steps before and after the present one (RFC 6238 5.2)
CODE = re.compile(r"[0-9]{6}")
WRONG = "This code does not fit. Type the six digits that the app shows now; each works once."
OVER = "This took longer than ten minutes. Nothing was changed; begin again."


@dataclass(frozen=True, slots=True)
class Pending:
    """An app that is being set up: nothing of it counts until a code has shown that the app has the secret."""

    step_id: str
    secret: str

    @property
    def typed(self) -> str:
        """Give the secret in groups of four, to be typed by hand."""
        return " ".join(self.secret[place : place + 4] for place in range(0, len(self.secret), 4))


def begin(session: Session, user: User, session_id: str) -> None:
    """Begin to set up an app in this sign-in session; an app that is there already works on until the end of it."""
    secret = pyotp.random_base32(SECRET)
    data = {"totp": seal(secret, _about(user.id))}
    begin_step(session, StepKind.REGISTRATION, user_id=user.id, session_id=session_id, data=data)


def pending(session: Session, user_id: str, session_id: str) -> Pending:
    """Give what is being set up in this session; Gone when nothing is, or it took more than ten minutes."""
    query = select(SignInStep).where(
        SignInStep.user_id == user_id,
        SignInStep.session_id == session_id,
        SignInStep.kind == StepKind.REGISTRATION.value,
        SignInStep.used_at.is_(None),
        SignInStep.expires_at > now(),
    )
    for step in session.scalars(query.order_by(SignInStep.created_at.desc(), SignInStep.id.desc())):
        if "totp" in (step.data or {}):
            return Pending(step.id, unseal(step.data["totp"], _about(user_id)))
    raise Gone(OVER)


def qr_code(secret: str, email: str) -> bytes:
    """Give the picture that an app reads, as SVG: dark on light whatever the page's colours are."""
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False, nl=False
    )
    return out.getvalue()


def confirm(session: Session, user: User, session_id: str, code: str) -> bool:
    """Take the app into use with its first code; gives whether it took the place of another one.

    Invalid for a wrong code, Gone when the setting up is over.
    """
    found = pending(session, user.id, session_id)
    steps = fitting(found.secret, code, now())
    if not steps:
        raise Invalid({"code": [WRONG]})
    used = session.execute(
        update(SignInStep)
        .where(SignInStep.id == found.step_id, SignInStep.used_at.is_(None))
        .values(used_at=now())
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise Gone(OVER)
    before = remove(session, user.id)
    at = now()
    sealed = seal(found.secret, _about(user.id))
    row = TotpFactor(user_id=user.id, secret=sealed, last_step=steps[0], created_at=at, confirmed_at=at)
    session.add(row)
    session.flush()
    return before


def verify(session: Session, user_id: str, code: str) -> bool:
    """Tell whether this is the person's code now, and burn it: of two that send it at once, one succeeds.

    Raises `sealing.Unreadable` when the site's key was changed.
    """
    factor = session.get(TotpFactor, user_id)
    if factor is None or factor.confirmed_at is None:
        return False
    return any(
        _burn(session, user_id, step) for step in fitting(unseal(factor.secret, _about(user_id)), code, now())
    )


def fitting(secret: str, code: str, at: datetime) -> list[int]:
    """Give the steps, one to each side of `at`, whose code this is; only six ASCII digits are one."""
    plain = code.replace(" ", "")
    if not CODE.fullmatch(plain):
        return []
    present = present_step(at)
    steps = range(present - WINDOW, present + WINDOW + 1)
    return [step for step in steps if hmac.compare_digest(code_of(secret, step), plain)]


def present_step(at: datetime | None = None) -> int:
    """Give the number of full 30 seconds since 1970 at `at`, or now."""
    return int((at or now()).timestamp()) // SECONDS


def code_of(secret: str, step: int) -> str:
    """Give the code of a step."""
    return pyotp.HOTP(secret).at(step)


def remove(session: Session, user_id: str) -> bool:
    """Take the person's app away; tells whether there was one."""
    gone: Any = session.execute(delete(TotpFactor).where(TotpFactor.user_id == user_id))
    return bool(gone.rowcount)


def _burn(session: Session, user_id: str, step: int) -> bool:
    burnt = session.execute(
        update(TotpFactor)
        .where(TotpFactor.user_id == user_id, TotpFactor.last_step < step)
        .values(last_step=step),
        execution_options={"synchronize_session": False},
    )
    return bool(burnt.rowcount == 1)  # type: ignore[attr-defined]


def _about(user_id: str) -> str:
    return f"totp:{user_id}"
