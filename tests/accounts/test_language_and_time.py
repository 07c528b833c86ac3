"""Language and time zone: chosen on the account page, and all times are shown in it."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from annotator.accounts.models import LoginSession, User
from annotator.app import Annotator
from annotator.database import db
from annotator.journal.models import Event
from annotator.wording import shown_time
from annotator.zones import known_zones, regions

ZONE = {"locale": "en", "time_zone": "Asia/Kathmandu"}


def test_times_are_shown_in_the_zone_that_was_chosen(app: Annotator, as_: Any) -> None:
    ann, moment = as_("ann"), datetime(2030, 1, 2, 20, 30, tzinfo=UTC)
    assert ann.post("/account/language", data=ZONE).status_code == 303
    with app.app_context():
        db.session.execute(update(LoginSession).values(last_seen_at=moment))
        db.commit()
    assert "3 January 2030, 02:15 UTC+0545" in ann.get("/account").text


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", "1 July 2025, 12:00 UTC"),
        ("Europe/Berlin", "1 July 2025, 14:00 CEST"),
        ("America/Sao_Paulo", "1 July 2025, 09:00 UTC-03"),
        ("Pacific/Auckland", "2 July 2025, 00:00 NZST"),
    ],
)
def test_summer_time_and_the_day_count(
    app: Annotator, as_: Any, people: SimpleNamespace, zone: str, shown: str
) -> None:
    cookie = as_("ann").get_cookie("__Host-annotator").value
    with app.app_context():
        db.session.execute(update(User).values(time_zone=zone))
        db.commit()
    with app.test_request_context(headers={"Cookie": f"__Host-annotator={cookie}"}):
        assert shown_time("2025-07-01T12:00:00.000Z") == shown


def test_outside_of_requests_and_signed_out_times_are_utc(app: Annotator) -> None:
    assert shown_time(datetime(2025, 7, 1, 12, tzinfo=UTC)) == "1 July 2025, 12:00 UTC"
    with app.test_request_context():
        assert shown_time(datetime(2025, 7, 1, 12, tzinfo=UTC)) == "1 July 2025, 12:00 UTC"


def test_the_choice_is_in_the_journal(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    as_("ann").post("/account/language", data=ZONE)
    with app.app_context():
        row = db.session.scalars(select(Event).where(Event.action == "user:changed")).one()
    assert (row.actor_id, row.before, row.after) == (
        people.ann,
        {"time_zone": "UTC"},
        {"time_zone": "Asia/Kathmandu"},
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": ""},
        {"time_zone": "UTC", "locale": "tlh"},
    ],
)
def test_what_is_no_zone_or_language_is_refused(as_: Any, wrong: dict[str, str]) -> None:
    assert as_("ann").post("/account/language", data=wrong).status_code == 422


def test_every_zone_stands_under_its_region_and_is_known(as_: Any) -> None:
    named = dict(regions())
    assert ("Europe/Berlin", "Berlin") in named["Europe"]
    assert ("America/Argentina/Buenos_Aires", "Argentina, Buenos Aires") in named["America"]
    page = as_("ann").get("/account").text
    assert set(re.findall(r'<option value="([A-Z][^"]*)"', page)) >= known_zones()


def test_an_api_token_cannot_change_it(app: Annotator, client: FlaskClient, as_: Any) -> None:
    page = as_("ann").post("/account/tokens", data={"purpose": "x", "scope": "write", "days": "7"}).text
    value = "ann_" + page.partition('value="ann_')[2].partition('"')[0]
    answer = client.post("/account/language", data=ZONE, headers={"Authorization": f"Bearer {value}"})
    assert answer.status_code == 403
