"""Selects of links with both ends, labelled for their schema."""

from functools import cache
from typing import Any

from sqlalchemy import Select, String, and_, bindparam, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from annotator.annotations.models import Annotation, Span
from annotator.articles.models import Article, Snapshot
from annotator.links.models import Link
from annotator.projects.models import Project
from annotator.protection import PROTECTED, readable
from annotator.reading import join_people, people, person_columns, raw
from annotator.sources.models import Source
from annotator.statements.models import Speaker, Statement

PLAIN = (
    "id",
    "version",
    "relation",
    "locator_kind",
    "locator",
    "group",
    "assumption",
    "note",
    "contradiction_kind",
    "acknowledged",
    "consistency",
    "explanation",
    "contradiction_state",
    "decision_reason",
    "draft",
)
FAR_ID = func.coalesce(Link.source_id, Link.statement_id, Link.target_id)
Near = aliased(Annotation)
NearArticle = aliased(Article)
Target = aliased(Annotation)
TargetArticle = aliased(Article)
TargetSpan = aliased(Span)
SaidIn = aliased(Source)
Claimant = aliased(Speaker)
PassageCopy = aliased(Snapshot)
PassageSource = aliased(Source)


def _target_words() -> Any:
    """Give the highlighted words of the target annotation: those of its first span on the oldest snapshot's row."""
    return (
        select(TargetSpan.exact)
        .where(TargetSpan.annotation_id == Link.target_id, TargetSpan.ordinal == 0)
        .order_by(TargetSpan.snapshot_id.desc())
        .limit(1)
        .correlate(Link)
        .scalar_subquery()
    )


def _far_columns() -> list[Any]:
    return [*_named_columns(), *_said_columns(), *_from_columns(), *_protection_columns(), *_ends_columns()]


def _named_columns() -> list[Any]:
    kind = case(
        (Link.source_id.is_not(None), literal("source")),
        (Link.statement_id.is_not(None), literal("statement")),
        else_=literal("annotation"),
    )
    nothing = func.nullif(literal("", String), "")
    return [
        FAR_ID.label("far__id"),
        kind.label("far__kind"),
        func.coalesce(Source.title, Speaker.name, TargetArticle.title).label("far__title"),
        case(
            (Link.target_id.is_not(None), func.coalesce(func.nullif(Target.claim_text, ""), _target_words())),
            else_=func.coalesce(Statement.quote, nothing),
        ).label("far__quote"),
        func.nullif(Statement.translation, "").label("far__translation"),
        func.nullif(Statement.translator, "").label("far__translator"),
    ]


def _said_columns() -> list[Any]:
    return [
        Statement.role.label("far__role"),
        Statement.occasion.label("far__occasion"),
        Statement.medium.label("far__medium"),
        Statement.valid_from_on.label("far__valid_from"),
        Statement.valid_until_on.label("far__valid_until"),
        Statement.locator.label("far__locator"),
        func.coalesce(
            Source.published_on, Statement.said_on, Target.claimed_on, TargetArticle.published_on
        ).label("far__date"),
    ]


def _from_columns() -> list[Any]:
    return [
        func.nullif(func.coalesce(Source.url, SaidIn.url, TargetArticle.url), "").label("far__url"),
        func.nullif(func.coalesce(Source.publisher, SaidIn.publisher, TargetArticle.publisher), "").label(
            "far__publisher"
        ),
        func.coalesce(Source.tier, SaidIn.tier).label("far__tier"),
        func.nullif(func.coalesce(Source.independence_group, SaidIn.independence_group), "").label(
            "far__independence_group"
        ),
    ]


def _ends_columns() -> list[Any]:
    return [
        func.coalesce(Speaker.id, Claimant.id).label("far__speaker__id"),
        func.coalesce(Speaker.name, Claimant.name).label("far__speaker__name"),
        TargetArticle.id.label("far__article__id"),
        TargetArticle.title.label("far__article__title"),
        SaidIn.id.label("far__source__id"),
        SaidIn.title.label("far__source__title"),
        SaidIn.url.label("far__source__url"),
        func.coalesce(Source.version, Statement.version, Target.version).label("far__version"),
        func.coalesce(Source.deleted_at, Statement.deleted_at, Target.deleted_at, TargetArticle.deleted_at)
        .is_not(None)
        .label("far__deleted"),
    ]


def _protection_columns() -> list[Any]:
    """Say whether a source at the far end, behind a statement there or of the passage's copy is protected, and hidden.

    The readers are looked up for a protected source alone: a list without any pays nothing for it.
    """
    said_in, words_in = _unseen(SaidIn), _unseen(PassageSource)
    closed = or_(_unseen(Source), words_in)
    return [
        or_(*map(_protected, (Source, SaidIn, PassageSource))).label("far__protected"),
        or_(closed, said_in).label("far__hidden"),
        closed.label("far__closed"),
    ]


def _protected(source: Any) -> Any:
    return func.coalesce(source.confidentiality, "") == PROTECTED


def _unseen(source: Any) -> Any:
    return and_(_protected(source), ~readable(source))


def _passage_columns() -> list[Any]:
    names = ("start", "end", "exact", "prefix", "suffix")
    columns = [Link.passage_snapshot_id.label("passage__snapshot")]
    return columns + [getattr(Link, f"passage_{name}").label(f"passage__{name}") for name in names]


def _comparison_columns() -> list[Any]:
    return [
        Near.claimed_on.label("near_claimed_on"),
        NearArticle.published_on.label("near_published_on"),
        Near.claimant_id.label("near_claimant_id"),
        Target.claimant_id.label("far_claimant_id"),
        func.coalesce(Link.source_id, Statement.source_id).label("source_behind"),
    ]


@cache
def links(dialect: str) -> Select[Any]:
    """Give the Select of links with both ends."""
    aliases = people("created_by", "updated_by", "proposed_by", "decided_by")
    columns: list[Any] = [getattr(Link, name).label(name) for name in PLAIN]
    columns += [Link.project_id.label("project"), Link.annotation_id.label("annotation")]
    columns += [
        raw(Link.created_at, dialect).label("created_at"),
        raw(Link.updated_at, dialect).label("updated_at"),
    ]
    columns += [raw(Link.decided_at, dialect).label("decided_at")]
    columns += [Link.deleted_at.is_not(None).label("deleted")]
    columns += [*_passage_columns(), *_far_columns(), *_comparison_columns(), *person_columns(aliases)]
    query = (
        select(*columns)
        .select_from(Link)
        .join(Near, Near.id == Link.annotation_id)
        .join(NearArticle, NearArticle.id == Near.article_id)
        .outerjoin(Source, Source.id == Link.source_id)
        .outerjoin(Statement, Statement.id == Link.statement_id)
        .outerjoin(Speaker, Speaker.id == Statement.speaker_id)
        .outerjoin(SaidIn, SaidIn.id == Statement.source_id)
        .outerjoin(PassageCopy, PassageCopy.id == Link.passage_snapshot_id)
        .outerjoin(PassageSource, PassageSource.id == PassageCopy.source_id)
        .outerjoin(Target, Target.id == Link.target_id)
        .outerjoin(TargetArticle, TargetArticle.id == Target.article_id)
        .outerjoin(Claimant, Claimant.id == Target.claimant_id)
    )
    return join_people(query, Link, aliases)


@cache
def one_link(dialect: str) -> Select[Any]:
    """Give the Select of the link `:id`."""
    return links(dialect).where(Link.id == bindparam("id"))


@cache
def links_of(dialect: str) -> Select[Any]:
    """Give the Select of the live links of the annotations `:ids`."""
    return _live(links(dialect).where(Link.annotation_id.in_(bindparam("ids", expanding=True))))


@cache
def links_at(dialect: str) -> Select[Any]:
    """Give the Select of the live links of the annotation `:id`, and of those of other annotations that end at it."""
    here = or_(Link.annotation_id == bindparam("id"), Link.target_id == bindparam("id"))
    stands = (Near.deleted_at.is_(None), NearArticle.deleted_at.is_(None))
    return _live(links(dialect).where(here, *stands))


@cache
def links_on(dialect: str) -> Select[Any]:
    """Give the Select of the live links of all annotations of the article that `:snapshot` belongs to."""
    article = select(Snapshot.article_id).where(Snapshot.id == bindparam("snapshot")).scalar_subquery()
    return _live(links(dialect).where(Near.article_id == article))


def _live(query: Select[Any]) -> Select[Any]:
    contradictions_first = case((Link.relation == "contradicts", 0), else_=1)
    return query.where(Link.deleted_at.is_(None)).order_by(contradictions_first, Link.created_at, Link.id)


# Kept, so that each is worked through once: what the project `:id` asks of evidence, and the
# newest copy of each of the sources `:ids` in one query with it.
_Newer = aliased(Snapshot)
_NEWEST = select(func.max(_Newer.number)).where(_Newer.source_id == Snapshot.source_id).correlate(Snapshot)
_OF_SOURCES = and_(
    Snapshot.source_id.in_(bindparam("ids", expanding=True)), Snapshot.number == _NEWEST.scalar_subquery()
)
ASKED = (
    Project.locator_required,
    Project.archived_copy_required,
    Project.primary_required,
    Project.independent_sources_needed,
)
POLICY = select(*ASKED).where(Project.id == bindparam("id"))
COPIES = (
    select(*ASKED, Snapshot.source_id, Snapshot.id, Snapshot.number, Snapshot.captured_at)
    .outerjoin(Snapshot, _OF_SOURCES)
    .where(Project.id == bindparam("id"))
)
