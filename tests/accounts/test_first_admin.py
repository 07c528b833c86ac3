"""The first administrator comes in by a link and by no default password."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from annotator.accounts import operations
from annotator.accounts.models import User
from annotator.accounts.queries import by_email
from annotator.app import Annotator
from annotator.database import db

SAME = {"Sec-Fetch-Site": "same-origin"}
ABOUT = {"name": "Cleo", "email": "cleo@example.org", "password": "seven quiet bells"}


def first_link(app: Annotator) -> str | None:
    with app.app_context():
        token = operations.ensure_first_admin(db.session)
        db.commit()
    return token


def test_empty_site_offers_a_link_at_each_start_until_it_is_used(app: Annotator, client: FlaskClient) -> None:
    first, second = first_link(app), first_link(app)
    assert client.get(f"/password/{first}").status_code == 410
    assert client.post(f"/password/{second}", data=ABOUT, headers=SAME).status_code == 303
    assert first_link(app) is None


def test_first_administrator_says_who_they_are(app: Annotator, client: FlaskClient) -> None:
    client.post(f"/password/{first_link(app)}", data=ABOUT, headers=SAME)
    with app.app_context():
        row = db.session.scalars(select(User)).one()
    assert (row.name, row.email, row.is_admin) == ("Cleo", "cleo@example.org", True)


@pytest.mark.parametrize(
    "wrong", [{"email": "nowhere"}, {"name": " "}, {"password": "short"}, {"password": "cleo1234"}]
)
def test_wrong_field_keeps_nothing_and_shows_what_was_typed(
    app: Annotator, client: FlaskClient, wrong: dict[str, str]
) -> None:
    answer = client.post(f"/password/{first_link(app)}", data={**ABOUT, **wrong}, headers=SAME)
    assert answer.status_code == 422
    assert "seven quiet bells" not in answer.text
    with app.app_context():
        assert db.session.scalar(by_email("admin@localhost")) is not None


def test_administrator_without_password_gets_the_link(
    app: Annotator, people: Any, client: FlaskClient
) -> None:
    token = first_link(app)
    assert "cleo@example.org" in client.get(f"/password/{token}").text


def test_nobody_can_sign_in_before(app: Annotator, client: FlaskClient) -> None:
    first_link(app)
    answer = client.post("/login", data={"email": "admin@localhost", "password": "admin"}, headers=SAME)
    assert answer.status_code == 422
