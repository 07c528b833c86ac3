"""Confirming who one is through the provider: the same person, just now; and the second factor that it asked for."""

import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.oidc.conftest import Visitor, sessions_of, signed_in
from accounts.oidc.provider import Provider
from sqlalchemy import update

from annotator.accounts.models import LoginSession
from annotator.accounts.proof_models import SitePolicy, TotpFactor
from annotator.app import Annotator
from annotator.columns import new_id, now
from annotator.database import db

PAGE = "data-error"
FORM = {"next": "/account", "kept": ""}


@pytest.fixture
def ann(app: Annotator, visitor: Visitor, known: Callable[..., None]) -> Visitor:
    """Ann, who signed in through the provider an hour ago."""
    known("ann", "ann-1")
    visitor.go("ann-1")
    with app.app_context():
        old = now() - timedelta(hours=1)
        db.session.execute(update(LoginSession).values(authenticated_at=old))
        db.commit()
    return visitor


def token(visitor: Visitor) -> str:
    page = visitor.client.get("/api/docs").text
    return page.partition('name="csrf-token" content="')[2].partition('"')[0]


def leave(visitor: Visitor, **form: str) -> str:
    """Send the form that confirms; gives the provider's address that the page leads to."""
    data = {**FORM, **form, "csrf_token": token(visitor)}
    headers = {"Sec-Fetch-Site": "same-origin"}
    page = visitor.client.post("/login/oidc/confirm", data=data, headers=headers)
    assert page.status_code == 200, page.text
    return page.text.partition("0; url=")[2].partition('"')[0].replace("&amp;", "&")


def confirm(visitor: Visitor, subject: str = "ann-1", **claims: Any) -> Any:
    return visitor.come_back(visitor.provider.authorize(leave(visitor), subject, **claims))


def age(app: Annotator, person: str) -> float:
    (row,) = sessions_of(app, person)
    return (now() - row.authenticated_at).total_seconds()


def test_the_provider_is_told_to_ask_anew(ann: Visitor) -> None:
    address = leave(ann)
    assert "prompt=login" in address
    assert "max_age=0" in address


def test_confirmed_the_session_goes_on_under_a_new_value(
    app: Annotator, ann: Visitor, people: SimpleNamespace
) -> None:
    before = ann.cookie
    answer = confirm(ann, auth_time=int(time.time()))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert (signed_in(app, ann), ann.cookie == before) == ("Ann", False)
    assert age(app, people.ann) < 60


@pytest.mark.parametrize(
    "claims", [{}, {"auth_time": 1_600_000_000}, {"auth_time": "now"}, {"auth_time": True}], ids=str
)
def test_who_did_not_sign_in_there_just_now_is_not_confirmed(
    app: Annotator, ann: Visitor, people: SimpleNamespace, claims: dict[str, Any]
) -> None:
    answer = confirm(ann, **claims)
    assert (answer.status_code, signed_in(app, ann)) == (403, "Ann")
    assert age(app, people.ann) > 3000


def test_somebody_else_who_signs_in_there_confirms_nothing(
    app: Annotator, ann: Visitor, people: SimpleNamespace, known: Callable[..., None]
) -> None:
    known("eve", "eve-1")
    assert confirm(ann, "eve-1", auth_time=int(time.time())).status_code == 403
    assert (signed_in(app, ann), age(app, people.ann) > 3000) == ("Ann", True)


def test_what_was_typed_is_there_again_afterwards_and_kept_nowhere(app: Annotator, ann: Visitor) -> None:
    address = leave(ann, next="/account/name", kept='[["name", "Anna"]]')
    page = ann.come_back(ann.provider.authorize(address, auth_time=int(time.time())))
    assert 'name="name" value="Anna"' in page.text
    assert 'action="/account/name"' in page.text
    with app.app_context():
        kept = db.session.connection().exec_driver_sql("SELECT data FROM sign_in_steps").fetchall()
    assert {row[0] for row in kept} == {None}


def test_what_was_typed_waits_sealed_for_the_session_that_typed_it(app: Annotator, ann: Visitor) -> None:
    leave(ann, next="/account/name", kept='[["name", "Anna of the protected desk"]]')
    with app.app_context():
        rows = db.session.connection().exec_driver_sql("SELECT data FROM sign_in_steps").fetchall()
    (kept,) = [row[0] for row in rows if "confirm" in str(row[0])]
    assert '"kept":"v1.' in str(kept).replace(" ", "").replace("'", '"')
    assert "protected" not in str(kept)


def test_the_page_that_asks_offers_the_provider(ann: Visitor) -> None:
    page = ann.client.get("/confirm?next=/account").text
    assert 'action="/login/oidc/confirm"' in page
    assert "Confirm with Newsroom" in page
    assert 'type="password"' not in page


def demand(app: Annotator, wanted: list[str]) -> None:
    with app.app_context():
        db.session.add(SitePolicy(id=new_id(), second_factor_for=wanted, created_at=now(), updated_at=now()))
        db.commit()


def give_factor(app: Annotator, person: str) -> None:
    with app.app_context():
        db.session.add(TotpFactor(user_id=person, secret="x", created_at=now(), confirmed_at=now()))
        db.commit()


MFA = {"amr": ["pwd", "mfa"]}


@pytest.mark.parametrize(
    ("setting", "claims", "lands"),
    [
        ("provider", MFA, "/"),
        ("provider", {"acr": "https://refeds.org/profile/mfa"}, "/"),
        ("provider", {"amr": ["pwd"]}, "/login/second-factor"),
        ("provider", {"amr": "mfa"}, None),
        ("provider", {"amr": [["mfa"]], "acr": ["phr"]}, "/login/second-factor"),
        ("provider", {}, "/login/second-factor"),
        ("here", MFA, "/login/second-factor"),
    ],
    ids=str,
)
def test_a_second_factor_there_counts_when_it_is_said_and_trusted(
    through: Callable[..., Annotator],
    provider: Provider,
    people: SimpleNamespace,
    known: Callable[..., None],
    setting: str,
    claims: dict[str, Any],
    lands: str | None,
) -> None:
    known("ann", "ann-1")
    visitor = Visitor(through(oidc_second_factor=setting), provider)
    give_factor(visitor.app, people.ann)
    assert visitor.go("ann-1", **claims).headers.get("Location") == lands


def test_whoever_showed_one_there_needs_none_here(
    app: Annotator, visitor: Visitor, people: SimpleNamespace, known: Callable[..., None]
) -> None:
    known("cleo", "cleo-1")
    demand(app, ["everybody"])
    visitor.go("cleo-1", **MFA)
    assert [row.method for row in sessions_of(app, people.cleo)] == ["oidc+factor"]
    assert visitor.client.get("/admin/projects").status_code == 200


def test_whoever_did_not_must_add_one_here(
    app: Annotator, visitor: Visitor, known: Callable[..., None]
) -> None:
    known("cleo", "cleo-1")
    demand(app, ["everybody"])
    visitor.go("cleo-1")
    assert visitor.client.get("/admin/projects").status_code != 200
