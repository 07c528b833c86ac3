"""Keeping what search looks into: an entry at once, those of changed things at the commit, and all of them anew.

A feature says once, by `keep`, how its things are read as entries. What the ORM writes is then noticed by itself;
what goes into tables by Core, beside it, is named with `changed`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, delete, event, exists, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from annotator.projects.models import Project
from annotator.reading import dialect_of
from annotator.search.models import SearchEntry
from annotator.terms import VERSION, primary, terms

CHUNK = 500
PENDING = "search_pending"
COLUMNS = ("project_id", "kind", "thing_id", "speaker_id", "day", "language", "terms", "version")


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing as search sees it; `within` names the article it lies in, an empty language the project's own."""

    key: str
    project: str
    words: tuple[str, ...]
    language: str = ""
    speaker: str | None = None
    day: date | None = None
    within: str | None = None


@dataclass(frozen=True, eq=False)
class Kept:
    """How things of one kind are kept: their model, and what reads those that may be found as entries.

    A change of one of the fields `shown_in` changes the entries that `touching` names, by kind, as well.
    """

    kind: str
    model: Any
    read: Callable[[Session, ColumnElement[bool]], Iterable[Entry]]
    shown_in: tuple[str, ...] = ()
    touching: Callable[[Session, str], dict[str, Iterable[str]]] = lambda session, key: {}


KEPT: dict[str, Kept] = {}
MODELS: dict[type[Any], Kept] = {}


def keep(kept: Kept) -> None:
    """Keep the things of this model findable from now on."""
    KEPT[kept.kind] = MODELS[kept.model] = kept


def scope(kind: str, project: str) -> str:
    """Give the term that all things of a kind in a project have; no word of a text begins with this sign."""
    return f"@{kind}:{project}"


def index(
    session: Session,
    kind: str,
    key: str,
    *,
    project: str,
    words: Iterable[str],
    language: str | None,
    speaker: str | None = None,
    day: date | None = None,
    within: str | None = None,
) -> None:
    """Make a thing findable by its words, or by its new ones; `within` is the article it lies in."""
    entry = Entry(key, project, tuple(words), language or "", speaker, day, within)
    _put(session, kind, [entry])


def forget(session: Session, kind: str, key: str) -> None:
    """Take a thing out of search; nothing happens when it is not there."""
    session.connection().execute(
        delete(SearchEntry).where(SearchEntry.kind == kind, SearchEntry.thing_id == key)
    )


def changed(session: Session, kind: str, keys: Iterable[str]) -> None:
    """Read these things anew at the commit: for what was written without the ORM."""
    session.info.setdefault(PENDING, {}).setdefault(kind, {}).update(dict.fromkeys(keys))


def catch_up(session: Session) -> None:
    """Bring the entries of all things changed in this transaction in line with them; the commit does it anyway."""
    pending: dict[str, dict[str, None]] = session.info.pop(PENDING, {})
    for kind, keys in pending.items():
        _renew(session, KEPT[kind], list(keys))


def rebuild(session: Session, project: str | None = None) -> int:
    """Make all entries anew, of one project or of all; gives how many things can be found."""
    session.flush()
    count = 0
    for kept in KEPT.values():
        in_project = kept.model.project_id == project if project else kept.model.id.is_not(None)
        old = delete(SearchEntry).where(SearchEntry.kind == kept.kind)
        session.connection().execute(old.where(SearchEntry.project_id == project) if project else old)
        keys = session.scalars(select(kept.model.id).where(in_project).order_by(kept.model.created_at))
        for some in _chunks(list(keys)):
            count += _put(session, kept.kind, kept.read(session, kept.model.id.in_(some)))
    return count


def stale(session: Session) -> bool:
    """Tell whether entries are missing altogether, or were made by an older analysis of words."""
    if session.scalar(select(exists().where(SearchEntry.version < VERSION))):
        return True
    if session.scalar(select(exists(select(SearchEntry.number)))):
        return False
    return any(session.scalar(select(exists(select(kept.model.id)))) for kept in KEPT.values())


def _renew(session: Session, kept: Kept, keys: list[str]) -> None:
    for some in _chunks(keys):
        entries = list(kept.read(session, kept.model.id.in_(some)))
        gone = set(some) - {entry.key for entry in entries}
        if gone:
            session.connection().execute(
                delete(SearchEntry).where(SearchEntry.kind == kept.kind, SearchEntry.thing_id.in_(gone))
            )
        _put(session, kept.kind, entries)


def _put(session: Session, kind: str, entries: Iterable[Entry]) -> int:
    languages = _ProjectLanguages(session)
    rows = [_row(kind, entry, languages) for entry in entries]
    if rows:
        session.connection().execute(_upsert(dialect_of(session)), rows)
    return len(rows)


class _ProjectLanguages(dict[str, str]):
    """The language of each project, read when it is first asked for."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def __missing__(self, project: str) -> str:
        query = select(Project.language).where(Project.id == project)
        self[project] = self.session.scalar(query) or ""
        return self[project]


def _row(kind: str, entry: Entry, languages: _ProjectLanguages) -> dict[str, Any]:
    language = primary(entry.language) or primary(languages[entry.project])
    scopes = [scope(kind, entry.project)]
    scopes += [f"@by:{entry.speaker}"] if entry.speaker else []
    scopes += [f"@in:{entry.within}"] if entry.within else []
    found = [*scopes, *terms("\n".join(word for word in entry.words if word), language)]
    values = (entry.project, kind, entry.key, entry.speaker, entry.day, language, " ".join(found), VERSION)
    return dict(zip(COLUMNS, values, strict=True))


@cache
def _upsert(dialect: str) -> Any:
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(SearchEntry.__table__)
    fresh = {name: insert.excluded[name] for name in COLUMNS if name not in ("thing_id", "kind")}
    return insert.on_conflict_do_update(index_elements=["thing_id", "kind"], set_=fresh)


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(keys), CHUNK):
        yield keys[first : first + CHUNK]


def _notice(session: Session, _context: Any) -> None:
    """Remember what the ORM just wrote, and what shows it."""
    for row in (*session.new, *session.dirty):
        kept = MODELS.get(type(row))
        if kept is None:
            continue
        changed(session, kept.kind, [row.id])
        if any(inspect(row).attrs[name].history.has_changes() for name in kept.shown_in):
            for kind, keys in kept.touching(session, row.id).items():
                changed(session, kind, keys)


def _settle(session: Session) -> None:
    session.flush()
    if PENDING in session.info:
        catch_up(session)


def _forget_pending(session: Session) -> None:
    session.info.pop(PENDING, None)


event.listen(Session, "after_flush", _notice)
event.listen(Session, "before_commit", _settle)
event.listen(Session, "after_rollback", _forget_pending)
