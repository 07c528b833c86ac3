"""Importing a checked file in one transaction: a whole project, or an article into a project that is here."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from annotator.accounts.models import User
from annotator.articles.models import Snapshot
from annotator.articles.room import check_room
from annotator.columns import as_time, now
from annotator.errors import WrongState
from annotator.exchange.checking import Problem
from annotator.exchange.kinds import FILED, KINDS, read
from annotator.exchange.loading import Copies, Loader, make_project, put, raw_within
from annotator.exchange.reading import Document, NotNative, Tick
from annotator.exchange.redacting import Hidden, find_hidden
from annotator.exchange.writing import dumps
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.permissions import ARCHIVED
from annotator.projects.models import Project
from annotator.search import operations as search

CHUNK = 1000
THINGS = [name for name in KINDS if name not in ("people", "events")]
ONE = {name: name.removesuffix("s") for name in THINGS}
COPIED = ("snapshots", "checks")
FOUND = ("sources", "speakers", "statements", "annotations")
ELSEWHERE = "Something else is stored here under this id."
HERE_OTHERWISE = (
    "This {thing} is here already, but not as in the file (version {here} here, {there} in the file)."
)


PROTECTED_HERE = "This source is protected here: a file brings no copies to it."
NUMBERED = "Another snapshot has this number here: the text was captured anew since."
# where the bytes lie is a matter of the file; that they are the same, their hash tells
WITHOUT_BYTES: dict[str, dict[str, Any]] = {name: {} for name in THINGS} | {
    "snapshots": {"raw": None, "file": None}
}


@dataclass
class Outcome:
    """What an import did: the project, and by list how many things were added and how many were here already."""

    project: Project
    added: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)


def import_project(
    session: Session,
    document: Document,
    *,
    actor: str | None,
    slug: str = "",
    copies: Copies = raw_within,
    tick: Tick = lambda part: None,
) -> Outcome:
    """Bring a whole project in, as it was exported; nobody becomes its member, and `actor` the reader of what is
    protected in it.

    `slug` replaces the short name in the file, `copies` gives the bytes of a snapshot. Raises NotNative
    when the project is here already, when its short name is taken, or when one of its ids is.
    """
    if document["scope"] != "project":
        raise NotNative([Problem("/scope", "This file holds one article: import it into a project.")])
    row = {**document["project"], "slug": slug or document["project"]["slug"]}
    _refuse_known(session, row)
    taken = [
        Problem(f"/{name}/{place}/id", ELSEWHERE)
        for name in THINGS
        for place, _ in _existing(session, name, document[name])
    ]
    if taken:
        raise NotNative(taken)
    added = _add_people(session, document["people"], actor)
    put(session, Project, [make_project(row)])
    loader = Loader(document, row["id"], copies=copies, reader=actor)
    added |= _add(session, document, loader, {}, tick)
    return _finish(session, document, Outcome(session.get_one(Project, row["id"]), added), actor)


def _refuse_known(session: Session, row: dict[str, Any]) -> None:
    known = session.get(Project, row["id"])
    if known is not None:
        sentence = f"This project is here already: “{known.name}”, at /projects/{known.slug}/."
        raise NotNative([Problem("/project/id", sentence)])
    if session.scalar(select(Project.id).where(Project.slug == row["slug"])) is not None:
        sentence = (
            f"Another project here has the short name {row['slug']}. Give another one to import it under."
        )
        raise NotNative([Problem("/project/slug", sentence)])


def import_article(
    session: Session,
    document: Document,
    *,
    project: Project,
    actor: str | None,
    copies: Copies = raw_within,
    tick: Tick = lambda part: None,
) -> Outcome:
    """Bring an article into a project, with everything it refers to.

    What the project has already, as it is in the file, is kept and counted. Raises NotNative where the project has
    it otherwise, and where an id is taken elsewhere; WrongState when the project is archived.
    """
    if document["scope"] != "article":
        raise NotNative(
            [Problem("/scope", "This file holds a whole project, which is not imported into another.")]
        )
    if project.archived_at is not None:
        raise WrongState(ARCHIVED)
    kept = _kept(session, document, project.id)
    added = _add_people(session, document["people"], actor)
    loader = Loader(document, project.id, copies=copies, reader=actor)
    added |= _add(session, document, loader, kept, tick)
    outcome = Outcome(project, added, {name: len(keys) for name, keys in kept.items()})
    return _finish(session, document, outcome, actor)


def _kept(session: Session, document: Document, project_id: str) -> dict[str, set[str]]:
    """Give, by list, the ids of what the project has already; NotNative where it is not as in the file."""
    hidden = find_hidden(session, project_id)
    kept: dict[str, set[str]] = {}
    problems: list[Problem] = []
    for name in THINGS:
        kept[name] = set()
        for place, key in _existing(session, name, document[name]):
            wrong = _difference(session, name, document[name][place], project_id, hidden)
            if wrong:
                problems.append(Problem(f"/{name}/{place}", wrong))
            kept[name].add(key)
    problems += _intruding(document, kept, hidden)
    problems += _numbered_otherwise(session, document["snapshots"], kept)
    if problems:
        raise NotNative(problems)
    return kept


def _intruding(document: Document, kept: dict[str, set[str]], hidden: Hidden) -> Iterator[Problem]:
    for name in COPIED:
        for place, row in enumerate(document[name]):
            if row["source"] in hidden.sources and row["id"] not in kept[name]:
                yield Problem(f"/{name}/{place}", PROTECTED_HERE)


def _numbered_otherwise(
    session: Session, snapshots: list[dict[str, Any]], kept: dict[str, set[str]]
) -> Iterator[Problem]:
    """Find new snapshots of what is here already whose number another one has here."""
    owners = list(kept["articles"] | kept["sources"])
    taken: set[tuple[str, int]] = set()
    for keys in _chunks(owners):
        owner = func.coalesce(Snapshot.article_id, Snapshot.source_id)
        found = select(owner, Snapshot.number).where(
            or_(Snapshot.article_id.in_(keys), Snapshot.source_id.in_(keys))
        )
        taken.update((key, number) for key, number in session.execute(found))
    for place, row in enumerate(snapshots):
        if row["id"] not in kept["snapshots"] and (row["article"] or row["source"], row["number"]) in taken:
            yield Problem(f"/snapshots/{place}/number", NUMBERED)


def _existing(session: Session, name: str, rows: list[dict[str, Any]]) -> Iterator[tuple[int, str]]:
    """Give (place in the list, id) of the rows whose ids are taken here."""
    model = KINDS[name].model
    places = {row["id"]: place for place, row in enumerate(rows)}
    for keys in _chunks(list(places)):
        for key in session.scalars(select(model.id).where(model.id.in_(keys))):
            yield places[key], key


def _difference(
    session: Session, name: str, row: dict[str, Any], project_id: str, hidden: Hidden
) -> str | None:
    model = KINDS[name].model
    condition = (model.id == row["id"]) & (model.project_id == project_id)
    found = list(hidden.over(name, read(session, FILED[name], condition)))
    if not found:
        return ELSEWHERE
    here = found[0]
    if name in COPIED and here["source"] in hidden.sources:
        return PROTECTED_HERE
    if dumps({**here, **WITHOUT_BYTES[name]}) == dumps({**row, **WITHOUT_BYTES[name]}):
        return None
    versions = {"here": here.get("version", "?"), "there": row.get("version", "?")}
    return HERE_OTHERWISE.format(thing=ONE[name], **versions)


def _add_people(session: Session, people: list[dict[str, Any]], actor: str | None) -> dict[str, int]:
    """Add those who are not known here by name alone: inactive, without e-mail address, without any right."""
    known = {
        key
        for keys in _chunks([person["id"] for person in people])
        for key in session.scalars(select(User.id).where(User.id.in_(keys)))
    }
    at = as_time(now())
    about = {
        "version": 1,
        "active": False,
        "is_admin": False,
        "locale": "en",
        "time_zone": "UTC",
        "created_at": at,
        "updated_at": at,
    }
    rows = [
        {**person, **about, "created_by_id": actor, "updated_by_id": actor}
        for person in people
        if person["id"] not in known
    ]
    if rows:
        put(session, User, rows)
    return {"people": len(rows)}


def _add(
    session: Session, document: Document, loader: Loader, kept: dict[str, set[str]], tick: Tick
) -> dict[str, int]:
    known = set().union(*kept.values())
    total = sum(len(document[name]) for name in [*THINGS, "events"]) or 1
    done = 0
    added: dict[str, int] = {}
    for name in [*THINGS, "events"]:
        key = "subject" if name == "events" else "id"
        rows = [row for row in document[name] if row[key] not in known]
        added[name] = len(rows)
        if name in FOUND:
            search.changed(session, ONE[name], [row["id"] for row in rows])
        for chunk in _chunks(_in_order(rows) if name == "speakers" else rows, KINDS[name].chunk * 2):
            _insert(session, loader, name, chunk)
            done += len(chunk)
            tick(done / total)
    return added


def _in_order(speakers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the speakers so that each comes after the one it was merged into."""
    waiting = {row["id"]: row for row in speakers}
    ordered: list[dict[str, Any]] = []
    for row in speakers:
        chain: list[dict[str, Any]] = []
        key: str | None = row["id"]
        while key in waiting:
            chain.append(waiting.pop(key))
            key = chain[-1]["merged_into"]
        ordered.extend(reversed(chain))
    return ordered


def _insert(session: Session, loader: Loader, name: str, rows: list[dict[str, Any]]) -> None:
    tables: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        for model, columns in loader.rows(name, row):
            tables[model].append(columns)
    for model, found in tables.items():
        put(session, model, found)


def _finish(session: Session, document: Document, outcome: Outcome, actor: str | None) -> Outcome:
    if any(outcome.added.values()):
        check_room(session, outcome.project.id)
        after = {name: document[name] for name in ("scope", "exported_at", "sha256")}
        after["added"] = {name: number for name, number in outcome.added.items() if number}
        record(session, Action.PROJECT_IMPORTED, outcome.project, actor=actor, after=after)
    return outcome


def _chunks(values: list[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
