"""Sealing after the commit: in order, late ones later, by one thread, and never in a writer's way."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from running import RunningServer
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from annotator.app import Annotator
from annotator.cli import group
from annotator.columns import new_id, now
from annotator.database import db, make_engine
from annotator.journal import verifying
from annotator.journal.models import Event, EventSeal
from annotator.journal.sealer import Sealer, start_sealer
from annotator.journal.sealing import START, Head, read_head, seal, waiting
from annotator.journal.verifying import verify


def write(session: Session, count: int = 1, **more: Any) -> None:
    line = {
        "action": "article:changed",
        "subject_kind": "article",
        "subject_id": new_id(),
        "after": {"n": 1.0},
    }
    for _ in range(count):
        session.connection().execute(insert(Event), {"at": now(), **line, **more})


def test_an_empty_journal_has_a_head_and_no_faults(session: Session) -> None:
    assert (seal(session), read_head(session).hash, verify(session, read_head(session))) == (0, START, [])


def test_lines_are_sealed_once_in_order_and_in_parts(session: Session) -> None:
    write(session, 7)
    assert [seal(session, most=3) for _ in range(4)] == [3, 3, 1, 0]
    numbers = session.scalars(select(EventSeal.number).order_by(EventSeal.position))
    assert list(numbers) == sorted(session.scalars(select(Event.number)))
    assert verify(session, read_head(session)) == []


def test_the_head_is_one_line_that_can_be_read_again(session: Session) -> None:
    write(session, 2)
    seal(session)
    head = read_head(session)
    assert Head.read(f" {head}\n") == head
    for wrong in ("", "annotator-journal 1 abc", str(head)[:-3], f"{head} more"):
        with pytest.raises(ValueError, match=r"head|isoformat|aware"):
            Head.read(wrong)


def test_a_long_journal_is_walked_in_batches(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "BATCH", 4)
    write(session, 9)
    seal(session)
    assert verify(session, read_head(session)) == []


def test_faults_are_told_up_to_a_number(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "MOST", 3)
    session.execute(insert(EventSeal), [{"position": n, "number": n, "hash": "a" * 64} for n in range(1, 9)])
    assert len(verify(session)) == 3


@pytest.fixture
def postgres_app(kept_apps: Callable[[str], Any]) -> Iterator[Annotator]:
    kept = kept_apps("postgresql")
    kept.renew()
    yield kept.app
    kept.engine.dispose()


@pytest.fixture
def sealer(app: Annotator) -> Sealer:
    return Sealer(app.extensions["annotator.database"])


def test_a_slow_writers_line_is_sealed_late(postgres_app: Annotator) -> None:
    with postgres_app.app_context(), Session(db.here.writing) as slow:
        sealer = Sealer(db.here)
        write(slow)
        write(db.session)
        db.commit()
        first = sealer.seal_all(), list(db.session.scalars(select(EventSeal.number)))
        slow.commit()
        assert (first, sealer.seal_all()) == ((1, [2]), 1)
        assert list(db.session.scalars(select(EventSeal.number).order_by(EventSeal.position))) == [2, 1]
        assert verify(db.session, read_head(db.session)) == []


def test_two_sealers_do_not_seal_a_line_twice(app: Annotator, session: Session) -> None:
    write(session, 20)
    db.commit()
    database = app.extensions["annotator.database"]
    assert sum(Sealer(database).seal_all() for _ in range(2)) == 20


@pytest.fixture
def running(app: Annotator) -> Iterator[Callable[[], Sealer]]:
    yield lambda: start_sealer(app)
    app.extensions.pop("annotator.sealer").stop()


def test_one_thread_of_the_process_seals_by_itself(
    app: Annotator, session: Session, running: Callable[[], Sealer]
) -> None:
    assert running() is running()
    write(session, 3)
    db.commit()
    until = time.monotonic() + 20
    while waiting(session) and time.monotonic() < until:
        db.session.rollback()
        time.sleep(0.05)
    assert (session.scalar(select(func.count()).select_from(EventSeal)), verify(session)) == (3, [])


def test_a_database_that_fails_is_tried_again(
    app: Annotator, session: Session, sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.journal.sealer.AFTER_TROUBLE", 0.01)
    session.execute(text("ALTER TABLE event_seals RENAME TO away"))
    db.commit()
    write(session, 1)
    db.commit()
    sealer.start()
    time.sleep(0.2)
    session.execute(text("ALTER TABLE away RENAME TO event_seals"))
    db.commit()
    until = time.monotonic() + 20
    while waiting(session) and time.monotonic() < until:
        db.session.rollback()
        time.sleep(0.05)
    sealer.stop()
    assert (waiting(session), verify(session)) == (0, [])


def test_the_program_seals_what_commands_write_while_it_runs(tmp_path: Path) -> None:
    server = RunningServer(tmp_path / "site")
    server.start()
    try:
        server.run("user", "add", "ann@example.org", "--name", "Ann")
        until = time.monotonic() + 20
        engine = make_engine(f"sqlite:///{tmp_path / 'site' / 'annotator.sqlite'}")
        with Session(engine) as session:
            while waiting(session) and time.monotonic() < until:
                session.rollback()
                time.sleep(0.1)
            assert (waiting(session), verify(session)) == (0, [])
        engine.dispose()
    finally:
        server.stop()


def ask(app: Annotator, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(group, ["audit", *arguments])


def test_the_command_compares_the_journal_with_heads_noted_before(
    app: Annotator, people: SimpleNamespace, session: Session, tmp_path: Path
) -> None:
    write(session, 3, actor_id=people.ann)
    db.commit()
    noted = tmp_path / "heads"
    assert ask(app, "head", "--file", str(noted)).exit_code == 0
    write(session, 2)
    db.commit()
    assert ask(app, "head", "--file", str(noted)).exit_code == 0
    sound = ask(app, "verify", "--head", str(noted))
    assert (sound.exit_code, sound.output) == (0, "5 lines are as they were sealed.\n")
    other = ask(app, "verify", "--head", f"annotator-journal 5 {'0' * 64} 2026-01-01T00:00:00.000000Z")
    assert (other.exit_code, "computed anew" in other.output) == (1, True)
    longer = ask(app, "verify", "--head", f"annotator-journal 9 {'0' * 64} 2026-01-01T00:00:00.000000Z")
    assert (longer.exit_code, "cut off" in longer.output) == (1, True)


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_heads_noted_at_one_position_each_must_hold(
    app: Annotator, people: SimpleNamespace, session: Session, tmp_path: Path, turned: bool
) -> None:
    write(session, 3, actor_id=people.ann)
    db.commit()
    mine = ask(app, "head").output.strip()
    lines = [mine, f"annotator-journal 3 {'0' * 64} 2026-01-01T00:00:00.000000Z"]
    noted = tmp_path / "heads"
    noted.write_text("\n".join(lines[::-1] if turned else lines))
    ended = ask(app, "verify", "--head", str(noted))
    assert (ended.exit_code, ended.output.count("computed anew")) == (1, 1)


@pytest.mark.parametrize("noted", ["/nowhere", "annotator-journal x"])
def test_what_is_no_head_is_refused(app: Annotator, people: SimpleNamespace, noted: str) -> None:
    ended = ask(app, "verify", "--head", noted)
    assert (ended.exit_code, "Traceback" in ended.output) == (1, False)
