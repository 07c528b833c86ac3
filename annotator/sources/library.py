"""What sources, speakers and statements have in common: flat things of a project, made, changed, listed and found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from marshmallow import Schema
from sqlalchemy import ColumnElement, Select, and_, select, true
from sqlalchemy.orm import Session

from annotator.columns import as_time, new_id, now
from annotator.compiled import Lookup, dump_rows
from annotator.creating import stamps
from annotator.fields import bounds
from annotator.journal.operations import changed_fields, record
from annotator.journal.tags import Action
from annotator.paging import Order, encode, narrowed
from annotator.reading import dialect_of, join_people, like, people, person_columns, raw
from annotator.text import fold


@dataclass(frozen=True, eq=False)
class Kind:
    """How one kind of thing lies in the database.

    `dates` maps a field to the prefix of its three columns, `keys` a field to the column of a foreign key,
    `folded` names the fields that finding looks into, `joined` adds columns and joins of its own to the query.
    `shown` gives what a column (of this name) shows to whoever asks, `found` who may find a row by its words,
    `children` the lists of rows that belong to the given ids, `settle` sets what follows from other fields.
    """

    model: Any
    out: type[Schema]
    added: Action
    changed: Action
    plain: tuple[str, ...]
    folded: tuple[str, ...]
    dates: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    joined: Callable[[Select[Any]], Select[Any]] = lambda query: query
    shown: Callable[[str, Any], Any] = lambda name, column: column
    found: Callable[[], ColumnElement[bool]] = true
    children: Callable[[Session, list[str]], Lookup] = lambda session, ids: {}
    settle: Callable[[Any], None] = lambda row: None

    def columns(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Turn checked fields into columns."""
        found: dict[str, Any] = {name: data[name] for name in self.plain if name in data}
        for name, prefix in self.dates.items():
            if name in data:
                found.update(bounds(prefix, data[name]))
        found.update({column: data[name] for name, column in self.keys.items() if name in data})
        return found

    def state(self, row: Any) -> dict[str, Any]:
        """Give the row's fields as the journal keeps them."""
        found = {name: getattr(row, name) for name in self.plain}
        found.update({name: getattr(row, f"{prefix}_on") for name, prefix in self.dates.items()})
        found.update({name: getattr(row, column) for name, column in self.keys.items()})
        return found

    def fold(self, row: Any) -> str:
        """Give the text that finding looks into."""
        values = [getattr(row, name) for name in self.folded]
        return fold(
            "\n".join(" ".join(value) if isinstance(value, list) else value for value in values if value)
        )


def add(
    session: Session,
    kind: Kind,
    data: Mapping[str, Any],
    *,
    project: str,
    actor: str,
    key: str = "",
    digest: str | None = None,
) -> Any:
    """Add a thing with fields checked by its schema; gives the row."""
    row = kind.model(id=key or new_id(), project_id=project, **kind.columns(data), **stamps(actor, digest))
    row.folded = kind.fold(row)
    kind.settle(row)
    session.add(row)
    session.flush()
    record(session, kind.added, row, actor=actor, after=kind.state(row))
    return row


def change(session: Session, kind: Kind, row: Any, data: Mapping[str, Any], *, actor: str) -> Any:
    """Change the given fields; nothing happens, not even a new version, when they are as they were."""
    before = kind.state(row)
    for name, value in kind.columns(data).items():
        setattr(row, name, value)
    old, new = changed_fields(before, kind.state(row))
    if new:
        row.folded = kind.fold(row)
        kind.settle(row)
        row.stamp(actor, now())
        session.flush()
        record(session, kind.changed, row, actor=actor, before=old, after=new)
    return row


@cache
def query(dialect: str, kind: Kind) -> Select[Any]:
    """Give the Select of the kind's rows, labelled for its schema."""
    model = kind.model
    aliases = people("created_by", "updated_by")
    columns: dict[str, Any] = {
        name: raw(getattr(model, name), dialect) for name in ("created_at", "updated_at")
    }
    columns |= {name: getattr(model, name) for name in kind.plain}
    columns |= {name: getattr(model, f"{prefix}_on") for name, prefix in kind.dates.items()}
    columns |= {column.name: column.element for column in person_columns(aliases)}
    shown = [kind.shown(name, column).label(name) for name, column in columns.items()]
    base = select(model.id, model.version, model.project_id.label("project"), *shown).select_from(model)
    return kind.joined(join_people(base, model, aliases))


def _dump(session: Session, kind: Kind, result: Any) -> list[dict[str, Any]]:
    rows = result.all()
    children = kind.children(session, [row.id for row in rows])
    return dump_rows(kind.out, list(result.keys()), rows, children)


def read(session: Session, kind: Kind, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Give all things that fit, as the API gives them."""
    return _dump(session, kind, session.execute(query(dialect_of(session), kind).where(condition)))


def read_one(session: Session, kind: Kind, key: str) -> dict[str, Any]:
    """Give one thing as the API gives it."""
    return read(session, kind, kind.model.id == key)[0]


def page(
    session: Session, kind: Kind, condition: ColumnElement[bool], *, limit: int, cursor: str | None
) -> dict[str, Any]:
    """Give a page of things, newest first."""
    model = kind.model
    order = Order((model.created_at, model.id), descending=True)
    # what a row shows of itself may be hidden, its place in the list is not
    placed = query(dialect_of(session), kind).add_columns(model.created_at.label("place"))
    result = session.execute(narrowed(placed.where(condition), order, limit, cursor))
    rows = result.all()
    items = dump_rows(kind.out, list(result.keys()), rows, kind.children(session, [row.id for row in rows]))
    more = len(rows) > limit
    rest = encode([as_time(rows[limit - 1].place), rows[limit - 1].id]) if more else None
    return {"items": items[:limit], "next": rest}


def matching(kind: Kind, words: str) -> ColumnElement[bool]:
    """Give the condition that every word stands somewhere in the folded text of a thing that may be found."""
    asked = fold(words).split()[:16]
    return and_(
        kind.found() if asked else true(),
        *(kind.model.folded.like(like(word), escape="\\") for word in asked),
    )
