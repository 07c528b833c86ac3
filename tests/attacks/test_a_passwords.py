"""Passwords under attack: endless ones, odd ones, easy ones, and many at once."""

import resource
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.conftest import hashed
from attacks.untouched import REFUSED, untouched

from annotator.accounts import operations, passwords
from annotator.accounts.models import User
from annotator.accounts.passwords import AT_ONCE, hash_password
from annotator.app import Annotator
from annotator.database import db

SAME = {"Sec-Fetch-Site": "same-origin"}
TRIED = (*REFUSED, "sign_in_tries")
SignIn = Callable[..., Any]


def test_a12_a_password_over_the_limit_is_refused_before_it_is_hashed(
    sign_in: SignIn, app: Annotator, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", None)
    with untouched(app):
        assert sign_in("ann@example.org", "x" * 129).status_code == 422
        assert sign_in("ann@example.org", "x" * 10_000_000).status_code == 413


@pytest.mark.parametrize(
    "words",
    [
        "a" * 63 + "é",
        "abcd" * 32,
        "river\0stone lamp",
        " " * 20,
        " river stone lamp ",
        "re\u0301sume\u0301 words",
    ],
)
def test_a12_a_password_counts_as_it_was_typed(
    sign_in: SignIn, app: Annotator, people: SimpleNamespace, words: str
) -> None:
    with app.app_context():
        db.session.get_one(User, people.ann).password_hash = hash_password(words)
        db.commit()
    others = [words.strip() or "x", words.replace("\0", ""), words.replace("e\u0301", "é"), words[:-1]]
    wrong = [one for one in others if one != words]
    assert {sign_in("ann@example.org", one).status_code for one in wrong} == {422}
    assert sign_in("ann@example.org", words).status_code == 303


def test_a16_few_passwords_are_hashed_at_once(
    app: Annotator, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most, guard = [0], [0], threading.Lock()
    verify = passwords._hasher.verify

    def counted(kept: str, tried: str) -> bool:
        with guard:
            running[0] += 1
            most[0] = max(most[0], running[0])
        try:
            return verify(kept, tried)
        finally:
            running[0] -= 1

    monkeypatch.setattr(
        passwords, "_hasher", SimpleNamespace(verify=counted, check_needs_rehash=lambda _: False)
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert set(all_at_once(app, password)) <= {303, 503}
    assert 1 <= most[0] <= AT_ONCE
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 <= 256


def all_at_once(app: Annotator, words: str) -> list[int]:
    """The answers to the right passwords of 32 people, sent at once."""
    with app.app_context():
        for number in range(32):
            about = {"email": f"p{number}@example.org", "name": f"P{number}", "actor": None}
            operations.add_user(db.session, **about).password_hash = hashed()
        db.commit()

    def attempt(number: int) -> int:
        form = {"email": f"p{number}@example.org", "password": words}
        return (
            app.test_client()
            .post("/login", data=form, headers=SAME, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"})
            .status_code
        )

    with ThreadPoolExecutor(32) as pool:
        return list(pool.map(attempt, range(32)))


def test_a16_who_waits_too_long_is_told_when_to_come_again(
    sign_in: SignIn, app: Annotator, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.05)
    for _ in range(AT_ONCE):
        passwords._slots.acquire()
    try:
        answer = sign_in("ann@example.org", password)
    finally:
        for _ in range(AT_ONCE):
            passwords._slots.release()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert passwords._slots._value == AT_ONCE


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("password1", "first that anybody tries"),
        ("aaaaaaaaaaaa", "first that anybody tries"),
        ("ann@example.org", "your name or e-mail"),
        ("Annotator2026!", "name of this site"),
        ("eastern-bridges-7", "name of this site or of a project"),
        ("Eastern bridges annotator", "name of this site or of a project"),
    ],
)
def test_a17_a_password_made_of_what_is_at_hand_is_refused(
    app: Annotator, as_: Any, project: SimpleNamespace, password: str, words: str, why: str
) -> None:
    as_("eve").post(
        f"/projects/{project.slug}/settings",
        data={"name": "Eastern bridges", "language": "en", "version": "1"},
    )
    ann = as_("ann")
    with untouched(app, but=TRIED):
        answer = ann.post("/account/password", data={"current": password, "password": words})
    assert answer.status_code == 422
    assert why in answer.text


def test_a17_a_project_named_in_a_long_password_does_no_harm(
    as_: Any, project: SimpleNamespace, password: str
) -> None:
    answer = as_("ann").post(
        "/account/password", data={"current": password, "password": "desk river stone lamp"}
    )
    assert answer.status_code == 303
