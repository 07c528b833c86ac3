"""Rows that tests need, made by the shortest true way."""

from types import SimpleNamespace
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from annotator import csrf
from annotator.accounts import login_sessions, sessions
from annotator.accounts.models import User
from annotator.app import Annotator
from annotator.articles.models import Method
from annotator.articles.operations import Input, bring_in
from annotator.articles.reading import latest
from annotator.columns import new_id, now
from annotator.database import db
from annotator.projects.models import Membership, Project

NAMES = {"ann": "Ann", "ben": "Ben", "eve": "Eve", "dee": "Dee", "olga": "Olga", "cleo": "Cleo", "dan": "Dan"}
ROLES = {"ann": "reviewer", "ben": "reviewer", "eve": "editor", "dee": "viewer", "dan": "reviewer"}
TEXT = (
    "Ministers met on Monday 👩🏽‍⚖️ in the old hall.\n\n"
    "The mayor said: “We will never sell the harbour.” A year before, she had offered it for 12 million.\n\n"
    "Nobody answered."
)


def make_people(session: Session) -> SimpleNamespace:
    """The same people everywhere; without passwords, since tests sign them in by a session row."""
    found = SimpleNamespace()
    for key, name in NAMES.items():
        row = User(
            id=new_id(),
            email=f"{key}@example.org",
            name=name,
            is_admin=key == "cleo",
            active=key != "dan",
            created_at=now(),
            updated_at=now(),
        )
        session.add(row)
        setattr(found, key, row.id)
    session.flush()
    return found


def make_project(session: Session, people: SimpleNamespace, slug: str = "desk") -> SimpleNamespace:
    """A project with its members."""
    row = Project(
        id=new_id(),
        name=slug.title(),
        slug=slug,
        created_at=now(),
        updated_at=now(),
        created_by_id=people.cleo,
    )
    session.add(row)
    session.flush()
    for key, role in ROLES.items():
        session.add(Membership(project_id=row.id, user_id=getattr(people, key), role=role, created_at=now()))
    session.flush()
    return SimpleNamespace(id=row.id, slug=slug)


def make_article(
    session: Session, project: SimpleNamespace, actor: str, text: str = TEXT, **details: Any
) -> SimpleNamespace:
    """An article of the project; `id`, `snapshot`, `text`."""
    row = session.get_one(Project, project.id)
    article = bring_in(
        session,
        Input(text.encode(), "text/plain", Method.PASTE),
        {"title": "The harbour", **details},
        project=row,
        actor=actor,
    )
    return SimpleNamespace(id=article.id, snapshot=latest(session, article.id).id, text=text)


class SignedIn(FlaskClient):
    """A client whose writing requests carry what a browser would: Sec-Fetch-Site and the CSRF token."""

    token = ""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send the request."""
        headers = {
            "Sec-Fetch-Site": "same-origin",
            "X-CSRF-Token": self.token,
            **dict(kwargs.pop("headers", {}) or {}),
        }
        return super().open(*args, headers=headers, **kwargs)

    def change(self, method: str, path: str, body: Any = None, *, version: int | None = None) -> Any:
        """Send JSON with If-Match."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return (
            self.open(path, method=method, json=body, headers=headers)
            if body is not None
            else self.open(path, method=method, headers=headers)
        )


def sign_in(app: Annotator, user_id: str) -> SignedIn:
    """A client with a session of its own for the person."""
    app.test_client_class = SignedIn
    client = app.test_client()
    app.test_client_class = None
    assert isinstance(client, SignedIn)
    with app.test_request_context():
        _, cookie = login_sessions.start_session(db.session, db.session.get_one(User, user_id), device="test")
        db.commit()
    client.set_cookie("__Host-annotator", cookie)
    with app.test_request_context(headers={"Cookie": f"__Host-annotator={cookie}"}) as context:
        client.token = csrf.make_token(sessions.load_identity(context.request))
    return client
