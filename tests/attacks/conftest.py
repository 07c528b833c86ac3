"""What attacks can ask for: the contract tests' world on either database, and a small internet behind the fetcher."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from accounts.conftest import password, sign_in
from contract.conftest import both_world, kept_world, postgres_world, shared_world, world
from fetching.internet import PATIENT, Internet

from annotator import fetching, limits
from annotator.articles import incoming
from annotator.columns import now

__all__ = ["both_world", "kept_world", "password", "postgres_world", "shared_world", "sign_in", "world"]


@pytest.fixture
def ann(as_: Any) -> Any:
    """A client of Ann's, a reviewer."""
    return as_("ann")


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Iterator[Internet]:
    """Names and hosts of one test: the app fetches among them, by the guard as it is."""
    made = Internet()
    among = {"resolver": made.resolver, "connector": made.connector, "limits": PATIENT}
    monkeypatch.setattr(incoming, "fetch", partial(fetching.fetch, **among))
    yield made
    made.close()


@pytest.fixture
def within_one_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is counted fall into one stretch of time, whenever the test begins."""
    moment = now()
    monkeypatch.setattr(limits, "now", lambda: moment)
