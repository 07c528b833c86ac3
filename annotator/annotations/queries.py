"""Selects of annotations, labelled for their schema, and the conditions to find them by."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, literal, or_, select

from annotator.annotations.models import Annotation, Span, Tag
from annotator.articles.models import Article, Snapshot
from annotator.reading import join_people, like, people, person_columns, raw
from annotator.statements.models import Speaker
from annotator.text import fold

ASIDE_KINDS = ("opinion", "note")


def tone() -> ColumnElement[str]:
    """Give the tone that an annotation is painted in, but for `unconfirmed`, which its spans decide."""
    return case(
        (or_(Annotation.state == "not_checkable", Annotation.kind.in_(ASIDE_KINDS)), literal("aside")),
        (Annotation.state.in_(("submitted", "approved")), literal("submitted")),
        else_=literal("open"),
    )


@cache
def annotations(dialect: str) -> Select[Any]:
    """Give the Select of annotations with the people around them."""
    aliases = people("created_by", "updated_by", "assignee")
    plain = ("id", "version", "kind", "state", "reason", "body", "body_html", "claim_text", "claimed_on")
    columns = [getattr(Annotation, name) for name in plain]
    columns += [
        Annotation.project_id.label("project"),
        Annotation.article_id.label("article"),
        tone().label("tone"),
    ]
    columns += [raw(Annotation.created_at, dialect).label("created_at")]
    columns += [raw(Annotation.updated_at, dialect).label("updated_at")]
    columns += [Annotation.deleted_at.is_not(None).label("deleted")]
    columns += [Speaker.id.label("claimant__id"), Speaker.name.label("claimant__name")]
    query = select(*columns, *person_columns(aliases)).select_from(Annotation)
    query = query.outerjoin(Speaker, Speaker.id == Annotation.claimant_id)
    return join_people(query, Annotation, aliases)


@cache
def one_annotation(dialect: str) -> Select[Any]:
    """Give the Select of the annotation `:id`."""
    return annotations(dialect).where(Annotation.id == bindparam("id"))


_PLACES = select(
    Span.annotation_id,
    Span.snapshot_id,
    Span.start,
    Span.end,
    Span.exact,
    Span.prefix,
    Span.suffix,
    Span.anchor,
    Span.reason,
)
_OF_ANNOTATIONS = Span.annotation_id.in_(bindparam("ids", expanding=True))
_NEWEST_FIRST = (Span.annotation_id, Snapshot.number.desc(), Span.ordinal)
_HERE = select(Span.annotation_id).where(Span.snapshot_id == bindparam("snapshot"))
_TAGS = select(Tag.annotation_id, Tag.tag)
# Kept, so that each is worked through once; `:ids` are annotations, `:snapshot` stands for all annotations on it.
SPANS_OF = (
    _PLACES.join(Snapshot, Snapshot.id == Span.snapshot_id).where(_OF_ANNOTATIONS).order_by(*_NEWEST_FIRST)
)
SPANS_ON = _PLACES.where(Span.snapshot_id == bindparam("snapshot")).order_by(Span.ordinal)
TAGS_OF = _TAGS.where(Tag.annotation_id.in_(bindparam("ids", expanding=True))).order_by(Tag.ordinal)
TAGS_ON = _TAGS.where(Tag.annotation_id.in_(_HERE)).order_by(Tag.ordinal)


def in_text_order(query: Select[Any], snapshot_id: str) -> Select[Any]:
    """Join the first span in the snapshot, so that the list can be sorted by its start."""
    first = and_(Span.annotation_id == Annotation.id, Span.snapshot_id == snapshot_id, Span.ordinal == 0)
    return query.join(Span, first).add_columns(Span.start.label("position"))


def found(args: dict[str, Any]) -> ColumnElement[bool]:
    """Give the condition for finding: words in note, claim and highlighted text; kind, state, tag, author."""
    conditions: list[ColumnElement[bool]] = [Annotation.deleted_at.is_(None)]
    conditions += [
        Annotation.folded.like(like(word), escape="\\") for word in fold(args.get("q") or "").split()[:16]
    ]
    for name, column in (
        ("kind", Annotation.kind),
        ("state", Annotation.state),
        ("author", Annotation.created_by_id),
    ):
        if args.get(name):
            conditions.append(column == args[name])
    if args.get("tag"):
        conditions.append(exists().where(Tag.annotation_id == Annotation.id, Tag.tag == args["tag"]))
    return and_(*conditions)


def touching(snapshot_id: str, start: int | None, end: int | None) -> ColumnElement[bool]:
    """Give the condition that a span touches `[start, end)` of the snapshot; None leaves that side open."""
    conditions = [Span.annotation_id == Annotation.id, Span.snapshot_id == snapshot_id]
    if start is not None:
        conditions.append(Span.end > start)
    if end is not None:
        conditions.append(Span.start < end)
    return exists().where(*conditions).correlate(Annotation)


def compact(snapshot_id: str) -> Select[Any]:
    """Give the Select that a page is painted from: annotation id, start, end, tone; by start, longest first."""
    unconfirmed = case((Span.anchor == "changed", literal("unconfirmed")), else_=tone())
    return (
        select(Span.annotation_id, Span.start, Span.end, unconfirmed)
        .join(Annotation, Annotation.id == Span.annotation_id)
        .where(Span.snapshot_id == snapshot_id, Annotation.deleted_at.is_(None), Span.anchor != "orphaned")
        .order_by(Span.start, Span.end.desc(), Span.annotation_id)
    )


def tags_of(project_id: str) -> Select[Any]:
    """Give the Select of a project's tags, each once, in order."""
    return (
        select(Tag.tag)
        .join(Annotation, Annotation.id == Tag.annotation_id)
        .join(Article, Article.id == Annotation.article_id)
        .where(Annotation.project_id == project_id, Annotation.live())
        .distinct()
        .order_by(Tag.tag)
    )
