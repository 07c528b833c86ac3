"""The journal of the whole site, for administrators.

Of what concerns the site (people, sessions, tokens, invitations, projects and their members) a line shows what changed.
Of what a project holds it shows who did what kind of thing when and which fields changed, never what stands in them: an
administrator who is no member may not read it, and protected sources must not be known by it (docs/adr/0013).
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, RowMapping, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from annotator.columns import as_time
from annotator.database import Model
from annotator.fields import ID
from annotator.journal.models import Event
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.journal.words import line_words
from annotator.paging import Order
from annotator.reading import rows_of

SITE_KINDS = frozenset(
    {"user", "project", "apitoken", "invitation", "sitepolicy", "totpfactor", "passkey", "site"}
)
SECRETS = frozenset(
    {"password", "secret", "token", "code", "codes", "hash", "challenge", "key", "cookie", "link", "value"}
)
NEWEST_FIRST = Order((Event.number,), descending=True)
BATCH = 500  # lines in memory at a time
FORMULA = ("=", "+", "-", "@", "\t", "\r")
HIDDEN = "(hidden)"
HEADINGS = (
    "number", "at", "actor_id", "actor", "action", "what", "subject_kind", "subject_id", "subject",
    "project_id", "project", "article_id", "fields", "before", "after", "imported",
)  # fmt: skip


class Site:
    """The installation itself, as the subject of a line."""

    id = "00000000-0000-7000-8000-000000000000"


def lines(wanted: Mapping[str, Any]) -> Select[Any]:
    """Select the lines that an AuditFilter names, with the names of people and projects, in no order."""
    users, projects = Model.metadata.tables["users"], Model.metadata.tables["projects"]
    about, owner, itself = users.alias("about"), projects.alias("owner"), projects.alias("itself")
    columns = [column for column in Event.__table__.columns if column.name != "origin"]
    query = select(
        *columns,
        Event.origin.is_not(None).label("imported"),
        users.c.name.label("actor_name"),
        func.coalesce(about.c.name, itself.c.name).label("subject_name"),
        owner.c.name.label("project_name"),
    )
    query = query.outerjoin(users, users.c.id == Event.actor_id)
    query = query.outerjoin(about, and_(Event.subject_kind == "user", about.c.id == Event.subject_id))
    query = query.outerjoin(itself, and_(Event.subject_kind == "project", itself.c.id == Event.subject_id))
    query = query.outerjoin(owner, owner.c.id == Event.project_id)
    return query.where(*_conditions(wanted, users))


def _conditions(wanted: Mapping[str, Any], users: Any) -> Iterator[ColumnElement[bool]]:
    if person := wanted["person"]:
        whom: Any = [person] if ID.fullmatch(person) else _named(users, person)
        concerned = and_(Event.subject_kind == "user", Event.subject_id.in_(whom))
        yield or_(Event.actor_id.in_(whom), concerned)
    if action := wanted["action"]:
        yield (
            Event.action == action
            if ":" in action
            else Event.action.startswith(f"{action}:", autoescape=True)
        )
    if thing := wanted["thing"]:
        yield _is(thing, Event.subject_id, Event.article_id)
    if project := wanted["project"]:
        yield _is(project, Event.project_id)
    if wanted["since"]:
        yield Event.at >= _begin(wanted["since"])
    if wanted["until"]:
        yield Event.at < _begin(wanted["until"]) + timedelta(days=1)


def _named(users: Any, words: str) -> Select[Any]:
    name = func.lower(users.c.name).contains(words.lower(), autoescape=True)
    return select(users.c.id).where(or_(name, users.c.email.contains(words.casefold(), autoescape=True)))


def _is(key: str, *columns: Any) -> ColumnElement[bool]:
    """Give the condition that one of the columns is `key`; what is no id is found nowhere."""
    return or_(*(column == key for column in columns)) if ID.fullmatch(key) else false()


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def told(row: RowMapping) -> dict[str, Any]:
    """Give a line as administrators may see it."""
    shown = row["subject_kind"] in SITE_KINDS and not row["imported"]
    before, after = row["before"], row["after"]
    project = {"id": row["project_id"], "name": row["project_name"]} if row["project_id"] else None
    return {
        "number": row["number"],
        "at": as_time(row["at"]),
        "actor": {"id": row["actor_id"], "name": row["actor_name"]} if row["actor_id"] else None,
        "action": row["action"],
        "subject": {"kind": row["subject_kind"], "id": row["subject_id"], "name": row["subject_name"]},
        "project": project,
        "article": row["article_id"],
        "fields_changed": sorted({*_names(before), *_names(after)}),
        "before": _without_secrets(before) if shown else None,
        "after": _without_secrets(after) if shown else None,
        "imported": row["imported"],
    }


def _names(fields: Any) -> list[str]:
    return list(fields) if isinstance(fields, dict) else []


def _without_secrets(fields: Any) -> dict[str, Any] | None:
    """Give the fields without values that could let somebody in; the journal should have none."""
    if not isinstance(fields, dict):
        return None
    return {name: HIDDEN if _is_secret(name, value) else value for name, value in fields.items()}


def _is_secret(name: str, value: Any) -> bool:
    return isinstance(value, str | list | dict) and bool(SECRETS & set(name.split("_")))


def exported(session: Session, wanted: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give all lines that an AuditFilter names, oldest first, a batch in memory at a time."""
    query, last = lines(wanted).order_by(Event.number).limit(BATCH), -(2**62)
    while True:
        rows = rows_of(session, query.where(Event.number > last)).mappings().all()
        yield from map(told, rows)
        if len(rows) < BATCH:
            return
        last = rows[-1]["number"]


def as_json(found: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """Write lines as one JSON list."""
    between = b"[\n"
    for line in found:
        yield between + orjson.dumps(line)
        between = b",\n"
    yield b"\n]\n" if between == b",\n" else b"[]\n"


def as_csv(found: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """Write lines as CSV (RFC 4180, UTF-8); no cell begins as a formula does in a spreadsheet."""
    yield _row(HEADINGS)
    for line in found:
        yield _row(_cells(line))


def _cells(line: Mapping[str, Any]) -> list[str]:
    actor, subject, project = line["actor"] or {}, line["subject"], line["project"] or {}
    said = [
        line["number"],
        line["at"],
        actor.get("id"),
        actor.get("name"),
        line["action"],
        line_words(line),
    ]
    said += [
        subject["kind"],
        subject["id"],
        subject["name"],
        project.get("id"),
        project.get("name"),
        line["article"],
    ]
    said += [" ".join(line["fields_changed"]), _json(line["before"]), _json(line["after"])]
    return [
        safe(str(value)) if value is not None else "" for value in [*said, "yes" if line["imported"] else ""]
    ]


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def safe(cell: str) -> str:
    """Give a cell that a spreadsheet takes for text: one that begins like a formula gets an apostrophe (CWE-1236)."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) or cell.startswith(FORMULA) else cell


def _row(cells: Any) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue().encode()


def note_export(session: Session, name: str, wanted: Mapping[str, Any], *, actor: str | None) -> None:
    """Add the line that says who took the journal out, in which format and by which filters."""
    filters = {key: str(value) for key, value in wanted.items() if value}
    record(session, Action.AUDIT_EXPORTED, Site(), actor=actor, after={"format": name, "filters": filters})
