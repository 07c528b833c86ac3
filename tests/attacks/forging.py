"""What somebody who can write to the database does to the journal, to be found out: more than 200 changes, by kind."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from annotator.columns import new_id, now
from annotator.journal.models import Event, EventSeal
from annotator.journal.sealing import START, chained, columns, seal
from annotator.reading import dialect_of

LINES = 60
Forge = Callable[[Session], None]


@dataclass(frozen=True)
class Attack:
    """A change to the journal; `hidden` ones look sound to who has no head."""

    name: str
    forge: Forge
    hidden: bool = False


def fill(session: Session, actor: str) -> None:
    """Write lines of many kinds and seal them, some at a time."""
    for number in range(LINES):
        fields = {
            "title": f"Nº {number} «ü» 👩🏽‍⚖️",
            "count": number,
            "share": number / 7,
            "large": 2**60 + number,
        }
        line = {"action": "article:changed", "subject_kind": "article", "subject_id": new_id()}
        line |= {"actor_id": actor, "project_id": new_id(), "before": {"title": None}, "after": fields}
        session.connection().execute(insert(Event), {"at": now(), **line})
        if number % 7 == 6:
            seal(session)
    seal(session)
    session.commit()


def disarm(session: Session) -> None:
    """Take the guards away, as an attacker with the right to do so begins."""
    if dialect_of(session) == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
        return
    for table in ("events", "event_seals"):
        for verb in ("UPDATE", "DELETE"):
            session.connection().exec_driver_sql("DROP TRIGGER " + f"{table}_{verb}_refused")


def recompute(session: Session) -> None:
    """Make all seals anew over the lines that there are."""
    session.execute(delete(EventSeal))
    previous = START
    query = select(*columns(dialect_of(session))).select_from(Event).order_by(Event.number)
    for position, row in enumerate(session.connection().execute(query).mappings().all(), 1):
        previous = chained(previous, position, row)
        session.execute(insert(EventSeal).values(position=position, number=row["number"], hash=previous))


def _values(number: int) -> dict[str, Any]:
    return {
        "at": now() - timedelta(days=1),
        "actor_id": None,
        "action": "article:deleted",
        "subject_kind": "source",
        "subject_id": new_id(),
        "project_id": None,
        "article_id": new_id(),
        "before": {"title": "Other"},
        "after": {"title": f"Nº {number}", "count": number},
        "origin": "elsewhere",
    }


def _change(number: int, name: str) -> Forge:
    return lambda session: _done(
        session, update(Event).where(Event.number == number).values({name: _values(number)[name]})
    )


def _done(session: Session, *statements: Any) -> None:
    for statement in statements:
        session.execute(statement.execution_options(synchronize_session=False))


def _delete(number: int) -> Forge:
    return lambda session: _done(session, delete(Event).where(Event.number == number))


def _delete_with_seal(number: int) -> Forge:
    ends = (delete(Event).where(Event.number == number), delete(EventSeal).where(EventSeal.number == number))
    return lambda session: _done(session, *ends)


def _close_the_gap(number: int) -> Forge:
    def forge(session: Session) -> None:
        _delete_with_seal(number)(session)
        for position in range(number + 1, LINES + 1):
            _done(
                session, update(EventSeal).where(EventSeal.position == position).values(position=position - 1)
            )

    return forge


def _swap(one: int, other: int) -> Forge:
    def forge(session: Session) -> None:
        for old, new in ((one, -1), (other, one), (-1, other)):
            _done(session, update(Event).where(Event.number == old).values(number=new))

    return forge


def _swap_with_seals(one: int, other: int) -> Forge:
    def forge(session: Session) -> None:
        _swap(one, other)(session)
        for old, new in ((one, -1), (other, one), (-1, other)):
            _done(session, update(EventSeal).where(EventSeal.number == old).values(number=new))

    return forge


def _insert(number: int) -> Forge:
    return lambda session: _done(
        session, insert(Event).values(number=-number, **_values(number) | {"origin": None})
    )


def _put_between(number: int) -> Forge:
    """Move the later lines up by one and put a line of one's own in between, with a seal."""

    def forge(session: Session) -> None:
        for last in range(LINES, number - 1, -1):
            _done(session, update(Event).where(Event.number == last).values(number=last + 1))
        _done(session, insert(Event).values(number=number, **_values(number)))
        newest = insert(EventSeal).values(position=LINES + 1, number=LINES + 1, hash="a" * 64)
        _done(session, newest)

    return forge


def _cut(count: int) -> Forge:
    first = LINES - count + 1
    ends = (delete(Event).where(Event.number >= first), delete(EventSeal).where(EventSeal.position >= first))
    return lambda session: _done(session, *ends)


def _and_recompute(forge: Forge) -> Forge:
    def both(session: Session) -> None:
        forge(session)
        recompute(session)

    return both


def attacks() -> Iterator[Attack]:
    """Give all attacks; the same ones each time."""
    chance = random.Random(31)
    lines = list(range(2, LINES))

    def some(count: int) -> list[int]:
        return chance.sample(lines, count)

    for name in _values(1):
        for number in some(8):
            yield Attack(f"{name} of line {number} changed", _change(number, name))
    for number in some(20):
        yield Attack(f"line {number} taken out", _delete(number))
        yield Attack(f"line {number} taken out with its seal", _delete_with_seal(number))
    for number in some(10):
        yield Attack(f"line {number} taken out, the gap closed", _close_the_gap(number))
        yield Attack(f"a line put in without a seal ({number})", _insert(number))
        yield Attack(f"a line put between with a seal ({number})", _put_between(number))
    for one, other in zip(some(15), some(15), strict=True):
        if one != other:
            yield Attack(f"lines {one} and {other} swapped", _swap(one, other))
            yield Attack(f"lines {one} and {other} swapped with their seals", _swap_with_seals(one, other))
    for count in range(1, 21):
        yield Attack(f"the last {count} cut off", _cut(count), hidden=True)
    for number in some(20):
        changed = _and_recompute(_change(number, "after"))
        yield Attack(f"line {number} changed and all computed anew", changed, hidden=True)
        yield Attack(
            f"line {number} taken out and all computed anew", _and_recompute(_delete(number)), hidden=True
        )
