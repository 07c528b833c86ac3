"""What every test of fetching can ask for."""

from collections.abc import Iterator

import pytest
from fetching.internet import Internet


@pytest.fixture
def internet() -> Iterator[Internet]:
    """Names and hosts of one test."""
    made = Internet()
    yield made
    made.close()
