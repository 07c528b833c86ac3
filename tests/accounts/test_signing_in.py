"""Signing in by the page and by the API."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from annotator.accounts import operations
from annotator.accounts.login_sessions import PER_ADDRESS, PER_PERSON, claim_try
from annotator.accounts.models import LoginSession, SignInTry, User
from annotator.accounts.proof_models import Passkey, SignInStep
from annotator.accounts.sessions import COOKIE
from annotator.app import Annotator
from annotator.columns import new_id, now
from annotator.database import db
from annotator.errors import TooMany
from annotator.journal.models import Event

SAME = {"Sec-Fetch-Site": "same-origin"}
SignIn = Callable[..., Any]


def count(app: Annotator, *conditions: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).where(*conditions)) or 0


def test_right_password_signs_in_and_goes_on(sign_in: SignIn, client: FlaskClient, password: str) -> None:
    answer = sign_in("Ann@Example.org ", password, form={"next": "/account?x=1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account?x=1")
    assert client.get("/account").status_code == 200


def test_cookies_have_exactly_their_attributes(sign_in: SignIn, password: str) -> None:
    device, session = sign_in("ann@example.org", password).headers.getlist("Set-Cookie")
    name, *attributes = session.split("; ")
    assert name.startswith("__Host-annotator=")
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    name, *attributes = device.split("; ")
    assert name.startswith("__Host-annotator-device=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure", "Max-Age=15552000"} < set(attributes)


def test_table_keeps_only_the_hash_of_the_cookie(
    sign_in: SignIn, client: FlaskClient, app: Annotator, password: str
) -> None:
    sign_in("ann@example.org", password)
    value = client.get_cookie(COOKIE).value
    assert len(value) >= 43
    assert count(app, LoginSession.token_hash == value) == 0
    assert count(app, LoginSession.id.is_not(None)) == 1


def test_session_names_the_device(sign_in: SignIn, app: Annotator, password: str) -> None:
    sign_in("ann@example.org", password)
    assert count(app, LoginSession.device == "Firefox on Linux") == 1


def test_a_cookie_set_beforehand_is_replaced(sign_in: SignIn, client: FlaskClient, password: str) -> None:
    client.set_cookie(COOKIE, "chosen-by-somebody-else")
    sign_in("ann@example.org", password)
    client.set_cookie(COOKIE, "chosen-by-somebody-else")
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    "email", ["ann@example.org", "nobody@example.org", "ben@example.org", "dan@example.org"]
)
def test_wrong_unknown_without_password_and_deactivated_get_one_answer(
    sign_in: SignIn, password: str, email: str
) -> None:
    answer = sign_in(email, "not the password")
    assert answer.status_code == 422
    assert "The e-mail address or the password is wrong." in answer.text
    assert "Set-Cookie" not in answer.headers


def test_deactivated_person_cannot_sign_in_with_the_right_password(sign_in: SignIn, password: str) -> None:
    assert sign_in("dan@example.org", password).status_code == 422


def test_failed_form_shows_the_address_and_never_the_password(sign_in: SignIn, password: str) -> None:
    page = sign_in("ann@example.org", "not the password").text
    assert 'value="ann@example.org"' in page
    assert "not the password" not in page


def test_wrong_password_of_a_known_person_is_journalled(
    sign_in: SignIn, app: Annotator, people: SimpleNamespace, password: str
) -> None:
    sign_in("ann@example.org", "not the password")
    assert count(app, Event.action == "session:refused", Event.subject_id == people.ann) == 1


def test_sixth_try_in_a_minute_is_refused_for_that_person_alone(sign_in: SignIn, password: str) -> None:
    for number in range(5):
        address = {"REMOTE_ADDR": f"192.0.2.{number}"}
        assert sign_in("ann@example.org", "not the password", environ_base=address).status_code == 422
    sixth = sign_in("ann@example.org", password, environ_base={"REMOTE_ADDR": "192.0.2.77"})
    assert (sixth.status_code, sixth.headers["Retry-After"]) == (429, "60")
    assert sign_in("cleo@example.org", password).status_code == 303


def test_after_a_minute_the_right_password_works_again(
    sign_in: SignIn, app: Annotator, password: str
) -> None:
    for _ in range(6):
        sign_in("ann@example.org", "not the password")
    with app.app_context():
        db.session.execute(update(SignInTry).values(at=now() - timedelta(seconds=61)))
        db.commit()
    assert sign_in("ann@example.org", password).status_code == 303


def test_one_address_is_limited_over_all_people(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    monkeypatch.setattr("annotator.accounts.proving.fits", lambda *_: False)
    for number in range(PER_ADDRESS):
        forwarded = {"X-Forwarded-For": f"198.51.100.{number}"}
        assert sign_in(f"person{number}@example.org", "guess", headers=forwarded).status_code == 422
    assert sign_in("ann@example.org", password).status_code == 429


def test_right_passwords_do_not_count_as_tries(sign_in: SignIn, app: Annotator, password: str) -> None:
    sign_in("ann@example.org", password)
    assert count(app, SignInTry.id.is_not(None)) == 0


def test_outdated_hash_is_made_anew_at_sign_in(
    sign_in: SignIn, app: Annotator, people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    with app.app_context():
        before = db.session.get_one(User, people.ann).password_hash
    monkeypatch.setattr("annotator.accounts.proving.is_outdated", lambda _: True)
    sign_in("ann@example.org", password)
    with app.app_context():
        assert db.session.get_one(User, people.ann).password_hash != before


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "http://host@evil.example",
        "/a\r\nb",
        "evil",
        "",
    ],
)
def test_next_never_leads_elsewhere(sign_in: SignIn, password: str, target: str) -> None:
    assert sign_in("ann@example.org", password, form={"next": target}).headers["Location"] == "/"


def test_sign_in_from_another_site_is_refused(sign_in: SignIn, password: str) -> None:
    assert sign_in("ann@example.org", password, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_who_is_signed_in_goes_on_from_the_sign_in_page(as_: Any) -> None:
    answer = as_("ann").get("/login?next=/account")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")


def test_script_signs_in_and_goes_on_with_the_new_csrf_token(client: FlaskClient, password: str) -> None:
    answer = client.post(
        "/api/v1/session", json={"email": "ann@example.org", "password": password}, headers=SAME
    )
    assert answer.status_code == 200
    token = {"X-CSRF-Token": answer.json["csrf"], **SAME}
    assert client.post("/account/name", data={"name": "Ann B"}, headers=token).status_code == 303


def test_script_gets_a_problem_for_a_wrong_password(client: FlaskClient, password: str) -> None:
    body = {"email": "ann@example.org", "password": "not the password"}
    answer = client.post("/api/v1/session", json=body, headers=SAME)
    assert (answer.status_code, answer.json["type"]) == (401, "/problems/not-signed-in")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": 1, "password": 2},
        {"email": "a@b", "password": None},
        {"email": "a@b", "password": "x" * 129},
    ],
)
def test_script_that_sends_the_wrong_shape_gets_422(client: FlaskClient, body: dict[str, Any]) -> None:
    assert client.post("/api/v1/session", json=body, headers=SAME).status_code == 422


def test_signing_in_anew_ends_the_session_that_one_came_with(
    sign_in: SignIn, client: FlaskClient, as_: Any, password: str
) -> None:
    ann = as_("ann")
    old = ann.get_cookie(COOKIE).value
    form = {"email": "ann@example.org", "password": password}
    assert ann.post("/login", data=form).status_code == 303
    assert ann.get("/account").status_code == 200
    client.set_cookie(COOKIE, old)
    assert client.get("/account").status_code == 302


def test_many_tries_at_once_are_held_to_the_same_limit(app: Annotator) -> None:
    def attempt(_: int) -> bool:
        with app.app_context(), suppress(TooMany), db.here.apart() as session:
            return bool(claim_try(session, "ann@example.org", "192.0.2.1"))
        return False

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(attempt, range(32))) == PER_PERSON


def add_factor(app: Annotator, user_id: str) -> None:
    """Let the person have a passkey."""
    with app.app_context():
        about = {
            "credential_id": "c",
            "public_key": "k",
            "sign_count": 0,
            "transports": [],
            "backed_up": False,
        }
        db.session.add(Passkey(id=new_id(), user_id=user_id, name="Key", created_at=now(), **about))
        db.commit()


def test_who_has_a_second_factor_waits_for_it(
    sign_in: SignIn, app: Annotator, client: FlaskClient, people: SimpleNamespace, password: str
) -> None:
    add_factor(app, people.ann)
    answer = sign_in("ann@example.org", password, form={"next": "/account"})
    assert answer.headers["Location"] == "/login/second-factor"
    assert [line.partition("=")[0] for line in answer.headers.getlist("Set-Cookie")] == [COOKIE]
    assert client.get("/api/v1/me").status_code == 401
    with app.app_context():
        step = db.session.scalars(select(SignInStep)).one()
    assert (step.kind, step.user_id, step.data) == (
        "second_factor",
        people.ann,
        {"method": "password", "next": "/account"},
    )
    assert count(app, LoginSession.id.is_not(None)) == 0


def test_a_link_does_not_lead_past_the_second_factor(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, password: str
) -> None:
    add_factor(app, people.ann)
    with app.app_context():
        token = operations.make_password_link(db.session, db.session.get_one(User, people.ann), actor=None)
        db.commit()
    answer = client.post(f"/password/{token}", data={"password": "seven quiet bells"}, headers=SAME)
    assert answer.headers["Location"] == "/login/second-factor"
    assert client.get("/api/v1/me").status_code == 401


def test_a_script_is_told_to_use_a_token_when_there_is_a_second_factor(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, password: str
) -> None:
    add_factor(app, people.ann)
    body = {"email": "ann@example.org", "password": password}
    answer = client.post("/api/v1/session", json=body, headers=SAME)
    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (401, [])
    assert "API token" in answer.json["detail"]


def test_the_session_says_how_one_signed_in(sign_in: SignIn, app: Annotator, password: str) -> None:
    sign_in("ann@example.org", password)
    assert count(app, LoginSession.method == "password") == 1
