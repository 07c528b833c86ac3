"""An app on either database that signs people in through the tests' own provider."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.oidc.provider import CLIENT, SECRET, Provider, running
from flask.testing import FlaskClient
from sqlalchemy import select

from annotator.accounts.models import LoginSession, User
from annotator.accounts.oidc.pages import FLOW
from annotator.accounts.oidc.settings import EXTENSION, read_single_sign_on
from annotator.accounts.proof_models import ExternalIdentity
from annotator.app import Annotator
from annotator.columns import new_id, now
from annotator.database import db

OURS = {"Sec-Fetch-Site": "same-origin"}  # by the button of our own page


@pytest.fixture(scope="session")
def _server() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(_server: Provider) -> Provider:
    """The provider, saying nothing strange."""
    fresh = Provider()
    fresh.url = _server.url
    _server.__dict__.update(fresh.__dict__)
    return _server


@pytest.fixture
def through(app: Annotator, provider: Provider) -> Iterator[Callable[..., Annotator]]:
    """`through(oidc_roles=...)` sets single sign-on of the app up; it is as before after the test."""
    from annotator.accounts.oidc.flow import Flow

    before = app.config["SETTINGS"]

    def use(**more: str) -> Annotator:
        named = {"oidc_issuer": provider.url, "oidc_name": "Newsroom"}
        given = {**named, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET, **more}
        app.config["SETTINGS"] = replace(before, **given)
        config = read_single_sign_on(app.config["SETTINGS"])
        assert config is not None
        app.extensions[EXTENSION], app.extensions[FLOW] = config, Flow(config)
        return app

    yield use
    app.config["SETTINGS"] = before
    app.extensions[EXTENSION] = None
    app.extensions.pop(FLOW, None)


class Visitor:
    """Somebody with a browser: goes to the provider, signs in there, comes back."""

    def __init__(self, app: Annotator, provider: Provider) -> None:
        self.app = app
        self.provider = provider
        self.client: FlaskClient = app.test_client()

    def leave(self, path: str = "/login/oidc") -> str:
        """Begin; gives the provider's address that the browser is sent to."""
        answer = self.client.get(path, headers=OURS)
        assert answer.status_code == 302, answer.text
        return str(answer.headers["Location"])

    def come_back(self, address: str, **more: str) -> Any:
        """Open the address that the provider sends the browser back to."""
        query = address.partition("?")[2] + "".join(f"&{name}={value}" for name, value in more.items())
        return self.client.get(f"/login/oidc/return?{query}")

    def go(self, subject: str = "ann-1", path: str = "/login/oidc", **claims: Any) -> Any:
        """The whole way, with these claims; gives our answer to the return."""
        return self.come_back(self.provider.authorize(self.leave(path), subject, **claims))

    @property
    def cookie(self) -> str:
        """The login cookie's value."""
        found = self.client.get_cookie("__Host-annotator")
        return found.value if found else ""


@pytest.fixture
def visitor(through: Callable[..., Annotator], provider: Provider) -> Visitor:
    """A visitor of a site with single sign-on and no mapped groups."""
    return Visitor(through(), provider)


@pytest.fixture
def known(app: Annotator, people: SimpleNamespace, provider: Provider) -> Callable[..., None]:
    """`known("ann", "ann-1")` joins Ann to this subject of the provider."""

    def join(name: str, subject: str, issuer: str = "") -> None:
        with app.app_context():
            db.session.add(
                ExternalIdentity(
                    id=new_id(),
                    user_id=getattr(people, name),
                    issuer=issuer or provider.url,
                    subject=subject,
                    created_at=now(),
                )
            )
            db.commit()

    return join


def signed_in(app: Annotator, visitor: Visitor) -> str:
    """The name of who is signed in with this visitor's cookie; empty for nobody."""
    answer = visitor.client.get("/api/v1/me")
    return str(answer.json["name"]) if answer.status_code == 200 else ""


def sessions_of(app: Annotator, user_id: str) -> list[LoginSession]:
    """The person's sessions that have not ended."""
    with app.app_context():
        mine = (LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
        return list(db.session.scalars(select(LoginSession).where(*mine)))


def by_name(app: Annotator, name: str) -> User | None:
    """The person with this name."""
    with app.app_context():
        return db.session.scalar(select(User).where(User.name == name))
