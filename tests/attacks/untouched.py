"""Proof that a refused request changed nothing: every row of every table, before and after."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import inspect, text

from annotator.app import Annotator

# what a request of somebody known may leave behind though it is refused: its line, its count, "last seen"
REFUSED = ("events", "event_seals", "rate_counts", "login_sessions")


def fingerprints(app: Annotator) -> dict[str, tuple[int, str]]:
    """Give the number of rows of each table, those of the search index included, and a checksum of them."""
    engine = app.extensions["annotator.database"].engine
    found = {}
    with engine.connect() as connection:
        for table in sorted(inspect(connection).get_table_names()):
            rows = sorted(repr(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{table}"')))
            found[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return found


def changed_tables(app: Annotator, before: dict[str, tuple[int, str]]) -> list[str]:
    """Give the tables that hold other rows than `before`."""
    after = fingerprints(app)
    return [table for table in sorted(before.keys() | after.keys()) if before.get(table) != after.get(table)]


@contextmanager
def untouched(app: Annotator, but: Collection[str] = ()) -> Iterator[None]:
    """Fail when what is done inside changes a row of any table but those named; `but=REFUSED` is for refusals."""
    before = fingerprints(app)
    if wrong := sorted(set(but) - before.keys() - set(REFUSED)):
        raise AssertionError(f"no such tables: {wrong}")
    yield
    changed = [table for table in changed_tables(app, before) if table not in but]
    assert changed == [], f"these tables changed: {changed}"
