"""Conditions and columns of sources: where they are used, their copies, and what protected ones show."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select
from sqlalchemy.orm import aliased

from annotator.articles.models import Article, Snapshot
from annotator.columns import JsonType
from annotator.database import Model
from annotator.protection import PROTECTED, TITLE, masked, readable
from annotator.sources.models import Source, SourceCheck

INSTEAD: dict[str, Any] = {
    "title": TITLE,
    "confidentiality": PROTECTED,
    "authors": [],
    **dict.fromkeys(("url", "doi", "publisher", "type", "independence_group", "interests", "note"), ""),
}
Newest = aliased(Snapshot)


def shown(name: str, column: Any) -> Any:
    """Give a column of a source as whoever asks may see it."""
    if name == "authors":
        return case((readable(Source), column), else_=literal([], JsonType))
    return masked(Source, column, INSTEAD.get(name))


def live_links(column: str, key: Any) -> Select[Any]:
    """Give the Select of the ids of links whose `column` is `key`, without deleted ones and those in deleted text."""
    return _live(Model.metadata.tables["links"].c[column] == key)


def _live(condition: ColumnElement[bool]) -> Select[Any]:
    links, annotations = (Model.metadata.tables[name] for name in ("links", "annotations"))
    query: Select[Any] = (
        select(links.c.id)
        .select_from(links)
        .join(annotations, annotations.c.id == links.c.annotation_id)
        .join(Article, Article.id == annotations.c.article_id)
        .where(condition, links.c.deleted_at.is_(None))
        .where(annotations.c.deleted_at.is_(None), Article.deleted_at.is_(None))
    )
    return query


def _number(query: Select[Any], model: Any) -> Any:
    return query.with_only_columns(func.count()).correlate(model).scalar_subquery()


def uses() -> Any:
    """Give the number of live links to a source."""
    return _number(live_links("source_id", Source.id), Source)


def passages() -> Any:
    """Give the number of live links whose passage stands in a snapshot."""
    return _number(live_links("passage_snapshot_id", Snapshot.id), Snapshot)


def links_on(source_id: str) -> Select[Any]:
    """Give the Select of the ids of live links that hang on a source.

    They lead to it, or their words stand in a copy of it: a link to a statement quotes the source of the statement.
    """
    links = Model.metadata.tables["links"]
    copies = select(Snapshot.id).where(Snapshot.source_id == source_id)
    quoted = select(links.c.id).where(links.c.passage_snapshot_id.in_(copies))
    direct = select(links.c.id).where(links.c.source_id == source_id)
    return _live(links.c.id.in_(direct.union(quoted)))


def statements_of(source_id: str) -> Select[Any]:
    """Give the Select of the ids of live statements that name a source."""
    statements = Model.metadata.tables["statements"]
    query: Select[Any] = select(statements.c.id).where(
        statements.c.source_id == source_id, statements.c.deleted_at.is_(None)
    )
    return query.order_by(statements.c.id).limit(100)


def unused() -> ColumnElement[bool]:
    """Give the condition that neither a live link nor a live statement names the source.

    The two lists of used sources are made once, not looked through for each source.
    """
    links, statements = (Model.metadata.tables[name] for name in ("links", "statements"))
    linked = _live(links.c.source_id.is_not(None)).with_only_columns(links.c.source_id)
    cited = select(statements.c.source_id).where(
        statements.c.source_id.is_not(None), statements.c.deleted_at.is_(None)
    )
    return Source.id.not_in(linked) & Source.id.not_in(cited)


def outcome_of(snapshot: Any) -> Any:
    """Give what came of the capture of a snapshot; NULL for one from before that was kept."""
    query = select(SourceCheck.outcome).where(SourceCheck.snapshot_id == snapshot.id)
    return query.limit(1).correlate(snapshot).scalar_subquery()


def joined(query: Select[Any]) -> Select[Any]:
    """Add what a source shows beside its own columns: its uses, its copies, the newest of them."""
    last = select(func.max(Snapshot.number)).where(Snapshot.source_id == Source.id)
    newest = and_(
        Newest.source_id == Source.id,
        Newest.number == last.correlate(Source).scalar_subquery(),
        readable(Source),
    )
    copies = select(func.count()).where(Snapshot.source_id == Source.id).correlate(Source).scalar_subquery()
    return query.outerjoin(Newest, newest).add_columns(
        (Source.confidentiality == PROTECTED).label("protected"),
        masked(Source, uses(), 0).label("uses"),
        masked(Source, copies, 0).label("copies"),
        Newest.id.label("newest__id"),
        Newest.id.label("newest__snapshot"),
        Newest.number.label("newest__number"),
        Newest.captured_at.label("newest__captured_at"),
        Newest.method.label("newest__method"),
        outcome_of(Newest).label("newest__outcome"),
    )


def filtered(args: dict[str, Any]) -> ColumnElement[bool]:
    """Give the condition for the list's filters; what is hidden from whoever asks cannot be found by them."""
    columns = {"type": Source.type, "tier": Source.tier, "group": Source.independence_group}
    asked = [columns[name] == args[name] for name in columns if args[name]]
    if args["unused"]:
        asked.append(unused())
    condition = and_(Source.live(), *asked)
    if args["confidentiality"]:
        condition &= Source.confidentiality == args["confidentiality"]
    return condition & readable(Source) if asked else condition


def groups(project_id: str) -> Select[str]:
    """Give the Select of the independence groups in use, by name."""
    return (
        select(Source.independence_group)
        .where(
            Source.project_id == project_id, Source.independence_group != "", Source.live(), readable(Source)
        )
        .distinct()
        .order_by(Source.independence_group)
        .limit(200)
    )
