"""How each kind of thing in the native format lies in the database, and the rows of a file in their order."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from annotator.accounts.models import User
from annotator.annotations.models import Annotation, Span, Tag
from annotator.articles.models import Article, Assignee, Snapshot
from annotator.compiled import compile_dump
from annotator.exchange.library import FiledSnapshot
from annotator.exchange.schemas import SCHEMAS, NativeProject, NativeSpan
from annotator.fields import Children, Computed
from annotator.journal.models import Event
from annotator.links.models import Link
from annotator.projects.models import Project
from annotator.reading import dialect_of, raw, rows_of
from annotator.sources.models import Source, SourceCheck
from annotator.statements.models import Speaker, SpeakerMerge, Statement, StatementTag

CHUNK = 500
HEAVY = 4


def attribute(model: Any, name: str) -> str:
    """Give the model's attribute for a field: its own name, or that of a foreign key or of a date."""
    return next(found for found in (name, f"{name}_id", f"{name}_on") if hasattr(model, found))


def labels(model: Any, schema: Schema, prefix: str = "") -> dict[str, str]:
    """Give label -> attribute for every column that the compiled schema wants."""
    found: dict[str, str] = {}
    for name, kind in schema.fields.items():
        if isinstance(kind, Children):
            continue
        if isinstance(kind, Computed):
            found.update({label: attribute(model, label) for label in kind.labels})
        elif isinstance(kind, fields.Nested):
            found.update(labels(model, kind.schema, f"{name}__"))
        else:
            found[prefix + name] = attribute(model, prefix.replace("__", "_") + name)
    return found


@dataclass(frozen=True)
class Child:
    """Rows of another table that belong to a kind: by `key`, in `order`, each a value of `column` or of `schema`."""

    model: Any
    key: Any
    order: tuple[Any, ...]
    column: Any = None
    schema: type[Schema] | None = None


@dataclass(frozen=True)
class Kind:
    """A list of the file: its schema, the model its rows lie in, and the children that go with each row.

    `chunk` says how many rows are in memory at a time: few, where one may hold a whole book.
    """

    name: str
    model: Any
    schema: type[Schema]
    children: dict[str, Child] = field(default_factory=dict)
    chunk: int = CHUNK

    @cached_property
    def labels(self) -> dict[str, str]:
        """Give label -> attribute."""
        return labels(self.model, self.schema())

    @property
    def order(self) -> Any:
        """Give the column that the rows are ordered by: the same on every database."""
        return self.model.number if self.model is Event else self.model.id


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("people", User, SCHEMAS["people"]),
        Kind(
            "articles",
            Article,
            SCHEMAS["articles"],
            {"assignees": Child(Assignee, Assignee.article_id, (Assignee.user_id,), Assignee.user_id)},
        ),
        Kind("sources", Source, SCHEMAS["sources"]),
        Kind("snapshots", Snapshot, SCHEMAS["snapshots"], chunk=HEAVY),
        Kind("checks", SourceCheck, SCHEMAS["checks"]),
        Kind("speakers", Speaker, SCHEMAS["speakers"]),
        Kind("merges", SpeakerMerge, SCHEMAS["merges"]),
        Kind(
            "statements",
            Statement,
            SCHEMAS["statements"],
            {
                "tags": Child(
                    StatementTag, StatementTag.statement_id, (StatementTag.ordinal,), StatementTag.tag
                )
            },
        ),
        Kind(
            "annotations",
            Annotation,
            SCHEMAS["annotations"],
            {
                "tags": Child(Tag, Tag.annotation_id, (Tag.ordinal,), Tag.tag),
                "spans": Child(Span, Span.annotation_id, (Span.snapshot_id, Span.ordinal), schema=NativeSpan),
            },
        ),
        Kind("links", Link, SCHEMAS["links"]),
        Kind("events", Event, SCHEMAS["events"]),
    )
}
PROJECT = Kind("project", Project, NativeProject)
FILED = KINDS | {"snapshots": Kind("snapshots", Snapshot, FiledSnapshot, chunk=HEAVY)}
"""The same lists for an archive, in which the bytes of snapshots are entries of their own."""


class Following:
    """Children read beside their parents, both in the order of the parent's id; one query for all of them."""

    def __init__(self, rows: Any, dump: Callable[[Any], Any]) -> None:
        """Take a result whose first column is the parent's id, and what makes a value of a row."""
        self.close = rows.close
        self._rows = iter(rows)
        self._dump = dump
        self._next = next(self._rows, None)

    def get(self, key: str, _default: Any = None) -> list[Any]:
        """Give the children of the parent `key`; each parent is asked for once, in order."""
        found: list[Any] = []
        while self._next is not None and self._next[0] == key:
            found.append(self._dump(self._next))
            self._next = next(self._rows, None)
        return found


def _children(session: Session, child: Child, parent: Any, condition: ColumnElement[bool]) -> Following:
    columns = [child.column]
    if child.schema:
        columns = [
            getattr(child.model, name).label(label)
            for label, name in labels(child.model, child.schema()).items()
        ]
    query = select(child.key, *columns).join(parent, parent.id == child.key).where(condition)
    rows = rows_of(session, _streamed(query.order_by(child.key, *child.order)))
    if child.schema is None:
        return Following(rows, lambda row: row[1])
    dump = compile_dump(child.schema, ("", *labels(child.model, child.schema())))
    return Following(rows, lambda row: dump(row, {}))


def _streamed(query: Select[Any], chunk: int = CHUNK) -> Select[Any]:
    return query.execution_options(yield_per=chunk)


def read(session: Session, kind: Kind, condition: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    """Give the rows that fit as the format writes them, one query for the kind and one for each of its children."""
    dialect = dialect_of(session)
    columns = [raw(getattr(kind.model, name), dialect).label(label) for label, name in kind.labels.items()]
    key = [] if "id" in kind.labels else [kind.order.label("id")]
    query = select(*columns, *key).where(condition).order_by(kind.order)
    dump = compile_dump(kind.schema, (*kind.labels, *(["id"] if key else [])))
    with ExitStack() as open_results:
        around: Any = {}
        for name, child in kind.children.items():
            around[name] = _children(session, child, kind.model, condition)
            open_results.callback(around[name].close)
        rows = rows_of(session, _streamed(query, kind.chunk))
        open_results.callback(rows.close)
        for row in rows:
            yield dump(row, around)
