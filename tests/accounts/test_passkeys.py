"""Passkeys: added, renamed, removed; signing in with one alone, after the password, and to confirm who one is."""

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.authenticator import PRESENT, Device, add_passkey
from accounts.conftest import BROWSER
from flask.testing import FlaskClient
from sqlalchemy import select, update

from annotator.accounts.models import LoginSession
from annotator.accounts.proof_models import Passkey, StepKind
from annotator.accounts.sessions import COOKIE
from annotator.accounts.steps import begin_step
from annotator.app import Annotator
from annotator.columns import new_id, now
from annotator.journal.models import Event

HOME = "/account/second-factor"


@pytest.fixture
def device(as_: Any, password: str) -> Device:
    """A passkey of Ann's."""
    return add_passkey(as_("ann"))


def with_passkey(client: FlaskClient, device: Device, **more: str) -> Any:
    """Sign in with the passkey alone."""
    client.delete_cookie(COOKIE)
    asked = client.post("/login/passkey/challenge", headers=BROWSER).json
    form = {"step": asked["step"], "passkey": device.get(asked["options"]), "next": "/account", **more}
    return client.post("/login/passkey", data=form, headers=BROWSER)


def second_passkey(client: FlaskClient, device: Device) -> Any:
    """Answer with the passkey after the password."""
    asked = client.post("/login/second-factor/challenge", headers=BROWSER).json
    form = {"step": asked["step"], "passkey": device.get(asked["options"])}
    return client.post("/login/second-factor", data=form, headers=BROWSER)


@pytest.fixture
def all_of(inside: Any) -> Callable[[Any], list[Any]]:
    """What a Select gives."""

    def ask(query: Any) -> list[Any]:
        with inside() as session:
            return list(session.scalars(query))

    return ask


def test_options_ask_for_what_the_decision_says(as_: Any, device: Device) -> None:
    options = as_("ann").post("/account/passkeys/challenge").json["options"]
    wanted = options["authenticatorSelection"]
    assert (wanted["residentKey"], wanted["userVerification"]) == ("preferred", "required")
    assert (options["attestation"], options["rp"]["id"]) == ("none", "localhost")
    assert len(options["excludeCredentials"]) == 1


def test_passkey_alone_signs_in(client: FlaskClient, device: Device, all_of: Any) -> None:
    answer = with_passkey(client, device)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert client.get("/account").status_code == 200
    row = all_of(select(Passkey))[0]
    assert (row.sign_count, row.last_used_at is not None) == (1, True)
    assert "passkey" in all_of(select(LoginSession.method))


def test_passkey_follows_the_password(
    first_proof: Any, client: FlaskClient, device: Device, all_of: Any
) -> None:
    first_proof("ann")
    assert second_passkey(client, device).headers["Location"] == "/account"
    assert "password+passkey" in all_of(select(LoginSession.method))


def test_passkey_of_another_does_not_follow_the_password(
    as_: Any, first_proof: Any, client: FlaskClient, device: Device
) -> None:
    other = add_passkey(as_("ben"))
    first_proof("ann")
    assert second_passkey(client, other).status_code == 422


def test_challenge_of_the_second_factor_needs_the_first_proof(client: FlaskClient, device: Device) -> None:
    assert client.post("/login/second-factor/challenge", headers=BROWSER).status_code == 401


def test_passkey_that_did_not_verify_its_holder_is_refused(client: FlaskClient, device: Device) -> None:
    device.flags = PRESENT
    assert with_passkey(client, device).status_code == 422


def test_passkey_of_a_deactivated_person_is_refused(
    as_: Any, client: FlaskClient, device: Device, people: SimpleNamespace
) -> None:
    assert as_("cleo").post(f"/admin/people/{people.ann}/deactivate").status_code == 303
    assert with_passkey(client, device).status_code == 422


def test_count_that_goes_back_is_refused_and_told(client: FlaskClient, device: Device, all_of: Any) -> None:
    device.count = 7
    assert with_passkey(client, device).status_code == 303
    device.count = 3
    answer = with_passkey(client, device)
    assert (answer.status_code, "its count went back" in answer.text) == (422, True)
    line = all_of(select(Event.after).where(Event.action == "passkey:refused"))[0]
    assert line == {"reason": "count"}


def test_passkeys_that_never_count_work_again_and_again(client: FlaskClient, device: Device) -> None:
    for _ in range(2):
        device.count = -1
        assert with_passkey(client, device).status_code == 303


def test_passkey_confirms_who_one_is(as_: Any, inside: Any, password: str) -> None:
    ann = as_("ann")
    device = add_passkey(ann)
    with inside() as session:
        session.execute(update(LoginSession).values(authenticated_at=now() - timedelta(minutes=11)))
    assert ann.post(f"{HOME}/codes").status_code == 403
    asked = ann.post("/confirm/challenge").json
    before = ann.get_cookie(COOKIE).value
    form = {"step": asked["step"], "passkey": device.get(asked["options"]), "next": HOME}
    assert ann.post("/confirm/passkey", data=form).headers["Location"] == HOME
    assert ann.get_cookie(COOKIE).value != before
    assert "Confirm that it is you</a>" not in ann.get(HOME).text


def test_challenge_to_confirm_belongs_to_one_session(as_: Any, device: Device) -> None:
    asked = as_("ann").post("/confirm/challenge").json
    form = {"step": asked["step"], "passkey": device.get(asked["options"]), "next": HOME}
    answer = as_("ann").post("/confirm/passkey", data=form)
    assert (answer.status_code, "was not accepted" in answer.text) == (422, True)


def test_passkey_is_renamed_and_removed(as_: Any, device: Device, all_of: Any) -> None:
    ann, row = as_("ann"), all_of(select(Passkey))[0]
    assert ann.post(f"/account/passkeys/{row.id}/rename", data={"name": "Old phone"}).status_code == 303
    assert "Old phone" in ann.get(HOME).text
    assert ann.post(f"/account/passkeys/{row.id}/rename", data={"name": " "}).status_code == 422
    assert ann.post(f"/account/passkeys/{row.id}/remove").headers["Location"].endswith("passkey-removed")
    assert "Old phone" not in ann.get(HOME).text
    named = select(Event.action).where(Event.action.startswith("passkey:")).order_by(Event.number)
    assert all_of(named) == ["passkey:added", "passkey:changed", "passkey:removed"]


@pytest.mark.parametrize("verb", ["rename", "remove"])
def test_passkey_of_another_answers_like_one_that_is_not_there(
    as_: Any, device: Device, all_of: Any, verb: str
) -> None:
    row = all_of(select(Passkey))[0]
    answers = [
        as_("ben").post(f"/account/passkeys/{key}/{verb}", data={"name": "Mine"})
        for key in (row.id, new_id())
    ]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_the_same_passkey_is_not_added_twice(as_: Any, device: Device) -> None:
    ann = as_("ann")
    asked = ann.post("/account/passkeys/challenge").json
    form = {"name": "Again", "step": asked["step"], "passkey": device.create(asked["options"])}
    answer = ann.post("/account/passkeys", data=form)
    assert (answer.status_code, "is here already" in answer.text) == (422, True)


def test_passkeys_are_not_offered_under_an_address_of_numbers(as_: Any, client: FlaskClient) -> None:
    ann = as_("ann")
    ann.set_cookie(COOKIE, ann.get_cookie(COOKIE).value, domain="127.0.0.1")
    page = ann.get(HOME, base_url="http://127.0.0.1:5000").text
    assert "do not work under an address of numbers" in page
    assert "Sign in with a passkey" not in client.get("/login", base_url="http://127.0.0.1:5000").text
    assert "Sign in with a passkey" in client.get("/login").text


def hostile() -> list[str]:
    good = {"id": "AAAA", "rawId": "AAAA", "type": "public-key"}
    shapes: list[Any] = [
        "", "{", "[]", "null", "1", '"x"', "NaN", "[" * 5000, {}, good, {**good, "response": []},
        {**good, "response": {"clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA"}},
        {**good, "response": {"clientDataJSON": "AA", "attestationObject": "gggggggggggg"}},
        {**good, "id": "\ud800", "response": {}}, {**good, "rawId": "é", "response": {"clientDataJSON": "é"}},
        {**good, "response": {"clientDataJSON": "e30", "attestationObject": "oA"}},
        {**good, "response": {"clientDataJSON": "bnVsbA", "attestationObject": "9g"}},
    ]  # fmt: skip
    return [shape if isinstance(shape, str) else json.dumps(shape) for shape in shapes]


@pytest.mark.parametrize("text", hostile())
def test_any_answer_at_all_is_refused_and_never_an_error(
    as_: Any, client: FlaskClient, device: Device, app: Annotator, text: str
) -> None:
    ann = as_("ann")
    step = ann.post("/account/passkeys/challenge").json["step"]
    adding = ann.post("/account/passkeys", data={"name": "Bad", "step": step, "passkey": text})
    step = client.post("/login/passkey/challenge", headers=BROWSER).json["step"]
    signing = client.post("/login/passkey", data={"step": step, "passkey": text}, headers=BROWSER)
    assert (adding.status_code, signing.status_code) == (422, 422)


def test_step_of_another_kind_is_no_challenge(inside: Any, client: FlaskClient, device: Device) -> None:
    with inside() as session:
        value = begin_step(session, StepKind.CONFIRMATION, data={"challenge": "AAAA"})
    answer = device.get({"challenge": "AAAA"})
    form = {"step": value, "passkey": answer}
    assert client.post("/login/passkey", data=form, headers=BROWSER).status_code == 422
