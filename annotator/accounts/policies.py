"""Of whom the site demands a second factor: of everybody, of administrators, of a role (docs/adr/0023)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, false, not_, or_, select, true
from sqlalchemy.orm import Session

from annotator.accounts.factors import ADMIN, EVERYBODY, demanded, factor_of
from annotator.accounts.models import User
from annotator.accounts.proof_models import SitePolicy
from annotator.columns import new_id, now
from annotator.database import one_at_a_time
from annotator.errors import Invalid, Stale
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.permissions import Role, memberships

KEY = "site"
GROUPS = (EVERYBODY, ADMIN, *(role.value for role in Role))
STALE = "Somebody changed this rule meanwhile. What is stored now is shown; choose again."


def current(session: Session) -> SitePolicy:
    """Give the site's policy; before it was ever set, one of version 0 that demands nothing and is not kept."""
    found = session.scalar(select(SitePolicy).where(SitePolicy.key == KEY))
    return found or SitePolicy(key=KEY, second_factor_for=[], version=0)


def set_policy(session: Session, required: Iterable[str], version: int, actor: str | None) -> SitePolicy:
    """Demand a second factor of these groups (names of GROUPS); none of them takes the demand back.

    `version` is that of the policy which the choice was made from: Stale when it is another now, Invalid for an
    unknown group.
    """
    wanted = set(required)
    if wanted - set(GROUPS):
        raise Invalid({"second_factor_for": [f"Choose among: {', '.join(GROUPS)}."]})
    one_at_a_time(session, "site-policy")
    policy = current(session)
    if policy.version != version:
        raise Stale(STALE)
    before, after = list(policy.second_factor_for), [name for name in GROUPS if name in wanted]
    if before != after:
        _keep(session, policy, after, actor)
        old, new = {"second_factor_for": before}, {"second_factor_for": after}
        record(session, Action.POLICY_CHANGED, policy, actor=actor, before=old, after=new)
    return policy


def _keep(session: Session, policy: SitePolicy, groups: list[str], actor: str | None) -> None:
    at = now()
    if policy.version == 0:
        policy.id, policy.version, policy.created_at, policy.created_by_id = new_id(), 1, at, actor
        session.add(policy)
    policy.second_factor_for = groups
    policy.stamp(actor, at)
    session.flush()


def without_factor(session: Session, required: Iterable[str] | None = None) -> list[User]:
    """Give the active people, by name, whom the policy in force (or `required`) meets and who have no factor yet."""
    groups = demanded(session) if required is None else list(required)
    query = select(User).where(User.active, _met_by(groups), not_(factor_of(User.id)))
    return list(session.scalars(query.order_by(User.name, User.id)))


def _met_by(groups: list[str]) -> ColumnElement[bool]:
    if EVERYBODY in groups:
        return true()
    table = memberships()
    holders = select(table.c.user_id).where(table.c.role.in_(groups))
    met: list[Any] = [User.id.in_(holders)]
    if ADMIN in groups:
        met.append(User.is_admin)
    return or_(false(), *met)
