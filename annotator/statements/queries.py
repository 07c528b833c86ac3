"""Selects of speakers and statements, and the conditions to find them by."""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from annotator import dates
from annotator.database import Model
from annotator.reading import like
from annotator.statements.models import Speaker, Statement, StatementTag
from annotator.text import fold

MOST_WORDS = 16
LAST = "9999-99-99"  # what is not dated stands behind what is


def spoken(words: str) -> ColumnElement[bool]:
    """Give the condition that each word stands in the statement or in its speaker's names."""
    condition: ColumnElement[bool] = Statement.live()
    who = aliased(Speaker)
    for word in fold(words).split()[:MOST_WORDS]:
        pattern = like(word)
        named = exists().where(who.id == Statement.speaker_id, who.folded.like(pattern, escape="\\"))
        condition &= or_(Statement.folded.like(pattern, escape="\\"), named)
    return condition


def found(args: dict[str, Any]) -> ColumnElement[bool]:
    """Give the condition for finding live statements: words, speaker, tag, and days it may have been said on."""
    condition = spoken(args["q"])
    if args["speaker"]:
        condition &= Statement.speaker_id == args["speaker"]
    if args["tag"]:
        condition &= exists().where(
            StatementTag.statement_id == Statement.id, StatementTag.tag == args["tag"]
        )
    if args["since"]:
        condition &= Statement.said_latest >= dates.parse(args["since"]).earliest
    if args["until"]:
        condition &= Statement.said_earliest <= dates.parse(args["until"]).latest
    return condition


def in_time() -> tuple[Any, ...]:
    """Give the columns that put statements in order of time, the undated last."""
    return (
        func.coalesce(cast(Statement.said_earliest, String), LAST),
        func.coalesce(cast(Statement.said_latest, String), LAST),
        Statement.id,
    )


def speaker_list(condition: ColumnElement[bool]) -> Select[Any]:
    """Give the Select of speakers with the number of their live statements and the first and last date of them."""
    mine = and_(Statement.speaker_id == Speaker.id, Statement.live())
    dated = select(Statement.said_on).where(mine, Statement.said_earliest.is_not(None)).limit(1)
    first = dated.order_by(Statement.said_earliest, Statement.said_latest)
    last = dated.order_by(Statement.said_latest.desc(), Statement.said_earliest.desc())
    return select(
        Speaker.id,
        Speaker.name,
        Speaker.kind,
        Speaker.also_known_as,
        sort_name().label("sort_name"),
        select(func.count())
        .select_from(Statement)
        .where(mine)
        .correlate(Speaker)
        .scalar_subquery()
        .label("count"),
        first.correlate(Speaker).scalar_subquery().label("first"),
        last.correlate(Speaker).scalar_subquery().label("last"),
    ).where(condition)


def sort_name() -> ColumnElement[str]:
    """Give the column that speakers are listed by."""
    return func.lower(Speaker.name)


def unmerged(project_id: str) -> ColumnElement[bool]:
    """Give the condition that a speaker of the project stands for itself."""
    return and_(Speaker.project_id == project_id, Speaker.merged_into_id.is_(None))


def tags_of(statements: list[str]) -> Select[Any]:
    """Give the Select of (statement, tag) in the order given."""
    query: Any = select(StatementTag.statement_id, StatementTag.tag).order_by(StatementTag.ordinal)
    tagged: Select[Any] = query.where(StatementTag.statement_id.in_(statements))
    return tagged


def topic_tags(project_id: str, speaker_id: str | None = None) -> Select[Any]:
    """Give the Select of the tags of a project's, or a speaker's, live statements, each once, in order."""
    query = select(StatementTag.tag).join(Statement, Statement.id == StatementTag.statement_id)
    query = query.where(Statement.project_id == project_id, Statement.live())
    if speaker_id:
        query = query.where(Statement.speaker_id == speaker_id)
    return query.distinct().order_by(StatementTag.tag)


def uses_of(statements: list[str]) -> Select[Any]:
    """Give the Select of the live links to these statements, each with its near end and that one's article.

    `words` are the claim's, or those that are highlighted where it has none of its own.
    """
    tables = Model.metadata.tables  # links and annotations stand on our right
    links, annotations, articles = tables["links"], tables["annotations"], tables["articles"]
    spans = tables["spans"].c
    marked = select(spans.exact).where(spans.annotation_id == annotations.c.id, spans.ordinal == 0)
    highlighted = marked.order_by(spans.snapshot_id.desc()).limit(1).correlate(annotations).scalar_subquery()
    return (
        select(
            links.c.id,
            links.c.statement_id,
            links.c.relation,
            links.c.contradiction_state,
            annotations.c.id.label("annotation"),
            func.coalesce(func.nullif(annotations.c.claim_text, ""), highlighted).label("words"),
            annotations.c.claimed_on,
            articles.c.id.label("article"),
            articles.c.title,
        )
        .join(annotations, annotations.c.id == links.c.annotation_id)
        .join(articles, articles.c.id == annotations.c.article_id)
        .where(
            links.c.statement_id.in_(statements),
            links.c.deleted_at.is_(None),
            annotations.c.deleted_at.is_(None),
            articles.c.deleted_at.is_(None),
        )
        .order_by(links.c.created_at, links.c.id)
    )


def quoting(statement_id: str, source_id: str) -> Select[Any]:
    """Give the Select of the links to the statement, deleted ones too, whose words stand in a copy of the source.

    A deleted one counts: brought back, it would show words of a source that nothing names any more.
    """
    tables = Model.metadata.tables
    links, annotations, articles = tables["links"], tables["annotations"], tables["articles"]
    copies = select(tables["snapshots"].c.id).where(tables["snapshots"].c.source_id == source_id)
    return (
        select(links.c.id, links.c.deleted_at.is_not(None).label("deleted"), articles.c.title)
        .join(annotations, annotations.c.id == links.c.annotation_id)
        .join(articles, articles.c.id == annotations.c.article_id)
        .where(links.c.statement_id == statement_id, links.c.passage_snapshot_id.in_(copies))
        .order_by(links.c.created_at, links.c.id)
    )


def claims_of(speaker_id: str) -> Select[Any]:
    """Give the Select of the ids of the annotations, deleted ones too, whose claimant the speaker is."""
    annotations = Model.metadata.tables["annotations"].c
    return select(annotations.id).where(annotations.claimant_id == speaker_id)
