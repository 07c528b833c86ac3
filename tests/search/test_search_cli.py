"""`annotator search rebuild`, and entries made anew by an upgrade."""

from typing import Any

import pytest
from contract.world import put
from sqlalchemy import delete, func, select

from annotator.app import Annotator
from annotator.cli import group
from annotator.database import db
from annotator.search.models import SearchEntry
from annotator.search.queries import search


@pytest.fixture
def emptied(app: Annotator, as_: Any, project: Any) -> Annotator:
    """The application with a source that search has lost."""
    put(as_("ann"), "sources", {"project": project.id, "title": "Minutes", "url": ""})
    with app.app_context():
        db.session.execute(delete(SearchEntry))
        db.commit()
    return app


def keys(app: Annotator, project: Any) -> int:
    with app.app_context():
        return len(search(db.session, project.id, "minutes"))


@pytest.mark.parametrize("command", [["search", "rebuild"], ["search", "rebuild", "--project", "desk"]])
def test_rebuild_makes_everything_findable_and_counts_it(
    emptied: Annotator, project: Any, command: list[str]
) -> None:
    assert keys(emptied, project) == 0
    result = emptied.test_cli_runner().invoke(group, command)
    assert (result.exit_code, result.output) == (0, "1 things can be found.\n")
    assert keys(emptied, project) == 1


def test_an_upgrade_makes_missing_entries(emptied: Annotator, project: Any) -> None:
    result = emptied.test_cli_runner().invoke(group, ["db", "upgrade"])
    assert (result.exit_code, keys(emptied, project)) == (0, 1)
    with emptied.app_context():
        assert db.session.scalar(select(func.count()).select_from(SearchEntry)) == 1
