"""People who come through the provider: found, let in, made, bound, and given what their groups give.

An account and an identity at the provider are joined by issuer and subject alone (OpenID Connect Core 1.0, 5.7): an
e-mail address can be given to somebody else there, and then would open a stranger's account here.
"""

import logging
from collections.abc import Callable, Iterable

from marshmallow import ValidationError
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from annotator.accounts.doors import close_doors
from annotator.accounts.login_sessions import end_session
from annotator.accounts.models import LoginSession, Method, User
from annotator.accounts.oidc.roles import roles_of
from annotator.accounts.oidc.settings import SingleSignOn, local_sign_in
from annotator.accounts.oidc.stated import Stated
from annotator.accounts.oidc.trouble import (
    address_missing,
    address_taken,
    deactivated,
    identity_taken,
    joined_already,
    unknown_person,
)
from annotator.accounts.operations import add_user, grant_admin, withdraw_admin
from annotator.accounts.proof_models import ExternalIdentity
from annotator.accounts.queries import by_email
from annotator.accounts.schemas import NameIn, UserIn
from annotator.columns import new_id, now
from annotator.database import one_at_a_time
from annotator.errors import WrongState
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.permissions import Role

log = logging.getLogger(__name__)
THROUGH_PROVIDER = (Method.OIDC.value, Method.OIDC_FACTOR.value)
# Projects stand to the right of accounts: features.py hangs here what gives and takes a role (docs/adr/0001).
RULERS: list[Callable[[Session, User, dict[str, Role | None]], None]] = []


def admit(session: Session, stated: Stated, config: SingleSignOn) -> User:
    """Give the person that the provider states, with the rights that the groups give; their row is locked.

    Raises SignOnFailed for one who is unknown here and may not be made an account, and for one who is deactivated.
    """
    identity = find_identity(session, stated)
    user = _made(session, stated, config) if identity is None else lock_person(session, identity.user_id)
    if identity is not None:
        identity.last_used_at = now()
    if not user.active:
        raise deactivated(user.id)
    follow_groups(session, user, stated.groups, config)
    return user


def find_identity(session: Session, stated: Stated) -> ExternalIdentity | None:
    """Give what joins this issuer and subject to a person; of two requests about it, one waits for the other."""
    one_at_a_time(session, f"identity:{stated.issuer} {stated.subject}")
    here = (ExternalIdentity.issuer == stated.issuer, ExternalIdentity.subject == stated.subject)
    return session.scalar(select(ExternalIdentity).where(*here))


def lock_person(session: Session, user_id: str) -> User:
    """Give the person as they are now, and keep their row from changing until the transaction ends."""
    return session.scalars(
        select(User).where(User.id == user_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _made(session: Session, stated: Stated, config: SingleSignOn) -> User:
    """Make an account for somebody whom a mapped group lets in; SignOnFailed for all others."""
    if config.create != "groups" or not config.lets_in(stated.groups):
        raise unknown_person(config.name)
    about = about_of(stated)
    if about is None:
        raise address_missing(config.name)
    if session.scalar(by_email(about["email"])) is not None:
        raise address_taken()
    user = add_user(session, email=about["email"], name=about["name"], actor=None)
    bind(session, user, stated)
    return user


def about_of(stated: Stated) -> dict[str, str] | None:
    """Give e-mail address and name as an account may have them; None when the provider states no usable address."""
    name = name_of(stated) or stated.email.partition("@")[0]
    try:
        found: dict[str, str] = UserIn().load({"email": stated.email, "name": name[:120]})
    except ValidationError:
        return None
    return found


def name_of(stated: Stated) -> str:
    """Give the name as an account may have it; empty when the provider states none that can be shown."""
    try:
        found: dict[str, str] = NameIn().load({"name": stated.name[:120]})
    except ValidationError:
        return ""
    return found["name"]


def bind(session: Session, user: User, stated: Stated) -> None:
    """Join the person to the identity that was stated; their password ends with it, unless it still signs them in.

    Raises SignOnFailed when the identity is somebody else's, and when the person has another one at this provider,
    which only an administrator may take away (`unbind`).
    """
    known = find_identity(session, stated)
    if known is not None and known.user_id == user.id:
        known.last_used_at = now()
        return
    if known is not None:
        raise identity_taken()
    if session.scalars(_identities(user).where(ExternalIdentity.issuer == stated.issuer)).first() is not None:
        raise joined_already(user.id)
    at = now()
    session.add(
        ExternalIdentity(
            id=new_id(),
            user_id=user.id,
            issuer=stated.issuer,
            subject=stated.subject,
            created_at=at,
            last_used_at=at,
        )
    )
    after = {"issuer": stated.issuer}
    if user.password_hash is not None and not local_sign_in(user):
        user.password_hash = None
        user.stamp(user.id, at)
        after["ended"] = "password"
    session.flush()
    record(session, Action.IDENTITY_BOUND, user, actor=user.id, after=after)


def unbind(session: Session, user: User, *, actor: str | None) -> None:
    """Take the person's identities at the provider away and end every way in; they come back by a new link.

    WrongState when there is none.
    """
    rows = session.scalars(_identities(user)).all()
    if not rows:
        raise WrongState(f"{user.name} is not joined to an identity of single sign-on.")
    for row in rows:
        session.delete(row)
    session.flush()
    issuers = sorted({row.issuer for row in rows})
    record(session, Action.IDENTITY_UNBOUND, user, actor=actor, before={"issuers": issuers})
    close_doors(session, user, actor=actor)


def _identities(user: User) -> Select[ExternalIdentity]:
    return select(ExternalIdentity).where(ExternalIdentity.user_id == user.id)


def end_local_sessions(session: Session, config: SingleSignOn) -> int:
    """End, at start, the sessions that began without the provider, of all who may not sign in like that now.

    Gives how many there were.
    """
    local = [LoginSession.ended_at.is_(None), LoginSession.method.not_in(THROUGH_PROVIDER)]
    if config.passwords == "admins":
        local.append(LoginSession.user_id.in_(select(User.id).where(~User.is_admin)))
    rows = session.scalars(select(LoginSession).where(*local)).all()
    for row in rows:
        end_session(session, row.id, actor=None, user_id=row.user_id)
    return len(rows)


def follow_groups(session: Session, user: User, groups: Iterable[str], config: SingleSignOn) -> None:
    """Give the person what the groups give and take what they give no more; each change has its journal line.

    The last administrator stays one whatever the groups say; the log tells so.
    """
    mine = frozenset(groups)
    if config.admin_group:
        _follow_admin(session, user, is_admin=config.admin_group in mine)
    for rule in RULERS:
        rule(session, user, roles_of(mine, config.roles))


def _follow_admin(session: Session, user: User, *, is_admin: bool) -> None:
    if is_admin:
        grant_admin(session, user, actor=None)
        return
    try:
        withdraw_admin(session, user, actor=None)
    except WrongState:
        log.warning("single sign-on: %s left the group of administrators, but is the last one", user.id)
