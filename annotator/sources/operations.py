"""Verbs on sources: add, change, delete, restore."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator.columns import now
from annotator.database import Model
from annotator.errors import WrongState
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.sources import library, queries
from annotator.sources.kind import SOURCE
from annotator.sources.models import Source
from annotator.sources.readers import settle_readers

NOT_DELETED = "This source is not deleted."


def add_source(
    session: Session,
    data: Mapping[str, Any],
    *,
    project: str,
    actor: str,
    key: str = "",
    digest: str | None = None,
) -> Source:
    """Add a source with fields checked by SourceIn; Invalid when its readers cannot be."""
    source: Source = library.add(session, SOURCE, data, project=project, actor=actor, key=key, digest=digest)
    settle_readers(session, source, data.get("readers"), actor=actor)
    return source


def change_source(session: Session, source: Source, data: Mapping[str, Any], *, actor: str) -> Source:
    """Change the given fields (checked by SourceChange); Invalid when its readers cannot be."""
    version = source.version
    library.change(session, SOURCE, source, data, actor=actor)
    if settle_readers(session, source, data.get("readers"), actor=actor) and source.version == version:
        source.stamp(actor, now())
        session.flush()
    return source


def delete_source(session: Session, source: Source, *, actor: str) -> None:
    """Delete a source softly, with its copies; WrongState with `used` while a link or a statement needs it."""
    # on PostgreSQL a link or a statement that is being made holds the source until it is there to be found
    session.execute(select(Source.id).where(Source.id == source.id).with_for_update())
    used = where_used(session, source.id)
    if used:
        words = " and ".join(
            f"{len(rows)} {name if len(rows) > 1 else name[:-1]}" for name, rows in used.items() if rows
        )
        raise WrongState(
            f"This source is in use: {words}. Take those away, or link them to another source, first.",
            used=used,
        )
    source.deleted_at, source.deleted_by_id = now(), actor
    source.stamp(actor, source.deleted_at)
    session.flush()
    record(session, Action.SOURCE_DELETED, source, actor=actor)


def restore_source(session: Session, source: Source, *, actor: str) -> None:
    """Bring a deleted source back; WrongState when it is not deleted."""
    if source.deleted_at is None:
        raise WrongState(NOT_DELETED)
    source.deleted_at = source.deleted_by_id = None
    source.stamp(actor, now())
    session.flush()
    record(session, Action.SOURCE_RESTORED, source, actor=actor)


def where_used(session: Session, source_id: str) -> dict[str, list[dict[str, str]]]:
    """Give the live `links` (each with its annotation) and `statements` that hang on the source; {} for none.

    At most 100 of each.
    """
    links = Model.metadata.tables["links"]
    query = queries.links_on(source_id).add_columns(links.c.annotation_id).order_by(links.c.id).limit(100)
    found = {
        "links": [{"id": link, "annotation": annotation} for link, annotation in session.execute(query)],
        "statements": [{"id": key} for key in session.scalars(queries.statements_of(source_id))],
    }
    return {name: rows for name, rows in found.items() if rows}
