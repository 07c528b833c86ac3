"""The world of the contract tests: made once for each worker on SQLite, or anew on the test's own database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.world import World

from annotator.app import Annotator, create_app
from annotator.config import Settings

KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"


@pytest.fixture(scope="session")
def kept_world(sqlite_template: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world on SQLite that the tests of this worker share; ask for `world` to have it fresh."""
    folder = tmp_path_factory.mktemp("world")
    file = folder / "world.sqlite"
    file.write_bytes(sqlite_template)
    settings = Settings(instance=str(folder), database_url=f"sqlite:///{file}", secret_key=KEY)
    app = create_app(settings)
    yield World(app, Path(file))
    app.extensions["annotator.database"].engine.dispose()


@pytest.fixture
def world(kept_world: World) -> World:
    """The world as it was when it was made, on SQLite."""
    kept_world.restore()
    return kept_world


@pytest.fixture
def both_world(app: Annotator) -> World:
    """A world of the test's own, once on SQLite and once on PostgreSQL."""
    return World(app)
