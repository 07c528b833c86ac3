"""Links as the API and the cards give them."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from annotator.annotations.reading import LOADERS
from annotator.compiled import dump_rows
from annotator.links import queries
from annotator.links.models import Link
from annotator.links.schemas import LinkOut
from annotator.reading import dialect_of, grouped, rows_of


def read(session: Session, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Give the links that fit, in the order they were made, in one query."""
    query = queries.links(dialect_of(session)).where(condition)
    result = rows_of(session, query.order_by(Link.created_at, Link.id))
    return dump_rows(LinkOut, list(result.keys()), result.all(), {})


def one(session: Session, link_id: str) -> dict[str, Any]:
    """Give one link, deleted or not."""
    return read(session, Link.id == link_id)[0]


def links_of(session: Session, ids: Any) -> dict[str, list[Any]]:
    """Give the live links of these annotations, by annotation."""
    found = read(session, Link.annotation_id.in_(ids) & Link.deleted_at.is_(None))
    return grouped((link["annotation"], link) for link in found)


LOADERS["links"] = links_of
