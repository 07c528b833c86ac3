"""An instance with data in it: for the application in this process, or for the real program in its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotator import migrating
from annotator.app import Annotator, create_app
from annotator.config import read_settings
from annotator.database import db
from tests.factories import SignedIn, sign_in


@contextmanager
def make_instance(folder: Path) -> Iterator[Annotator]:
    """Give the application on a new instance folder, inside its context."""
    app = create_app(read_settings(str(folder)))
    with app.app_context():
        migrating.upgrade(db.here.engine)
        yield app
        db.here.engine.dispose()


def signed_in(app: Annotator, user_id: str) -> SignedIn:
    """Give a client with a session of the person."""
    return sign_in(app, user_id)
