"""Helpers for Core queries whose columns are labelled as compiled schemas want them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import CursorResult, Select, String, Table, type_coerce
from sqlalchemy.orm import Session

from annotator.columns import UtcTime
from annotator.database import Model


def raw(column: Any, dialect: str) -> Any:
    """Give a time column as it lies in the database: on SQLite that is the text we write anyway."""
    if isinstance(column.type, UtcTime) and dialect == "sqlite":
        return type_coerce(column, String)
    return column


def dialect_of(session: Session) -> str:
    """Give the name of the session's database: `sqlite` or `postgresql`."""
    return session.get_bind().dialect.name


def rows_of(session: Session, query: Any, values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
    """Run a Select as Core does: plain rows, without the ORM's own walk over them. Flush before.

    A Select that is kept and run with other `values` of its bindparams is worked through once, not at every run.
    """
    result: CursorResult[Any] = session.connection().execute(query, values)
    return result


def people(*names: str) -> dict[str, Table]:
    """Give an alias of the users' table for each role a person plays in a row: `created_by`, `updated_by`, ..."""
    users: Table = Model.metadata.tables["users"]
    return {name: users.alias(name) for name in names}  # type: ignore[misc]


def person_columns(aliases: dict[str, Table]) -> list[Any]:
    """Give `<role>__id` and `<role>__name` for each alias."""
    return [
        column
        for role, alias in aliases.items()
        for column in (alias.c.id.label(f"{role}__id"), alias.c.name.label(f"{role}__name"))
    ]


def join_people(query: Select[Any], table: Any, aliases: dict[str, Table]) -> Select[Any]:
    """Join each person by the column `<role>_id`."""
    for role, alias in aliases.items():
        query = query.outerjoin(alias, alias.c.id == getattr(table, f"{role}_id"))
    return query


def grouped(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """Group (key, value) pairs by key, in order."""
    found: dict[str, list[Any]] = defaultdict(list)
    for key, value in rows:
        found[key].append(value)
    return found


def like(text: str) -> str:
    """Give a LIKE pattern that finds `text` anywhere, with `\\` as escape."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
