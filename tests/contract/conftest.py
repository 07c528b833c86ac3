"""The world of the contract tests: made once for each worker on SQLite, or anew on the test's own database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import KEY, build
from contract.world import World
from services import PostgresServer

from annotator.app import Annotator, create_app
from annotator.config import Settings

# a worker's world lives for long, and every test of it asks for much that is not there
PATIENT = {"unknown_ids": 100_000, "fresh_for": 86_400, "admin_fresh_for": 86_400, "session_idle": 86_400}


@pytest.fixture(scope="session")
def kept_world(sqlite_template: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world on SQLite that the tests of this worker share; ask for `world` to have it fresh."""
    folder = tmp_path_factory.mktemp("world")
    file = folder / "world.sqlite"
    file.write_bytes(sqlite_template)
    settings = Settings(instance=str(folder), database_url=f"sqlite:///{file}", secret_key=KEY, **PATIENT)
    app = create_app(settings)
    yield World(app, Path(file))
    app.extensions["annotator.database"].engine.dispose()


@pytest.fixture
def world(kept_world: World) -> World:
    """The world as it was when it was made, on SQLite."""
    kept_world.restore()
    return kept_world


@pytest.fixture(scope="session")
def postgres_world(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A world on PostgreSQL that the tests of this worker share, and leave as it is."""
    name = postgres_server.create_database(postgres_server.template("annotator_template", build))
    folder = tmp_path_factory.mktemp("world")
    url = postgres_server.url(name)
    app = create_app(Settings(instance=str(folder), database_url=url, secret_key=KEY, **PATIENT))
    yield World(app)
    app.extensions["annotator.database"].engine.dispose()
    postgres_server.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_world(request: pytest.FixtureRequest) -> World:
    """A world on either database, for tests that leave everything as it is."""
    found: World = request.getfixturevalue("world" if request.param == "sqlite" else "postgres_world")
    return found


@pytest.fixture
def both_world(app: Annotator) -> World:
    """A world of the test's own, once on SQLite and once on PostgreSQL."""
    return World(app)
