"""One's own account in the browser."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from annotator.accounts.models import User
from annotator.accounts.sessions import COOKIE
from annotator.app import Annotator
from annotator.database import db


def name_of(app: Annotator, user_id: str) -> str:
    with app.app_context():
        return db.session.get_one(User, user_id).name


def test_account_asks_who_one_is(client: FlaskClient) -> None:
    assert client.get("/account").headers["Location"] == "/login?next=/account"


def test_own_name_is_changed(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    assert as_("ann").post("/account/name", data={"name": "  Ann   Ferreira "}).status_code == 303
    assert name_of(app, people.ann) == "Ann Ferreira"


@pytest.mark.parametrize("name", ["", " ", "A\u202enn", "x" * 121, "A\x07nn"])
def test_name_that_cannot_be_shown_is_refused_and_typed_again(
    app: Annotator, as_: Any, people: SimpleNamespace, name: str
) -> None:
    assert as_("ann").post("/account/name", data={"name": name}).status_code == 422
    assert name_of(app, people.ann) == "Ann"


def test_name_is_shown_as_text_whatever_it_holds(as_: Any) -> None:
    ann = as_("ann")
    ann.post("/account/name", data={"name": "<b>Ann</b>"})
    assert "<b>Ann</b>" not in ann.get("/account").text


def test_form_without_csrf_token_is_refused(as_: Any) -> None:
    ann = as_("ann")
    ann.token = ""
    assert ann.post("/account/name", data={"name": "Mallory"}).status_code == 403


def test_changed_password_ends_other_sessions_and_goes_on_here(
    as_: Any, client: FlaskClient, password: str
) -> None:
    here, there = as_("ann"), as_("ann")
    before = here.get_cookie(COOKIE).value
    answer = here.post("/account/password", data={"current": password, "password": "seven quiet bells"})
    assert answer.status_code == 303
    assert here.get_cookie(COOKIE).value != before
    assert (here.get("/api/v1/me").status_code, there.get("/api/v1/me").status_code) == (200, 401)


def test_new_password_works_and_the_old_one_does_not(sign_in: Any, as_: Any, password: str) -> None:
    as_("ann").post("/account/password", data={"current": password, "password": "seven quiet bells"})
    assert sign_in("ann@example.org", password).status_code == 422
    assert sign_in("ann@example.org", "seven quiet bells").status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "why"),
    [
        ("wrong", "seven quiet bells", "not your current password"),
        ("river stone lamp", "short", "at least 8"),
        ("river stone lamp", "password1", "first that anybody tries"),
        ("river stone lamp", "x" * 129, "at most 128"),
    ],
)
def test_password_is_not_changed_without_reason(
    as_: Any, password: str, current: str, new: str, why: str
) -> None:
    ann = as_("ann")
    answer = ann.post("/account/password", data={"current": current, "password": new})
    assert answer.status_code == 422
    assert why in answer.text
    assert ann.get("/api/v1/me").status_code == 200


def test_current_password_cannot_be_guessed_without_limit(as_: Any, password: str) -> None:
    ann = as_("ann")
    form = {"current": "wrong", "password": "seven quiet bells"}
    answers = [ann.post("/account/password", data=form).status_code for _ in range(6)]
    assert answers == [422, 422, 422, 422, 422, 429]


def test_no_page_shows_the_hash(as_: Any, password: str, people: SimpleNamespace) -> None:
    cleo = as_("cleo")
    pages = [cleo.get(path).text for path in ("/account", "/admin/people", f"/admin/people/{people.ann}")]
    assert [page for page in pages if "argon2" in page] == []
