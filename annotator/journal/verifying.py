"""Walking the chain of seals: what was changed, taken out, put in, cut off or computed anew (docs/adr/0021)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from annotator.journal.models import Event, EventSeal
from annotator.journal.sealing import START, Head, chained, columns, put_in, unsealed
from annotator.reading import dialect_of, rows_of

BATCH = 1_000  # lines in memory at a time
MOST = 1_000  # faults that are told one by one
LOWEST = -(2**62)


class Kind(StrEnum):
    """What is wrong."""

    CHANGED = "changed"
    TAKEN_OUT = "taken out"
    UNSEALED = "without a seal"
    SEALS_GONE = "seals gone"
    CUT = "cut off"
    OTHER_CHAIN = "another chain"


@dataclass(frozen=True)
class Fault:
    """Something wrong with the journal: the line's number, where it is one of a line, and a sentence."""

    kind: Kind
    number: int | None
    sentence: str


def verify(session: Session, *heads: Head) -> list[Fault]:
    """Walk all seals and lines, a batch at a time, and give what is wrong, the first 1,000 faults at most.

    `heads` were noted outside before: without one, a cut end and a chain computed anew look sound.
    """
    found: list[Fault] = []
    for fault in _faults(session, _by_position(heads)):
        found.append(fault)
        if len(found) == MOST:
            break
    return found


def _by_position(heads: Iterable[Head]) -> dict[int, list[Head]]:
    """Give the heads by position: of two noted at one position, each must hold."""
    found: dict[int, list[Head]] = defaultdict(list)
    for head in heads:
        if head.position:
            found[head.position].append(head)
    return found


def _faults(session: Session, heads: Mapping[int, Sequence[Head]]) -> Iterator[Fault]:
    previous, expected = START, 1
    for row in _walk(session):
        position, joined = row["position"], row["position"] == expected
        if not joined:
            yield _gap(expected, position)
        if row["number"] is None:
            yield _taken_out(row["sealed"])
        elif row["number"] != row["sealed"] or (joined and chained(previous, position, row) != row["hash"]):
            yield _changed(row["sealed"])
        if any(head.hash != row["hash"] for head in heads.get(position, ())):
            yield _other_chain(position)
        previous, expected = row["hash"], position + 1
    for position in heads:
        if position >= expected:
            yield _cut(position, expected - 1)
    yield from _without_seal(session)


def _walk(session: Session) -> Iterator[RowMapping]:
    wanted = [EventSeal.position, EventSeal.number.label("sealed"), EventSeal.hash]
    query = select(*wanted, *columns(dialect_of(session))).select_from(EventSeal)
    query = query.outerjoin(Event, Event.number == EventSeal.number).order_by(EventSeal.position).limit(BATCH)
    last: int | None = None
    while True:
        here = query if last is None else query.where(EventSeal.position > last)
        rows = rows_of(session, here).mappings().all()
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1]["position"]


def _without_seal(session: Session) -> Iterator[Fault]:
    query = unsealed([Event.number], LOWEST).where(put_in(session)).limit(MOST)
    for (number,) in rows_of(session, query):
        yield Fault(
            Kind.UNSEALED, number, f"Line {number} stands among sealed lines and has no seal: put in."
        )


def _gap(first: int, after: int) -> Fault:
    which = f"seal {first}" if after - first == 1 else f"seals {first} to {after - 1}"
    return Fault(Kind.SEALS_GONE, None, f"The {which} of the chain are not there.")


def _taken_out(number: int) -> Fault:
    return Fault(Kind.TAKEN_OUT, number, f"Line {number} was sealed and is not there: taken out.")


def _changed(number: int) -> Fault:
    return Fault(
        Kind.CHANGED, number, f"Line {number} is not the one that was sealed: changed, swapped, or put in."
    )


def _cut(noted: int, last: int) -> Fault:
    return Fault(
        Kind.CUT,
        None,
        f"The chain ends at seal {last}; when the head was noted it had {noted}: its end was cut off.",
    )


def _other_chain(position: int) -> Fault:
    return Fault(
        Kind.OTHER_CHAIN,
        None,
        f"Seal {position} is not the one of the head noted outside: the chain was computed anew.",
    )
