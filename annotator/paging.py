"""A Select -> a page with a cursor; the cursor holds the last row's sort values, so that no row is passed twice."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import orjson
from marshmallow import Schema, fields, validate
from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from annotator.errors import Invalid

MAX_LIMIT = 200


class PageArgs(Schema):
    """What every list takes."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_LIMIT))
    cursor = fields.String(load_default=None, validate=validate.Length(max=500))
    total = fields.Boolean(load_default=False)


@dataclass(frozen=True)
class Order:
    """The columns a list is sorted by, all in one direction; the last must be unique."""

    columns: tuple[Any, ...]
    descending: bool = False


def encode(values: list[Any]) -> str:
    """Write sort values as a cursor."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def decode(cursor: str, width: int) -> list[Any]:
    """Read a cursor of `width` sort values; Invalid when it is none of ours."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        values = None
    if (
        not isinstance(values, list)
        or len(values) != width
        or not all(isinstance(v, str | int) for v in values)
    ):
        raise Invalid({"cursor": ["This cursor is not one of this list. Start again without it."]})
    return values


def narrowed(query: Select[Any], order: Order, limit: int, cursor: str | None) -> Select[Any]:
    """Give the query sorted, behind the cursor, with one row more than `limit` to see whether there is a next page."""
    if cursor is not None:
        values = decode(cursor, len(order.columns))
        key = tuple_(*order.columns)
        edge = tuple_(*values, types=[column.type for column in order.columns])
        query = query.where(key < edge if order.descending else key > edge)
    sort = [column.desc() if order.descending else column.asc() for column in order.columns]
    return query.order_by(*sort).limit(limit + 1)


def count(session: Session, query: Select[Any]) -> int:
    """Count the rows of an unsorted query."""
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
