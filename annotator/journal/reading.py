"""Reading the journal: the history of a thing."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator.columns import as_time
from annotator.database import Model
from annotator.journal.models import Event


def history(session: Session, subject_id: str) -> list[dict[str, Any]]:
    """Give the lines of a thing, oldest first: at, actor, action, before, after."""
    users = Model.metadata.tables["users"]
    query = (
        select(Event, users.c.name)
        .outerjoin(users, users.c.id == Event.actor_id)
        .where(Event.subject_id == subject_id)
        .order_by(Event.number)
    )
    return [
        {
            "number": event.number,
            "at": as_time(event.at),
            "actor": {"id": event.actor_id, "name": name} if event.actor_id else None,
            "action": event.action,
            "before": event.before,
            "after": event.after,
        }
        for event, name in session.execute(query)
    ]
