"""What is asked of the full-text index, in the language of each database, and its answers by the shortest way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from annotator.reading import dialect_of, rows_of
from annotator.search.models import PREFIXES, SearchEntry

ENDINGS = 64  # terms that begin alike and are asked for one by one
ENOUGH = 2_000  # found more often on PostgreSQL, the newest are found by walking back from the end
RECENT = 300  # entries of a kind that are looked through first on PostgreSQL: what is common stands there
INDEX = table("search_index", column("rowid"), column("search_index"))
LEXEMES: ColumnElement[Any] = literal_column("search_entries.lexemes")
LEAPING = text("""
WITH RECURSIVE found(term) AS (
    SELECT (SELECT term FROM search_terms WHERE term >= :start LIMIT 1)
    UNION ALL
    SELECT (SELECT term FROM search_terms WHERE term >= found.term || char(1) LIMIT 1)
    FROM found WHERE found.term < :end LIMIT :most
)
SELECT term FROM found WHERE term < :end
""")


@dataclass(frozen=True, slots=True)
class Asked:
    """One of its terms must be there; `start` may be but the beginning of one."""

    terms: tuple[str, ...]
    start: str = ""


def expression(session: Session, wanted: Iterable[Asked]) -> str:
    """Write what is asked for in the database's own language, each term in quotes (FTS5 3.1, PostgreSQL 8.11.2)."""
    if dialect_of(session) == "sqlite":
        return " AND ".join(f"({_either_sqlite(session, one)})" for one in wanted)
    return " & ".join(f"({_either_postgresql(one)})" for one in wanted)


def _either_sqlite(session: Session, one: Asked) -> str:
    terms = [_quoted_sqlite(term) for term in one.terms]
    if not one.start:
        return " OR ".join(terms)
    # FTS5 gathers all entries of all terms that begin so before it gives the first, unless the beginning is a term
    # of its own, as the short ones are; a few terms that are named, it reads along only as far as it must.
    endings = _endings(session, one.start) if len(one.start) > PREFIXES else []
    if 0 < len(endings) < ENDINGS:
        return " OR ".join([*terms, *map(_quoted_sqlite, endings)])
    return " OR ".join([*terms, _quoted_sqlite(one.start) + "*"])


def _endings(session: Session, start: str) -> Sequence[str]:
    """Give at most 64 terms that begin so, by leaping from one to the next."""
    values = {"start": start, "end": start + "\U0010ffff", "most": ENDINGS}
    return rows_of(session, LEAPING, values).scalars().all()


def _either_postgresql(one: Asked) -> str:
    terms = [_quoted_postgresql(term) for term in one.terms]
    return " | ".join([*terms, _quoted_postgresql(one.start) + ":*"] if one.start else terms)


def _quoted_sqlite(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _quoted_postgresql(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


@cache
def matching(dialect: str) -> Any:
    """Give the Select of number, kind and thing of the entries that match the parameter `asked`."""
    query = select(SearchEntry.number, SearchEntry.kind, SearchEntry.thing_id)
    if dialect == "sqlite":
        matches = INDEX.c.search_index.op("MATCH")(bindparam("asked"))
        return query.join_from(INDEX, SearchEntry, SearchEntry.number == INDEX.c.rowid).where(matches)
    return query.where(_fits())


def _fits() -> ColumnElement[bool]:
    return LEXEMES.op("@@", is_comparison=True)(cast(bindparam("asked"), TSQUERY))


@cache
def ids(dialect: str) -> Select[Any]:
    """Give the Select of at most `most` numbers of entries that match; on SQLite of the newest."""
    if dialect == "sqlite":
        matches = INDEX.c.search_index.op("MATCH")(bindparam("asked"))
        query = select(INDEX.c.rowid).where(matches).order_by(INDEX.c.rowid.desc())
    else:
        query = select(SearchEntry.number).where(_fits())
    return query.limit(bindparam("most"))


def newest(
    session: Session,
    project: str,
    kinds: Sequence[str],
    wanted: Sequence[Asked],
    limit: int,
    where: ColumnElement[bool] | None,
) -> Sequence[Any]:
    """Give number, kind and thing of the newest entries that fit, at most `limit`."""
    dialect = dialect_of(session)
    values = {"asked": expression(session, wanted), "most": limit, "enough": ENOUGH, "recent": RECENT}
    query = matching(dialect) if where is None else matching(dialect).where(where)
    if dialect == "sqlite":
        return rows_of(session, query.order_by(INDEX.c.rowid.desc()).limit(bindparam("most")), values).all()
    if len(kinds) == 1:
        values |= {"project": project, "kind": kinds[0]}
        rows = rows_of(session, _among_recent(where), values).all()
        if len(rows) == limit:
            return rows
    return _newest_of_all(session, query, values)


def _among_recent(where: ColumnElement[bool] | None) -> Any:
    """Give the Select of what fits among the last entries of one kind: a common word stands there often enough."""
    mine = (SearchEntry.project_id == bindparam("project")) & (SearchEntry.kind == bindparam("kind"))
    last = (
        select(SearchEntry.number, LEXEMES.label("lexemes")).where(mine).order_by(SearchEntry.number.desc())
    )
    recent = last.limit(bindparam("recent")).cte("recent").prefix_with("MATERIALIZED", dialect="postgresql")
    fits = recent.c.lexemes.op("@@", is_comparison=True)(cast(bindparam("asked"), TSQUERY))
    query = select(SearchEntry.number, SearchEntry.kind, SearchEntry.thing_id)
    query = query.join_from(recent, SearchEntry, SearchEntry.number == recent.c.number).where(fits)
    query = query if where is None else query.where(where)
    return query.order_by(SearchEntry.number.desc()).limit(bindparam("most"))


def _newest_of_all(session: Session, query: Select[Any], values: dict[str, Any]) -> Sequence[Any]:
    """Gather what fits before sorting it; where that is too much, walk back along the key from the newest."""
    found = query.limit(bindparam("enough")).cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    total = select(func.count()).select_from(found).scalar_subquery()
    few = select(found, total.label("total")).order_by(found.c.number.desc()).limit(bindparam("most"))
    rows = rows_of(session, few, values).all()
    if rows and rows[0].total == ENOUGH:
        return rows_of(
            session, query.order_by(SearchEntry.number.desc()).limit(bindparam("most")), values
        ).all()
    return rows
