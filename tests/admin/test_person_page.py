"""The administrator's page of one person: devices, tokens, second factor, last editor."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from annotator.accounts.models import ApiToken, LoginSession, User
from annotator.accounts.proof_models import TotpFactor
from annotator.accounts.tokens import make_token
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db
from annotator.identity import Scope
from annotator.projects.models import Membership


def page_of(as_: Any, key: str) -> str:
    return str(as_("cleo").get(f"/admin/people/{key}").text)


def test_devices_are_shown_and_one_is_ended(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    first, second = as_("ann"), as_("ann")
    with app.app_context():
        query = select(LoginSession.id).where(LoginSession.user_id == people.ann).order_by(LoginSession.id)
        key = db.session.scalars(query).all()[0]
    assert page_of(as_, people.ann).count('<th scope="row">test') == 2
    answer = as_("cleo").post(f"/admin/people/{people.ann}/sessions/{key}/end")
    assert answer.headers["Location"] == f"/admin/people/{people.ann}?notice=session-ended"
    assert sorted(client.get("/api/v1/me").status_code for client in (first, second)) == [200, 401]


def test_session_of_another_person_is_not_found(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    ben = as_("ben")
    with app.app_context():
        key = db.session.scalars(select(LoginSession.id).where(LoginSession.user_id == people.ben)).one()
    assert as_("cleo").post(f"/admin/people/{people.ann}/sessions/{key}/end").status_code == 404
    assert ben.get("/api/v1/me").status_code == 200


def test_token_is_shown_without_its_value_and_revoked(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    with app.app_context():
        ann = db.session.get_one(User, people.ann)
        about = {"name": "nightly export", "scope": Scope.READ, "project_id": project.id}
        row, value = make_token(db.session, ann, actor=people.ann, **about)
        db.commit()
    page = page_of(as_, people.ann)
    assert ("nightly export" in page, '<td data-label="Project">Desk</td>' in page, value in page) == (
        True,
        True,
        False,
    )
    as_("cleo").post(f"/admin/people/{people.ann}/tokens/{row.id}/revoke")
    with app.app_context():
        assert db.session.get_one(ApiToken, row.id).revoked_at is not None


def test_second_factor_is_removed_for_a_lost_phone(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    with app.app_context():
        db.session.add(TotpFactor(user_id=people.ann, secret="x", created_at=now(), confirmed_at=now()))
        db.commit()
    ann = as_("ann")
    assert "Authenticator app" in page_of(as_, people.ann)
    as_("cleo").post(f"/admin/people/{people.ann}/factor/remove", data={"version": "1"})
    with app.app_context():
        assert db.session.get(TotpFactor, people.ann) is None
    assert ann.get("/api/v1/me").status_code == 401


def test_second_factor_that_is_not_there_is_not_removed(as_: Any, people: SimpleNamespace) -> None:
    answer = as_("cleo").post(f"/admin/people/{people.ann}/factor/remove")
    assert (answer.status_code, "Ann has no second factor" in answer.text) == (422, True)


@pytest.mark.parametrize("verb", ["deactivate", "roles", "roles/{project}/remove"])
def test_last_editor_is_named_and_stays(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace, verb: str
) -> None:
    assert "Eve is the last editor of Desk." in page_of(as_, people.eve)
    form = {"project": project.id, "role": "viewer"} if verb == "roles" else {}
    answer = as_("cleo").post(f"/admin/people/{people.eve}/{verb.format(project=project.id)}", data=form)
    assert (answer.status_code, "Make somebody else editor there first" in answer.text) == (422, True)
    with app.app_context():
        assert db.session.get_one(Membership, (project.id, people.eve)).role == "editor"
        assert db.session.get_one(User, people.eve).active


def test_last_editor_goes_when_that_is_ticked(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    as_("cleo").post(f"/admin/people/{people.eve}/deactivate", data={"leave": "true"})
    with app.app_context():
        assert not db.session.get_one(User, people.eve).active


def test_what_the_person_did_last_is_one_step_away(as_: Any, people: SimpleNamespace) -> None:
    assert f'href="/admin/audit?person={people.ann}"' in page_of(as_, people.ann)


def test_administrator_who_leaves_is_not_led_to_a_page_they_may_not_see(
    as_: Any, people: SimpleNamespace
) -> None:
    cleo = as_("cleo")
    cleo.post(f"/admin/people/{people.ann}/grant-admin")
    answer = cleo.post(f"/admin/people/{people.cleo}/withdraw-admin")
    assert answer.headers["Location"] == "/?notice=admin-withdrawn"


def test_session_goes_on_under_a_new_value_after_ones_own_address_changed(
    as_: Any, people: SimpleNamespace
) -> None:
    cleo = as_("cleo")
    path = f"/admin/people/{people.cleo}"
    same = cleo.post(path, data={"name": "Cleo Q", "email": "cleo@example.org"})
    other = cleo.post(path, data={"name": "Cleo Q", "email": "cleo.q@example.org"})
    assert (same.status_code, other.status_code) == (303, 303)
    assert ("__Host-annotator" in str(same.headers), "__Host-annotator" in str(other.headers)) == (
        False,
        True,
    )
    assert cleo.get("/api/v1/me").status_code == 200
