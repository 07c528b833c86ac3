"""A small application with a database and nothing else, and somebody who acts: for tests of the kernel's guards."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from factories import make_people, make_project
from flask import Flask
from flask_login import LoginManager

from annotator import tables
from annotator.columns import new_id, now
from annotator.config import Settings
from annotator.database import Database, Model, db
from annotator.identity import Identity, Scope
from annotator.projects.models import Project
from annotator.sources.models import Source

KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"


class Small:
    """Two projects, `desk` and the archived `old`, with a source each, and one that is deleted."""

    def __init__(self, folder: Path) -> None:
        assert tables
        self.app, self.who = Flask("small"), None
        url = f"sqlite:///{folder / 'small.sqlite'}"
        self.app.config["SETTINGS"] = Settings(instance=str(folder), database_url=url, secret_key=KEY)
        self.engine = Database(self.app, url).engine
        LoginManager(self.app).request_loader(lambda _: self.who)
        Model.metadata.create_all(self.engine)
        with self.app.app_context():
            self.people = make_people(db.session)
            self.desk, self.old = (make_project(db.session, self.people, slug) for slug in ("desk", "old"))
            db.session.get_one(Project, self.old.id).archived_at = now()
            self.source, self.gone, self.kept = (
                self._add(project) for project in (self.desk.id, self.desk.id, self.old.id)
            )
            db.session.flush()
            db.session.get_one(Source, self.gone).deleted_at = now()
            db.session.commit()

    def _add(self, project: str) -> str:
        at = {"created_at": now(), "updated_at": now(), "created_by_id": self.people.eve}
        row = Source(id=new_id(), title="A law", project_id=project, request_sha256="made", **at)
        db.session.add(row)
        return str(row.id)

    def identity(self, name: str, **more: Any) -> Identity:
        """A person as a request knows them, signed in just now."""
        found = Identity(
            getattr(self.people, name), name, f"{name}@example.org", name == "cleo", "cookie", Scope.ADMIN
        )
        return replace(found, authenticated_at=now(), **more)

    @contextmanager
    def asked(self, who: Identity | None, path: str = "/x", **more: Any) -> Iterator[SimpleNamespace]:
        """A request of somebody's."""
        self.who = who  # type: ignore[assignment]
        with self.app.test_request_context(path, **more):
            yield SimpleNamespace()
