"""Asking the full-text index: all words, newest first, or any of the rarest, best first; always in one project."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from annotator.reading import dialect_of, rows_of
from annotator.search.asking import Asked, expression, ids, newest
from annotator.search.models import EntryKind, SearchEntry
from annotator.search.operations import catch_up, scope
from annotator.terms import Word, query_terms

KINDS = tuple(kind.value for kind in EntryKind)
MOST_LANGUAGES = 8
MOST_FORMS = 32
COMMON = 1_000  # a word found more often says nothing of what a text is about
RAREST = 8
LOOKED_AT = 60
PROJECT_COUNTED = 10_000
USUAL_LENGTH = 250  # of an entry's terms, in code points


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing found, and how well it fits: 1 for each where all words were asked for."""

    kind: str
    key: str
    score: float


def search(
    session: Session,
    project: str,
    words: str,
    *,
    kinds: Sequence[str] = KINDS,
    language: str | None = None,
    speaker: str | None = None,
    within: str | None = None,
    limit: int = 20,
    prefix: bool = False,
    match: Literal["all", "any"] = "all",
    where: ColumnElement[bool] | None = None,
) -> list[Hit]:
    """Give at most `limit` things of the project that fit the words: any text, which is never read as a query.

    With `match="all"`, all words and newest first, the last word perhaps only begun (`prefix`); with `"any"`, by
    how many of the rarest words are shared. `speaker` and `within` (an article) narrow it, `where` may state a
    condition on SearchEntry. Without a `language`, words are taken in each language the project holds.
    """
    catch_up(session)
    asked = query_terms(words, [language] if language else languages(session, project))
    if not asked or not kinds:
        return []
    scopes = [Asked(tuple(scope(kind, project) for kind in kinds))]
    scopes += [Asked((f"@by:{speaker}",))] if speaker else []
    scopes += [Asked((f"@in:{within}",))] if within else []
    if match == "any":
        return _best(session, project, scopes, asked, limit, where)
    wanted = [_asked(word, begun=prefix and word is asked[-1]) for word in asked]
    rows = newest(session, project, kinds, [*scopes, *wanted], limit, where)
    return [Hit(row.kind, row.thing_id, 1.0) for row in rows]


def languages(session: Session, project: str) -> list[str]:
    """Give the languages the project's entries are in, at most eight, by leaping along the index."""
    return list(rows_of(session, _leaping(), {"project": project, "most": MOST_LANGUAGES}).scalars())


@cache
def _leaping() -> Select[Any]:
    mine = SearchEntry.project_id == bindparam("project")
    first = select(func.min(SearchEntry.language).label("language")).where(mine)
    found = first.cte("found", recursive=True)
    following = select(func.min(SearchEntry.language)).where(mine, SearchEntry.language > found.c.language)
    found = found.union_all(select(following.scalar_subquery()).where(found.c.language.is_not(None)))
    query = select(found.c.language).where(found.c.language.is_not(None))
    return query.limit(bindparam("most"))


def _asked(word: Word, *, begun: bool) -> Asked:
    begun = (begun or word.open) and bool(word.start)
    return Asked(word.forms[:MOST_FORMS], word.start if begun else "")


@cache
def _counted() -> Select[Any]:
    some = select(SearchEntry.number).where(SearchEntry.project_id == bindparam("project"))
    return select(func.count()).select_from(some.limit(bindparam("most")).subquery())


def _best(
    session: Session,
    project: str,
    scopes: list[Asked],
    asked: list[Word],
    limit: int,
    where: ColumnElement[bool] | None,
) -> list[Hit]:
    """Rank by the sum of the rarest words' weights, alike on both databases: BM25 where each term stands once."""
    dialect = dialect_of(session)
    found: list[Sequence[int]] = []
    for word in dict.fromkeys(asked):
        values = {"asked": expression(session, [*scopes, _asked(word, begun=False)]), "most": COMMON}
        found.append(rows_of(session, ids(dialect), values).scalars().all())
    telling = sorted((keys for keys in found if 0 < len(keys) < COMMON), key=len)[:RAREST]
    telling = telling or [keys for keys in found if keys][:1]
    total = rows_of(session, _counted(), {"project": project, "most": PROJECT_COUNTED}).scalar_one()
    scores: dict[int, float] = defaultdict(float)
    for keys in telling:
        weight = log(1 + (max(total, len(keys)) - len(keys) + 0.5) / (len(keys) + 0.5))
        for number in keys:
            scores[number] += weight
    first = sorted(scores, key=lambda number: (-scores[number], -number))[:LOOKED_AT]
    length_of = func.length(SearchEntry.terms)
    query = select(SearchEntry.number, SearchEntry.kind, SearchEntry.thing_id, length_of)
    query = query.where(SearchEntry.number.in_(first))
    rows: list[Any] = list(rows_of(session, query if where is None else query.where(where)))
    hits = [
        Hit(kind, key, scores[number] * 2.2 / (1.3 + 0.9 * length / USUAL_LENGTH))
        for number, kind, key, length in sorted(rows, reverse=True)
    ]
    return sorted(hits, key=lambda hit: -hit.score)[:limit]
