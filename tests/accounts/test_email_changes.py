"""Another e-mail address: confirmed by a link there, told to the one before."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from mailserver import Mailbox

from annotator.accounts.models import User
from annotator.accounts.sessions import COOKIE
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db

SAME = {"Sec-Fetch-Site": "same-origin"}
NEW = "anna@example.org"


def email_of(app: Annotator, user_id: str) -> str | None:
    with app.app_context():
        return db.session.get_one(User, user_id).email


def test_the_link_changes_the_address_and_the_one_before_is_told(
    app: Annotator, as_: Any, mailbox: Mailbox, people: SimpleNamespace
) -> None:
    ann = as_("ann")
    assert ann.post("/account/email", data={"email": NEW}).status_code == 303
    assert email_of(app, people.ann) == "ann@example.org"
    assert ann.post(mailbox.link(NEW)).headers["Location"] == "/account?notice=email-changed"
    assert email_of(app, people.ann) == NEW
    assert mailbox.subjects("ann@example.org") == ["Your e-mail address was changed"]


def test_other_sessions_end_and_ones_own_goes_on_under_a_new_value(as_: Any, mailbox: Mailbox) -> None:
    here, there = as_("ann"), as_("ann")
    before = here.get_cookie(COOKIE).value
    here.post("/account/email", data={"email": NEW})
    here.post(mailbox.link(NEW))
    assert here.get_cookie(COOKIE).value != before
    assert [one.get("/api/v1/me").status_code for one in (here, there)] == [200, 401]


def test_followed_where_nobody_is_signed_in_it_leads_to_the_sign_in_page(
    app: Annotator, as_: Any, client: FlaskClient, mailbox: Mailbox, people: SimpleNamespace
) -> None:
    ann = as_("ann")
    ann.post("/account/email", data={"email": NEW})
    link = mailbox.link(NEW)
    assert NEW in client.get(link).text
    assert client.post(link, headers=SAME).headers["Location"] == "/login?notice=email-changed"
    assert email_of(app, people.ann) == NEW
    assert ann.get("/api/v1/me").status_code == 401


def test_looking_changes_nothing(
    app: Annotator, as_: Any, client: FlaskClient, mailbox: Mailbox, people: SimpleNamespace
) -> None:
    as_("ann").post("/account/email", data={"email": NEW})
    client.get(mailbox.link(NEW))
    assert email_of(app, people.ann) == "ann@example.org"


def test_the_link_works_once(as_: Any, client: FlaskClient, mailbox: Mailbox) -> None:
    as_("ann").post("/account/email", data={"email": NEW})
    link = mailbox.link(NEW)
    client.post(link, headers=SAME)
    assert client.post(link, headers=SAME).status_code == 410


def test_the_link_works_for_a_day(as_: Any, client: FlaskClient, mailbox: Mailbox) -> None:
    as_("ann").post("/account/email", data={"email": NEW})
    link = mailbox.link(NEW)
    with time_machine.travel(now() + timedelta(hours=25)):
        assert client.post(link, headers=SAME).status_code == 410


def test_a_newer_wish_ends_the_earlier_link(as_: Any, client: FlaskClient, mailbox: Mailbox) -> None:
    ann = as_("ann")
    ann.post("/account/email", data={"email": NEW})
    earlier = mailbox.link(NEW)
    ann.post("/account/email", data={"email": "annie@example.org"})
    assert client.post(earlier, headers=SAME).status_code == 410


def test_a_new_password_ends_the_link(as_: Any, client: FlaskClient, mailbox: Mailbox, password: str) -> None:
    ann = as_("ann")
    ann.post("/account/email", data={"email": NEW})
    ann.post("/account/password", data={"current": password, "password": "seven quiet bells"})
    assert client.post(mailbox.link(NEW), headers=SAME).status_code == 410


def test_whether_an_address_is_taken_only_its_mailbox_learns(as_: Any, mailbox: Mailbox) -> None:
    answers = [as_("ann").post("/account/email", data={"email": email}) for email in ("ben@example.org", NEW)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert mailbox.subjects("ben@example.org") == ["This e-mail address is in use"]


def test_an_address_taken_meanwhile_is_refused(
    app: Annotator, as_: Any, client: FlaskClient, mailbox: Mailbox, people: SimpleNamespace
) -> None:
    as_("ann").post("/account/email", data={"email": NEW})
    with app.app_context():
        db.session.get_one(User, people.ben).email = NEW
        db.commit()
    assert client.post(mailbox.link(NEW), headers=SAME).status_code == 422
    assert email_of(app, people.ann) == "ann@example.org"


@pytest.mark.parametrize("email", ["nowhere", "ann@example.org", "a@b\r\nBcc: c@d", ""])
def test_what_is_no_other_address_is_refused(as_: Any, mailbox: Mailbox, email: str) -> None:
    assert as_("ann").post("/account/email", data={"email": email}).status_code == 422


def test_a_person_asks_five_times_an_hour(as_: Any, mailbox: Mailbox) -> None:
    ann = as_("ann")
    answers = [ann.post("/account/email", data={"email": NEW}).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]


def test_without_mail_the_account_says_who_can_change_it(as_: Any) -> None:
    ann = as_("ann")
    assert "An administrator can change the address." in ann.get("/account").text
    assert ann.post("/account/email", data={"email": NEW}).status_code == 409


def test_an_address_changed_by_an_administrator_is_told_and_ends_sessions(
    app: Annotator, as_: Any, mailbox: Mailbox, people: SimpleNamespace
) -> None:
    ann = as_("ann")
    as_("cleo").post(f"/admin/people/{people.ann}", data={"name": "Ann", "email": NEW})
    assert mailbox.subjects("ann@example.org") == ["Your e-mail address was changed"]
    assert ann.get("/api/v1/me").status_code == 401
