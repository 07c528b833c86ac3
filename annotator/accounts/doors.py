"""All ways in of one person, ended at once: sessions, one-time links, steps, waiting addresses, API tokens."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annotator.accounts.login_sessions import end_sessions_of
from annotator.accounts.models import ApiToken, PasswordLink, User
from annotator.accounts.proof_models import EmailChange, SignInStep
from annotator.columns import now
from annotator.journal.operations import record
from annotator.journal.tags import Action


def close_doors(session: Session, user: User, *, actor: str | None, keep: str | None = None) -> None:
    """End every way in of the person but the session `keep`, which the caller gives a new value.

    Steps come before sessions: a sign-in that uses up its step at this moment is waited for, and its session ended.
    Known devices stay, since they let nobody in.
    """
    for table in (SignInStep, PasswordLink, EmailChange):
        _use_up(session, table, user.id)
    end_sessions_of(session, user, actor=actor, except_id=keep)
    mine = select(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    for token in session.scalars(mine):
        revoke(session, token, actor)


def end_links(session: Session, user: User) -> None:
    """End the one-time links to set the person's password."""
    _use_up(session, PasswordLink, user.id)


def revoke(session: Session, token: ApiToken, actor: str | None) -> None:
    """Revoke an API token."""
    token.revoked_at = now()
    session.flush()
    before = {"name": token.name, "user": token.user_id}
    record(session, Action.TOKEN_REVOKED, token, actor=actor, before=before)


def _use_up(session: Session, table: Any, user_id: str) -> None:
    unused = (table.user_id == user_id, table.used_at.is_(None))
    session.execute(
        update(table).where(*unused).values(used_at=now()),
        execution_options={"synchronize_session": False},
    )
