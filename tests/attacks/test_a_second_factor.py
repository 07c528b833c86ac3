"""Attacks on second factors and passkeys: codes used twice, answers meant for elsewhere, changes in an old session."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.authenticator import Device, add_app, add_passkey
from attacks.untouched import REFUSED, untouched
from sqlalchemy import select, update

from annotator.accounts import recovery
from annotator.accounts.models import LoginSession, User
from annotator.accounts.proof_models import Passkey, StepKind
from annotator.accounts.sessions import COOKIE
from annotator.accounts.steps import begin_step
from annotator.accounts.totp import code_of, present_step
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db
from annotator.journal.models import Event

HOME = "/account/second-factor"
BROWSER = {"Sec-Fetch-Site": "same-origin"}
AT_ONCE = 6
CEREMONY = (*REFUSED, "sign_in_steps")


@contextmanager
def tables(app: Annotator) -> Iterator[Any]:
    """A session that commits at its end."""
    with app.app_context():
        yield db.session
        db.commit()


def waiting(app: Annotator, person: str, count: int) -> list[Any]:
    """Clients that have given the first proof, each with a step of its own."""
    clients = []
    with tables(app) as session:
        data = {"method": "password", "next": "/"}
        values = [
            begin_step(session, StepKind.SECOND_FACTOR, user_id=person, data=data) for _ in range(count)
        ]
    for value in values:
        client = app.test_client()
        client.set_cookie(COOKIE, value)
        clients.append(client)
    return clients


def at_once(clients: list[Any], form: dict[str, str]) -> list[Any]:
    """Send the same form by all of them at one moment."""
    barrier = Barrier(len(clients))

    def send(client: Any) -> Any:
        barrier.wait()
        return client.post("/login/second-factor", data=form, headers=BROWSER)

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(send, clients))


@pytest.fixture
def many_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let more than five try in a minute, so that the code itself is what holds."""
    monkeypatch.setattr("annotator.accounts.second_factor.TRIES", ((1000, timedelta(minutes=1), "a minute"),))


def inside(clients: list[Any]) -> int:
    """How many of the clients are signed in."""
    return sum(client.get("/api/v1/me").status_code == 200 for client in clients)


def test_a09_one_code_signs_in_once(
    app: Annotator, as_: Any, people: SimpleNamespace, many_tries: None
) -> None:
    secret = add_app(as_("ann"))
    clients = waiting(app, people.ann, AT_ONCE)
    answers = at_once(clients, {"code": code_of(secret, present_step() + 1)})
    assert sorted(answer.status_code for answer in answers) == [303] + [422] * (AT_ONCE - 1)
    assert inside(clients) == 1


def test_a09_one_recovery_code_signs_in_once(
    app: Annotator, as_: Any, people: SimpleNamespace, many_tries: None
) -> None:
    add_app(as_("ann"))
    with tables(app) as session:
        code = recovery.make_codes(session, session.get_one(User, people.ann), actor=None)[0]
    clients = waiting(app, people.ann, AT_ONCE)
    answers = at_once(clients, {"recovery": code})
    assert sorted(answer.status_code for answer in answers) == [303] + [422] * (AT_ONCE - 1)
    assert inside(clients) == 1


def test_a09_one_first_proof_signs_in_once(
    app: Annotator, as_: Any, people: SimpleNamespace, many_tries: None
) -> None:
    secret = add_app(as_("ann"))
    with tables(app) as session:
        codes = recovery.make_codes(session, session.get_one(User, people.ann), actor=None)
    (first,) = waiting(app, people.ann, 1)
    second = app.test_client()
    second.set_cookie(COOKIE, first.get_cookie(COOKIE).value)
    assert first.post("/login/second-factor", data={"recovery": codes[0]}, headers=BROWSER).status_code == 303
    late = second.post(
        "/login/second-factor", data={"code": code_of(secret, present_step() + 1)}, headers=BROWSER
    )
    assert (late.status_code, late.headers["Location"]) == (303, "/login?notice=step-over")
    assert inside([first, second]) == 1


@pytest.fixture
def device(as_: Any) -> Device:
    """A passkey of Ann's."""
    return add_passkey(as_("ann"))


def challenge(client: Any) -> dict[str, Any]:
    found: dict[str, Any] = client.post("/login/passkey/challenge", headers=BROWSER).json
    return found


def send(client: Any, step: str, passkey: str) -> Any:
    client.delete_cookie(COOKIE)
    return client.post("/login/passkey", data={"step": step, "passkey": passkey}, headers=BROWSER)


def reasons(app: Annotator, person: str) -> list[str]:
    with tables(app) as session:
        query = select(Event.after).where(Event.action == "passkey:refused", Event.subject_id == person)
        return [line["reason"] for line in session.scalars(query.order_by(Event.number))]


def test_a26_challenge_sent_twice_is_refused_and_audited(
    app: Annotator, client: Any, people: SimpleNamespace, device: Device
) -> None:
    asked = challenge(client)
    answer = device.get(asked["options"])
    assert send(client, asked["step"], answer).status_code == 303
    with untouched(app, but=REFUSED):
        again = send(client, asked["step"], answer)
    assert (again.status_code, "Set-Cookie" in again.headers) == (422, False)
    assert reasons(app, people.ann) == ["challenge"]


LIES: list[tuple[str, Callable[[Device], None]]] = [
    ("origin", lambda device: setattr(device, "origin", "https://evil.example")),
    ("origin", lambda device: setattr(device, "origin", "http://localhost.evil.example")),
    ("origin", lambda device: setattr(device, "origin", "https://localhost")),
    ("origin", lambda device: setattr(device, "origin", "http://localhost:8080")),
    ("site", lambda device: setattr(device, "site", "evil.example")),
    ("verification", lambda device: setattr(device, "flags", 0x01)),
    ("form", lambda device: setattr(device, "flags", 0x04)),
    ("signature", lambda device: setattr(device, "key", Device().key)),
    ("person", lambda device: setattr(device, "user", b"somebody else")),
]


@pytest.mark.parametrize(("reason", "lie"), LIES)
def test_a26_answer_for_elsewhere_is_refused_and_audited(
    app: Annotator,
    client: Any,
    people: SimpleNamespace,
    device: Device,
    reason: str,
    lie: Callable[[Device], None],
) -> None:
    lie(device)
    with untouched(app, but=CEREMONY):
        asked = challenge(client)
        answer = send(client, asked["step"], device.get(asked["options"]))
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (422, False)
    assert reasons(app, people.ann) == [reason]


def test_a26_challenge_is_burnt_by_a_wrong_answer(client: Any, device: Device) -> None:
    asked = challenge(client)
    assert send(client, asked["step"], "{}").status_code == 422
    assert send(client, asked["step"], device.get(asked["options"])).status_code == 422


def test_a26_challenge_of_somebody_else_is_refused(client: Any, device: Device) -> None:
    mine, other = challenge(client), challenge(client)
    assert send(client, mine["step"], device.get(other["options"])).status_code == 422


def test_a26_one_answer_at_once_signs_in_once(app: Annotator, device: Device, client: Any) -> None:
    asked = challenge(client)
    answer = device.get(asked["options"])
    clients = [app.test_client() for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda one: send(one, asked["step"], answer), clients))
    assert sorted(one.status_code for one in answers) == [303] + [422] * (AT_ONCE - 1)
    assert inside(clients) == 1


def test_a26_adding_is_refused_for_another_origin_session_and_person(
    app: Annotator, as_: Any, people: SimpleNamespace
) -> None:
    ann, other, ben = as_("ann"), as_("ann"), as_("ben")
    for sender, origin in (
        (ann, "https://evil.example"),
        (other, "http://localhost"),
        (ben, "http://localhost"),
    ):
        asked = ann.post("/account/passkeys/challenge").json
        made = Device(origin=origin).create(asked["options"])
        form = {"name": "Bad", "step": asked["step"], "passkey": made}
        with untouched(app, but=CEREMONY):
            assert sender.post("/account/passkeys", data=form).status_code == 422
    assert (reasons(app, people.ann), reasons(app, people.ben)) == (["origin", "challenge"], ["challenge"])


CHANGES = (
    f"{HOME}/app", f"{HOME}/app/confirm", f"{HOME}/app/remove", f"{HOME}/codes", "/account/passkeys",
    "/account/passkeys/challenge", "/account/passkeys/{passkey}/rename", "/account/passkeys/{passkey}/remove",
)  # fmt: skip


@pytest.mark.parametrize("path", CHANGES)
def test_a18_factor_is_not_changed_in_an_old_session(app: Annotator, as_: Any, path: str) -> None:
    ann = as_("ann")
    add_passkey(ann)
    with tables(app) as session:
        session.execute(update(LoginSession).values(authenticated_at=now() - timedelta(minutes=11)))
        row = session.scalars(select(Passkey)).one()
    with untouched(app, but=REFUSED):
        answer = ann.post(path.format(passkey=row.id), data={"name": "New", "code": "123456"})
    assert (answer.status_code, "Confirm that it is you" in answer.text) == (403, True)


def test_a03_change_of_a_factor_ends_every_other_device(as_: Any) -> None:
    for change in (add_app, add_passkey, lambda client: client.post(f"{HOME}/codes")):
        other, ann = as_("ann"), as_("ann")
        change(ann)
        assert (other.get("/api/v1/me").status_code, ann.get("/api/v1/me").status_code) == (401, 200)
