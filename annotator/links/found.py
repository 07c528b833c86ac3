"""Things that the palette found, by their ids, as it shows them; and the newest of each kind."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import case, func, literal, select
from sqlalchemy.orm import Session

from annotator.annotations.models import Annotation, Span
from annotator.articles.models import Article, Snapshot
from annotator.protection import readable
from annotator.sources.models import Source
from annotator.statements.models import Speaker, Statement

SHOWN = 160
Result = dict[str, Any]


def _result(
    kind: str,
    key: str,
    title: str,
    detail: str,
    date: str | None,
    article: str | None = None,
    speaker: tuple[str, str] | None = None,
) -> Result:
    return {
        "kind": kind,
        "id": key,
        "title": _cut(title),
        "detail": _cut(detail),
        "date": date,
        "article": article,
        "speaker": {"id": speaker[0], "name": speaker[1]} if speaker else None,
        "same_speaker": None,
    }


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _sources(session: Session, keys: Sequence[str]) -> list[Result]:
    columns = (Source.id, Source.title, Source.publisher, Source.url, Source.published_on)
    rows = session.execute(select(*columns).where(Source.id.in_(keys), Source.live(), readable(Source)))
    return [
        _result("source", key, title, publisher or url, date) for key, title, publisher, url, date in rows
    ]


def _statements(session: Session, keys: Sequence[str]) -> list[Result]:
    columns = (Statement.id, Speaker.id, Speaker.name, Statement.quote, Statement.said_on)
    query = select(*columns).join(Speaker, Speaker.id == Statement.speaker_id)
    rows = session.execute(query.where(Statement.id.in_(keys), Statement.live()))
    return [
        _result("statement", key, name, quote, date, speaker=(who, name))
        for key, who, name, quote, date in rows
    ]


def _annotations(session: Session, keys: Sequence[str]) -> list[Result]:
    about: tuple[Any, ...] = (Annotation.id, Annotation.claim_text, Annotation.claimed_on, Article.id)
    columns = (*about, Article.title, Span.exact, Speaker.id, Speaker.name)
    query = (
        select(*columns)
        .join(Article, Article.id == Annotation.article_id)
        .join(Span, (Span.annotation_id == Annotation.id) & (Span.ordinal == 0))
        .join(Snapshot, Snapshot.id == Span.snapshot_id)
        .outerjoin(Speaker, Speaker.id == Annotation.claimant_id)
        .where(Annotation.id.in_(keys), Annotation.live())
        .order_by(Snapshot.number)  # the words on the newest snapshot are kept below
    )
    return [
        _result(
            "annotation", key, claim or exact, title, date, where, None if who is None else (who, str(name))
        )
        for key, claim, date, where, title, exact, who, name in session.execute(query)
    ]


def _speakers(session: Session, keys: Sequence[str]) -> list[Result]:
    columns = (Speaker.id, Speaker.name, Speaker.description)
    rows = session.execute(select(*columns).where(Speaker.id.in_(keys)))
    return [_result("speaker", key, name, description, None) for key, name, description in rows]


READING: dict[str, Callable[[Session, Sequence[str]], list[Result]]] = {
    "source": _sources,
    "statement": _statements,
    "annotation": _annotations,
    "speaker": _speakers,
}


def newest(session: Session, project_id: str, kind: str, count: int, article: str | None) -> list[str]:
    """Give the ids of the newest things of a kind: annotations of `article` first, speakers by name."""
    here = case((Annotation.article_id == article, literal(0)), else_=literal(1))
    models: dict[str, tuple[Any, list[Any], list[Any]]] = {
        "source": (Source, [Source.live(), readable(Source)], [Source.created_at.desc()]),
        "statement": (Statement, [Statement.live()], [Statement.created_at.desc()]),
        "annotation": (Annotation, [Annotation.live()], [here, Annotation.created_at.desc()]),
        "speaker": (Speaker, [Speaker.merged_into_id.is_(None)], [func.lower(Speaker.name)]),
    }
    model, conditions, order = models[kind]
    query = select(model.id).where(model.project_id == project_id, *conditions)
    return list(session.scalars(query.order_by(*order, model.id.desc()).limit(count)))
