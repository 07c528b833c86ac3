"""Annotations as search sees them: the claim, the words of the newest places, the note and the tags."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from annotator.annotations.models import Annotation, Span, Tag
from annotator.articles.models import Article, Snapshot
from annotator.reading import grouped
from annotator.search.operations import Entry


def words_of(claim: str, body: str, spans: Sequence[str], tags: Sequence[str]) -> tuple[str, ...]:
    """Give what an annotation is found by."""
    return (claim, *spans, body, *tags)


def entries(session: Session, condition: ColumnElement[bool]) -> Iterator[Entry]:
    """Give the annotations that fit and are not deleted; whether their article is, a search asks for itself."""
    spans, tags = _spans(session, condition), _tags(session, condition)
    about: tuple[Any, ...] = (Annotation.id, Annotation.project_id, Annotation.article_id)
    more: tuple[Any, ...] = (Annotation.claimant_id, Annotation.claimed_earliest, Article.language)
    columns = (*about, *more, Annotation.claim_text, Annotation.body)
    query = select(*columns)
    query = query.join(Article, Article.id == Annotation.article_id)
    rows = session.execute(
        query.where(condition, Annotation.deleted_at.is_(None)).order_by(Annotation.created_at)
    )
    for key, project, article, speaker, day, language, claim, body in rows:
        found = words_of(claim, body, spans.get(key, ()), tags.get(key, ()))
        yield Entry(key, project, found, language=language, speaker=speaker, day=day, within=article)


def _spans(session: Session, condition: ColumnElement[bool]) -> dict[str, list[str]]:
    """Give the words of the places on the newest snapshot each annotation stands on, in their order."""
    newest = func.max(Snapshot.number).over(partition_by=Span.annotation_id)
    columns = (Span.annotation_id, Span.exact, Span.ordinal, Snapshot.number, newest.label("newest"))
    places = select(*columns).join(Snapshot, Snapshot.id == Span.snapshot_id)
    found = places.join(Annotation, Annotation.id == Span.annotation_id).where(condition).subquery()
    query = select(found.c.annotation_id, found.c.exact).where(found.c.number == found.c.newest)
    return grouped(session.execute(query.order_by(found.c.ordinal)))


def _tags(session: Session, condition: ColumnElement[bool]) -> dict[str, list[str]]:
    query = select(Tag.annotation_id, Tag.tag).join(Annotation, Annotation.id == Tag.annotation_id)
    return grouped(session.execute(query.where(condition).order_by(Tag.ordinal)))
