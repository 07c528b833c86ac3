"""All ways in of one person, ended at once: sessions, one-time links, steps, waiting addresses, API tokens."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annotator.accounts.devices import device_here, forget_devices
from annotator.accounts.login_sessions import end_sessions_of
from annotator.accounts.models import ApiToken, PasswordLink, User
from annotator.accounts.proof_models import EmailChange, SignInStep
from annotator.columns import now
from annotator.journal.operations import record
from annotator.journal.tags import Action


def close_doors(session: Session, user: User, *, actor: str | None, keep: str | None = None) -> None:
    """End every way in of the person but the session `keep`, which the caller gives a new value.

    Steps come before sessions: a sign-in that uses up its step at this moment is waited for, and its session ended.
    Known devices but the one that asks are forgotten: they let nobody in, but whoever had the account could go on
    guessing there, where no other limit counts.
    """
    for table in (SignInStep, PasswordLink, EmailChange):
        _use_up(session, table, user.id)
    end_sessions_of(session, user, actor=actor, except_id=keep)
    forget_devices(session, user.id, but=device_here())
    mine = select(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    for token in session.scalars(mine):
        revoke(session, token, actor)


def lock_person(session: Session, user_id: str) -> None:
    """Lock the person's row until the transaction ends, before anything of theirs is changed.

    All who sign in, set a password or deactivate take this lock first: else two of them could wait for each other,
    and PostgreSQL would undo either one.
    """
    query = select(User).where(User.id == user_id).with_for_update(key_share=True)
    session.execute(query.execution_options(populate_existing=True)).one_or_none()


def end_links(session: Session, user: User, *, own: bool = False) -> None:
    """End the one-time links to set the person's password; with `own` only those that the person asked for."""
    _use_up(session, PasswordLink, user.id, *(own_links(user.id) if own else ()))


def own_links(user_id: str) -> tuple[Any, ...]:
    """Give the conditions that an unused link was asked for by the person, not handed on by an administrator."""
    return (
        PasswordLink.user_id == user_id,
        PasswordLink.created_by_id == user_id,
        PasswordLink.used_at.is_(None),
    )


def revoke(session: Session, token: ApiToken, actor: str | None) -> None:
    """Revoke an API token."""
    token.revoked_at = now()
    session.flush()
    before = {"name": token.name, "user": token.user_id}
    record(session, Action.TOKEN_REVOKED, token, actor=actor, before=before)


def _use_up(session: Session, table: Any, user_id: str, *more: Any) -> None:
    unused = (table.user_id == user_id, table.used_at.is_(None), *more)
    session.execute(
        update(table).where(*unused).values(used_at=now()),
        execution_options={"synchronize_session": False},
    )
