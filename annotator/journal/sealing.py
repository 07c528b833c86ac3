"""The chain of seals over the journal: made after the commit, so that writers do not queue (docs/adr/0021).

A seal is the SHA-256 of the hash before it, its position and the line in canonical JSON (RFC 8785). Who can write to
the database can compute all hashes anew, or cut off the end: against that the last seal, the head, is noted outside.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import rfc8785
from sqlalchemy import ColumnElement, RowMapping, Select, String, and_, func, insert, select, type_coerce
from sqlalchemy.orm import Session

from annotator.columns import as_time, from_time, now
from annotator.database import one_at_a_time
from annotator.journal.models import Event, EventSeal
from annotator.reading import dialect_of, raw, rows_of

START = "0" * 64  # the hash before the first seal
AT_ONCE = 500  # lines: sealing holds SQLite's one writing place for a few milliseconds
KEY = "journal seals"
LATE = timedelta(hours=1)  # how much later than the newest a slow writer's line may still come on PostgreSQL
HEAD = re.compile(r"annotator-journal (\d{1,18}) ([0-9a-f]{64}) (\S{20,32})")
COLUMNS: Mapping[str, Any] = {
    "number": Event.number,
    "at": Event.at,
    "actor": Event.actor_id,
    "action": Event.action,
    "subject_kind": Event.subject_kind,
    "subject": Event.subject_id,
    "project": Event.project_id,
    "article": Event.article_id,
    "before": Event.before,
    "after": Event.after,
    "origin": Event.origin,
}


@dataclass(frozen=True)
class Head:
    """The last seal at some time, to be noted outside: position (0: nothing was sealed yet), hash, when noted."""

    position: int
    hash: str
    at: datetime

    def __str__(self) -> str:
        """Give the head as one line."""
        return f"annotator-journal {self.position} {self.hash} {as_time(self.at)}"

    @classmethod
    def read(cls, text: str) -> "Head":
        """Read what `str` gave; ValueError for anything else."""
        found = HEAD.fullmatch(text.strip())
        if found is None:
            raise ValueError("this is no head of a journal")
        return cls(int(found[1]), found[2], from_time(found[3]))


def columns(dialect: str) -> list[Any]:
    """Give the columns of a line as they lie in the database, so that one that was damaged can be read too."""
    found = []
    for name, column in COLUMNS.items():
        plain = type_coerce(column, String) if name in ("before", "after") else raw(column, dialect)
        found.append((plain if dialect == "sqlite" else column).label(name))
    return found


def line(row: RowMapping) -> bytes:
    """Give a line in canonical JSON; where that cannot hold a value (integers beyond 2^53), in sorted JSON."""
    told = {name: row[name] for name in COLUMNS}
    told["at"] = as_time(told["at"])
    for name in ("before", "after"):
        told[name] = _parsed(told[name])
    try:
        return rfc8785.dumps(told)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        return json.dumps(told, sort_keys=True).encode()


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return {"unreadable": value}


def chained(previous: str, position: int, row: RowMapping) -> str:
    """Give the hash of the seal at `position` over a line, after the hash `previous`."""
    return hashlib.sha256(f"{previous}\n{position}\n".encode() + line(row)).hexdigest()


def read_head(session: Session) -> Head:
    """Give the last seal there is."""
    query = select(EventSeal.position, EventSeal.hash).order_by(EventSeal.position.desc()).limit(1)
    position, last = session.execute(query).one_or_none() or (0, START)
    return Head(position, last, now())


def seal(session: Session, *, since: int = 0, most: int = AT_ONCE) -> int:
    """Seal the lines above the number `since` that have no seal yet, at most so many, and give how many.

    On PostgreSQL a slower writer's line comes with a smaller number after larger ones: it is sealed late, at a later
    position. What cannot have come so (see `put_in`) stays without a seal, for `verify` to tell.
    """
    one_at_a_time(session, KEY)
    head, dialect = read_head(session), dialect_of(session)
    wanted = unsealed(columns(dialect), since).where(~put_in(session)).limit(most)
    rows = rows_of(session, wanted).mappings().all()
    if rows:
        session.connection().execute(insert(EventSeal), _seals(head, rows))
    return len(rows)


def put_in(session: Session) -> ColumnElement[bool]:
    """Give the condition that a line without a seal was not written by the program.

    It stands before the newest sealed line, and on PostgreSQL it is older than any transaction lasts; lines that were
    imported carry the times of where they come from.
    """
    newest = session.scalar(select(func.max(EventSeal.number))) or 0
    before = Event.number < newest
    if dialect_of(session) == "sqlite":
        return before
    return and_(before, Event.at < now() - LATE, Event.origin.is_(None))


def waiting(session: Session) -> int:
    """Count the newest lines, those behind the last sealed one."""
    newest = session.scalar(select(func.max(EventSeal.number))) or 0
    return session.scalar(select(func.count()).where(Event.number > newest)) or 0


def unsealed(wanted: Sequence[Any], since: int) -> Select[Any]:
    """Give the Select of the lines above the number `since` that have no seal, in order."""
    query = select(*wanted).select_from(Event)
    query = query.outerjoin(EventSeal, EventSeal.number == Event.number)
    return query.where(EventSeal.number.is_(None), Event.number > since).order_by(Event.number)


def _seals(head: Head, rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
    found, last = [], head.hash
    for position, row in enumerate(rows, head.position + 1):
        last = chained(last, position, row)
        found.append({"position": position, "number": row["number"], "hash": last})
    return found
