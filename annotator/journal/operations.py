"""Writing the journal: in the same transaction as the change, or apart from it for a refusal."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from annotator.columns import now
from annotator.journal.models import Event
from annotator.journal.tags import Action

ADDING = insert(Event)
Fields = dict[str, Any]
# What a feature on the right does after such a change, in the same transaction, it hangs here (docs/adr/0001): it gets
# the session, the changed row, the action, the fields before and after, and who acted.
FOLLOWERS: dict[Action, list[Callable[[Session, Any, Action, Fields, Fields, str | None], None]]] = {}


def record(
    session: Session,
    action: Action,
    subject: Any,
    *,
    actor: str | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    at: datetime | None = None,
    article: str | None = None,
) -> None:
    """Add the line of a change to `subject`, a row with `id`.

    Its project and article are read off it; `article` names the article of a row that does not know it itself.
    What follows from the change (`FOLLOWERS`) is done after it.
    """
    kind = type(subject).__name__.lower()
    session.flush()  # plain rows, as here, do not wait for objects
    session.connection().execute(
        ADDING,
        {
            "at": at or now(),
            "actor_id": actor,
            "action": action.value,
            "subject_kind": kind,
            "subject_id": subject.id,
            "project_id": subject.id if kind == "project" else getattr(subject, "project_id", None),
            "article_id": article
            or (subject.id if kind == "article" else getattr(subject, "article_id", None)),
            "before": before,
            "after": after,
        },
    )
    for follow in FOLLOWERS.get(action, ()):
        follow(session, subject, action, before or {}, after or {}, actor)


def changed_fields(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Reduce two states to the fields that differ: `(before, after)`."""
    keys = [key for key in after if before.get(key) != after[key]]
    return {key: before.get(key) for key in keys}, {key: after[key] for key in keys}
