"""One-time links and invitations join an identity to an account, once."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.oidc.conftest import Visitor, by_name, sessions_of, signed_in
from sqlalchemy import select

from annotator.accounts import invitations, operations
from annotator.accounts.login_sessions import start_session
from annotator.accounts.models import Method, User
from annotator.accounts.oidc.people import unbind
from annotator.accounts.proof_models import ExternalIdentity
from annotator.app import Annotator
from annotator.database import db
from annotator.permissions import Role
from annotator.projects.models import Membership


@pytest.fixture
def link(app: Annotator, people: SimpleNamespace) -> Callable[[str], str]:
    """`link("ann")` gives the way to the provider by a fresh one-time link for Ann."""

    def make(name: str) -> str:
        with app.app_context():
            user = db.session.get_one(User, getattr(people, name))
            token = operations.make_password_link(db.session, user, actor=people.cleo)
            db.commit()
        return f"/login/oidc/link/{token}"

    return make


def subjects(app: Annotator, user_id: str) -> list[str]:
    with app.app_context():
        query = select(ExternalIdentity.subject).where(ExternalIdentity.user_id == user_id)
        return list(db.session.scalars(query))


def test_a_link_joins_the_identity_and_signs_in(
    app: Annotator, visitor: Visitor, link: Callable[[str], str], people: SimpleNamespace
) -> None:
    visitor.go("ann-9", link("ann"), email="somebody@example.org")
    assert (signed_in(app, visitor), subjects(app, people.ann)) == ("Ann", ["ann-9"])
    visitor.client.delete_cookie("__Host-annotator")
    visitor.go("ann-9")
    assert signed_in(app, visitor) == "Ann"


def test_a_link_joins_once(
    app: Annotator, visitor: Visitor, link: Callable[[str], str], people: SimpleNamespace
) -> None:
    path = link("ann")
    visitor.go("ann-9", path)
    assert Visitor(app, visitor.provider).client.get(path).status_code == 410
    assert subjects(app, people.ann) == ["ann-9"]


def test_of_two_that_left_by_one_link_the_second_is_refused(
    app: Annotator, visitor: Visitor, link: Callable[[str], str], people: SimpleNamespace
) -> None:
    path, other = link("ann"), Visitor(app, visitor.provider)
    first, second = visitor.leave(path), other.leave(path)
    assert visitor.come_back(visitor.provider.authorize(first, "ann-9")).status_code == 303
    late = other.come_back(visitor.provider.authorize(second, "mallory-1"))
    assert (late.status_code, signed_in(app, other)) == (410, "")
    assert subjects(app, people.ann) == ["ann-9"]


def test_an_identity_that_an_administrator_took_away_ends_its_sessions_and_leaves_room_for_another(
    app: Annotator,
    visitor: Visitor,
    link: Callable[[str], str],
    people: SimpleNamespace,
    known: Callable[..., None],
) -> None:
    known("ann", "ann-1")
    before = Visitor(app, visitor.provider)
    before.go("ann-1")
    with app.app_context():
        unbind(db.session, db.session.get_one(User, people.ann), actor=people.cleo)
        db.commit()
    assert signed_in(app, before) == ""
    visitor.go("ann-9", link("ann"))
    assert (subjects(app, people.ann), signed_in(app, visitor)) == (["ann-9"], "Ann")


def test_joined_a_person_has_no_password_any_more(
    app: Annotator, visitor: Visitor, link: Callable[[str], str], people: SimpleNamespace, password: str
) -> None:
    visitor.go("ann-9", link("ann"))
    with app.app_context():
        hashes = [db.session.get_one(User, person).password_hash for person in (people.ann, people.cleo)]
    assert [value is None for value in hashes] == [True, False]


def test_joined_an_administrator_keeps_a_password_that_still_signs_in(
    app: Annotator,
    visitor: Visitor,
    through: Callable[..., Annotator],
    link: Callable[[str], str],
    people: SimpleNamespace,
    password: str,
) -> None:
    through(oidc_passwords="admins")
    visitor.go("cleo-9", link("cleo"))
    with app.app_context():
        assert db.session.get_one(User, people.cleo).password_hash is not None


def test_an_identity_of_somebody_else_is_not_taken_and_the_link_stays(
    app: Annotator,
    visitor: Visitor,
    link: Callable[[str], str],
    people: SimpleNamespace,
    known: Callable[..., None],
) -> None:
    known("eve", "eve-1")
    path = link("ann")
    assert visitor.go("eve-1", path).status_code == 409
    assert (signed_in(app, visitor), subjects(app, people.ann)) == ("", [])
    assert visitor.leave(path)


def test_the_page_of_a_link_offers_the_provider_and_no_password(
    app: Annotator, visitor: Visitor, link: Callable[[str], str]
) -> None:
    path = link("ann")
    page = visitor.client.get(path.replace("/login/oidc/link/", "/password/")).text
    assert f'href="{path}"' in page
    assert 'type="password"' not in page


@pytest.fixture
def invited(app: Annotator, people: SimpleNamespace, project: SimpleNamespace) -> str:
    """The token of an invitation that makes a reviewer."""
    with app.app_context():
        _, token = invitations.invite(
            db.session, email="nora@example.org", roles={project.id: Role.REVIEWER}, actor=people.cleo
        )
        db.commit()
    return token


def test_an_invitation_makes_the_account_with_the_invited_address_and_roles(
    app: Annotator, visitor: Visitor, invited: str, project: SimpleNamespace
) -> None:
    visitor.go("nora-1", f"/login/oidc/invitation/{invited}", email="private@example.org", name="Nora")
    nora = by_name(app, "Nora")
    assert nora is not None
    assert (signed_in(app, visitor), nora.email) == ("Nora", "nora@example.org")
    with app.app_context():
        assert db.session.get_one(Membership, (project.id, nora.id)).role == "reviewer"


def test_an_invitation_is_accepted_once(app: Annotator, visitor: Visitor, invited: str) -> None:
    other, path = Visitor(app, visitor.provider), f"/login/oidc/invitation/{invited}"
    first, second = visitor.leave(path), other.leave(path)
    answers = [
        visitor.come_back(visitor.provider.authorize(first, "nora-1", name="Nora")),
        other.come_back(visitor.provider.authorize(second, "mallory-1", name="Mallory")),
    ]
    assert [answer.status_code for answer in answers] == [303, 410]
    assert by_name(app, "Mallory") is None


def test_the_page_of_an_invitation_offers_the_provider_and_no_password(
    visitor: Visitor, invited: str
) -> None:
    page = visitor.client.get(f"/invitation/{invited}").text
    assert f'href="/login/oidc/invitation/{invited}"' in page
    assert 'type="password"' not in page


def test_whoever_is_signed_in_stays_so_until_the_other_is(
    app: Annotator, visitor: Visitor, invited: str, people: SimpleNamespace, known: Callable[..., None]
) -> None:
    known("ann", "ann-1")
    visitor.go("ann-1")
    address = visitor.leave(f"/login/oidc/invitation/{invited}")
    assert signed_in(app, visitor) == "Ann"
    visitor.come_back(visitor.provider.authorize(address, "nora-1", name="Nora"))
    assert (signed_in(app, visitor), sessions_of(app, people.ann)) == ("Nora", [])


def test_the_first_administrator_comes_in_by_the_link_of_the_first_start(
    app: Annotator, visitor: Visitor
) -> None:
    with app.app_context():
        token = operations.ensure_first_admin(db.session)
        db.commit()
    visitor.go("chief-1", f"/login/oidc/link/{token}", email="chief@example.org", name="Chief")
    chief = by_name(app, "Chief")
    assert chief is not None
    assert (signed_in(app, visitor), chief.is_admin, chief.email) == ("Chief", True, "chief@example.org")
    with app.app_context():
        assert operations.ensure_first_admin(db.session) is None


def test_sessions_that_began_with_a_password_end_when_the_site_starts(
    app: Annotator, visitor: Visitor, people: SimpleNamespace, known: Any
) -> None:
    from annotator.accounts.oidc.people import end_local_sessions
    from annotator.accounts.oidc.settings import single_sign_on

    known("ann", "ann-1")
    visitor.go("ann-1")
    with app.app_context():
        start_session(db.session, db.session.get_one(User, people.ann), method=Method.PASSWORD)
        config = single_sign_on()
        assert config is not None
        assert end_local_sessions(db.session, config) == 1
        db.commit()
    assert (signed_in(app, visitor), len(sessions_of(app, people.ann))) == ("Ann", 1)
