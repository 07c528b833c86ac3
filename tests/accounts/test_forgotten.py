"""A forgotten password: a link by mail, and no word about who is known."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from mailserver import Mailbox
from sqlalchemy import select, update

from annotator.accounts.models import PasswordLink, User
from annotator.accounts.operations import make_password_link
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db

SAME = {"Sec-Fetch-Site": "same-origin"}


def ask(client: FlaskClient, email: str, **more: Any) -> Any:
    return client.post("/forgotten", data={"email": email}, headers=SAME, **more)


def test_the_link_in_the_mail_sets_a_new_password_and_signs_in(
    client: FlaskClient, mailbox: Mailbox, people: SimpleNamespace, password: str
) -> None:
    assert ask(client, "Ann@Example.org").status_code == 200
    link = mailbox.link("ann@example.org")
    answer = client.post(link, data={"password": "seven quiet bells"}, headers=SAME)
    assert answer.status_code == 303
    assert client.get("/api/v1/me").json["id"] == people.ann


def test_known_unknown_and_deactivated_get_one_answer(
    client: FlaskClient, mailbox: Mailbox, password: str
) -> None:
    asked = ["ann@example.org", "dan@example.org", "nix@example.org"]
    pages = [ask(client, email).text.replace(email, "") for email in asked]
    assert pages[0] == pages[1] == pages[2]
    assert [len(mailbox.mails(email)) for email in asked] == [1, 0, 0]


def test_the_password_before_works_until_the_link_is_used(
    client: FlaskClient, mailbox: Mailbox, sign_in: Any, password: str
) -> None:
    ask(client, "ann@example.org")
    mailbox.wait()
    assert sign_in("ann@example.org", password).status_code == 303


def test_a_person_is_not_buried_in_mail(client: FlaskClient, mailbox: Mailbox, password: str) -> None:
    answers = [
        ask(client, "ann@example.org", environ_base={"REMOTE_ADDR": f"192.0.2.{number}"}).status_code
        for number in range(7)
    ]
    assert answers == [200] * 5 + [429] * 2
    assert len(mailbox.mails("ann@example.org")) == 1


def test_a_new_link_is_made_once_the_one_before_is_two_minutes_old(
    app: Annotator, client: FlaskClient, mailbox: Mailbox, password: str
) -> None:
    ask(client, "ann@example.org")
    first = mailbox.link("ann@example.org")
    with app.app_context():
        db.session.execute(update(PasswordLink).values(created_at=now() - timedelta(seconds=121)))
        db.commit()
    ask(client, "ann@example.org")
    assert len(mailbox.mails("ann@example.org")) == 2
    assert client.get(first).status_code == 410


def test_asking_ends_no_link_that_an_administrator_handed_on(
    app: Annotator, client: FlaskClient, mailbox: Mailbox, people: SimpleNamespace, password: str
) -> None:
    with app.app_context():
        ann = db.session.get_one(User, people.ann)
        handed_on = make_password_link(db.session, ann, actor=people.cleo)
        db.commit()
    ask(client, "ann@example.org")
    assert client.get(mailbox.link("ann@example.org")).status_code == 200
    assert client.get(f"/password/{handed_on}").status_code == 200


def test_the_limit_is_the_same_for_somebody_unknown(client: FlaskClient, mailbox: Mailbox) -> None:
    answers = [ask(client, "nix@example.org").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_one_address_asks_for_twenty_people_an_hour(client: FlaskClient, mailbox: Mailbox) -> None:
    answers = [ask(client, f"person{number}@example.org").status_code for number in range(21)]
    assert answers == [200] * 20 + [429]


def test_the_link_begins_with_our_own_address_whatever_the_host(
    client: FlaskClient, mailbox: Mailbox, password: str
) -> None:
    client.post(
        "/forgotten", data={"email": "ann@example.org"}, headers={**SAME, "X-Forwarded-Host": "evil.example"}
    )
    text = mailbox.mails("ann@example.org")[0].get_content()
    assert "https://desk.example.org/password/" in text
    assert "evil" not in text


@pytest.mark.parametrize("email", ["nowhere", "", "a@b\r\nBcc: c@d"])
def test_what_is_no_address_is_refused(client: FlaskClient, mailbox: Mailbox, email: str) -> None:
    assert ask(client, email).status_code == 422


def test_without_mail_the_page_says_whom_to_ask(app: Annotator, client: FlaskClient, password: str) -> None:
    page = client.get("/forgotten").text
    assert "Ask an administrator" in page
    assert 'name="email"' not in page
    assert ask(client, "ann@example.org").status_code == 409
    with app.app_context():
        assert db.session.scalars(select(PasswordLink)).all() == []


def test_the_sign_in_page_leads_here_only_where_there_is_mail(
    password: str, client: FlaskClient, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'href="/forgotten"' in client.get("/login").text
    monkeypatch.undo()
    assert 'href="/forgotten"' not in client.get("/login").text
