"""Signing in under attack: guessing, probing, flooding, and cookies that somebody else chose."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from attacks.untouched import REFUSED, untouched
from contract.requests_of import body_of, path_of, routes
from contract.world import World
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update

from annotator.accounts import passwords
from annotator.accounts.devices import COOKIE as DEVICE
from annotator.accounts.login_sessions import ALL_TOGETHER, PER_ADDRESS
from annotator.accounts.models import LoginSession, SignInTry, User
from annotator.accounts.sessions import COOKIE
from annotator.app import Annotator, create_app
from annotator.columns import new_id, now
from annotator.database import db

SAME = {"Sec-Fetch-Site": "same-origin"}
TRIED = (*REFUSED, "sign_in_tries")
OURS = {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"}
SignIn = Callable[..., Any]


def from_(address: str) -> dict[str, Any]:
    """Whence a request comes, for the client."""
    return {"environ_base": {"REMOTE_ADDR": address}}


def test_a01_a_cookie_set_beforehand_is_replaced(
    client: FlaskClient, sign_in: SignIn, as_: Any, password: str
) -> None:
    planted = as_("ben").get_cookie(COOKIE).value
    client.set_cookie(COOKIE, planted)
    assert client.get("/api/v1/me").status_code == 200
    with_token = {"X-CSRF-Token": client.get("/account").text.partition('csrf-token" content="')[2][:44]}
    sign_in("ann@example.org", password, headers=with_token)
    assert client.get_cookie(COOKIE).value != planted
    client.set_cookie(COOKIE, planted)
    assert client.get("/api/v1/me").status_code == 401


def test_a02_a_copied_cookie_is_nothing_after_signing_out(as_: Any, client: FlaskClient) -> None:
    ann = as_("ann")
    client.set_cookie(COOKIE, ann.get_cookie(COOKIE).value)
    ann.post("/logout")
    assert client.get("/api/v1/me").status_code == 401


def test_a06_every_cookie_of_every_route_has_our_attributes(kept_world: World) -> None:
    found: dict[str, set[str]] = {}
    for _, method, rule in routes(kept_world.app):
        kept_world.restore()
        ids = kept_world.desk | kept_world.own("ann")
        given = body_of(kept_world, rule, method, ids)
        path = path_of(kept_world, rule, method, ids)
        answer = kept_world.client("ann").open(path, method=method, buffered=True, **given)
        for line in answer.headers.getlist("Set-Cookie"):
            name, *attributes = line.split("; ")
            found.setdefault(name.partition("=")[0], set()).update(attributes)
    lasting = {"Expires", "Max-Age"}
    assert {name: {a for a in found[name] if a.partition("=")[0] not in lasting} for name in found} == {
        COOKIE: OURS,
        DEVICE: OURS,
    }


def test_a06_signing_in_sets_one_login_cookie(sign_in: SignIn, password: str) -> None:
    names = [
        line.partition("=")[0] for line in sign_in("ann@example.org", password).headers.getlist("Set-Cookie")
    ]
    assert sorted(names) == [COOKIE, DEVICE]


def test_a06_the_device_cookie_lets_nobody_in(client: FlaskClient, sign_in: SignIn, password: str) -> None:
    sign_in("ann@example.org", password)
    device = client.get_cookie(DEVICE).value
    client.set_cookie(COOKIE, device)
    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    "email", ["ann@example.org", "nix@example.org", "ben@example.org", "dan@example.org"]
)
def test_a10_no_answer_tells_who_is_known(sign_in: SignIn, app: Annotator, password: str, email: str) -> None:
    expected = sign_in("yyy@example.org", "not the password")
    with untouched(app, but=TRIED):
        answer = sign_in(email, "not the password")
    for one in (expected, answer):
        del one.headers["X-Request-Id"]
    assert (answer.status_code, dict(answer.headers)) == (422, dict(expected.headers))
    assert answer.text.replace(email, "") == expected.text.replace("yyy@example.org", "")


@contextmanager
def statements(app: Annotator) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile, by their first two words."""
    found: list[str] = []

    def note(*given: Any) -> None:
        found.append(" ".join(given[2].split()[:2]))

    engine = app.extensions["annotator.database"].engine
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def test_a10_known_and_unknown_cost_one_hash_and_as_many_statements(
    sign_in: SignIn, app: Annotator, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    verify = passwords._hasher.verify
    counting = SimpleNamespace(
        verify=lambda kept, tried: hashed.append(kept[:30]) or verify(kept, tried),
        hash=passwords._hasher.hash,
    )
    passwords._nobody()
    monkeypatch.setattr(passwords, "_hasher", counting)
    sent = {}
    for email in ("ann@example.org", "nix@example.org", "dan@example.org"):
        with statements(app) as found:
            sign_in(email, "not the password")
        sent[email] = len(found)
    assert hashed == ["$argon2id$v=19$m=19456,t=2,p=1"] * 3
    assert len(set(sent.values())) == 1


def test_a13_the_sixth_wrong_password_is_refused_for_that_person_alone(
    sign_in: SignIn, app: Annotator, password: str
) -> None:
    for number in range(5):
        assert sign_in("ann@example.org", "wrong", **from_(f"192.0.2.{number}")).status_code == 422
    with untouched(app, but=TRIED):
        sixth = sign_in("ann@example.org", password, **from_("192.0.2.9"))
    assert (sixth.status_code, sixth.headers["Retry-After"]) == (429, "60")
    assert sign_in("cleo@example.org", password).status_code == 303


def test_a13_the_right_person_gets_in_on_a_known_device(
    app: Annotator, client: FlaskClient, sign_in: SignIn, password: str
) -> None:
    sign_in("ann@example.org", password)
    client.delete_cookie(COOKIE)
    stranger = app.test_client()
    form = {"email": "ann@example.org", "password": "wrong"}
    answers = [stranger.post("/login", data=form, headers=SAME).status_code for _ in range(7)]
    assert answers == [422] * 5 + [429] * 2
    assert sign_in("ann@example.org", password).status_code == 303


def test_a13_a_known_device_has_a_limit_of_its_own_and_is_one_persons(
    client: FlaskClient, sign_in: SignIn, password: str
) -> None:
    sign_in("ann@example.org", password)
    client.delete_cookie(COOKIE)
    tries = [sign_in("ann@example.org", "wrong", **from_(f"192.0.2.{n}")).status_code for n in range(6)]
    assert tries == [422] * 5 + [429]
    others = [sign_in("cleo@example.org", "wrong", **from_(f"192.0.2.{n}")).status_code for n in range(6)]
    assert others == [422] * 5 + [429]


def fill_up(app: Annotator, key: str, count: int) -> None:
    """Let so many tries have been made a moment ago."""
    with app.app_context():
        db.session.add_all([SignInTry(id=new_id(), key=key, at=now()) for _ in range(count)])
        db.commit()


def test_a14_one_address_tries_many_people(sign_in: SignIn, app: Annotator, password: str) -> None:
    fill_up(app, "address:192.0.2.1", PER_ADDRESS - 1)
    assert sign_in("nix@example.org", "wrong", **from_("192.0.2.1")).status_code == 422
    assert sign_in("ann@example.org", password, **from_("192.0.2.1")).status_code == 429
    assert sign_in("ann@example.org", password, **from_("192.0.2.2")).status_code == 303


def test_a14_many_addresses_try_many_people(sign_in: SignIn, app: Annotator, password: str) -> None:
    fill_up(app, "all", ALL_TOGETHER)
    assert sign_in("ann@example.org", password).status_code == 429


def test_a15_an_invented_forwarded_address_is_not_believed(
    sign_in: SignIn, app: Annotator, password: str
) -> None:
    fill_up(app, "address:127.0.0.1", PER_ADDRESS)
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP"):
        assert sign_in("ann@example.org", password, headers={header: "198.51.100.7"}).status_code == 429


def test_a15_behind_a_proxy_its_own_word_counts_and_no_other(app: Annotator, password: str) -> None:
    behind = create_app(replace(app.config["SETTINGS"], proxies=1))
    fill_up(app, "address:198.51.100.7", PER_ADDRESS)
    form = {"email": "ann@example.org", "password": password}
    for chain, status in (("192.0.2.5, 198.51.100.7", 429), ("198.51.100.7, 192.0.2.5", 303)):
        headers = {**SAME, "X-Forwarded-For": chain}
        assert behind.test_client().post("/login", data=form, headers=headers).status_code == status
    behind.extensions["annotator.database"].engine.dispose()


def test_a22_another_site_cannot_sign_its_victim_in(sign_in: SignIn, app: Annotator, password: str) -> None:
    with untouched(app, but=REFUSED):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
            answer = sign_in("ann@example.org", password, headers=headers)
            assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (403, [])


def test_a22_without_a_word_from_the_browser_nobody_signs_in(
    client: FlaskClient, app: Annotator, password: str
) -> None:
    form = {"email": "ann@example.org", "password": password}
    with untouched(app, but=REFUSED):
        assert client.post("/login", data=form).status_code == 403
        evil = {"Origin": "https://evil.example"}
        assert client.post("/login", data=form, headers=evil).status_code == 403


def test_a_sign_in_that_a_new_password_overtakes_is_refused(
    sign_in: SignIn, app: Annotator, people: SimpleNamespace, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(kept: str | None, tried: str) -> bool:
        with db.here.apart() as session:
            session.execute(update(User).where(User.id == people.ann).values(password_hash="another"))
        return passwords.fits(kept, tried)

    monkeypatch.setattr("annotator.accounts.proving.fits", overtaken)
    assert sign_in("ann@example.org", password).status_code == 422
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LoginSession)) == 0


def test_old_tries_are_forgotten(sign_in: SignIn, app: Annotator, password: str) -> None:
    fill_up(app, "address:192.0.2.1", 3)
    with app.app_context():
        db.session.execute(update(SignInTry).values(at=now() - timedelta(hours=2)))
        db.commit()
    sign_in("nix@example.org", "wrong", **from_("192.0.2.1"))
    with app.app_context():
        old = SignInTry.at < now() - timedelta(hours=1)
        assert db.session.scalar(select(func.count()).select_from(SignInTry).where(old)) == 0
