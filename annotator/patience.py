"""How long one question to the database may take when a page is read: then it is broken off, and 503 says so.

What must take its time (exports, imports, upgrades, the terminal) has connections that are not bounded.
"""

import math
import time
from contextlib import closing
from typing import Any

from sqlalchemy import Connection, Engine, event

BOUNDED = "annotator_bounded"
"""The execution option: seconds that each question may take."""
SECONDS = 4.0
STEPS = 100_000
"""Steps of SQLite's virtual machine between two looks at the clock: some milliseconds."""


def bound(engine: Engine) -> None:
    """Let the engine break off what takes longer than its connections' option says."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _watch_sqlite)
        event.listen(engine, "before_cursor_execute", _set_deadline)
    else:
        event.listen(engine, "begin", _bound_postgresql)


def _watch_sqlite(connection: Any, record: Any) -> None:
    deadline = record.info["deadline"] = [math.inf]
    connection.set_progress_handler(lambda: time.monotonic() > deadline[0], STEPS)


def _set_deadline(connection: Connection, *_: Any) -> None:
    seconds = connection.get_execution_options().get(BOUNDED, math.inf)
    connection.info["deadline"][0] = time.monotonic() + seconds


def _bound_postgresql(connection: Connection) -> None:
    seconds = connection.get_execution_options().get(BOUNDED)
    if seconds is not None:
        with closing(
            connection.connection.cursor()
        ) as cursor:  # the driver's own: no question of the program
            cursor.execute(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
