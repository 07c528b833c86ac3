"""Annotations as the API and the pages give them: a fixed number of queries whatever their number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

from annotator.annotations import queries
from annotator.annotations.models import Annotation, Span
from annotator.annotations.operations import Made
from annotator.annotations.schemas import AnnotationOut
from annotator.compiled import dump_rows
from annotator.paging import Order, encode, narrowed
from annotator.reading import dialect_of, grouped, rows_of


@dataclass(frozen=True)
class OnSnapshot:
    """All annotations on a snapshot: for a long list that is cheaper to ask for than their ids."""

    id: str


Scope = list[str] | OnSnapshot  # the annotations meant: by their ids, or all on a snapshot
Children = dict[str, list[Any]]
Loader = Callable[[Session, Scope], Children]
Around = dict[str, Children]
LONG = 300
PLACE = ("snapshot", "start", "end", "exact", "prefix", "suffix", "anchor", "reason")
# A feature on the right hangs what it adds to an annotation here, by the field’s name (docs/adr/0001).
LOADERS: dict[str, Loader] = {}


def _run(session: Session, scope: Scope, by_ids: Any, by_snapshot: Any) -> Sequence[Any]:
    if isinstance(scope, OnSnapshot):
        return rows_of(session, by_snapshot, {"snapshot": scope.id}).all()
    return rows_of(session, by_ids, {"ids": scope}).all()


def _spans(session: Session, scope: Scope) -> Children:
    """Give the spans on each annotation's newest snapshot, by annotation."""
    found: Children = {}
    for row in _run(session, scope, queries.SPANS_OF, queries.SPANS_ON):
        span = {
            "snapshot": row[1],
            "start": row[2],
            "end": row[3],
            "exact": row[4],
            "prefix": row[5],
            "suffix": row[6],
            "anchor": row[7],
            "reason": row[8],
        }
        spans = found.setdefault(row[0], [])
        if not spans or spans[0]["snapshot"] == row[1]:
            spans.append(span)
    return found


def _tags(session: Session, scope: Scope) -> Children:
    return grouped(_run(session, scope, queries.TAGS_OF, queries.TAGS_ON))


def parts(session: Session, scope: Scope) -> Around:
    """Give the spans (of the newest snapshot) and tags of these annotations."""
    return {"spans": _spans(session, scope), "tags": _tags(session, scope)}


def children(session: Session, scope: Scope) -> Around:
    """Give the spans (of the newest snapshot), tags and links of these annotations."""
    found = {**parts(session, scope), "links": {}}
    found.update({name: loader(session, scope) for name, loader in LOADERS.items()})
    return found


def dump(
    session: Session,
    query: Select[Any],
    values: Mapping[str, Any] | None = None,
    *,
    snapshot: str | None = None,
    around: Around | None = None,
) -> tuple[list[dict[str, Any]], Sequence[Any]]:
    """Run a Select made of `queries.annotations` and give the annotations with their rows.

    `values` are those of its bindparams. `snapshot` is the one that all of them stand on, where there is one.
    `around` gives their spans, tags and links where they are known already.
    """
    result = rows_of(session, query, values)
    labels, rows = tuple(result.keys()), result.all()
    scope = OnSnapshot(snapshot) if snapshot is not None and len(rows) > LONG else [row[0] for row in rows]
    around = around or children(session, scope)
    items = dump_rows(AnnotationOut, labels, rows, around)
    changed = {
        key for key, spans in around["spans"].items() if "changed" in [span["anchor"] for span in spans]
    }
    for item in items if changed else ():
        if item["id"] in changed:
            item["tone"] = "unconfirmed"
    return items, rows


def one(session: Session, annotation_id: str, around: Around | None = None) -> dict[str, Any]:
    """Give one annotation, deleted or not."""
    query = queries.one_annotation(dialect_of(session))
    return dump(session, query, {"id": annotation_id}, around=around)[0][0]


def just_made(session: Session, made: Made) -> dict[str, Any]:
    """Give an annotation that was added in this request: its spans and tags are known, and it has no links yet."""
    spans = [{**{name: span.get(name) for name in PLACE}, "snapshot": made.snapshot} for span in made.spans]
    return one(session, made.id, {"spans": {made.id: spans}, "tags": {made.id: made.tags}, "links": {}})


def page_of_project(
    session: Session, condition: ColumnElement[bool], *, limit: int, cursor: str | None
) -> dict[str, Any]:
    """Give a page of annotations, newest first."""
    query = queries.annotations(dialect_of(session)).where(condition)
    order = Order((Annotation.created_at, Annotation.id), descending=True)
    items, _ = dump(session, narrowed(query, order, limit, cursor))
    more = len(items) > limit
    items = items[:limit]
    return {"items": items, "next": encode([items[-1]["created_at"], items[-1]["id"]]) if more else None}


def page_of_article(
    session: Session, snapshot_id: str, condition: ColumnElement[bool], *, limit: int, cursor: str | None
) -> dict[str, Any]:
    """Give a page of annotations in the order of the text."""
    query = queries.in_text_order(queries.annotations(dialect_of(session)), snapshot_id).where(condition)
    query = narrowed(query, Order((Span.start, Annotation.id)), limit, cursor)
    items, rows = dump(session, query, snapshot=snapshot_id)
    more = len(items) > limit
    last = rows[limit - 1] if more else None
    return {"items": items[:limit], "next": encode([last.position, last.id]) if last is not None else None}


def compact_spans(
    session: Session, snapshot_id: str, condition: ColumnElement[bool] | None = None
) -> list[list[Any]]:
    """Give `[annotation id, start, end, tone]` of every span in the snapshot, by start, longest first.

    With a condition, only of the annotations that fulfil it.
    """
    query = queries.compact(snapshot_id)
    return [
        list(row) for row in rows_of(session, query if condition is None else query.where(condition)).all()
    ]
