"""A proof of who one is goes stale: what changes the way in asks for it again, and nothing typed is lost."""

import re
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from annotator.accounts.models import ApiToken, LoginSession
from annotator.accounts.sessions import COOKIE
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db

HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
TOKEN = {"purpose": "nightly “export”", "scope": "read", "days": "7", "project": ""}


def age(app: Annotator, minutes: int) -> None:
    """Let everybody's proof be as old as this."""
    with app.app_context():
        db.session.execute(update(LoginSession).values(authenticated_at=now() - timedelta(minutes=minutes)))
        db.commit()


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms, those of the later ones first to be found."""
    return {name: unescape(text) for name, text in HIDDEN.findall(page)}


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/account/password", {"current": "x", "password": "seven quiet bells"}),
        ("/account/email", {"email": "new@example.org"}),
        ("/account/tokens", TOKEN),
        ("/account/sessions/end-others", {}),
    ],
)
def test_a_change_of_the_way_in_asks_again_after_ten_minutes(
    app: Annotator, as_: Any, password: str, path: str, form: dict[str, str]
) -> None:
    ann = as_("ann")
    age(app, 11)
    answer = ann.post(path, data=form)
    assert answer.status_code == 403
    assert "Confirm that it is you" in answer.text


@pytest.mark.parametrize(
    ("path", "form"),
    [("/account/name", {"name": "Anna"}), ("/account/language", {"locale": "en", "time_zone": "UTC"})],
)
def test_name_language_and_time_zone_never_ask(
    app: Annotator, as_: Any, path: str, form: dict[str, str]
) -> None:
    ann = as_("ann")
    age(app, 600)
    assert ann.post(path, data=form).status_code == 303


def test_what_was_typed_goes_along_and_is_sent_again(app: Annotator, as_: Any, password: str) -> None:
    ann = as_("ann")
    age(app, 11)
    asked = hidden(ann.post("/account/tokens", data=TOKEN).text)
    confirmed = ann.post(
        "/confirm", data={"next": asked["next"], "kept": asked["kept"], "password": password}
    )
    assert (confirmed.status_code, "under <strong>API tokens</strong>" in confirmed.text) == (200, True)
    again = hidden(confirmed.text)
    ann.token = again["csrf_token"]
    page = ann.post("/account/tokens", data={name: again[name] for name in TOKEN})
    assert page.status_code == 200
    with app.app_context():
        assert db.session.scalars(select(ApiToken.name)).all() == [TOKEN["purpose"]]


def test_passwords_do_not_go_along(app: Annotator, as_: Any, password: str) -> None:
    ann = as_("ann")
    age(app, 11)
    page = ann.post("/account/password", data={"current": password, "password": "seven quiet bells"}).text
    assert [secret for secret in (password, "seven quiet bells") if secret in page] == []


def test_confirming_gives_the_session_a_new_value(app: Annotator, as_: Any, password: str) -> None:
    ann = as_("ann")
    before = ann.get_cookie(COOKIE).value
    age(app, 11)
    answer = ann.post("/confirm", data={"password": password, "next": "/account?x=1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account?x=1")
    assert ann.get_cookie(COOKIE).value != before
    with app.app_context():
        row = db.session.scalars(select(LoginSession)).one()
    assert now() - row.authenticated_at < timedelta(seconds=30)


def test_the_value_before_confirming_works_no_more(
    app: Annotator, as_: Any, client: FlaskClient, password: str
) -> None:
    ann = as_("ann")
    before = ann.get_cookie(COOKIE).value
    age(app, 11)
    ann.post("/confirm", data={"password": password})
    client.set_cookie(COOKIE, before)
    assert client.get("/api/v1/me").status_code == 401


def test_a_wrong_password_confirms_nothing_and_keeps_what_was_typed(
    app: Annotator, as_: Any, password: str
) -> None:
    ann = as_("ann")
    age(app, 11)
    asked = hidden(ann.post("/account/tokens", data=TOKEN).text)
    wrong = ann.post("/confirm", data={"next": asked["next"], "kept": asked["kept"], "password": "wrong"})
    assert wrong.status_code == 422
    assert hidden(wrong.text)["kept"] == asked["kept"]
    assert ann.post("/account/tokens", data=TOKEN).status_code == 403


def test_the_password_cannot_be_guessed_by_confirming(app: Annotator, as_: Any, password: str) -> None:
    ann = as_("ann")
    age(app, 11)
    for _ in range(5):
        assert "This is not your password." in ann.post("/confirm", data={"password": "wrong"}).text
    assert "Too many tries" in ann.post("/confirm", data={"password": password}).text


def test_who_has_just_signed_in_is_not_asked(as_: Any) -> None:
    answer = as_("ann").get("/confirm?next=/account")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")


def test_a_stale_page_asks_and_leads_back(app: Annotator, as_: Any, password: str) -> None:
    cleo = as_("cleo")
    age(app, 61)
    page = cleo.get("/admin/people?q=a")
    assert page.status_code == 403
    answer = cleo.post("/confirm", data={"next": hidden(page.text)["next"], "password": password})
    assert answer.headers["Location"] == "/admin/people?q=a"
    assert cleo.get("/admin/people?q=a").status_code == 200


def test_p16_admin_pages_without_recent_proof_are_refused(
    app: Annotator, as_: Any, people: SimpleNamespace
) -> None:
    cleo = as_("cleo")
    age(app, 61)
    paths = ["/admin/people", "/admin/projects", "/admin/audit", "/admin/import"]
    assert [cleo.get(path).status_code for path in paths] == [403] * 4
    assert cleo.post(f"/admin/people/{people.ann}/deactivate").status_code == 403
    assert as_("ann").get("/api/v1/me").status_code == 200


def test_who_is_no_administrator_is_not_asked_but_refused(app: Annotator, as_: Any) -> None:
    ann = as_("ann")
    age(app, 61)
    page = ann.get("/admin/people")
    assert page.status_code == 403
    assert "Only an administrator may do this." in page.text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil", "javascript:x"])
def test_confirming_leads_nowhere_else(app: Annotator, as_: Any, password: str, target: str) -> None:
    ann = as_("ann")
    age(app, 11)
    answer = ann.post("/confirm", data={"password": password, "next": target})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("kept", ["{", "7", '[["a"]]', '[["a", 1]]', '{"a": "b"}', "[[[[", "\u2028"])
def test_kept_fields_of_another_shape_are_left_out(
    app: Annotator, as_: Any, password: str, kept: str
) -> None:
    ann = as_("ann")
    age(app, 11)
    answer = ann.post("/confirm", data={"password": password, "kept": kept})
    assert answer.status_code in (200, 303)
    assert 'name="a"' not in answer.text


def test_kept_fields_are_shown_as_text(app: Annotator, as_: Any, password: str) -> None:
    ann = as_("ann")
    age(app, 11)
    kept = '[["\\"><b>", "\\"><script>x</script>"]]'
    page = ann.post("/confirm", data={"password": password, "kept": kept}).text
    assert [mark for mark in ("<b>", "<script>x") if mark in page] == []


def test_who_has_no_password_is_told_what_to_do(app: Annotator, as_: Any) -> None:
    ben = as_("ben")
    age(app, 11)
    assert "sign in again" in ben.get("/confirm").text


def test_a_token_confirms_nothing(app: Annotator, as_: Any, client: FlaskClient) -> None:
    page = as_("ann").post("/account/tokens", data=TOKEN).text
    value = "ann_" + page.partition('value="ann_')[2].partition('"')[0]
    bearer = {"Authorization": f"Bearer {value}"}
    assert client.get("/confirm", headers=bearer).status_code == 403
