"""An instance with data in it: for the application in this process, or for the real program in its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from annotator import migrating
from annotator.app import Annotator, create_app
from annotator.config import read_settings
from annotator.database import db
from tests.bench.data import fill


@contextmanager
def make_instance(
    folder: Path, *, annotations: int, links: int
) -> Iterator[tuple[Annotator, SimpleNamespace]]:
    """Give the application on a new, filled instance folder, and what `fill` gives."""
    app = create_app(read_settings(str(folder)))
    with app.app_context():
        migrating.upgrade(db.here.engine)
        here = fill(db.session, annotations=annotations, links=links)
        db.commit()
        engine = db.here.engine
    yield app, here
    engine.dispose()
