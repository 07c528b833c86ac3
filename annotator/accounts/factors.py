"""Who has a second factor, of which kinds, and of whom the site demands one (docs/adr/0023).

A second factor is an authenticator app or a passkey. Recovery codes stand in for one and are none themselves.
"""

from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from annotator.accounts.proof_models import Passkey, RecoveryCode, SitePolicy, TotpFactor
from annotator.permissions import memberships

EVERYBODY = "everybody"
ADMIN = "admin"


def methods_of(session: Session, user_id: str) -> list[str]:
    """Give what the person can answer with after the first proof: "totp", "passkey", "recovery"; empty for nothing."""
    found = session.execute(
        select(
            exists().where(TotpFactor.user_id == user_id, TotpFactor.confirmed_at.is_not(None)),
            exists().where(Passkey.user_id == user_id),
            exists().where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)),
        )
    ).one()
    if not any(found[:2]):
        return []
    return [name for name, there in zip(("totp", "passkey", "recovery"), found, strict=True) if there]


def has_factor(session: Session, user_id: str) -> bool:
    """Tell whether the person has an authenticator app or a passkey."""
    return bool(session.scalar(select(factor_of(user_id))))


def factor_of(user_id: Any) -> ColumnElement[bool]:
    """Give the condition that the person with this id (a value, or a column of the query around it) has a factor."""
    return or_(
        exists().where(TotpFactor.user_id == user_id, TotpFactor.confirmed_at.is_not(None)),
        exists().where(Passkey.user_id == user_id),
    )


def must_have(session: Session, user_id: str, is_admin: bool) -> bool:  # noqa: FBT001 - an attribute of the person
    """Tell whether the site's policy demands a second factor of this person."""
    return demands(session, demanded(session), user_id, is_admin=is_admin)


def demanded(session: Session) -> list[str]:
    """Give of whom a second factor is demanded: of everybody, of administrators, of the roles named."""
    return session.scalar(policy_query()) or []


def columns(user_id: Any) -> tuple[Any, Any]:
    """Give `second_factor_for` (None without a policy) and `has_factor`, for a query over people."""
    return policy_query().scalar_subquery().label("second_factor_for"), factor_of(user_id).label("has_factor")


def policy_query() -> Any:
    """Select the list in the site's policy; without a row there is none."""
    return select(SitePolicy.second_factor_for).where(SitePolicy.key == "site")


def demands(session: Any, policy: list[str], user_id: str, *, is_admin: bool) -> bool:
    """Tell whether `policy` meets this person; roles are looked up only when nothing else decides.

    `session` may be a connection, too: whoever asks is read apart from the request's own transaction.
    """
    if EVERYBODY in policy or (is_admin and ADMIN in policy):
        return True
    roles = [name for name in policy if name not in (EVERYBODY, ADMIN)]
    if not roles:
        return False
    table = memberships()
    one = select(table.c.role).where(table.c.user_id == user_id, table.c.role.in_(roles)).limit(1)
    return session.execute(one).first() is not None
