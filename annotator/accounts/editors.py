"""Who is the last to look after a project: an open project is not left without an active editor by accident."""

from typing import Any

from sqlalchemy import Row, Select, and_, exists, select
from sqlalchemy.orm import Session

from annotator.accounts.models import User
from annotator.database import Model, one_at_a_time
from annotator.errors import WrongState
from annotator.permissions import Role, memberships


def last_editor_of(session: Session, user_id: str) -> list[Row[Any]]:
    """Give (id, name, slug) of the open projects whose only active editor is this person, by name."""
    return list(session.execute(_alone(user_id)))


def last_editors(session: Session, user_ids: list[str]) -> dict[str, list[str]]:
    """Give, by person, the names of the open projects whose only active editor they are."""
    found = {user_id: [row.name for row in last_editor_of(session, user_id)] for user_id in user_ids}
    return {user_id: names for user_id, names in found.items() if names}


def refuse_last_editor(session: Session, user: User, project_id: str | None = None) -> None:
    """Raise WrongState when the person is the last active editor of an open project (of this one, if named).

    The projects asked about are locked first: of two editors that remove each other at once, the second is the last.
    """
    for key in [project_id] if project_id else [row.id for row in session.execute(_edited(user.id))]:
        one_at_a_time(session, f"editors:{key}")
    names = [row.name for row in last_editor_of(session, user.id) if project_id in (None, row.id)]
    if names:
        raise WrongState(
            f"{user.name} is the last editor of {' and of '.join(names)}. "
            "Make somebody else editor there first, or archive the project."
        )


def _edited(user_id: str) -> Select[Any]:
    """Select the open projects that the person edits, in an order that all keep, so that nobody waits in a ring."""
    projects, table = Model.metadata.tables["projects"], memberships()
    return (
        select(projects.c.id, projects.c.name, projects.c.slug)
        .join(table, table.c.project_id == projects.c.id)
        .where(
            table.c.user_id == user_id,
            table.c.role == Role.EDITOR.value,
            projects.c.archived_at.is_(None),
            exists().where(User.id == user_id, User.active),
        )
        .order_by(projects.c.id)
    )


def _alone(user_id: str) -> Select[Any]:
    projects, others = Model.metadata.tables["projects"], memberships().alias("others")
    another = exists().where(
        and_(
            others.c.project_id == projects.c.id,
            others.c.role == Role.EDITOR.value,
            others.c.user_id != user_id,
            others.c.user_id == User.id,
            User.active,
        )
    )
    return _edited(user_id).where(~another).order_by(None).order_by(projects.c.name, projects.c.id)
