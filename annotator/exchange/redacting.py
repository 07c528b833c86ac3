"""Leaving protected sources out of every file: whoever exports, it shows what a stranger may see.

Who may read a source is found out nowhere here, so that a named reader's file holds no more than anybody's
(docs/adr/0020).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, or_, select
from sqlalchemy.orm import Session

from annotator.articles.models import Snapshot
from annotator.fields import ID
from annotator.journal.models import Event
from annotator.links.models import Link
from annotator.protection import PROTECTED, TITLE
from annotator.reading import rows_of
from annotator.sources.models import Source, SourceType
from annotator.statements.models import Statement

Row = dict[str, Any]
CITING = ("statement", "link")
PLACES: Row = {"passage": None, "locator_kind": None, "locator": ""}
STUB: Row = {
    "version": 1,
    "created_by": None,
    "updated_by": None,
    "deleted_by": None,
    "request_sha256": None,
    "title": TITLE,
    "url": "",
    "publisher": "",
    "authors": [],
    "published_on": None,
    "type": SourceType.DOCUMENT.value,
    "tier": None,
    "independence_group": "",
    "confidentiality": PROTECTED,
    "note": "",
    "doi": "",
    "interests": "",
}
LINKED: Row = {
    **PLACES,
    "group": "",
    "assumption": "",
    "note": "",
    "explanation": "",
    "request_sha256": None,
    "draft": True,
}


def protected(project_id: str) -> ColumnElement[bool]:
    """Give the condition that a source of the project is protected."""
    return (Source.project_id == project_id) & (Source.confidentiality == PROTECTED)


def hidden_snapshots(project_id: str) -> Select[Any]:
    """Select the ids of the copies of protected sources."""
    return select(Snapshot.id).join(Source, Source.id == Snapshot.source_id).where(protected(project_id))


@dataclass(frozen=True)
class Hidden:
    """The ids of what a file must not show: protected `sources`, the `links` to them, and `citing`: what names a place
    in one of them, by itself or by its statement; `once`: what did so at any time.
    """

    sources: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    citing: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()

    def over(self, name: str, rows: Iterator[Row]) -> Iterator[Row]:
        """Give the rows of a list without what must not be shown."""
        change = REDACTIONS.get(name) if self.sources else None
        return map(partial(change, hidden=self), rows) if change else rows


def find_hidden(session: Session, project_id: str) -> Hidden:
    """Find what is to be left out of any file of the project."""
    sources = frozenset(session.scalars(select(Source.id).where(protected(project_id))))
    if not sources:
        return Hidden()
    within = select(Source.id).where(protected(project_id))
    links = session.scalars(select(Link.id).where(Link.source_id.in_(within)))
    citing = frozenset(
        [
            *session.scalars(select(Statement.id).where(Statement.source_id.in_(within))),
            *session.scalars(_links_citing(project_id, within)),
        ]
    )
    copies = session.scalars(hidden_snapshots(project_id))
    once = citing.union(_once_citing(session, project_id, sources.union(copies)))
    return Hidden(sources, frozenset(links), citing, once)


def _links_citing(project_id: str, within: Select[Any]) -> Select[Any]:
    by_statement = Link.statement_id.in_(select(Statement.id).where(Statement.source_id.in_(within)))
    return select(Link.id).where(
        or_(by_statement, Link.passage_snapshot_id.in_(hidden_snapshots(project_id)))
    )


def _once_citing(session: Session, project_id: str, ids: frozenset[str]) -> Iterator[str]:
    """Give the statements and links that cited one of `ids` at any time, as the journal tells."""
    told = [cast(column, String) for column in (Event.before, Event.after)]
    query = select(Event.subject_id, *told).where(
        Event.project_id == project_id, Event.subject_kind.in_(CITING)
    )
    row: Any
    for row in rows_of(session, query.execution_options(yield_per=500)):
        if any(text and not ids.isdisjoint(ID.findall(text)) for text in row[1:]):
            yield row[0]


def _source(row: Row, hidden: Hidden) -> Row:
    return {**row, **STUB, "updated_at": row["created_at"]} if row["id"] in hidden.sources else row


def _statement(row: Row, hidden: Hidden) -> Row:
    return {**row, "locator_kind": None, "locator": ""} if row["source"] in hidden.sources else row


def _link(row: Row, hidden: Hidden) -> Row:
    if row["id"] in hidden.links:
        reason = TITLE if row["contradiction_state"] == "rejected" else ""
        return {**row, **LINKED, "decision_reason": reason}
    if row["id"] not in hidden.citing:
        return row
    return {**row, **PLACES, "request_sha256": None, "draft": row["draft"] or row["source"] is not None}


def _event(row: Row, hidden: Hidden) -> Row:
    subject = row["subject"]
    if subject in hidden.sources or subject in hidden.links:
        return {**row, "before": None, "after": None}
    if subject not in hidden.once:
        return row
    return {**row, "before": _without_places(row["before"]), "after": _without_places(row["after"])}


def _without_places(fields: Row | None) -> Row | None:
    return fields and {name: PLACES.get(name, value) for name, value in fields.items()}


REDACTIONS: dict[str, Callable[..., Row]] = {
    "sources": _source,
    "statements": _statement,
    "links": _link,
    "events": _event,
}
