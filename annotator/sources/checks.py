"""Copies and checks of a source as the API and the pages give them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from annotator import dates
from annotator.articles.models import Snapshot
from annotator.columns import as_time
from annotator.compiled import dump_rows
from annotator.database import Model
from annotator.errors import Conflict
from annotator.reading import dialect_of, join_people, people, person_columns, raw
from annotator.sources import queries
from annotator.sources.changes import Piece, counts, pieces
from annotator.sources.models import Outcome, SourceCheck
from annotator.sources.schemas import CopyOut

PLAIN = (
    "id", "number", "method", "media_type", "url", "final_url", "filename", "raw_sha256", "text_sha256", "length",
    "unread", "note", "status_code",
)  # fmt: skip
TAKEN = "Something else is stored under this id. Send it again under a new id."


def copies(session: Session, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Give the copies that fit, newest first, without their texts."""
    aliases = people("captured_by")
    columns = [getattr(Snapshot, name) for name in PLAIN]
    columns += [raw(Snapshot.captured_at, dialect_of(session)).label("captured_at")]
    columns += [queries.outcome_of(Snapshot).label("outcome"), queries.passages().label("passages")]
    query = join_people(select(*columns, *person_columns(aliases)).select_from(Snapshot), Snapshot, aliases)
    result = session.execute(query.where(condition).order_by(Snapshot.number.desc()))
    return dump_rows(CopyOut, list(result.keys()), result.all(), {})


def checks(session: Session, source_id: str) -> list[dict[str, Any]]:
    """Give every look at the source's page and every copy brought in, newest first."""
    users = Model.metadata.tables["users"]
    query = (
        select(SourceCheck, users.c.name, Snapshot.number)
        .join(users, users.c.id == SourceCheck.by_id)
        .outerjoin(Snapshot, Snapshot.id == SourceCheck.snapshot_id)
        .where(SourceCheck.source_id == source_id)
        .order_by(SourceCheck.at.desc(), SourceCheck.id.desc())
        .limit(500)
    )
    return [
        {
            "id": check.id,
            "at": as_time(check.at),
            "by": {"id": check.by_id, "name": name},
            "outcome": check.outcome,
            "detail": check.detail,
            "snapshot": check.snapshot_id,
            "number": number,
        }
        for check, name, number in session.execute(query)
    ]


def made_before(session: Session, key: str, digest: str, source_id: str, actor: str) -> SourceCheck | None:
    """Give what came of this very request before; Conflict when the id is taken otherwise."""
    snapshot = session.get(Snapshot, key)
    check = session.get(SourceCheck, key)
    if check is None and snapshot is None:
        return None
    same = check is not None and (check.source_id, check.by_id) == (source_id, actor)
    sent = snapshot.request_sha256 if snapshot else check.request_sha256 if check else None
    if not same or sent != digest:
        raise Conflict(TAKEN)
    return check


def before(session: Session, snapshot: Snapshot) -> Snapshot | None:
    """Give the copy with text that came before this one."""
    query = select(Snapshot).where(
        Snapshot.source_id == snapshot.source_id, Snapshot.number < snapshot.number, Snapshot.length > 0
    )
    return session.scalars(query.order_by(Snapshot.number.desc()).limit(1)).first()


def compared(old: Snapshot, new: Snapshot) -> list[Piece]:
    """Give what two copies differ in."""
    return pieces(old.text, new.text)


@dataclass(frozen=True)
class Kept:
    """What came of bringing a copy in, read from the database: the copy, and the one before with both texts."""

    check: SourceCheck
    copy: dict[str, Any] | None = None
    snapshot: Snapshot | None = None
    older: Snapshot | None = None
    texts: tuple[str, str] | None = None


def kept(session: Session, check: SourceCheck) -> Kept:
    """Read what is to be told of bringing a copy in; the texts only where they differ."""
    if check.snapshot_id is None:
        return Kept(check)
    snapshot = session.get_one(Snapshot, check.snapshot_id)
    older = before(session, snapshot)
    differ = check.outcome == Outcome.CHANGED and older is not None and snapshot.length > 0
    texts = (older.text, snapshot.text) if older is not None and differ else None
    return Kept(check, copies(session, Snapshot.id == snapshot.id)[0], snapshot, older, texts)


def told(found: Kept) -> dict[str, Any]:
    """Give what came of bringing a copy in: the copy, the outcome, a sentence, and how much changed.

    Comparing long texts takes seconds and needs no database: call this while no transaction is open.
    """
    check, snapshot, older = found.check, found.snapshot, found.older
    if snapshot is None:
        return {"snapshot": None, "outcome": check.outcome, "detail": check.detail, "changes": None}
    changes = None
    if older is not None and found.texts is not None:
        inserted, deleted = counts(pieces(*found.texts))
        changes = {"from": older.number, "inserted": inserted, "deleted": deleted}
    return {
        "snapshot": found.copy,
        "outcome": check.outcome,
        "detail": _sentence(check.outcome, snapshot, older, changes),
        "changes": changes,
    }


def _sentence(
    outcome: str, snapshot: Snapshot, older: Snapshot | None, changes: dict[str, int] | None
) -> str:
    if snapshot.unread:
        return f"Copy {snapshot.number} is kept as it came, without text. {snapshot.unread}"
    if outcome == "first" or older is None:
        return "The first copy is kept."
    than = f"copy {older.number} of {dates.shown(older.captured_at.date().isoformat())}"
    if outcome == "unchanged":
        return f"Nothing has changed since {than}. Copy {snapshot.number} is kept."
    words = f"{changes['inserted']} words in, {changes['deleted']} out" if changes else "its text differs"
    return f"The text has changed since {than}: {words}. Copy {snapshot.number} is kept."
