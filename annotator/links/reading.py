"""Links as the API and the cards give them."""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from annotator.annotations.reading import LOADERS, OnSnapshot, Scope
from annotator.compiled import dump_rows
from annotator.links import queries
from annotator.links.schemas import LinkOut
from annotator.reading import dialect_of, grouped, rows_of


def _dump(session: Session, query: Select[Any], values: dict[str, Any]) -> list[dict[str, Any]]:
    result = rows_of(session, query, values)
    return dump_rows(LinkOut, tuple(result.keys()), result.all(), {})


def one(session: Session, link_id: str) -> dict[str, Any]:
    """Give one link, deleted or not."""
    return _dump(session, queries.one_link(dialect_of(session)), {"id": link_id})[0]


def links_of(session: Session, scope: Scope) -> dict[str, list[Any]]:
    """Give the live links by annotation, contradictions first, then as they were made, in one query."""
    dialect = dialect_of(session)
    if isinstance(scope, OnSnapshot):
        found = _dump(session, queries.links_on(dialect), {"snapshot": scope.id})
    else:
        found = _dump(session, queries.links_of(dialect), {"ids": scope})
    return grouped((link["annotation"], link) for link in found)


LOADERS["links"] = links_of
