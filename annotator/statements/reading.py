"""Speakers and statements as the API and the pages give them: a fixed number of queries whatever their number."""

from collections import Counter
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from annotator.compiled import dump_rows
from annotator.paging import Order, encode, narrowed
from annotator.reading import dialect_of, grouped, rows_of
from annotator.sources import library
from annotator.statements import queries
from annotator.statements.kind import SPEAKER, STATEMENT
from annotator.statements.models import Speaker, Statement
from annotator.statements.schemas import StatementOut
from annotator.timeline import Point

MOST_POINTS = 2_000
SHOWN_WORDS = 90
DOES = {
    "supports": "supports",
    "contradicts": "contradicts",
    "qualifies": "qualifies",
    "supersedes": "supersedes",
    "corrects": "corrects",
    "quotes": "quotes",
    "same_claim": "says the same as",
    "context": "gives context to",
}


def speaker(session: Session, key: str) -> dict[str, Any]:
    """Give a speaker, merged or not."""
    return library.read_one(session, SPEAKER, key)


def statement(session: Session, key: str) -> dict[str, Any]:
    """Give a statement with its tags, deleted or not."""
    return _dump(session, library.query(dialect_of(session), STATEMENT).where(Statement.id == key))[0]


def page(
    session: Session, condition: ColumnElement[bool], *, limit: int, cursor: str | None
) -> dict[str, Any]:
    """Give a page of statements, newest made first."""
    order = Order((Statement.created_at, Statement.id), descending=True)
    query = library.query(dialect_of(session), STATEMENT).where(condition)
    items = _dump(session, narrowed(query, order, limit, cursor))
    last = items[limit - 1] if len(items) > limit else None
    return {"items": items[:limit], "next": encode([last["created_at"], last["id"]]) if last else None}


def page_in_time(
    session: Session, condition: ColumnElement[bool], *, limit: int, cursor: str | None
) -> dict[str, Any]:
    """Give a page of statements in order of time, the undated last; each with its `uses` in words."""
    columns = queries.in_time()
    query = library.query(dialect_of(session), STATEMENT).where(condition)
    query = query.add_columns(columns[0].label("sort_first"), columns[1].label("sort_last"))
    result = session.execute(narrowed(query, Order(columns), limit, cursor))
    labels, rows = list(result.keys()), result.all()
    items = with_uses(session, _dumped(session, labels, rows[:limit]))
    last = rows[limit - 1] if len(rows) > limit else None
    return {"items": items, "next": encode([last.sort_first, last.sort_last, last.id]) if last else None}


def _dump(session: Session, query: Any) -> list[dict[str, Any]]:
    result = session.execute(query)
    return _dumped(session, list(result.keys()), result.all())


def _dumped(session: Session, labels: list[str], rows: Any) -> list[dict[str, Any]]:
    tags = grouped(rows_of(session, queries.tags_of([row.id for row in rows])).all()) if rows else {}
    return dump_rows(StatementOut, labels, rows, {"tags": tags})


def with_uses(session: Session, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give statements each with `uses`: in words, how many claims it supports, contradicts and so on."""
    rows: Any = session.execute(queries.uses_of([item["id"] for item in items])) if items else []
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        does = "rejected" if row.contradiction_state == "rejected" else row.relation
        counts.setdefault(row.statement_id, Counter())[does] += 1
    none: Counter[str] = Counter()
    return [{**item, "uses": in_words(counts.get(item["id"], none))} for item in items]


def in_words(counts: Counter[str]) -> str:
    """Say how a statement is used: `supports 2 claims, 1 contradiction rejected`; empty when it is not."""
    told = [f"{does} {_counted(counts[key], 'claim')}" for key, does in DOES.items() if counts[key]]
    if counts["rejected"]:
        told.append(f"{_counted(counts['rejected'], 'contradiction')} rejected")
    return ", ".join(told)


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def uses(session: Session, key: str) -> list[dict[str, Any]]:
    """Give the live links that use a statement, oldest first."""
    return [dict(row) for row in session.execute(queries.uses_of([key])).mappings()]


def points(session: Session, condition: ColumnElement[bool], *, language: str) -> list[Point]:
    """Give the statements as points in time, at most 2,000; with the translation where it is not in the `language`."""
    about = (Statement.said_on, Statement.quote, Statement.role, Statement.occasion)
    query = select(Statement.id, Statement.language, Statement.translation, *about)
    rows = session.execute(query.where(condition).order_by(*queries.in_time()).limit(MOST_POINTS))
    return [
        Point(
            row.id,
            row.said_on,
            shortened(row.quote),
            href=f"/statements/{row.id}/",
            note=", ".join(filter(None, (row.role, row.occasion))),
            translation=shortened(row.translation) if is_foreign(row.language, language) else "",
        )
        for row in rows
    ]


def is_foreign(language: str, own: str) -> bool:
    """Tell whether words in `language` are not in one's `own`: regions and scripts aside, unknown counts as foreign."""
    return primary(language) != primary(own)


def primary(language: str) -> str:
    """Give the first part of a language tag (RFC 5646) in small letters: `uk` of `uk-UA`."""
    return language.partition("-")[0].lower()


def shortened(words: str, most: int = SHOWN_WORDS) -> str:
    """Give the words in one line, cut at a space where they are long."""
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0]} …"


def speakers_page(
    session: Session, project_id: str, words: str, *, limit: int, cursor: str | None
) -> dict[str, Any]:
    """Give a page of the project's speakers by name, with the number of statements and their first and last date."""
    condition = queries.unmerged(project_id) & library.matching(SPEAKER, words)
    order = Order((queries.sort_name(), Speaker.id))
    rows: list[Any] = list(
        session.execute(narrowed(queries.speaker_list(condition), order, limit, cursor)).mappings()
    )
    last = rows[limit - 1] if len(rows) > limit else None
    return {"items": rows[:limit], "next": encode([last["sort_name"], last["id"]]) if last else None}
