"""API tokens: made, shown once, revoked. Only their hash is kept."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from annotator.accounts.doors import revoke
from annotator.accounts.models import ApiToken, User
from annotator.accounts.queries import projects_of
from annotator.accounts.secret_values import TOKEN_PREFIX, digest, new_value
from annotator.columns import as_time, new_id, now
from annotator.errors import Invalid, NotFound, WrongState
from annotator.identity import Scope
from annotator.journal.operations import record
from annotator.journal.tags import Action


def make_token(
    session: Session,
    user: User,
    *,
    name: str,
    scope: Scope,
    actor: str | None,
    expires_at: datetime | None = None,
    project_id: str | None = None,
) -> tuple[ApiToken, str]:
    """Make an API token (checked by TokenIn); gives the row and the token, which is kept nowhere.

    With `project_id`, one of the person's own projects, it reaches no other.
    """
    if not user.active:
        raise WrongState("This person is deactivated. Reactivate them first.")
    if scope is Scope.ADMIN and not user.is_admin:
        raise Invalid({"scope": ["Only an administrator's token can have the scope admin."]})
    if project_id is not None:
        _refuse_project(session, user, scope, project_id)
    value = new_value(TOKEN_PREFIX)
    row = ApiToken(
        id=new_id(),
        token_hash=digest(value),
        user_id=user.id,
        name=name,
        scope=scope.value,
        project_id=project_id,
        created_at=now(),
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    after: dict[str, Any] = {
        "name": name,
        "scope": scope.value,
        "user": user.id,
        "project": project_id,
        "expires_at": as_time(expires_at),
    }
    record(session, Action.TOKEN_ADDED, row, actor=actor, after=after)
    return row, value


def revoke_token(session: Session, token_id: str, *, user_id: str, actor: str | None) -> None:
    """Revoke a person's API token; NotFound when the person has no such token in force."""
    row = session.get(ApiToken, token_id)
    if row is None or row.user_id != user_id or row.revoked_at is not None:
        raise NotFound
    revoke(session, row, actor)


def _refuse_project(session: Session, user: User, scope: Scope, project_id: str) -> None:
    if project_id not in {row.id for row in session.execute(projects_of(user.id))}:
        raise Invalid({"project": ["You are not a member of this project. Choose another."]})
    if scope is Scope.ADMIN:
        raise Invalid(
            {"project": ["A token that manages the site reaches all projects. Choose another scope."]}
        )
