"""Where people sign in through a provider, passwords sign nobody in, and no page offers to set one."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.conftest import BROWSER
from accounts.oidc.conftest import sessions_of
from factories import sign_in as by_session
from sqlalchemy import update

from annotator.accounts import operations
from annotator.accounts.models import LoginSession, User
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db

SENTENCE = "People sign in through Newsroom here"


@pytest.fixture
def site(through: Callable[..., Annotator], password: str) -> Annotator:
    """A site with a provider; Ann and Cleo have passwords from before."""
    return through()


@pytest.fixture
def for_admins(through: Callable[..., Annotator], password: str) -> Annotator:
    """The same, where administrators may still use theirs."""
    return through(oidc_passwords="admins")


def send(app: Annotator, email: str, password: str) -> Any:
    form = {"email": email, "password": password}
    return app.test_client().post("/login", data=form, headers=BROWSER)


@pytest.mark.parametrize("who", ["ann", "cleo"])
def test_the_right_password_signs_nobody_in(
    site: Annotator, password: str, people: SimpleNamespace, who: str
) -> None:
    answer = send(site, f"{who}@example.org", password)
    assert answer.status_code == 403
    assert SENTENCE in answer.text
    assert sessions_of(site, getattr(people, who)) == []


def test_nor_does_it_over_the_api(site: Annotator, password: str, people: SimpleNamespace) -> None:
    body = {"email": "ann@example.org", "password": password}
    answer = site.test_client().post("/api/v1/session", json=body, headers=BROWSER)
    assert (answer.status_code, sessions_of(site, people.ann)) == (403, [])


def test_the_page_to_sign_in_offers_the_provider_alone(site: Annotator) -> None:
    page = site.test_client().get("/login?next=/account").text
    assert 'href="/login/oidc?next=/account"' in page
    assert "Sign in with Newsroom" in page
    assert 'type="password"' not in page
    assert "/forgotten" not in page


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/account/password", {"current": "river stone lamp", "password": "four words are good"}),
        ("/forgotten", {"email": "ann@example.org"}),
    ],
)
def test_no_password_is_changed_or_sent(
    site: Annotator, people: SimpleNamespace, path: str, form: dict[str, str]
) -> None:
    before = hash_of(site, people.ann)
    assert by_session(site, people.ann).post(path, data=form).status_code == 403
    assert hash_of(site, people.ann) == before


def hash_of(app: Annotator, person: str) -> str | None:
    with app.app_context():
        return db.session.get_one(User, person).password_hash


def test_the_account_offers_no_password(site: Annotator, people: SimpleNamespace) -> None:
    page = by_session(site, people.ann).get("/account").text
    assert 'type="password"' not in page
    assert "through Newsroom" in page


def test_a_link_sets_no_password(site: Annotator, people: SimpleNamespace) -> None:
    with site.app_context():
        token = operations.make_password_link(db.session, db.session.get_one(User, people.ben), actor=None)
        db.commit()
    form = {"password": "four words are good"}
    answer = site.test_client().post(f"/password/{token}", data=form, headers=BROWSER)
    assert (answer.status_code, hash_of(site, people.ben)) == (403, None)


def test_administrators_keep_a_way_in_where_the_settings_say_so(
    for_admins: Annotator, password: str, people: SimpleNamespace
) -> None:
    assert send(for_admins, "cleo@example.org", password).status_code == 303
    assert send(for_admins, "ann@example.org", password).status_code == 422
    assert (len(sessions_of(for_admins, people.cleo)), sessions_of(for_admins, people.ann)) == (1, [])


def stale(app: Annotator) -> None:
    with app.app_context():
        old = now() - timedelta(hours=1)
        db.session.execute(update(LoginSession).values(authenticated_at=old))
        db.commit()


def test_a_password_that_signs_nobody_in_confirms_nobody(
    site: Annotator, people: SimpleNamespace, password: str
) -> None:
    ann = by_session(site, people.ann)
    stale(site)
    answer = ann.post("/confirm", data={"next": "/account", "password": password})
    assert (answer.status_code, "This is not your password." in answer.text) == (422, True)


def test_where_it_signs_in_it_confirms(for_admins: Annotator, people: SimpleNamespace, password: str) -> None:
    cleo = by_session(for_admins, people.cleo)
    stale(for_admins)
    assert cleo.post("/confirm", data={"next": "/account", "password": password}).status_code == 303


def test_the_right_password_of_somebody_it_does_not_let_in_is_throttled_like_a_wrong_one(
    for_admins: Annotator, password: str
) -> None:
    right = [send(for_admins, "ann@example.org", password).status_code for _ in range(6)]
    wrong = [send(for_admins, "eve@example.org", "not the one").status_code for _ in range(6)]
    assert right == wrong
    assert right[-1] == 429


def test_the_page_to_sign_in_offers_both_then_the_provider_first(for_admins: Annotator) -> None:
    page = for_admins.test_client().get("/login").text
    assert 0 < page.index("Sign in with Newsroom") < page.index('type="password"')


def test_a_link_for_somebody_else_still_sets_none(for_admins: Annotator, people: SimpleNamespace) -> None:
    with for_admins.app_context():
        token = operations.make_password_link(db.session, db.session.get_one(User, people.ben), actor=None)
        db.commit()
    page = for_admins.test_client().get(f"/password/{token}").text
    assert 'type="password"' not in page


def test_without_a_provider_everything_is_as_it_was(app: Annotator, password: str) -> None:
    page = app.test_client().get("/login").text
    assert "/login/oidc" not in page
    assert send(app, "ann@example.org", password).status_code == 303
