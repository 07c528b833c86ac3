"""Invitations: one link, one account, what the table says; and the page on which they are accepted."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from annotator.accounts import invitations, operations
from annotator.accounts.models import PasswordLink, User
from annotator.accounts.proof_models import Invitation
from annotator.accounts.queries import by_email
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db
from annotator.errors import Invalid, WrongState
from annotator.journal.models import Event
from annotator.permissions import Role
from annotator.projects.models import Membership, Project

SAME = {"Sec-Fetch-Site": "same-origin"}
FAY = {"name": "Fay Ó", "password": "seven quiet bells"}


def invite(app: Annotator, people: SimpleNamespace, **about: Any) -> str:
    """The path of an invitation's link for Fay, sent by Cleo."""
    with app.app_context():
        given = {"email": "fay@example.org", "actor": people.cleo, **about}
        _, token = invitations.invite(db.session, **given)
        db.commit()
    return f"/invitation/{token}"


def fay(app: Annotator) -> User | None:
    with app.app_context():
        return db.session.scalar(by_email("fay@example.org"))


def test_accepted_invitation_makes_the_person_with_their_roles_and_signs_them_in(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    link = invite(app, people, roles={project.id: Role.VIEWER})
    answer = client.post(link, data=FAY, headers=SAME)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    made = fay(app)
    assert made is not None
    with app.app_context():
        assert db.session.get_one(Membership, (project.id, made.id)).role == "viewer"
    assert client.get("/api/v1/me").json["name"] == "Fay Ó"


def test_page_says_who_invites_to_what(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    page = client.get(invite(app, people, roles={project.id: Role.EDITOR}, is_admin=True, name="Fay")).text
    assert "Cleo invites you" in page
    assert "<li>Desk, as editor</li>" in page
    assert "as an administrator of this site" in page
    assert 'value="Fay"' in page


def test_journal_tells_of_the_invitation_and_who_came_of_it(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    client.post(invite(app, people, roles={project.id: Role.VIEWER}), data=FAY, headers=SAME)
    with app.app_context():
        lines = list(db.session.execute(select(Event.action, Event.actor_id).order_by(Event.number)))
    made = fay(app)
    assert made is not None
    assert lines[:4] == [
        ("invitation:added", people.cleo),
        ("user:added", people.cleo),
        ("invitation:accepted", made.id),
        ("member:added", people.cleo),
    ]


def test_link_is_kept_as_a_hash_and_stands_in_no_line(app: Annotator, people: SimpleNamespace) -> None:
    token = invite(app, people).rpartition("/")[2]
    with app.app_context():
        row = db.session.scalars(select(Invitation)).one()
        lines = [str(event.after) for event in db.session.scalars(select(Event))]
    assert token not in (row.token_hash, *lines)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"expires_at": now() - timedelta(seconds=1)}, "has expired"),
        ({"revoked_at": now()}, "was withdrawn"),
        ({"token_hash": "0" * 64}, "a newer one has taken its place"),
    ],
)
def test_link_that_works_no_more_says_why(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, change: dict[str, Any], why: str
) -> None:
    link = invite(app, people)
    with app.app_context():
        db.session.execute(update(Invitation).values(**change))
        db.commit()
    for answer in (client.get(link), client.post(link, data=FAY, headers=SAME)):
        assert (answer.status_code, why in answer.text) == (410, True)
    assert fay(app) is None


def test_accepted_link_is_gone(app: Annotator, client: FlaskClient, people: SimpleNamespace) -> None:
    link = invite(app, people)
    client.post(link, data=FAY, headers=SAME)
    answer = client.get(link)
    assert (answer.status_code, "has been accepted" in answer.text) == (410, True)
    assert "for a new one" not in answer.text


def test_looking_at_an_invitation_does_not_accept_it(
    app: Annotator, client: FlaskClient, people: SimpleNamespace
) -> None:
    link = invite(app, people)
    assert [client.get(link).status_code, client.head(link).status_code] == [200, 200]
    assert client.post(link, data=FAY, headers=SAME).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"name": " "}, "Fill this in."),
        ({"password": "short"}, "at least 8 characters"),
        ({"password": "password1"}, "first that anybody tries"),
        ({"password": "fay@example.org!"}, "name or e-mail address"),
    ],
)
def test_refused_form_leaves_the_link_usable(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, wrong: dict[str, str], why: str
) -> None:
    link = invite(app, people)
    answer = client.post(link, data={**FAY, **wrong}, headers=SAME)
    assert (answer.status_code, why in answer.text) == (422, True)
    assert client.post(link, data=FAY, headers=SAME).status_code == 303


@pytest.mark.parametrize("word", ["annotator-x7", "quokkapolis9"])
def test_names_of_the_site_and_of_the_projects_are_no_password(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, project: SimpleNamespace, word: str
) -> None:
    link = invite(app, people, roles={project.id: Role.VIEWER})
    with app.app_context():
        db.session.get_one(Project, project.id).name = "Quokkapolis"
        db.commit()
    assert client.post(link, data={**FAY, "password": word}, headers=SAME).status_code == 422


def mal(app: Annotator, people: SimpleNamespace) -> str:
    """Make Eve a second administrator beside Cleo; gives the path of her invitation, of an administrator."""
    with app.app_context():
        operations.grant_admin(db.session, db.session.get_one(User, people.eve), actor=people.cleo)
        db.commit()
    return invite(app, people, actor=people.eve, is_admin=True)


@pytest.mark.parametrize("change", [{"active": False, "is_admin": False}, {"is_admin": False}])
def test_nobody_comes_in_by_an_administrator_who_is_none_any_more(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, change: dict[str, Any]
) -> None:
    link = mal(app, people)
    with app.app_context():
        db.session.execute(update(User).where(User.id == people.eve).values(**change))
        db.commit()
    for answer in (client.get(link), client.post(link, data=FAY, headers=SAME)):
        assert (answer.status_code, "no administrator here any more" in answer.text) == (410, True)
    assert fay(app) is None


def test_renewing_makes_one_stand_behind_an_invitation_too(
    app: Annotator, client: FlaskClient, people: SimpleNamespace
) -> None:
    mal(app, people)
    with app.app_context():
        row = db.session.scalars(select(Invitation)).one()
        row.created_by_id = people.cleo
        token = invitations.renew_invitation(db.session, row, actor=people.eve)
        db.session.get_one(User, people.eve).is_admin = False
        db.commit()
    assert client.post(f"/invitation/{token}", data=FAY, headers=SAME).status_code == 410


@pytest.mark.parametrize("dismiss", [operations.deactivate_user, operations.withdraw_admin])
def test_what_a_dismissed_administrator_handed_on_ends_with_a_line_each(
    app: Annotator, people: SimpleNamespace, dismiss: Any
) -> None:
    mal(app, people)
    with app.app_context():
        operations.make_password_link(db.session, db.session.get_one(User, people.ann), actor=people.eve)
        dismiss(db.session, db.session.get_one(User, people.eve), actor=people.cleo)
        db.commit()
        row, link = (
            db.session.scalars(select(Invitation)).one(),
            db.session.scalars(select(PasswordLink)).one(),
        )
        told = db.session.execute(
            select(Event.action, Event.subject_id).where(Event.actor_id == people.cleo)
        ).all()
    assert (row.revoked_at is None, link.used_at is None) == (False, False)
    assert {("invitation:revoked", row.id), ("user:link-ended", people.ann)} <= {tuple(line) for line in told}


def test_others_invitations_stay_when_an_administrator_goes(app: Annotator, people: SimpleNamespace) -> None:
    mal(app, people)
    invite(app, people, email="gus@example.org")
    with app.app_context():
        operations.withdraw_admin(db.session, db.session.get_one(User, people.eve), actor=people.cleo)
        rows = list(db.session.scalars(select(Invitation).where(Invitation.revoked_at.is_(None))))
    assert [row.email for row in rows] == ["gus@example.org"]


def test_invitation_nobody_stands_behind_is_not_renewed(app: Annotator, people: SimpleNamespace) -> None:
    mal(app, people)
    with app.app_context():
        db.session.get_one(User, people.eve).is_admin = False
        db.session.flush()
        with pytest.raises(WrongState, match="send a new one"):
            invitations.renew_invitation(
                db.session, db.session.scalars(select(Invitation)).one(), actor=people.cleo
            )


def test_address_taken_meanwhile_is_said_plainly(
    app: Annotator, client: FlaskClient, people: SimpleNamespace
) -> None:
    link = invite(app, people)
    with app.app_context():
        db.session.get_one(User, people.olga).email = "fay@example.org"
        db.commit()
    answer = client.post(link, data=FAY, headers=SAME)
    assert (answer.status_code, "has an account here already" in answer.text) == (409, True)


def test_whoever_accepts_while_another_is_signed_in_takes_the_place(
    app: Annotator, as_: Any, people: SimpleNamespace
) -> None:
    link, ann = invite(app, people), as_("ann")
    assert "You are signed in as Ann." in ann.get(link).text
    ann.post(link, data=FAY)
    assert ann.get("/api/v1/me").json["name"] == "Fay Ó"


def test_renewed_invitation_has_a_new_link_and_the_old_one_ends(
    app: Annotator, client: FlaskClient, people: SimpleNamespace
) -> None:
    old = invite(app, people)
    with app.app_context():
        row = db.session.scalars(select(Invitation)).one()
        token = invitations.renew_invitation(db.session, row, actor=people.cleo)
        db.commit()
    assert client.get(old).status_code == 410
    assert client.get(f"/invitation/{token}").status_code == 200


def test_person_here_and_person_awaited_are_not_invited(session: Any, people: SimpleNamespace) -> None:
    with pytest.raises(Invalid, match="here already"):
        invitations.invite(session, email="ANN@example.org", actor=None)
    invitations.invite(session, email="fay@example.org", actor=None)
    with pytest.raises(Invalid, match="open invitation"):
        invitations.invite(session, email="Fay@Example.org", actor=None)


def test_expired_invitation_makes_room_for_another(session: Any, people: SimpleNamespace) -> None:
    row, _ = invitations.invite(session, email="fay@example.org", actor=None)
    row.expires_at = now() - timedelta(seconds=1)
    session.flush()
    invitations.invite(session, email="fay@example.org", actor=None)
    states = [
        invitations.state_of(one, now())
        for one in session.scalars(select(Invitation).order_by(Invitation.id))
    ]
    assert states == ["revoked", "open"]


def test_closed_invitation_is_neither_renewed_nor_revoked(session: Any, people: SimpleNamespace) -> None:
    row, _ = invitations.invite(session, email="fay@example.org", actor=None)
    invitations.revoke_invitation(session, row, actor=None)
    for act in (invitations.renew_invitation, invitations.revoke_invitation):
        with pytest.raises(WrongState, match="was revoked"):
            act(session, row, actor=None)


def test_invitation_of_somebody_who_came_otherwise_is_not_renewed(
    session: Any, people: SimpleNamespace
) -> None:
    row, _ = invitations.invite(session, email="fay@example.org", actor=None)
    session.get_one(User, people.olga).email = "fay@example.org"
    session.flush()
    with pytest.raises(WrongState, match="Revoke the invitation"):
        invitations.renew_invitation(session, row, actor=None)
