"""How SQLite goes about the lists: nothing in them looks through a whole table once for each row."""

from typing import Any

import pytest
from sqlalchemy import Connection, event

from annotator.database import Database

LISTS = ["sources", "sources?unused=true", "sources?total=true", "statements"]


def plan(connection: Connection, statement: str, parameters: Any) -> list[Any]:
    """The steps of SQLite's plan: (id, parent, unused, words)."""
    cursor = connection.connection.cursor()
    return cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()


def within(steps: list[Any], step: Any) -> list[str]:
    """The words of the steps that a step is part of."""
    parents = {key: (parent, words) for key, parent, _, words in steps}
    found, key = [], step[1]
    while key in parents:
        key, words = parents[key]
        found.append(words)
    return found


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", LISTS)
def test_no_list_scans_a_table_for_each_row(app: Any, ann: Any, project: Any, path: str) -> None:
    database: Database = app.extensions["annotator.database"]
    steps: list[tuple[list[Any], Any]] = []

    def look(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        found = plan(connection, statement, parameters)
        steps.extend((found, step) for step in found)

    event.listen(database.engine, "before_cursor_execute", look)
    answer = ann.get(f"/api/v1/projects/{project.id}/{path}")
    event.remove(database.engine, "before_cursor_execute", look)
    assert answer.status_code == 200
    scans = [(step[3], within(found, step)) for found, step in steps if step[3].startswith("SCAN")]
    assert [scan for scan in scans if any("CORRELATED" in words for words in scan[1])] == []
    assert len(steps) > 10
