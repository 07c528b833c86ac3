"""What every test can ask for: an app on either database, the same people everywhere, a project, a client."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from factories import make_people, make_project, sign_in
from flask.testing import FlaskClient

from annotator import migrating
from annotator.app import Annotator, create_app
from annotator.config import Settings
from annotator.database import db, make_engine

pytest_plugins = ["services"]

KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"


def build(url: str) -> None:
    """Bring an empty database to the newest schema and leave no connection behind."""
    engine = make_engine(url)
    migrating.upgrade(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An SQLite file of the newest schema, to be copied for each test."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    build(f"sqlite:///{path}")
    return path.read_bytes()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of its own for the test: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "test.sqlite"
        path.write_bytes(request.getfixturevalue("sqlite_template"))
        return f"sqlite:///{path}"
    server = request.getfixturevalue("postgres_server")
    template = server.template("annotator_template", build)
    return request.getfixturevalue("make_postgres_database")(template)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of the test's app."""
    return Settings(instance=str(tmp_path), database_url=database_url, secret_key=KEY)


@pytest.fixture
def app(settings: Settings) -> Iterator[Annotator]:
    """The application on the test's database."""
    made = create_app(settings)
    yield made
    made.extensions["annotator.database"].engine.dispose()


@pytest.fixture
def people(app: Annotator) -> SimpleNamespace:
    """Ann and Ben (reviewers), Eve (editor), Dee (viewer), Olga (outsider), Cleo (admin), Dan (deactivated): their ids."""
    with app.app_context():
        found = make_people(db.session)
        db.commit()
    return found


@pytest.fixture
def project(app: Annotator, people: SimpleNamespace) -> SimpleNamespace:
    """A project with Ann, Ben, Eve, Dee and Dan in it: `id`, `slug`."""
    with app.app_context():
        found = make_project(db.session, people)
        db.commit()
    return found


@pytest.fixture
def client(app: Annotator) -> FlaskClient:
    """A client that nobody is signed in with."""
    return app.test_client()


@pytest.fixture
def as_(app: Annotator, people: SimpleNamespace) -> Callable[[str], Any]:
    """`as_("ann")` gives a client signed in as Ann: `.get/.put/.post/.patch/.delete` with CSRF headers."""
    return lambda name: sign_in(app, getattr(people, name))


@pytest.fixture
def session(app: Annotator) -> Iterator[Any]:
    """A database session in an app context; what it does is committed by the test, if at all."""
    with app.app_context():
        yield db.session
