"""Steps between two requests of one sign-in or ceremony: begun, read, and used once (docs/adr/0022).

A step's value is random and kept as its SHA-256, like a session's; but it stands in another table, so that it never
lets anybody in.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from annotator.accounts.proof_models import SignInStep, StepKind
from annotator.accounts.secret_values import digest, new_value
from annotator.columns import new_id, now

LIFE = timedelta(minutes=10)
KEPT = timedelta(days=1)


def begin_step(
    session: Session,
    kind: StepKind,
    *,
    user_id: str | None = None,
    session_id: str | None = None,
    data: dict[str, Any] | None = None,
) -> str:
    """Begin a step; gives its value, which is kept nowhere. It lives for ten minutes."""
    value = new_value()
    at = now()
    session.execute(delete(SignInStep).where(SignInStep.expires_at < at - KEPT))
    session.add(
        SignInStep(
            id=new_id(),
            token_hash=digest(value),
            kind=kind.value,
            user_id=user_id,
            session_id=session_id,
            data=data,
            created_at=at,
            expires_at=at + LIFE,
        )
    )
    session.flush()
    return value


def read_step(session: Session, kind: StepKind, value: str | None) -> SignInStep | None:
    """Give the step of this kind while it is in force, and leave it there."""
    if not value:
        return None
    return session.scalar(select(SignInStep).where(*_in_force(kind, value, now())))


def use_step(session: Session, kind: StepKind, value: str | None) -> SignInStep | None:
    """Use up the step and give it; None when it is unknown, over, or somebody was faster."""
    if not value:
        return None
    at = now()
    used = session.execute(
        update(SignInStep).where(*_in_force(kind, value, at)).values(used_at=at),
        execution_options={"synchronize_session": False},
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        return None
    return session.scalar(
        select(SignInStep)
        .where(SignInStep.token_hash == digest(value))
        .execution_options(populate_existing=True)
    )


def _in_force(kind: StepKind, value: str, at: datetime) -> tuple[Any, ...]:
    return (
        SignInStep.token_hash == digest(value),
        SignInStep.kind == kind.value,
        SignInStep.used_at.is_(None),
        SignInStep.expires_at > at,
    )
