"""Recovery codes: for the day the phone is lost. Shown once, kept as their hash, each works once.

A code carries more than 112 bits, so that a plain hash is enough (ASVS 5.0, 6.5.2).
"""

import re
import secrets

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from annotator.accounts.models import User
from annotator.accounts.proof_models import RecoveryCode
from annotator.accounts.secret_values import digest
from annotator.columns import new_id, now
from annotator.journal.operations import record
from annotator.journal.tags import Action

COUNT = 10
FEW = 3
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
GROUPS, GROUP = 4, 6


def make_codes(session: Session, user: User, *, actor: str | None) -> list[str]:
    """Give ten fresh codes, which are kept nowhere in clear; those made before end."""
    drop_codes(session, user.id)
    codes = ["-".join(_group() for _ in range(GROUPS)) for _ in range(COUNT)]
    at = now()
    session.add_all(
        RecoveryCode(id=new_id(), user_id=user.id, code_hash=digest(_plain(code)), created_at=at)
        for code in codes
    )
    record(session, Action.CODES_MADE, user, actor=actor, after={"codes": COUNT})
    return codes


def use_code(session: Session, user_id: str, typed: str) -> bool:
    """Burn the code if it is one of the person's that has not been used; spaces, hyphens and case do not matter."""
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == digest(_plain(typed)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
    )
    return bool(used.rowcount == 1)  # type: ignore[attr-defined]


def codes_left(session: Session, user_id: str) -> int:
    """Give how many of the person's codes still work."""
    query = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session.scalar(query) or 0


def drop_codes(session: Session, user_id: str) -> None:
    """Let all of the person's codes end."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def _group() -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(GROUP))


def _plain(code: str) -> str:
    return re.sub(r"[\s-]", "", code).lower()
