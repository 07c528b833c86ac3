"""Attacks on single sign-on: what does not belong to this browser, this provider or this moment is refused."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.oidc.conftest import Visitor, _server, known, provider, signed_in, through, visitor
from accounts.oidc.provider import signed
from attacks.untouched import REFUSED, untouched
from sqlalchemy import select

from annotator.accounts import invitations, operations
from annotator.accounts.models import User
from annotator.accounts.proof_models import TotpFactor
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db
from annotator.journal.models import Event

__all__ = ["_server", "known", "provider", "through", "visitor"]
WAY = (*REFUSED, "sign_in_steps")
STATE = "single sign-on refused: state"


@pytest.fixture(autouse=True)
def _ann(known: Callable[..., None]) -> None:
    known("ann", "ann-1")


def begun(visitor: Visitor) -> str:
    """The address that Ann comes back to, who has signed in at the provider."""
    return visitor.provider.authorize(visitor.leave(), "ann-1")


@pytest.mark.parametrize(
    "change",
    [
        lambda address: address.partition("&state=")[0],
        lambda address: address.partition("&state=")[0] + "&state=",
        lambda address: address.partition("&state=")[0] + "&state=another",
        lambda address: address + "x",
        lambda address: address + "&state=another",
        lambda address: address + "&code=another",
        lambda address: address.replace("&state=", "&state=%00"),
    ],
    ids=["missing", "empty", "other", "longer", "two", "two codes", "NUL"],
)
def test_a27_an_answer_with_another_state_or_none_is_refused(
    app: Annotator, visitor: Visitor, caplog: pytest.LogCaptureFixture, change: Callable[[str], str]
) -> None:
    address = change(begun(visitor))
    with untouched(app, but=WAY):
        assert visitor.come_back(address).status_code == 400
    assert signed_in(app, visitor) == ""
    assert STATE in caplog.text


def test_a27_an_answer_works_in_the_browser_that_asked_alone_and_stays_good_there(
    app: Annotator, visitor: Visitor
) -> None:
    address, other = begun(visitor), Visitor(app, visitor.provider)
    with untouched(app, but=REFUSED):
        assert other.come_back(address).status_code == 400
    other.leave()
    assert other.come_back(address).status_code == 400
    visitor.come_back(address)
    assert (signed_in(app, other), signed_in(app, visitor)) == ("", "Ann")


def test_a27_an_answer_signs_in_once(app: Annotator, visitor: Visitor) -> None:
    address = begun(visitor)
    between = visitor.cookie
    assert visitor.come_back(address).status_code == 303
    again = Visitor(app, visitor.provider)
    again.client.set_cookie("__Host-annotator", between)
    with untouched(app, but=REFUSED):
        assert again.come_back(address).status_code == 400
    assert signed_in(app, again) == ""


def test_a27_a_nonce_that_was_used_is_refused(app: Annotator, visitor: Visitor) -> None:
    kept: list[dict[str, Any]] = []
    visitor.provider.sign = lambda header, claims: kept.append(claims) or signed(header, claims)  # type: ignore[func-returns-value]
    visitor.go("ann-1")
    visitor.client.delete_cookie("__Host-annotator")
    visitor.provider.sign = lambda header, claims: signed(header, {**claims, "nonce": kept[0]["nonce"]})
    address = begun(visitor)
    with untouched(app, but=WAY):
        assert visitor.come_back(address).status_code == 403
    assert signed_in(app, visitor) == ""


def test_a27_an_answer_that_names_another_issuer_is_refused_before_its_code_is_sent_anywhere(
    app: Annotator, visitor: Visitor
) -> None:
    address = begun(visitor)
    with untouched(app, but=WAY):
        assert visitor.come_back(address, iss="https://other.example").status_code == 400
    assert (visitor.provider.asked, signed_in(app, visitor)) == ([], "")


@pytest.mark.parametrize(("named", "status"), [("", 400), ("its own", 303)])
def test_a27_a_provider_that_names_itself_must(visitor: Visitor, named: str, status: int) -> None:
    visitor.provider.metadata = {"authorization_response_iss_parameter_supported": True}
    more = {"iss": visitor.provider.url} if named else {}
    assert visitor.come_back(begun(visitor), **more).status_code == status


def test_a27_a_token_of_another_issuer_is_refused(app: Annotator, visitor: Visitor) -> None:
    visitor.provider.sign = lambda header, claims: signed(header, {**claims, "iss": "https://other.example"})
    address = begun(visitor)
    with untouched(app, but=WAY):
        assert visitor.come_back(address).status_code == 403
    assert signed_in(app, visitor) == ""


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "ann@example.org", "email_verified": True},
        {"email": "ANN@example.org", "name": "Ann", "preferred_username": "ann-1"},
    ],
    ids=["address", "all but the subject"],
)
def test_a27_accounts_are_joined_by_issuer_and_subject_alone(
    app: Annotator, through: Callable[..., Annotator], visitor: Visitor, claims: dict[str, Any]
) -> None:
    through(oidc_admin_group="chiefs")
    address = visitor.provider.authorize(visitor.leave(), "mallory-1", groups=["chiefs"], **claims)
    with untouched(app, but=WAY):
        assert visitor.come_back(address).status_code == 409
    assert signed_in(app, visitor) == ""


def test_a27_a_refusal_to_a_known_person_leaves_a_line_without_the_values(
    app: Annotator, visitor: Visitor, people: SimpleNamespace
) -> None:
    visitor.come_back(begun(visitor))
    assert visitor.client.get("/login/oidc/return?code=c-secret&state=s-secret").status_code == 400
    with app.app_context():
        query = select(Event.actor_id, Event.after).where(Event.action == "request:refused")
        ((actor, after),) = db.session.execute(query).all()
    assert (actor, after["reason"]) == (people.ann, "state")
    assert "secret" not in json.dumps(after)


def test_a27_a_way_is_over_after_ten_minutes(
    app: Annotator, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    monkeypatch.setattr("annotator.accounts.steps.LIFE", timedelta(0))
    address = begun(visitor)
    assert visitor.come_back(address).status_code == 400
    assert signed_in(app, visitor) == ""


@pytest.fixture
def link(app: Annotator, people: SimpleNamespace) -> Callable[[str], str]:
    """`link("ann")` gives the token of a fresh one-time link of Ann's, as a stranger reads it in her mail."""

    def make(name: str) -> str:
        with app.app_context():
            user = db.session.get_one(User, getattr(people, name))
            token = operations.make_password_link(db.session, user, actor=None)
            db.commit()
        return token

    return make


MFA = {"amr": ["pwd", "mfa"]}


@pytest.mark.parametrize("claims", [MFA, {}], ids=["with a factor there", "without"])
def test_a27_a_link_never_stands_in_for_the_second_factor_here(
    app: Annotator,
    visitor: Visitor,
    people: SimpleNamespace,
    link: Callable[[str], str],
    claims: dict[str, Any],
) -> None:
    with app.app_context():
        db.session.add(TotpFactor(user_id=people.ben, secret="x", created_at=now(), confirmed_at=now()))
        db.commit()
    address = visitor.provider.authorize(
        visitor.leave(f"/login/oidc/link/{link('ben')}"), "mallory", **claims
    )
    with untouched(app, but=WAY):
        answer = visitor.come_back(address)
    assert (answer.status_code, signed_in(app, visitor)) == (403, "")
    assert "ask your administrator to remove your second factors" in answer.text


def test_a27_a_link_puts_no_identity_in_the_place_of_the_one_there_is(
    app: Annotator, visitor: Visitor, link: Callable[[str], str]
) -> None:
    address = visitor.provider.authorize(visitor.leave(f"/login/oidc/link/{link('ann')}"), "mallory", **MFA)
    with untouched(app, but=WAY):
        assert visitor.come_back(address).status_code == 409
    assert signed_in(app, visitor) == ""


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Referer": "http://localhost/password/x"},
    {"Referer": "https://mallory.example/http://localhost/"},
    {"Origin": "null", "Referer": "http://localhost/"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a27_a_strangers_page_does_not_begin_to_join_its_reader(
    app: Annotator,
    visitor: Visitor,
    people: SimpleNamespace,
    link: Callable[[str], str],
    headers: dict[str, str],
) -> None:
    token = link("ben")
    with app.app_context():
        _, invited = invitations.invite(db.session, email="nora@example.org", roles={}, actor=people.cleo)
        db.commit()
    ways = {f"/login/oidc/link/{token}": f"/password/{token}"}
    ways[f"/login/oidc/invitation/{invited}"] = f"/invitation/{invited}"
    with untouched(app):
        answers = [visitor.client.get(way, headers=headers) for way in ways]
    assert [answer.headers["Location"] for answer in answers] == list(ways.values())


def test_a27_a_browser_without_fetch_metadata_comes_from_our_page_by_its_referer(
    visitor: Visitor, link: Callable[[str], str]
) -> None:
    token = link("ben")
    answer = visitor.client.get(
        f"/login/oidc/link/{token}", headers={"Referer": f"http://localhost/password/{token}"}
    )
    assert answer.status_code == 302
