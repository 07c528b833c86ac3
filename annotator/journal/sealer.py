"""The thread of the serving process that seals the journal's new lines within a second (docs/adr/0021).

It looks by itself, as no commit tells it: so it finds the lines of other processes and of commands too, and no request
does anything for it.
"""

import logging
import threading
import time

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from annotator.database import Database
from annotator.journal.models import Event, EventSeal
from annotator.journal.sealing import seal, unsealed

log = logging.getLogger(__name__)
EVERY, AFTER_TROUBLE = 1.0, 5.0  # seconds
ALL_EVERY = 300.0  # seconds
WINDOW = 10_000  # numbers below the newest that are looked at every time
NAME = "annotator.sealer"
_starting = threading.Lock()


class Sealer:
    """Seals an application's journal, in one thread of the process."""

    def __init__(self, database: Database) -> None:
        """Take the database whose journal is sealed."""
        self.database = database
        self._all_at = 0.0  # when all lines are looked through, at the first time too
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal sealer", daemon=True)

    def start(self) -> None:
        """Begin; what nobody sealed before comes first."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for it."""
        self._stopped.set()
        self._thread.join()

    def seal_all(self) -> int:
        """Seal what waits, some lines at a time, so that writers come between; give how many."""
        since, count = self._floor(), 0
        while (first := self._first(since)) is not None:
            since = first - 1
            with self.database.apart() as session:
                sealed = seal(session, since=since)
            if not sealed:  # another process did it meanwhile
                break
            count += sealed
        return count

    def _first(self, since: int) -> int | None:
        """Give the first line above `since` that waits, without taking the place of a writer."""
        with Session(self.database.engine) as session:
            found: int | None = session.scalar(unsealed([Event.number], since).limit(1))
        return found

    def _floor(self) -> int:
        """Give the number above which lines are looked for.

        On PostgreSQL a line may come late, after larger numbers: one that is not far behind is found at once, others
        when all lines are looked through.
        """
        if self.database.engine.dialect.name == "sqlite":
            return self._newest()
        if time.monotonic() > self._all_at:
            self._all_at = time.monotonic() + ALL_EVERY
            return 0
        return max(0, self._newest() - WINDOW)

    def _newest(self) -> int:
        with Session(self.database.engine) as session:
            return session.scalar(select(func.max(EventSeal.number))) or 0

    def _run(self) -> None:
        wait = 0.0
        while not self._stopped.wait(wait):
            wait = EVERY
            try:
                self.seal_all()
            except SQLAlchemyError as error:
                log.warning("the journal could not be sealed now; it is tried again", exc_info=error)
                wait = AFTER_TROUBLE


def start_sealer(app: Flask) -> Sealer:
    """Give the process's thread that seals the application's journal; it is started once."""
    with _starting:
        if NAME not in app.extensions:
            app.extensions[NAME] = Sealer(app.extensions["annotator.database"])
            app.extensions[NAME].start()
    found: Sealer = app.extensions[NAME]
    return found
