"""Who comes in and who closes the doors take their locks in one order; and nobody waits for a hash."""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.authenticator import add_app
from accounts.conftest import BROWSER
from flask import g
from flask.testing import FlaskClient
from sqlalchemy import select

from annotator.accounts import operations, passwords, second_factor
from annotator.accounts.models import LoginSession, User
from annotator.accounts.operations import make_password_link
from annotator.accounts.totp import code_of, present_step
from annotator.app import Annotator
from annotator.database import db

NEW = {"password": "seven quiet bells"}


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[..., threading.Event]:
    """`meanwhile(module, name)` lets that function stay for half a second once it has begun; gives what says so."""

    def hold(module: Any, name: str) -> threading.Event:
        there, real = threading.Event(), getattr(module, name)

        def slowly(*args: Any, **kwargs: Any) -> Any:
            there.set()
            threading.Event().wait(0.5)
            return real(*args, **kwargs)

        monkeypatch.setattr(module, name, slowly)
        return there

    return hold


def deactivated_while(there: threading.Event, send: Callable[[], Any], cleo: Any, person: str) -> int:
    """Deactivate the person while `send` is under way; gives the answer's status."""
    coming = threading.Thread(target=send)
    coming.start()
    assert there.wait(20)
    status: int = cleo.post(f"/admin/people/{person}/deactivate").status_code
    coming.join()
    return status


def is_out(app: Annotator, person: str) -> bool:
    """Tell whether the person is deactivated, and every session of theirs over."""
    with app.app_context():
        theirs = select(LoginSession).where(LoginSession.user_id == person, LoginSession.ended_at.is_(None))
        return not db.session.get_one(User, person).active and db.session.scalars(theirs).all() == []


def test_deactivation_is_not_lost_to_a_second_factor_given_at_once(
    app: Annotator,
    as_: Any,
    first_proof: Any,
    second: Any,
    people: SimpleNamespace,
    meanwhile: Callable[..., threading.Event],
) -> None:
    secret, cleo = add_app(as_("ann")), as_("cleo")
    first_proof("ann")
    there = meanwhile(second_factor.sessions, "finish")
    send = lambda: second(code=code_of(secret, present_step() + 1))  # noqa: E731
    assert deactivated_while(there, send, cleo, people.ann) == 303
    assert is_out(app, people.ann)


def test_deactivation_is_not_lost_to_a_link_followed_at_once(
    app: Annotator,
    as_: Any,
    client: FlaskClient,
    inside: Any,
    people: SimpleNamespace,
    meanwhile: Callable[..., threading.Event],
) -> None:
    cleo = as_("cleo")
    with inside() as session:
        link = make_password_link(session, session.get_one(User, people.ben), actor=people.cleo)
    there = meanwhile(operations, "set_password")
    send = lambda: client.post(f"/password/{link}", data=NEW, headers=BROWSER)  # noqa: E731
    assert deactivated_while(there, send, cleo, people.ben) == 303
    assert is_out(app, people.ben)


@pytest.fixture
def hashed_within(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the request had its own session at work, for each password that was hashed or compared."""
    found, real = list[bool](), passwords._slot

    def slot() -> Any:
        found.append("db_session" in g and g.db_session.in_transaction())
        return real()

    monkeypatch.setattr(passwords, "_slot", slot)
    return found


def test_nobody_waits_while_a_link_s_password_is_hashed(
    client: FlaskClient, inside: Any, people: SimpleNamespace, hashed_within: list[bool]
) -> None:
    with inside() as session:
        link = make_password_link(session, session.get_one(User, people.ben), actor=people.cleo)
    assert client.post(f"/password/{link}", data=NEW, headers=BROWSER).status_code == 303
    assert hashed_within == [False]


def test_nobody_waits_while_a_changed_password_is_hashed(
    as_: Any, password: str, hashed_within: list[bool]
) -> None:
    answer = as_("ann").post("/account/password", data={"current": password, **NEW})
    assert (answer.status_code, hashed_within) == (303, [False, False])


def test_nobody_waits_while_an_outdated_password_is_hashed_anew(
    sign_in: Any, password: str, hashed_within: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.accounts.proving.is_outdated", lambda _: True)
    assert sign_in("ann@example.org", password).status_code == 303
    assert hashed_within == [False, False]
