"""Browsers in which somebody has signed in before, and the news of one that is new."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import time_machine
from flask.testing import FlaskClient
from mailserver import Mailbox
from sqlalchemy import func, select, update

from annotator.accounts.devices import COOKIE, device_of, remember
from annotator.accounts.models import LoginSession, PasswordLink, User
from annotator.accounts.operations import make_password_link
from annotator.accounts.proof_models import KnownDevice
from annotator.accounts.sessions import COOKIE as SESSION
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db


def count(app: Annotator, table: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_same_browser_is_one_device(
    app: Annotator, client: FlaskClient, sign_in: Any, password: str
) -> None:
    for _ in range(2):
        sign_in("ann@example.org", password)
        client.delete_cookie(SESSION)
    assert count(app, KnownDevice) == 1


def test_the_first_device_is_no_news_and_the_second_is(
    client: FlaskClient, sign_in: Any, mailbox: Mailbox, password: str
) -> None:
    sign_in("ann@example.org", password)
    assert mailbox.subjects("ann@example.org") == []
    client.delete_cookie(SESSION)
    client.delete_cookie(COOKIE)
    sign_in("ann@example.org", password)
    mail = mailbox.mails("ann@example.org")[-1]
    assert mail["Subject"] == "Annotator: New sign-in"
    assert "Firefox on Linux" in mail.get_content()


def test_a_new_password_is_told(as_: Any, mailbox: Mailbox, password: str) -> None:
    as_("ann").post("/account/password", data={"current": password, "password": "seven quiet bells"})
    assert mailbox.subjects("ann@example.org") == ["Your password was changed"]


def test_the_first_password_is_no_news(
    app: Annotator, client: FlaskClient, mailbox: Mailbox, people: SimpleNamespace
) -> None:
    with app.app_context():
        token = make_password_link(db.session, db.session.get_one(User, people.ben), actor=None)
        db.commit()
    headers = {"Sec-Fetch-Site": "same-origin"}
    client.post(f"/password/{token}", data={"password": "seven quiet bells"}, headers=headers)
    assert mailbox.subjects("ben@example.org") == []


def test_the_table_keeps_the_hash_of_the_mark(
    app: Annotator, client: FlaskClient, sign_in: Any, password: str
) -> None:
    sign_in("ann@example.org", password)
    value = client.get_cookie(COOKIE).value
    with app.app_context():
        row = db.session.scalars(select(KnownDevice)).one()
    assert (value == row.token_hash, len(value) >= 43, row.device) == (False, True, "Firefox on Linux")


def test_what_is_long_over_is_cleared_away_at_the_next_sign_in(
    app: Annotator, client: FlaskClient, sign_in: Any, people: SimpleNamespace, password: str
) -> None:
    sign_in("ann@example.org", password)
    with app.app_context():
        make_password_link(db.session, db.session.get_one(User, people.ben), actor=None)
        db.session.execute(update(KnownDevice).values(last_used_at=now() - timedelta(days=150)))
        db.commit()
    client.delete_cookie(SESSION)
    with time_machine.travel(now() + timedelta(days=32)):
        sign_in("cleo@example.org", password)
    left = [count(app, table) for table in (LoginSession, PasswordLink, KnownDevice)]
    assert left == [1, 0, 1]


def elsewhere(app: Annotator, people: SimpleNamespace, count: int) -> None:
    """Let Ann have signed in with so many other browsers."""
    with app.app_context():
        for _ in range(count):
            remember(db.session, db.session.get_one(User, people.ann), "Elsewhere")
        db.commit()


def test_a_new_password_ends_all_known_devices_but_the_one_in_use(
    app: Annotator, as_: Any, client: FlaskClient, sign_in: Any, people: SimpleNamespace, password: str
) -> None:
    elsewhere(app, people, 2)
    sign_in("ann@example.org", password)
    ann = as_("ann")
    ann.set_cookie(COOKIE, client.get_cookie(COOKIE).value)
    ann.post("/account/password", data={"current": password, "password": "seven quiet bells"})
    with app.app_context():
        assert db.session.scalars(select(KnownDevice.device)).all() == ["Firefox on Linux"]


def test_who_is_deactivated_is_known_nowhere(
    app: Annotator, as_: Any, people: SimpleNamespace, password: str
) -> None:
    elsewhere(app, people, 2)
    assert as_("cleo").post(f"/admin/people/{people.ann}/deactivate").status_code == 303
    assert count(app, KnownDevice) == 0


def test_of_many_devices_the_twenty_used_last_are_known(
    app: Annotator, sign_in: Any, people: SimpleNamespace, password: str
) -> None:
    elsewhere(app, people, 25)
    sign_in("ann@example.org", password)
    assert count(app, KnownDevice) == 20
    with app.app_context():
        assert "Firefox on Linux" in db.session.scalars(select(KnownDevice.device)).all()


def test_a_browser_is_named_in_a_few_words(app: Annotator) -> None:
    def named(agent: str) -> str:
        with app.test_request_context(headers={"User-Agent": agent}) as context:
            return device_of(context.request)

    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604"
    assert named(phone) == "Safari on iPhone"
    assert named("curl/8.5.0") == "curl/8.5.0"
    assert named("<script>" * 50) == "script" * 10
    assert named("") == "Unknown device"
