"""API tokens: shown once, kept as a hash, as far as their scope."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from annotator.accounts import operations, tokens
from annotator.accounts.models import ApiToken, User
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db
from annotator.identity import Scope


def make(app: Annotator, user_id: str, scope: Scope = Scope.WRITE) -> str:
    with app.app_context():
        user = db.session.get_one(User, user_id)
        _, value = tokens.make_token(db.session, user, name="script", scope=scope, actor=user_id)
        db.commit()
    return value


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def change(app: Annotator, **values: Any) -> None:
    with app.app_context():
        db.session.execute(update(ApiToken).values(**values))
        db.commit()


def test_token_says_who_asks(app: Annotator, client: FlaskClient, people: SimpleNamespace) -> None:
    answer = client.get("/api/v1/me", headers=bearer(make(app, people.ann)))
    assert (answer.json["id"], answer.json["via"], answer.json["scope"]) == (people.ann, "token", "write")


def test_use_of_a_token_is_noted(app: Annotator, client: FlaskClient, people: SimpleNamespace) -> None:
    client.get("/api/v1/me", headers=bearer(make(app, people.ann)))
    with app.app_context():
        assert db.session.scalar(select(ApiToken.last_used_at)) is not None


@pytest.mark.parametrize(
    "values", [{"revoked_at": now()}, {"expires_at": now() - timedelta(seconds=1)}, {"token_hash": "x"}]
)
def test_token_out_of_force_is_refused(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, values: dict[str, Any]
) -> None:
    token = make(app, people.ann)
    change(app, **values)
    assert client.get("/api/v1/me", headers=bearer(token)).status_code == 401


def test_failed_token_never_falls_back_to_the_cookie(as_: Any) -> None:
    ann = as_("ann")
    assert ann.get("/api/v1/me", headers=bearer("ann_unknown")).status_code == 401
    assert ann.get("/account", headers=bearer("ann_unknown")).status_code == 302


def test_token_of_a_deactivated_person_is_refused(
    app: Annotator, client: FlaskClient, as_: Any, people: SimpleNamespace
) -> None:
    token = make(app, people.ann)
    cleo = as_("cleo")
    cleo.post(f"/admin/people/{people.ann}/deactivate")
    assert client.get("/api/v1/me", headers=bearer(token)).status_code == 401
    cleo.post(f"/admin/people/{people.ann}/activate")
    assert client.get("/api/v1/me", headers=bearer(token)).status_code == 401


def test_token_and_cookie_of_different_people_are_refused(
    app: Annotator, as_: Any, people: SimpleNamespace
) -> None:
    assert as_("ben").get("/api/v1/me", headers=bearer(make(app, people.ann))).status_code == 400


def test_token_in_the_address_is_refused_even_beside_a_cookie(
    app: Annotator, as_: Any, people: SimpleNamespace
) -> None:
    token = make(app, people.ann)
    assert as_("ann").get(f"/api/v1/me?access_token={token}").status_code == 400


def test_bearer_needs_no_csrf_token(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    headers = {**bearer(make(app, people.eve)), "If-Match": '"1"'}
    answer = client.patch(f"/api/v1/projects/{project.id}", json={"name": "New name"}, headers=headers)
    assert answer.status_code == 200


def test_token_of_scope_read_cannot_write(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    headers = {**bearer(make(app, people.eve, Scope.READ)), "If-Match": '"1"'}
    assert client.get(f"/api/v1/projects/{project.id}", headers=headers).status_code == 200
    assert (
        client.patch(f"/api/v1/projects/{project.id}", json={"name": "x"}, headers=headers).status_code == 403
    )


@pytest.mark.parametrize(("scope", "status"), [(Scope.WRITE, 403), (Scope.ADMIN, 200)])
def test_admin_pages_need_the_scope_admin(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, scope: Scope, status: int
) -> None:
    assert client.get("/admin/people", headers=bearer(make(app, people.cleo, scope))).status_code == status


def test_token_cannot_make_another_token_or_change_the_account(
    app: Annotator, client: FlaskClient, people: SimpleNamespace
) -> None:
    headers = bearer(make(app, people.ann, Scope.READ))
    form = {"purpose": "more", "scope": "write", "days": ""}
    assert client.post("/account/tokens", data=form, headers=headers).status_code == 403
    assert client.post("/account/name", data={"name": "Mallory"}, headers=headers).status_code == 403


def test_page_shows_a_new_token_once_and_the_table_keeps_its_hash(app: Annotator, as_: Any) -> None:
    ann = as_("ann")
    page = ann.post("/account/tokens", data={"purpose": "nightly", "scope": "read", "days": "30"}).text
    value = "ann_" + page.partition('value="ann_')[2].partition('"')[0]
    assert value not in ann.get("/account").text
    with app.app_context():
        row = db.session.scalars(select(ApiToken)).one()
    assert (row.name, row.scope, row.token_hash != value) == ("nightly", "read", True)
    assert row.expires_at - row.created_at > timedelta(days=29)


@pytest.mark.parametrize("wrong", [{"scope": "admin"}, {"scope": "all"}, {"days": "9999"}, {"purpose": " "}])
def test_wrong_token_form_makes_nothing(app: Annotator, as_: Any, wrong: dict[str, str]) -> None:
    answer = as_("ann").post("/account/tokens", data={"purpose": "x", "scope": "read", "days": "7", **wrong})
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(ApiToken)).all() == []


def test_revoked_token_stops_at_once(
    app: Annotator, as_: Any, client: FlaskClient, people: SimpleNamespace
) -> None:
    token = make(app, people.ann)
    with app.app_context():
        token_id = db.session.scalar(select(ApiToken.id))
    assert as_("ben").post(f"/account/tokens/{token_id}/revoke").status_code == 404
    assert as_("ann").post(f"/account/tokens/{token_id}/revoke").status_code == 303
    assert client.get("/api/v1/me", headers=bearer(token)).status_code == 401


@pytest.mark.parametrize("word", ["Bearer", "bearer", "BEARER"])
def test_a_token_writes_without_the_page_however_its_word_is_written(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, project: SimpleNamespace, word: str
) -> None:
    headers = {"Authorization": f"{word} {make(app, people.ann)}"}
    path = f"/api/v1/projects/{project.id}/recognise"
    assert client.post(path, json={"text": "Some words."}, headers=headers).status_code == 200


def test_the_first_use_of_a_token_is_noted_before_the_request_writes(
    app: Annotator, client: FlaskClient, people: SimpleNamespace
) -> None:
    token = make(app, people.ann)
    with app.app_context():
        user = db.session.get_one(User, people.ben)
        link = operations.make_password_link(db.session, user, actor=None)
        db.commit()
    refused = client.post(f"/password/{link}", data={"password": "short"}, headers=bearer(token))
    assert refused.status_code == 422
    with app.app_context():
        assert db.session.scalar(select(ApiToken.last_used_at)) is not None
