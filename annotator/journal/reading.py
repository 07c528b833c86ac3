"""Reading the journal: the history of a thing."""

from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from annotator.columns import as_time
from annotator.database import Model
from annotator.journal.models import Event
from annotator.protection import readable

PLACE = ("locator_kind", "locator")


def history(session: Session, subject_id: str) -> list[dict[str, Any]]:
    """Give the lines of a thing, oldest first: at, actor, action, before, after.

    Of a protected source, its snapshots and links to it, `before` and `after` are null for who is not named there;
    of a statement found in one they do not say where in it.
    """
    users = Model.metadata.tables["users"]
    named = _unseen_is_named(session, subject_id)
    query = (
        select(Event, users.c.name, _hidden(subject_id).label("hidden"), _placed(subject_id).label("placed"))
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
            "before": _shown(event, event.before, hidden=hidden, placed=placed, named=named),
            "after": _shown(event, event.after, hidden=hidden, placed=placed, named=named),
        }
        for event, name, hidden, placed in session.execute(query)
    ]


def _shown(event: Event, fields: Any, *, hidden: bool, placed: bool, named: bool) -> Any:
    """Give the fields of a line as far as whoever reads may see them.

    Once any line names an unseen source, or a place in one, no line of the thing tells more than it does now.
    """
    if hidden or (named and event.subject_kind == "link"):
        return None
    if fields and (placed or named):
        return {name: fields[name] for name in fields if name not in PLACE}
    return fields


def _unseen_is_named(session: Session, subject_id: str) -> bool:
    """Tell whether a line of the thing names a source that whoever reads may not see, or a passage in its copies."""
    sources, snapshots = Model.metadata.tables["sources"], Model.metadata.tables["snapshots"]
    lines = session.execute(select(Event.before, Event.after).where(Event.subject_id == subject_id))
    named = {key for line in lines for fields in line if fields for key in _keys(fields)}
    if not named:
        return False
    owners = select(snapshots.c.source_id).where(snapshots.c.id.in_(named))
    behind = or_(sources.c.id.in_(named), sources.c.id.in_(owners))
    return session.scalar(select(exists(select(sources.c.id).where(behind, ~readable(sources))))) or False


def _keys(fields: dict[str, Any]) -> list[str]:
    passage = fields.get("passage") or {}
    found = (fields.get("source"), passage.get("snapshot") if isinstance(passage, dict) else None)
    return [key for key in found if isinstance(key, str)]


def _placed(subject_id: str) -> ColumnElement[bool]:
    """Give the condition that the thing is a statement found in a source that whoever reads may not see."""
    sources, statements = Model.metadata.tables["sources"], Model.metadata.tables["statements"]
    found_in = select(statements.c.source_id).where(statements.c.id == subject_id)
    return exists(select(sources.c.id).where(sources.c.id.in_(found_in), ~readable(sources)))


def _hidden(subject_id: str) -> ColumnElement[bool]:
    """Give the condition that the thing is, or belongs to, a source that whoever reads may not see."""
    tables = Model.metadata.tables
    sources, snapshots = tables["sources"], tables["snapshots"]
    links, statements = tables["links"], tables["statements"]
    said_in = select(statements.c.source_id).where(statements.c.id == links.c.statement_id).scalar_subquery()
    of_snapshot = select(snapshots.c.source_id).where(snapshots.c.id == subject_id)
    of_link = select(links.c.source_id).where(links.c.id == subject_id)
    of_quoting_link = select(said_in).where(links.c.id == subject_id)
    words_in = (
        select(snapshots.c.source_id).where(snapshots.c.id == links.c.passage_snapshot_id).scalar_subquery()
    )
    of_passage = select(words_in).where(links.c.id == subject_id)
    behind = or_(
        sources.c.id == subject_id,
        *(sources.c.id.in_(owners) for owners in (of_snapshot, of_link, of_quoting_link, of_passage)),
    )
    return exists(select(sources.c.id).where(behind, ~readable(sources)))
