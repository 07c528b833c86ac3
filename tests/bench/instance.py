"""An instance with data in it: for the application in this process, or for the real program in its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from annotator import migrating
from annotator.accounts.sessions import COOKIE
from annotator.app import Annotator, create_app
from annotator.config import read_settings
from annotator.database import db
from tests.bench.data import fill
from tests.factories import SignedIn, sign_in
from tests.running import RunningServer


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


@contextmanager
def serving(
    folder: Path, *, annotations: int, links: int
) -> Iterator[tuple[RunningServer, SimpleNamespace, SignedIn]]:
    """Give the real program in a process of its own on a filled instance, what `fill` gives, and Ann's session."""
    with make_instance(folder, annotations=annotations, links=links) as (app, here):
        ann = sign_in(app, here.people.ann)
    server = RunningServer(folder)
    server.start()
    try:
        yield server, here, ann
    finally:
        server.stop()


class Caller:
    """One browser's connection to the server, kept open, with the session of a person."""

    def __init__(self, server: RunningServer, person: SignedIn) -> None:
        self.connection = HTTPConnection(server.url.removeprefix("http://"), timeout=60)
        cookie = person.get_cookie(COOKIE)
        assert cookie is not None
        self.headers = {
            "Cookie": f"{COOKIE}={cookie.value}",
            "X-CSRF-Token": person.token,
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/json",
        }

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Send a request and read the whole answer."""
        sent = None if body is None else json.dumps(body)
        self.connection.request(method, path, sent, self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()
