"""People who have a password."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from annotator.accounts.models import User
from annotator.accounts.passwords import hash_password
from annotator.app import Annotator
from annotator.database import db

PASSWORD = "river stone lamp"
BROWSER = {
    "Sec-Fetch-Site": "same-origin",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0",
}


@cache
def hashed() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def password(app: Annotator, people: SimpleNamespace) -> str:
    """The password of Ann, Cleo and Dan; the others have none."""
    with app.app_context():
        for key in (people.ann, people.cleo, people.dan):
            db.session.get_one(User, key).password_hash = hashed()
        db.commit()
    return PASSWORD


@pytest.fixture
def sign_in(client: FlaskClient) -> Callable[..., Any]:
    """`sign_in(email, password)` sends the form of the sign-in page."""

    def send(email: str, password: str, **more: Any) -> Any:
        form = {"email": email, "password": password, **more.pop("form", {})}
        return client.post("/login", data=form, headers={**BROWSER, **more.pop("headers", {})}, **more)

    return send


@pytest.fixture
def first_proof(sign_in: Callable[..., Any], password: str) -> Callable[[str], Any]:
    """`first_proof("ann")` gives the right password; the answer leads to the second factor of whoever has one."""
    return lambda name: sign_in(f"{name}@example.org", password, form={"next": "/account"})


@pytest.fixture
def second(client: FlaskClient) -> Callable[..., Any]:
    """`second(code=...)` answers on the page of the second factor."""
    return lambda **form: client.post("/login/second-factor", data=form, headers=BROWSER)


@pytest.fixture
def inside(app: Annotator) -> Callable[[], Any]:
    """`with inside() as session:` commits at its end; a request sent meanwhile would share its context."""

    @contextmanager
    def open_session() -> Iterator[Any]:
        with app.app_context():
            yield db.session
            db.commit()

    return open_session
