"""What the palette finds while somebody types: sources, speakers, statements and annotations of the project."""

from typing import Any

from sqlalchemy import ColumnElement, case, literal, or_, select
from sqlalchemy.orm import Session

from annotator.annotations.models import Annotation, Span
from annotator.articles.models import Article
from annotator.reading import like
from annotator.sources.models import Source
from annotator.statements.models import Speaker, Statement
from annotator.text import fold

SHARE = 8  # of each kind, so that no kind pushes the others out
SHOWN = 160


def _words(column: Any, folded_words: list[str]) -> list[ColumnElement[bool]]:
    return [column.like(like(word), escape="\\") for word in folded_words]


def find(
    session: Session, project_id: str, words: str, *, article: str | None = None, limit: int = 20
) -> list[dict[str, Any]]:
    """Give at most `limit` things that fit all words: newest first within each kind, annotations of `article` first."""
    asked = fold(words).split()[:16]
    share = min(SHARE, limit)
    found = [
        _sources(session, project_id, asked, share),
        _statements(session, project_id, asked, share),
        _annotations(session, project_id, asked, share, article),
        _speakers(session, project_id, asked, share),
    ]
    while sum(map(len, found)) > limit:
        max(found, key=len).pop()
    return [result for kind in found for result in kind]


def _result(
    kind: str, key: str, title: str, detail: str, date: str | None, article: str | None = None
) -> dict[str, Any]:
    return {
        "kind": kind,
        "id": key,
        "title": _cut(title),
        "detail": _cut(detail),
        "date": date,
        "article": article,
    }


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _sources(session: Session, project_id: str, asked: list[str], share: int) -> list[dict[str, Any]]:
    query = (
        select(Source.id, Source.title, Source.publisher, Source.url, Source.published_on)
        .where(Source.project_id == project_id, *_words(Source.folded, asked))
        .order_by(Source.created_at.desc(), Source.id.desc())
        .limit(share)
    )
    rows = session.execute(query)
    return [
        _result("source", key, title, publisher or url, date) for key, title, publisher, url, date in rows
    ]


def _statements(session: Session, project_id: str, asked: list[str], share: int) -> list[dict[str, Any]]:
    matches = [
        or_(Statement.folded.like(like(word), escape="\\"), Speaker.folded.like(like(word), escape="\\"))
        for word in asked
    ]
    query = (
        select(Statement.id, Speaker.name, Statement.quote, Statement.said_on)
        .join(Speaker, Speaker.id == Statement.speaker_id)
        .where(Statement.project_id == project_id, *matches)
        .order_by(Statement.created_at.desc(), Statement.id.desc())
        .limit(share)
    )
    return [_result("statement", key, name, quote, date) for key, name, quote, date in session.execute(query)]


def _annotations(
    session: Session, project_id: str, asked: list[str], share: int, article: str | None
) -> list[dict[str, Any]]:
    here = case((Annotation.article_id == article, literal(0)), else_=literal(1))
    query = (
        select(
            Annotation.id,
            Annotation.claim_text,
            Span.exact,
            Article.title,
            Annotation.claimed_on,
            Annotation.article_id,
        )
        .join(Article, Article.id == Annotation.article_id)
        .join(Span, (Span.annotation_id == Annotation.id) & (Span.ordinal == 0))
        .where(Annotation.project_id == project_id, Annotation.live(), *_words(Annotation.folded, asked))
        .order_by(here, Annotation.created_at.desc(), Annotation.id.desc())
        .limit(share)
    )
    return [
        _result("annotation", key, claim or exact, title, date, where)
        for key, claim, exact, title, date, where in session.execute(query)
    ]


def _speakers(session: Session, project_id: str, asked: list[str], share: int) -> list[dict[str, Any]]:
    query = (
        select(Speaker.id, Speaker.name, Speaker.description)
        .where(Speaker.project_id == project_id, *_words(Speaker.folded, asked))
        .order_by(Speaker.name, Speaker.id)
        .limit(share)
    )
    return [
        _result("speaker", key, name, description, None) for key, name, description in session.execute(query)
    ]
