"""Sessions end when they should, at once."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update

from annotator.accounts import operations
from annotator.accounts.models import LoginSession, User
from annotator.accounts.sessions import COOKIE
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db


def move(app: Annotator, **past: timedelta) -> None:
    with app.app_context():
        db.session.execute(update(LoginSession).values({name: now() - span for name, span in past.items()}))
        db.commit()


def test_copied_cookie_does_not_work_after_signing_out(as_: Any) -> None:
    ann = as_("ann")
    copy = ann.get_cookie(COOKIE).value
    assert ann.post("/logout").headers["Location"] == "/login?notice=signed-out"
    ann.set_cookie(COOKIE, copy)
    assert ann.get("/api/v1/me").status_code == 401


def test_signing_out_when_the_session_is_over_is_no_error(client: Any) -> None:
    assert client.post("/logout", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


@pytest.mark.parametrize(
    ("past", "status"),
    [
        ({"last_seen_at": timedelta(minutes=119)}, 200),
        ({"last_seen_at": timedelta(minutes=121)}, 401),
        ({"created_at": timedelta(hours=11, minutes=59)}, 200),
        ({"created_at": timedelta(hours=12, minutes=1)}, 401),
    ],
)
def test_session_ends_idle_after_two_hours_and_in_use_after_twelve(
    app: Annotator, as_: Any, past: dict[str, timedelta], status: int
) -> None:
    ann = as_("ann")
    move(app, **past)
    assert ann.get("/api/v1/me").status_code == status


def test_last_seen_is_written_once_a_minute(app: Annotator, as_: Any) -> None:
    ann = as_("ann")
    move(app, last_seen_at=timedelta(seconds=90))
    ann.get("/api/v1/me")
    with app.app_context():
        seen = db.session.scalar(select(LoginSession.last_seen_at))
    ann.get("/api/v1/me")
    with app.app_context():
        assert db.session.scalar(select(LoginSession.last_seen_at)) == seen
    assert seen is not None
    assert now() - seen < timedelta(seconds=30)


def test_ended_session_is_not_brought_back_by_being_seen(app: Annotator, as_: Any) -> None:
    ann = as_("ann")
    move(app, last_seen_at=timedelta(minutes=5), ended_at=timedelta())
    assert ann.get("/api/v1/me").status_code == 401


def test_deactivating_ends_all_sessions_at_once(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    here, there = as_("ann"), as_("ann")
    assert as_("cleo").post(f"/admin/people/{people.ann}/deactivate").status_code == 303
    assert [client.get("/api/v1/me").status_code for client in (here, there)] == [401, 401]


def test_writing_request_of_an_ended_session_is_refused(as_: Any, people: SimpleNamespace) -> None:
    ann = as_("ann")
    as_("cleo").post(f"/admin/people/{people.ann}/sessions/end")
    assert ann.change("PATCH", f"/api/v1/projects/{people.ann}", {"name": "x"}, version=1).status_code == 401


def test_one_session_is_ended_and_the_others_go_on(app: Annotator, as_: Any) -> None:
    here = as_("ann")
    with app.app_context():
        first = db.session.scalar(select(LoginSession.id))
    there = as_("ann")
    assert there.post(f"/account/sessions/{first}/end").status_code == 303
    assert (here.get("/api/v1/me").status_code, there.get("/api/v1/me").status_code) == (401, 200)


def test_nobody_ends_the_session_of_another(app: Annotator, as_: Any) -> None:
    ann = as_("ann")
    with app.app_context():
        session_id = db.session.scalar(select(LoginSession.id))
    assert as_("ben").post(f"/account/sessions/{session_id}/end").status_code == 404
    assert ann.get("/api/v1/me").status_code == 200


def test_all_other_sessions_are_ended(as_: Any) -> None:
    here, there = as_("ann"), as_("ann")
    here.post("/account/sessions/end-others")
    assert (here.get("/api/v1/me").status_code, there.get("/api/v1/me").status_code) == (200, 401)


def test_reactivated_person_needs_a_new_session(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    ann = as_("ann")
    with app.app_context():
        row = db.session.get_one(User, people.ann)
        operations.deactivate_user(db.session, row, actor=people.cleo)
        operations.activate_user(db.session, row, actor=people.cleo)
        db.commit()
    assert ann.get("/api/v1/me").status_code == 401
