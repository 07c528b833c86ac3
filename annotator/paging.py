"""A Select -> a page with a cursor; the cursor holds the last row's sort values, so that no row is passed twice."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import orjson
from marshmallow import Schema, fields, validate
from sqlalchemy import Integer, Select, func, select, tuple_
from sqlalchemy.orm import Session

from annotator.columns import ID_LENGTH, UtcTime, from_time
from annotator.errors import Invalid
from annotator.fields import ID, MAX_OFFSET

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


def decode(cursor: str, columns: tuple[Any, ...]) -> list[Any]:
    """Read a cursor of sort values for `columns`; Invalid when it is none of this list's."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_value(column.type, value) for column, value in zip(columns, values, strict=True)]
    except (binascii.Error, OverflowError, TypeError, ValueError):
        sentence = "This cursor is not one of this list. Start again without it."
        raise Invalid({"cursor": [sentence]}) from None


def _value(kind: Any, value: Any) -> Any:
    """Give a sort value as the column's type takes it; ValueError or TypeError when it cannot be one."""
    if isinstance(kind, Integer):
        fits = type(value) is int and abs(value) <= MAX_OFFSET
    elif isinstance(kind, UtcTime):
        value = from_time(value).astimezone(UTC)
        fits = True
    elif getattr(kind, "length", None) == ID_LENGTH:
        fits = ID.fullmatch(value) is not None
    else:
        fits = isinstance(value, str) and "\0" not in value
    if not fits:
        raise ValueError(value)
    return value


def narrowed(query: Select[Any], order: Order, limit: int, cursor: str | None) -> Select[Any]:
    """Give the query sorted, behind the cursor, with one row more than `limit` to see whether there is a next page."""
    if cursor is not None:
        values = decode(cursor, order.columns)
        key = tuple_(*order.columns)
        edge = tuple_(*values, types=[column.type for column in order.columns])
        query = query.where(key < edge if order.descending else key > edge)
    sort = [column.desc() if order.descending else column.asc() for column in order.columns]
    return query.order_by(*sort).limit(limit + 1)


def with_total(
    session: Session, page: dict[str, Any], args: dict[str, Any], model: Any, condition: Any
) -> dict[str, Any]:
    """Give the page with `total`, the number of rows of `model` that fit, where the request asks for it."""
    return {**page, "total": count(session, select(model.id).where(condition))} if args["total"] else page


def count(session: Session, query: Select[Any]) -> int:
    """Count the rows of an unsorted query."""
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
