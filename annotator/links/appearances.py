"""Where the same claim was made: annotations joined by `same_claim`, however many links lie between them."""

from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from annotator.annotations.models import Annotation, Span
from annotator.articles.models import Article, Snapshot
from annotator.links.models import Link
from annotator.reading import rows_of
from annotator.statements.models import Speaker

FARTHEST = 20  # links from the claim
MOST = 200
Near, Target = aliased(Annotation), aliased(Annotation)
NearArticle, TargetArticle = aliased(Article), aliased(Article)
_IDS: Any = bindparam("ids", expanding=True)
# Kept, so that each is worked through once. A deleted annotation, or one of a deleted article, joins nothing.
NEXT = (
    select(Link.annotation_id, Link.target_id)
    .join(Near, Near.id == Link.annotation_id)
    .join(NearArticle, NearArticle.id == Near.article_id)
    .join(Target, Target.id == Link.target_id)
    .join(TargetArticle, TargetArticle.id == Target.article_id)
    .where(
        Link.relation == "same_claim",
        Link.deleted_at.is_(None),
        or_(Link.annotation_id.in_(_IDS), Link.target_id.in_(_IDS)),
        *(one.deleted_at.is_(None) for one in (Near, NearArticle, Target, TargetArticle)),
    )
)


def _words() -> Any:
    """Give the Select of the annotations `:ids` with the words of their first span on the newest snapshot."""
    newest = select(func.max(Snapshot.number)).where(Snapshot.article_id == Article.id).correlate(Article)
    here = and_(Snapshot.article_id == Article.id, Snapshot.number == newest.scalar_subquery())
    first = and_(Span.annotation_id == Annotation.id, Span.snapshot_id == Snapshot.id, Span.ordinal == 0)
    day = func.coalesce(Annotation.claimed_earliest, Article.published_earliest)
    published = func.coalesce(Article.published_earliest, day)
    columns = (
        Annotation.id,
        Annotation.claim_text,
        Span.exact,
        Article.id.label("article_id"),
        Article.title,
        Speaker.id.label("speaker_id"),
        Speaker.name,
        func.coalesce(Annotation.claimed_on, Article.published_on).label("date"),
        day.label("day"),
    )
    query: Any = select(*columns).join(Article, Article.id == Annotation.article_id)
    query = query.join(Snapshot, here).outerjoin(Span, first)
    query = query.outerjoin(Speaker, Speaker.id == Annotation.claimant_id)
    return query.where(Annotation.id.in_(_IDS)).order_by(day.is_(None), day, published, Annotation.created_at)


WORDS = _words()


def appearances(session: Session, annotation_id: str) -> list[dict[str, Any]]:
    """Give the claim and every other place where it was made, the earliest first, those without a date last.

    `first` marks the earliest of several that has a date; a month or year counts from its first day, as EDTF sorts.
    """
    found = listed(session, _joined(session, annotation_id))
    for place, one in enumerate(found):
        one["first"] = place == 0 and len(found) > 1 and one["date"] is not None
        one["here"] = one["id"] == annotation_id
    return found


def listed(session: Session, keys: list[str]) -> list[dict[str, Any]]:
    """Give these annotations with their words, articles and claimants, by date, those without one last."""
    return [
        {
            "id": row.id,
            "words": row.claim_text or row.exact or "",
            "article": {"id": row.article_id, "title": row.title},
            "claimant": {"id": row.speaker_id, "name": row.name} if row.speaker_id else None,
            "date": row.date,
        }
        for row in rows_of(session, WORDS, {"ids": keys})
    ]


def _joined(session: Session, annotation_id: str) -> list[str]:
    """Walk the links of `same_claim` both ways, ring by ring, each annotation once."""
    found, ring = {annotation_id}, {annotation_id}
    for _ in range(FARTHEST):
        rows = rows_of(session, NEXT, {"ids": list(ring)}).all()
        ring = {key for row in rows for key in row} - found
        if not ring or len(found) > MOST:
            break
        found |= ring
    return sorted(found)
