"""Annotations as the API and the pages give them: a fixed number of queries whatever their number."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from annotator.annotations import queries
from annotator.annotations.models import Annotation, Span, Tag
from annotator.annotations.schemas import AnnotationOut
from annotator.articles.models import Snapshot
from annotator.compiled import dump_rows
from annotator.paging import Order, encode, narrowed
from annotator.reading import dialect_of, grouped, rows_of

Loader = Callable[[Session, Any], dict[str, list[Any]]]
Around = dict[str, dict[str, list[Any]]]
LONG = 300
# A feature on the right hangs what it adds to an annotation here, by the field's name (docs/adr/0004).
LOADERS: dict[str, Loader] = {}


def _spans(session: Session, ids: Any) -> dict[str, list[Any]]:
    number = Snapshot.number
    result = rows_of(
        session,
        select(
            Span.annotation_id,
            number,
            Span.snapshot_id,
            Span.start,
            Span.end,
            Span.exact,
            Span.prefix,
            Span.suffix,
            Span.anchor,
            Span.reason,
        )
        .join(Snapshot, Snapshot.id == Span.snapshot_id)
        .where(Span.annotation_id.in_(ids))
        .order_by(Span.annotation_id, number.desc(), Span.ordinal),
    )
    rows: Any = result.all()
    found: dict[str, list[Any]] = {}
    last = ("", 0)
    spans: list[Any] = []
    for row in rows:
        if row[0] != last[0]:
            last = (row[0], row[1])
            spans = found[row[0]] = []
        if row[1] == last[1]:
            spans.append(_span(row))
    return found


def _span(row: Any) -> dict[str, Any]:
    return {
        "snapshot": row[2],
        "start": row[3],
        "end": row[4],
        "exact": row[5],
        "prefix": row[6],
        "suffix": row[7],
        "anchor": row[8],
        "reason": row[9],
    }


def _tags(session: Session, ids: Any) -> dict[str, list[Any]]:
    query = (
        select(Tag.annotation_id, Tag.tag)
        .where(Tag.annotation_id.in_(ids))
        .order_by(Tag.annotation_id, Tag.ordinal)
    )
    return grouped(tuple(row) for row in rows_of(session, query).all())


def children(session: Session, ids: Any) -> dict[str, dict[str, list[Any]]]:
    """Give the spans (of the newest snapshot), tags and links of these annotations: a list of ids, or their Select."""
    found = {"spans": _spans(session, ids), "tags": _tags(session, ids), "links": {}}
    found.update({name: loader(session, ids) for name, loader in LOADERS.items()})
    return found


def dump(
    session: Session, query: Select[Any], *, within: Any = None, around: Around | None = None
) -> tuple[list[dict[str, Any]], list[Any]]:
    """Run a Select made of `queries.annotations` and give the annotations with their rows.

    `within` is a Select of the ids of these annotations, or more: for a long list it is cheaper than their ids.
    `around` gives spans, tags and links where they are known already.
    """
    result = rows_of(session, query)
    labels, rows = list(result.keys()), result.all()
    ids = within if within is not None and len(rows) > LONG else [row[0] for row in rows]
    items = dump_rows(AnnotationOut, labels, rows, around or children(session, ids))
    for item in items:
        if any(span["anchor"] == "changed" for span in item["spans"]):
            item["tone"] = "unconfirmed"
    return items, list(rows)


def one(session: Session, annotation_id: str, around: Around | None = None) -> dict[str, Any]:
    """Give one annotation, deleted or not."""
    query = queries.annotations(dialect_of(session)).where(Annotation.id == annotation_id)
    return dump(session, query, around=around)[0][0]


def just_made(session: Session, annotation: Annotation, data: Mapping[str, Any]) -> dict[str, Any]:
    """Give an annotation that was added in this request: it has its spans and tags, and no links yet."""
    spans = _spans(session, [annotation.id])
    tags = {annotation.id: list(dict.fromkeys(data.get("tags", [])))}
    return one(session, annotation.id, {"spans": spans, "tags": tags, "links": {}})


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
    within = select(Span.annotation_id).where(Span.snapshot_id == snapshot_id)
    items, rows = dump(
        session, narrowed(query, Order((Span.start, Annotation.id)), limit, cursor), within=within
    )
    more = len(items) > limit
    last = rows[limit - 1] if more else None
    return {"items": items[:limit], "next": encode([last.position, last.id]) if last is not None else None}


def compact_spans(session: Session, snapshot_id: str) -> list[list[Any]]:
    """Give `[annotation id, start, end, tone]` of every span in the snapshot, by start, longest first."""
    return [list(row) for row in rows_of(session, queries.compact(snapshot_id)).all()]
