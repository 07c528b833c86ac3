"""Attacks on the journal: what is done to its lines is found, and the program itself cannot do it."""

from types import SimpleNamespace
from typing import Any

import pytest
from attacks.forging import LINES, Attack, attacks, disarm, fill
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from annotator.app import Annotator
from annotator.database import db
from annotator.journal.models import Event, EventSeal
from annotator.journal.sealing import Head, read_head
from annotator.journal.verifying import verify

FORGED = list(attacks())


@pytest.fixture
def head(app: Annotator, people: SimpleNamespace) -> Head:
    """A journal of some sealed lines; its head, noted outside."""
    with app.app_context():
        fill(db.session, people.ann)
        return read_head(db.session)


def found(session: Session, attack: Attack, *heads: Head) -> bool:
    disarm(session)
    attack.forge(session)
    faults = verify(session, *heads)
    session.rollback()
    return bool(faults)


def test_l03_a_journal_nobody_touched_is_sound(head: Head, session: Session) -> None:
    assert (head.position, verify(session), verify(session, head)) == (LINES, [], [])


def test_l03_at_least_two_hundred_planted_changes_are_all_found_with_the_head_kept_outside(
    head: Head, session: Session
) -> None:
    assert len(FORGED) >= 200
    assert [attack.name for attack in FORGED if not found(session, attack, head)] == []


def test_l03_without_the_head_a_cut_end_and_a_chain_computed_anew_alone_look_sound(
    head: Head, session: Session
) -> None:
    unseen = [attack.name for attack in FORGED if not found(session, attack)]
    assert unseen == [attack.name for attack in FORGED if attack.hidden]


def test_l03_a_line_damaged_beyond_reading_is_told_and_breaks_nothing(head: Head, session: Session) -> None:
    disarm(session)
    broken = {"sqlite": "UPDATE events SET before = '{', at = 'never' WHERE number = 7"}
    other = "UPDATE events SET before = '\"{\"', at = now() WHERE number = 7"
    session.execute(text(broken.get(session.get_bind().dialect.name, other)))
    assert [fault.number for fault in verify(session, head)] == [7]


TABLES = pytest.mark.parametrize("table", [Event, EventSeal])


@TABLES
def test_l04_the_programs_own_connection_changes_and_deletes_no_line(
    head: Head, session: Session, table: Any
) -> None:
    for statement in (update(table).values(number=1), delete(table), delete(table).where(table.number == 2)):
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(statement.execution_options(synchronize_session=False))
        session.rollback()
    assert verify(session, head) == []
