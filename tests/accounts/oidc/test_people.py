"""Who is let in: joined by issuer and subject alone, made by a group, never by an e-mail address."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.oidc.conftest import Visitor, by_name, sessions_of, signed_in
from accounts.oidc.provider import Provider
from attacks.untouched import REFUSED, untouched
from sqlalchemy import select

from annotator.accounts.models import User
from annotator.accounts.proof_models import ExternalIdentity
from annotator.app import Annotator
from annotator.database import db
from annotator.journal.models import Event

Through = Callable[..., Annotator]
WAY = (*REFUSED, "sign_in_steps")
NORA = {"subject": "nora-1", "email": "nora@example.org", "name": "Nora", "groups": ["fact-desk"]}


@pytest.fixture
def desk(through: Through, provider: Provider, project: SimpleNamespace) -> Visitor:
    """A visitor of a site where the group fact-desk reviews the project desk."""
    return Visitor(through(oidc_roles="fact-desk=desk:reviewer"), provider)


def test_an_unknown_person_is_told_what_to_do_and_nothing_is_made(app: Annotator, visitor: Visitor) -> None:
    with untouched(app, but=WAY):
        answer = visitor.go("stranger-1", email="stranger@example.org", name="Stranger")
    assert answer.status_code == 403
    assert "you have no account here" in answer.text
    assert "Ask your administrator for a link" in answer.text


def test_a_mapped_group_makes_an_account_at_the_first_sign_in(app: Annotator, desk: Visitor) -> None:
    desk.go(**NORA)
    nora = by_name(app, "Nora")
    assert nora is not None
    assert (signed_in(app, desk), nora.email, nora.password_hash) == ("Nora", "nora@example.org", None)


def test_the_second_sign_in_finds_the_account_whatever_name_and_address_are_now(
    app: Annotator, desk: Visitor
) -> None:
    desk.go(**NORA)
    desk.client.delete_cookie("__Host-annotator")
    desk.go("nora-1", email="other@example.org", name="Other", groups=["fact-desk"])
    assert signed_in(app, desk) == "Nora"


@pytest.mark.parametrize("groups", [[], ["another"], "another", None, [7], {"fact-desk": True}], ids=str)
def test_no_mapped_group_makes_no_account(app: Annotator, desk: Visitor, groups: Any) -> None:
    answer = desk.go(**{**NORA, "groups": groups})
    assert (answer.status_code, by_name(app, "Nora")) == (403, None)


def test_where_accounts_are_made_by_hand_a_group_makes_none(
    app: Annotator, through: Through, provider: Provider, project: SimpleNamespace
) -> None:
    visitor = Visitor(through(oidc_roles="fact-desk=desk:reviewer", oidc_create="no"), provider)
    assert (visitor.go(**NORA).status_code, by_name(app, "Nora")) == (403, None)


def test_an_address_that_belongs_to_an_account_never_joins_it(app: Annotator, desk: Visitor) -> None:
    with untouched(app, but=WAY):
        answer = desk.go("mallory-1", email="Ann@Example.org", name="Ann", groups=["fact-desk"])
    assert (answer.status_code, signed_in(app, desk)) == (409, "")
    assert "Ask your administrator for a link" in answer.text


def test_the_same_subject_of_another_issuer_is_somebody_else(
    app: Annotator, visitor: Visitor, known: Callable[..., None]
) -> None:
    known("ann", "ann-1", issuer="https://other.example")
    assert (visitor.go("ann-1").status_code, signed_in(app, visitor)) == (403, "")


@pytest.mark.parametrize(
    "more",
    [{"email": None}, {"email_verified": False}, {"email": "no address"}, {"email": ["a@b.c"]}],
    ids=str,
)
def test_without_a_usable_address_no_account_is_made(
    app: Annotator, desk: Visitor, more: dict[str, Any]
) -> None:
    answer = desk.go(**{**NORA, **more})
    assert (answer.status_code, by_name(app, "Nora")) == (403, None)
    assert "no confirmed e-mail address" in answer.text


@pytest.mark.parametrize("name", [None, "", "a\u202eb", 7], ids=repr)
def test_a_name_that_cannot_be_shown_is_no_reason_to_fail_badly(
    app: Annotator, desk: Visitor, name: Any
) -> None:
    desk.go(**{**NORA, "name": name})
    assert signed_in(app, desk) == "nora"


def test_somebody_deactivated_stays_out_and_the_journal_says_so(
    app: Annotator, visitor: Visitor, known: Callable[..., None], people: SimpleNamespace
) -> None:
    known("dan", "dan-1")
    answer = visitor.go("dan-1")
    assert (answer.status_code, sessions_of(app, people.dan)) == (403, [])
    with app.app_context():
        refused = select(Event.subject_id).where(Event.action == "session:refused")
        assert db.session.scalars(refused).all() == [people.dan]


def test_two_first_sign_ins_at_once_make_one_account(app: Annotator, desk: Visitor) -> None:
    other = Visitor(app, desk.provider)
    first, second = (one.provider.authorize(one.leave(), **NORA) for one in (desk, other))
    statuses = [desk.come_back(first).status_code, other.come_back(second).status_code]
    with app.app_context():
        made = db.session.scalars(select(User).where(User.email == "nora@example.org")).all()
        joined = db.session.scalars(select(ExternalIdentity)).all()
    assert (statuses, len(made), len(joined)) == ([303, 303], 1, 1)
