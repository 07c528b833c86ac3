"""Accounts that are not to be had: by an invitation twice, withdrawn or changed, or by an administrator's hand."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from attacks.untouched import REFUSED, untouched
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from annotator.accounts import invitations
from annotator.accounts.models import User
from annotator.accounts.proof_models import Invitation
from annotator.accounts.queries import by_email
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db
from annotator.permissions import Role
from annotator.projects.models import Membership

SAME = {"Sec-Fetch-Site": "same-origin"}
FAY = {"name": "Fay", "password": "seven quiet bells"}


@pytest.fixture
def link(app: Annotator, people: SimpleNamespace, project: SimpleNamespace) -> str:
    """The path of a link that makes Fay a viewer of the desk."""
    with app.app_context():
        about = {"email": "fay@example.org", "roles": {project.id: Role.VIEWER}, "actor": people.cleo}
        _, token = invitations.invite(db.session, **about)
        db.commit()
    return f"/invitation/{token}"


def test_a21_invitation_accepted_twice_at_once_makes_one_account(app: Annotator, link: str) -> None:
    start, found = threading.Barrier(4), list[int]()

    def accept(number: int) -> None:
        client = app.test_client()
        start.wait(20)
        found.append(client.post(link, data={**FAY, "name": f"Fay {number}"}, headers=SAME).status_code)

    threads = [threading.Thread(target=accept, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        people = db.session.scalar(select(func.count()).where(User.email == "fay@example.org"))
        members = db.session.scalar(
            select(func.count())
            .select_from(Membership)
            .join(User, User.id == Membership.user_id)
            .where(User.name.like("Fay%"))
        )
    assert (sorted(found), people, members) == ([303, 410, 410, 410], 1, 1)


def test_a21_withdrawn_invitation_makes_no_account(app: Annotator, client: FlaskClient, link: str) -> None:
    with app.app_context():
        db.session.execute(update(Invitation).values(revoked_at=now()))
        db.commit()
    with untouched(app):
        assert client.post(link, data=FAY, headers=SAME).status_code == 410


@pytest.mark.parametrize("where", ["form", "address"])
def test_a21_role_comes_from_the_table_whatever_is_sent(
    app: Annotator, client: FlaskClient, link: str, project: SimpleNamespace, where: str
) -> None:
    wish = {
        "role": "editor",
        "is_admin": "true",
        "email": "other@example.org",
        "project": project.id,
        "version": "9",
    }
    sent = {"data": {**FAY, **wish}} if where == "form" else {"data": FAY, "query_string": wish}
    assert client.post(link, headers=SAME, **sent).status_code == 303  # type: ignore[arg-type]
    with app.app_context():
        fay = db.session.scalars(by_email("fay@example.org")).one()
        roles = list(db.session.scalars(select(Membership.role).where(Membership.user_id == fay.id)))
    assert (fay.is_admin, roles) == (False, ["viewer"])


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 10_000, "%00", "%ff", "..%2f..", "' OR 1=1 --"])
def test_a21_guessed_link_is_gone_and_changes_nothing(
    app: Annotator, client: FlaskClient, token: str
) -> None:
    with untouched(app):
        for answer in (
            client.get(f"/invitation/{token}"),
            client.post(f"/invitation/{token}", data=FAY, headers=SAME),
        ):
            assert answer.status_code in (404, 410)


def test_a21_accepting_from_another_site_is_refused(app: Annotator, client: FlaskClient, link: str) -> None:
    with untouched(app):
        assert client.post(link, data=FAY, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a19_administrator_can_set_nobodys_password(
    app: Annotator, as_: Any, people: SimpleNamespace
) -> None:
    cleo, words = as_("cleo"), {"password": "seven quiet bells", "password_hash": "x", "current": "y"}
    paths = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "user_id" in rule.arguments and "POST" in (rule.methods or ())
    ]
    for rule in paths:
        verbs = rule.replace("<id:user_id>", people.ann).replace("<id:project_id>", people.ann)
        path = verbs.replace("<id:session_id>", people.ann).replace("<id:token_id>", people.ann)
        cleo.post(path.partition("/<any")[0], data={**words, "name": "Ann", "email": "ann@example.org"})
    with app.app_context():
        assert db.session.get_one(User, people.ann).password_hash is None
    assert len(paths) > 6


def test_a19_reset_link_of_an_administrator_leaves_the_password(
    app: Annotator, as_: Any, people: SimpleNamespace
) -> None:
    with app.app_context():
        db.session.get_one(User, people.ann).password_hash = "kept"
        db.commit()
    assert as_("cleo").post(f"/admin/people/{people.ann}/link").status_code == 200
    with app.app_context():
        assert db.session.get_one(User, people.ann).password_hash == "kept"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example"])
def test_h01_links_for_people_never_name_a_host_that_was_asked_for(
    app: Annotator, as_: Any, people: SimpleNamespace, host: str
) -> None:
    cleo, form = as_("cleo"), {"email": "fay@example.org"}
    for path in ("/admin/invitations", f"/admin/people/{people.ann}/link"):
        with untouched(app, but=REFUSED):
            assert cleo.post(path, data=form, headers={"Host": host}).status_code == 400
        forwarded = cleo.post(path, data=form, headers={"X-Forwarded-Host": host})
        assert (forwarded.status_code, host in forwarded.text) == (200, False)


@pytest.mark.parametrize("verb", ["deactivate", "withdraw-admin"])
def test_p08_last_administrator_is_neither_demoted_nor_deactivated(
    app: Annotator, as_: Any, people: SimpleNamespace, verb: str
) -> None:
    cleo = as_("cleo")
    with untouched(app, but=("login_sessions",)):
        assert cleo.post(f"/admin/people/{people.cleo}/{verb}").status_code == 422
        form = {"action": "deactivate", "person": people.cleo, "sure": "true", "leave": "true"}
        assert "last active administrator" in cleo.post("/admin/people/bulk", data=form).text


def test_p08_editor_makes_nobody_administrator(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    eve = as_("eve")
    with untouched(app, but=REFUSED):
        assert eve.post(f"/admin/people/{people.eve}/grant-admin").status_code == 403
        assert (
            eve.post("/admin/invitations", data={"email": "x@example.org", "is_admin": "true"}).status_code
            == 403
        )
