"""Two installations, and files that go from one to the other."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from exchange.rich import as_file, rich_document
from sqlalchemy.orm import Session

from annotator.app import Annotator
from annotator.database import db
from annotator.exchange.operations import import_project
from annotator.exchange.queries import single_article, whole_project
from annotator.exchange.reading import read_native
from annotator.exchange.writing import export


@pytest.fixture
def elsewhere(app: Annotator, kept_apps: Callable[[str], Any]) -> Iterator[Annotator]:
    """A second, empty installation, on the other kind of database."""
    other = "postgresql" if "sqlite" in app.config["SETTINGS"].database_url else "sqlite"
    kept = kept_apps(other)
    kept.renew()
    yield kept.app
    kept.engine.dispose()


@pytest.fixture
def rich() -> dict[str, Any]:
    """The content of a file in which everything occurs."""
    return rich_document()


def put_in(app: Annotator, data: bytes, **options: Any) -> None:
    """Import a project's file into an installation."""
    with app.app_context():
        import_project(db.session, read_native(data), actor=None, **options)
        db.commit()


def take_out(app: Annotator, project_id: str) -> bytes:
    """Export a project from an installation."""
    with Session(app.extensions["annotator.database"].engine) as session:
        return b"".join(export(session, whole_project(project_id), by=None))


def article(project_id: str, article_id: str) -> bytes:
    """Export an article from the installation of the app context."""
    with Session(db.here.engine) as session:
        return b"".join(export(session, single_article(project_id, article_id), by=None))


@pytest.fixture
def travel() -> SimpleNamespace:
    """`put_in(app, data)` and `take_out(app, project_id)`, `article(project_id, article_id)`."""
    return SimpleNamespace(put_in=put_in, take_out=take_out, article=article)


@pytest.fixture
def imported(app: Annotator, rich: dict[str, Any]) -> dict[str, Any]:
    """The rich project, imported into the installation; what its file held."""
    data = as_file(rich)
    put_in(app, data)
    document: dict[str, Any] = orjson.loads(data)
    return document
