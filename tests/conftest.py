"""What every test can ask for: an app on either database, the same people everywhere, a project, a client."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from factories import make_people, make_project, sign_in
from flask.testing import FlaskClient
from mailserver import Mailbox, MailServer

from annotator import migrating
from annotator.app import Annotator, create_app
from annotator.config import Settings
from annotator.database import Model, db, make_engine

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


class KeptApp:
    """An application that the tests of one worker share; its database is as new for each of them."""

    def __init__(self, app: Annotator, file: Path | None, template: bytes) -> None:
        self.app = app
        self.file = file
        self.template = template
        self.engine = app.extensions["annotator.database"].engine

    def renew(self) -> None:
        """Empty the database: SQLite gets the template's bytes again, PostgreSQL loses its rows."""
        if self.file is None:
            self._delete_rows()
            return
        self.engine.dispose()
        for ending in ("-wal", "-shm"):
            Path(f"{self.file}{ending}").unlink(missing_ok=True)
        self.file.write_bytes(self.template)

    def _delete_rows(self) -> None:
        # as replica no trigger runs: neither the journal's, which refuses, nor those of foreign keys
        names = [table.name for table in Model.metadata.sorted_tables]
        statements = [f'DELETE FROM "{name}"' for name in names]
        statements.append("ALTER SEQUENCE events_number_seq RESTART")
        with self.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql("; ".join(statements))


@pytest.fixture(scope="session")
def kept_apps(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_template: bytes
) -> Iterator[Callable[[str], KeptApp]]:
    """Give the worker's application on `sqlite` or `postgresql`, made when it is first asked for."""
    made: dict[str, KeptApp] = {}

    def keep(kind: str) -> KeptApp:
        if kind not in made:
            folder = tmp_path_factory.mktemp(kind)
            file = folder / "test.sqlite" if kind == "sqlite" else None
            if file is not None:
                file.write_bytes(sqlite_template)
                url = f"sqlite:///{file}"
            else:
                server = request.getfixturevalue("postgres_server")
                url = server.url(server.create_database(server.template("annotator_template", build)))
            settings = Settings(instance=str(folder), database_url=url, secret_key=KEY)
            made[kind] = KeptApp(create_app(settings), file, sqlite_template)
        return made[kind]

    yield keep
    for kept in made.values():
        kept.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, kept_apps: Callable[[str], KeptApp]) -> Iterator[Annotator]:
    """The application, once on SQLite and once on PostgreSQL, with an empty database."""
    kept = kept_apps(request.param)
    kept.renew()
    yield kept.app
    kept.engine.dispose()


@pytest.fixture
def people(app: Annotator) -> SimpleNamespace:
    """The ids of Ann, Ben (reviewers), Eve (editor), Dee (viewer), Olga (outsider), Cleo (admin), Dan (deactivated)."""
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


@pytest.fixture
def mailbox(app: Annotator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server that the application sends by: `.mails(to)`, `.subjects(to)`, `.link(to)`."""
    with MailServer() as server:
        by_mail = replace(
            app.config["SETTINGS"],
            smtp_url=f"smtp://{server.host}",
            mail_from="Annotator <annotator@example.org>",
            base_url="https://desk.example.org",
        )
        monkeypatch.setitem(app.config, "SETTINGS", by_mail)
        mailbox = Mailbox(app, server)
        yield mailbox
        mailbox.wait()
