"""Sessions under attack: copies, long waits, rights that were withdrawn, and requests under way meanwhile."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from attacks.untouched import REFUSED, untouched
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annotator.accounts import operations, tokens
from annotator.accounts.doors import close_doors
from annotator.accounts.login_sessions import end_session, renew_session
from annotator.accounts.models import ApiToken, LoginSession, User
from annotator.accounts.proof_models import SignInStep, StepKind
from annotator.accounts.sessions import COOKIE
from annotator.accounts.steps import begin_step
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db
from annotator.errors import NotSignedIn
from annotator.identity import Scope

NEW = {"password": "seven quiet bells"}


def token_of(app: Annotator, user_id: str, scope: Scope = Scope.WRITE) -> dict[str, str]:
    """The header of a new API token of this person."""
    with app.app_context():
        user = db.session.get_one(User, user_id)
        _, value = tokens.make_token(db.session, user, name="script", scope=scope, actor=user_id)
        db.commit()
    return {"Authorization": f"Bearer {value}"}


def stale(app: Annotator, minutes: int) -> None:
    with app.app_context():
        db.session.execute(update(LoginSession).values(authenticated_at=now() - timedelta(minutes=minutes)))
        db.commit()


def test_a03_a_new_password_ends_other_devices_and_tokens_at_once(
    app: Annotator, client: FlaskClient, as_: Any, people: SimpleNamespace, password: str
) -> None:
    here, there, token = as_("ann"), as_("ann"), token_of(app, people.ann)
    before = here.get_cookie(COOKIE).value
    assert here.post("/account/password", data={"current": password, **NEW}).status_code == 303
    assert here.get("/api/v1/me").status_code == 200
    assert there.get("/api/v1/me").status_code == 401
    assert client.get("/api/v1/me", headers=token).status_code == 401
    there.set_cookie(COOKIE, before)
    assert there.get("/api/v1/me").status_code == 401


def test_a03_a_new_password_ends_open_steps_and_links(
    app: Annotator, as_: Any, people: SimpleNamespace, password: str
) -> None:
    with app.app_context():
        begin_step(db.session, StepKind.SECOND_FACTOR, user_id=people.ann)
        db.commit()
    as_("ann").post("/account/password", data={"current": password, **NEW})
    with app.app_context():
        assert db.session.scalars(select(SignInStep).where(SignInStep.used_at.is_(None))).all() == []


def test_a04_a_deactivated_person_is_refused_at_once(
    app: Annotator, client: FlaskClient, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    ann, token = as_("ann"), token_of(app, people.ann)
    assert ann.get(f"/projects/{project.slug}/").status_code == 200
    as_("cleo").post(f"/admin/people/{people.ann}/deactivate")
    with untouched(app):
        assert ann.get(f"/projects/{project.slug}/").status_code == 302
        assert ann.get(f"/api/v1/projects/{project.id}").status_code == 401
        assert client.get(f"/api/v1/projects/{project.id}", headers=token).status_code == 401


def test_a04_who_is_no_longer_a_member_is_refused_at_once(
    app: Annotator, client: FlaskClient, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    ann, token = as_("ann"), token_of(app, people.ann)
    as_("eve").post(f"/projects/{project.slug}/members/{people.ann}/remove")
    with untouched(app, but=(*REFUSED, "api_tokens")):
        assert ann.get(f"/projects/{project.slug}/").status_code == 404
        assert ann.get(f"/api/v1/projects/{project.id}").status_code == 404
        found = client.get(f"/api/v1/projects/{project.id}", headers=token)
    assert found.status_code == 404


def test_a05_a_session_ends_after_two_hours_without_use(as_: Any) -> None:
    ann = as_("ann")
    with time_machine.travel(now() + timedelta(minutes=119), tick=False):
        assert ann.get("/api/v1/me").status_code == 200
    with time_machine.travel(now() + timedelta(minutes=119 + 121), tick=False):
        assert ann.get("/api/v1/me").status_code == 401


def test_a05_a_session_in_use_ends_after_twelve_hours(as_: Any) -> None:
    ann, begun = as_("ann"), now()
    for hours in range(1, 12):
        with time_machine.travel(begun + timedelta(hours=hours), tick=False):
            assert ann.get("/api/v1/me").status_code == 200
    with time_machine.travel(begun + timedelta(hours=12, minutes=1), tick=False):
        assert ann.get("/api/v1/me").status_code == 401


def test_a05_confirming_does_not_make_a_session_live_longer(as_: Any, password: str) -> None:
    ann, begun = as_("ann"), now()
    for hours in range(1, 12):
        with time_machine.travel(begun + timedelta(hours=hours), tick=False):
            ann.get("/account")
            ann.post("/confirm", data={"password": password})
    with time_machine.travel(begun + timedelta(hours=12, minutes=1), tick=False):
        assert ann.get("/api/v1/me").status_code == 401


def test_a05_an_idle_session_of_an_earlier_clock_is_not_longer_in_force(as_: Any) -> None:
    ann = as_("ann")
    with time_machine.travel(now() - timedelta(minutes=30), tick=False):
        assert ann.get("/api/v1/me").status_code == 200
    with time_machine.travel(now() + timedelta(minutes=121), tick=False):
        assert ann.get("/api/v1/me").status_code == 401


CHANGES = [
    ("/account/email", {"email": "new@example.org"}),
    ("/account/password", {"current": "river stone lamp", **NEW}),
    ("/account/tokens", {"purpose": "x", "scope": "read", "days": "7"}),
    ("/account/second-factor/app", {}),
    ("/account/second-factor/codes", {}),
    ("/account/passkeys", {"name": "x", "step": "x", "passkey": "{}"}),
    ("/account/sessions/end-others", {}),
]


@pytest.mark.parametrize(("path", "form"), CHANGES)
def test_a18_the_way_in_is_changed_by_a_recent_proof_alone(
    app: Annotator, as_: Any, password: str, path: str, form: dict[str, str]
) -> None:
    ann = as_("ann")
    stale(app, 11)
    with untouched(app, but=REFUSED):
        answer = ann.post(path, data=form)
    assert answer.status_code == 403
    assert "Your password" in answer.text


def test_a18_ending_a_session_and_a_token_asks_too(
    app: Annotator, as_: Any, people: SimpleNamespace, password: str
) -> None:
    ann, _ = as_("ann"), token_of(app, people.ann)
    stale(app, 11)
    with app.app_context():
        session_id, token_id = (
            db.session.scalar(select(LoginSession.id)),
            db.session.scalar(select(ApiToken.id)),
        )
    with untouched(app, but=REFUSED):
        assert ann.post(f"/account/sessions/{session_id}/end").status_code == 403
        assert ann.post(f"/account/tokens/{token_id}/revoke").status_code == 403


def test_a19_an_administrator_sets_nobodys_password(
    app: Annotator, as_: Any, people: SimpleNamespace, password: str
) -> None:
    cleo = as_("cleo")
    with app.app_context():
        before = db.session.get_one(User, people.ann).password_hash
    form = {"name": "Ann", "email": "ann@example.org", "version": "1", **NEW, "current": NEW["password"]}
    for path in ("", "/password", "/link"):
        cleo.post(f"/admin/people/{people.ann}{path}", data=form)
    cleo.post("/admin/people", data={**form, "email": "gus@example.org"})
    with app.app_context():
        assert db.session.get_one(User, people.ann).password_hash == before
        later = db.session.scalars(select(User.password_hash).where(User.email == "gus@example.org")).all()
    assert set(later) <= {None}


def test_a28_an_ended_session_of_the_list_stops_at_its_next_request(app: Annotator, as_: Any) -> None:
    there, here = as_("ann"), as_("ann")
    with app.app_context():
        first = db.session.scalars(select(LoginSession.id).order_by(LoginSession.created_at)).first()
    page = here.get("/account").text
    assert page.count('data-label="Signed in"') == 2
    assert f"/account/sessions/{first}/end" in page
    here.post(f"/account/sessions/{first}/end")
    assert [there.get("/api/v1/me").status_code, here.get("/api/v1/me").status_code] == [401, 200]


def test_a28_nobody_sees_or_ends_the_sessions_of_another(app: Annotator, as_: Any) -> None:
    as_("ann")
    with app.app_context():
        session_id = db.session.scalar(select(LoginSession.id))
    ben = as_("ben")
    assert str(session_id) not in ben.get("/account").text
    with untouched(app, but=REFUSED):
        assert ben.post(f"/account/sessions/{session_id}/end").status_code == 404


def test_rights_given_and_withdrawn_need_a_new_sign_in(
    app: Annotator, as_: Any, people: SimpleNamespace
) -> None:
    ann, cleo = as_("ann"), as_("cleo")
    cleo.post(f"/admin/people/{people.ann}/grant-admin")
    assert ann.get("/api/v1/me").status_code == 401
    again = as_("ann")
    assert again.get("/admin/people").status_code == 200
    cleo.post(f"/admin/people/{people.ann}/withdraw-admin")
    assert again.get("/admin/people").status_code == 302


def test_who_gives_up_their_own_right_goes_on_under_a_new_value(
    app: Annotator, as_: Any, people: SimpleNamespace
) -> None:
    cleo, there = as_("cleo"), as_("cleo")
    cleo.post(f"/admin/people/{people.ann}/grant-admin")
    before = cleo.get_cookie(COOKIE).value
    assert cleo.post(f"/admin/people/{people.cleo}/withdraw-admin").status_code == 303
    assert cleo.get_cookie(COOKIE).value != before
    assert [one.get("/api/v1/me").status_code for one in (cleo, there)] == [200, 401]
    assert cleo.get("/admin/people").status_code == 403


def test_a_request_under_way_does_not_bring_an_ended_session_back(
    app: Annotator, as_: Any, people: SimpleNamespace
) -> None:
    as_("ann")
    engine = app.extensions["annotator.database"].engine
    with app.app_context(), Session(engine) as under_way, Session(engine) as other:
        session_id = under_way.scalars(select(LoginSession.id)).one()
        under_way.commit()
        end_session(other, session_id, actor=people.ann, user_id=people.ann)
        other.commit()
        with pytest.raises(NotSignedIn):
            renew_session(under_way, session_id, proven=True)
        still = (LoginSession.id == session_id, LoginSession.ended_at.is_(None))
        under_way.execute(update(LoginSession).where(*still).values(last_seen_at=now()))
        under_way.commit()
        assert other.scalar(select(LoginSession.ended_at)) is not None


def test_a_page_under_way_gets_no_new_cookie_for_a_session_that_ended(
    app: Annotator, as_: Any, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = as_("ann")
    stale(app, 11)

    def overtaken(*_: Any, **__: Any) -> bool:
        with db.here.apart() as session:
            session.execute(update(LoginSession).values(ended_at=now()))
        return True

    monkeypatch.setattr("annotator.accounts.confirm_pages.confirm_password", overtaken)
    answer = ann.post("/confirm", data={"password": password})
    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (401, [])
    assert ann.get("/api/v1/me").status_code == 401


def test_all_doors_close_together(app: Annotator, people: SimpleNamespace, as_: Any) -> None:
    keep = as_("ann")
    with app.app_context():
        ann = db.session.get_one(User, people.ann)
        kept = db.session.scalar(select(LoginSession.id))
        link = operations.make_password_link(db.session, ann, actor=None)
        db.commit()
    other, token = as_("ann"), token_of(app, people.ann)
    with app.app_context():
        close_doors(db.session, db.session.get_one(User, people.ann), actor=people.ann, keep=kept)
        db.commit()
    assert keep.get("/api/v1/me").status_code == 200
    assert other.get("/api/v1/me").status_code == 401
    nobody = app.test_client()
    assert nobody.get("/api/v1/me", headers=token).status_code == 401
    assert nobody.get(f"/password/{link}").status_code == 410
