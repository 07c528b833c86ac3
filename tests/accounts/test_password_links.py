"""One-time links: they work once, for a while, for one person."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from annotator.accounts import operations
from annotator.accounts.models import PasswordLink, User
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db

SAME = {"Sec-Fetch-Site": "same-origin"}
NEW = {"password": "seven quiet bells"}


@pytest.fixture
def link(app: Annotator, people: SimpleNamespace) -> str:
    """A link for Ben, who has no password yet."""
    return make(app, people.ben)


def make(app: Annotator, user_id: str) -> str:
    with app.app_context():
        token = operations.make_password_link(db.session, db.session.get_one(User, user_id), actor=None)
        db.commit()
    return token


def test_link_sets_the_password_and_signs_in(client: FlaskClient, people: SimpleNamespace, link: str) -> None:
    assert client.get(f"/password/{link}").status_code == 200
    answer = client.post(f"/password/{link}", data=NEW, headers=SAME)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?notice=password-set")
    assert client.get("/api/v1/me").json["id"] == people.ben


def test_a_password_set_by_a_link_signs_in(app: Annotator, client: FlaskClient, link: str) -> None:
    client.post(f"/password/{link}", data=NEW, headers=SAME)
    form = {"email": "ben@example.org", **NEW}
    assert app.test_client().post("/login", data=form, headers=SAME).status_code == 303


def test_used_link_is_gone(app: Annotator, client: FlaskClient, link: str) -> None:
    client.post(f"/password/{link}", data=NEW, headers=SAME)
    other = app.test_client()
    assert other.get(f"/password/{link}").status_code == 410
    assert other.post(f"/password/{link}", data=NEW, headers=SAME).status_code == 410


def test_looking_at_a_link_does_not_use_it(client: FlaskClient, link: str) -> None:
    client.get(f"/password/{link}")
    client.head(f"/password/{link}")
    assert client.post(f"/password/{link}", data=NEW, headers=SAME).status_code == 303


def test_a_newer_link_ends_the_earlier_one(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, link: str
) -> None:
    newer = make(app, people.ben)
    assert client.get(f"/password/{link}").status_code == 410
    assert client.get(f"/password/{newer}").status_code == 200


def test_expired_link_is_gone_and_says_so(app: Annotator, client: FlaskClient, link: str) -> None:
    with app.app_context():
        db.session.execute(update(PasswordLink).values(expires_at=now() - timedelta(seconds=1)))
        db.commit()
    answer = client.get(f"/password/{link}")
    assert answer.status_code == 410
    assert "has expired" in answer.text


@pytest.mark.parametrize("cut", [slice(0, -1), slice(1, None), slice(0, 0)])
def test_link_cut_short_does_not_work(client: FlaskClient, link: str, cut: slice) -> None:
    assert client.get(f"/password/{link[cut]}").status_code in (404, 410)


def test_new_person_has_a_day_and_a_reset_an_hour(
    app: Annotator, people: SimpleNamespace, password: str
) -> None:
    make(app, people.ben)
    make(app, people.ann)
    with app.app_context():
        rows = {
            row.user_id: row.expires_at - row.created_at for row in db.session.scalars(select(PasswordLink))
        }
    assert rows == {people.ben: timedelta(hours=24), people.ann: timedelta(hours=1)}


def test_too_easy_password_leaves_the_link_usable(client: FlaskClient, link: str) -> None:
    answer = client.post(f"/password/{link}", data={"password": "password1"}, headers=SAME)
    assert answer.status_code == 422
    assert "first that anybody tries" in answer.text
    assert client.post(f"/password/{link}", data=NEW, headers=SAME).status_code == 303


def test_deactivated_person_gets_no_link_and_an_open_one_ends(
    app: Annotator, as_: Any, client: FlaskClient, people: SimpleNamespace, link: str
) -> None:
    cleo = as_("cleo")
    cleo.post(f"/admin/people/{people.ben}/deactivate")
    assert client.get(f"/password/{link}").status_code == 410
    assert cleo.post(f"/admin/people/{people.ben}/link").status_code == 409


def test_table_keeps_only_the_hash_of_the_link(app: Annotator, link: str) -> None:
    with app.app_context():
        row = db.session.scalars(select(PasswordLink)).one()
        assert link not in (row.token_hash, row.id)


def test_setting_the_password_ends_sessions_and_tokens(
    app: Annotator, as_: Any, client: FlaskClient, people: SimpleNamespace
) -> None:
    ben = as_("ben")
    token = ben.post("/account/tokens", data={"purpose": "export", "scope": "read", "days": "7"})
    value = token.text.partition('value="ann_')[2].partition('"')[0]
    bearer = {"Authorization": f"Bearer ann_{value}"}
    assert client.get("/api/v1/me", headers=bearer).status_code == 200
    client.post(f"/password/{make(app, people.ben)}", data=NEW, headers=SAME)
    assert ben.get("/api/v1/me").status_code == 401
    assert client.get("/api/v1/me", headers=bearer).status_code == 401
