"""My projects, and a project's settings in the browser."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from annotator import limits
from annotator.accounts.models import User
from annotator.app import Annotator
from annotator.columns import new_id, now
from annotator.database import db
from annotator.projects import pages
from annotator.projects.models import Membership, Project

SETTINGS = {
    "name": "Night desk",
    "language": "de",
    "approvals_needed": "2",
    "independent_sources_needed": "0",
}


def read(app: Annotator, project: SimpleNamespace) -> Project:
    with app.app_context():
        return db.session.get_one(Project, project.id)


def role_of(app: Annotator, project: SimpleNamespace, user_id: str) -> str | None:
    with app.app_context():
        member = db.session.get(Membership, (project.id, user_id))
    return member.role if member else None


def test_home_asks_who_one_is(client: FlaskClient) -> None:
    assert client.get("/").headers["Location"] == "/login?next=/"


def test_home_lists_ones_own_projects(as_: Any, project: SimpleNamespace) -> None:
    assert 'href="/projects/desk/"' in as_("dee").get("/").text
    assert "Desk" not in as_("olga").get("/").text


def test_empty_home_says_what_to_do(as_: Any, project: SimpleNamespace) -> None:
    assert "Ask an editor of a project" in as_("olga").get("/").text
    admin = as_("cleo").get("/").text
    assert "New project" in admin
    assert 'action="/admin/demo"' in admin


def test_only_an_administrator_is_offered_to_make_projects(as_: Any, project: SimpleNamespace) -> None:
    assert "New project" not in as_("eve").get("/").text


@pytest.mark.parametrize(
    ("name", "shown", "saved"),
    [("eve", 200, 303), ("ann", 403, 403), ("dee", 403, 403), ("olga", 404, 404), ("cleo", 404, 404)],
)
def test_settings_are_for_editors(
    as_: Any, project: SimpleNamespace, name: str, shown: int, saved: int
) -> None:
    client = as_(name)
    assert client.get("/projects/desk/settings").status_code == shown
    assert client.post("/projects/desk/settings", data=SETTINGS).status_code == saved


def test_editor_saves_settings(app: Annotator, as_: Any, project: SimpleNamespace) -> None:
    answer = as_("eve").post(
        "/projects/desk/settings", data={**SETTINGS, "primary_required": "true", "version": "1"}
    )
    assert answer.headers["Location"] == "/projects/desk/settings?notice=saved"
    row = read(app, project)
    assert (row.name, row.language, row.approvals_needed, row.primary_required) == (
        "Night desk",
        "de",
        2,
        True,
    )


def test_box_that_is_not_ticked_is_off(app: Annotator, as_: Any, project: SimpleNamespace) -> None:
    eve = as_("eve")
    eve.post("/projects/desk/settings", data={**SETTINGS, "locator_required": "true"})
    eve.post("/projects/desk/settings", data=SETTINGS)
    assert read(app, project).locator_required is False


def test_failed_form_shows_what_was_typed(app: Annotator, as_: Any, project: SimpleNamespace) -> None:
    answer = as_("eve").post(
        "/projects/desk/settings", data={**SETTINGS, "name": "", "description": "<Typed> & kept"}
    )
    assert answer.status_code == 422
    assert "Fill this in." in answer.text
    assert "&lt;Typed&gt; &amp; kept" in answer.text
    assert read(app, project).name == "Desk"


def test_settings_changed_meanwhile_are_not_overwritten(
    app: Annotator, as_: Any, project: SimpleNamespace
) -> None:
    eve = as_("eve")
    eve.post("/projects/desk/settings", data={**SETTINGS, "version": "1"})
    answer = eve.post("/projects/desk/settings", data={**SETTINGS, "name": "Late desk", "version": "1"})
    assert answer.status_code == 422
    assert "Somebody changed this meanwhile" in answer.text
    assert "Late desk" in answer.text
    assert read(app, project).name == "Night desk"


def test_editor_adds_a_member_and_sets_a_role(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    eve = as_("eve")
    answer = eve.post("/projects/desk/members", data={"user": people.olga, "role": "viewer"})
    assert answer.headers["Location"] == "/projects/desk/settings?notice=role-set"
    eve.post("/projects/desk/members", data={"user": people.ann, "role": "editor"})
    assert [role_of(app, project, key) for key in (people.olga, people.ann)] == ["viewer", "editor"]


@pytest.mark.parametrize("user", ["", "x", "0190b5a0-0000-7000-8000-000000000000"])
def test_form_without_a_person_is_shown_again(as_: Any, project: SimpleNamespace, user: str) -> None:
    assert as_("eve").post("/projects/desk/members", data={"user": user, "role": "viewer"}).status_code == 422


def test_editor_removes_a_member(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    as_("eve").post(f"/projects/desk/members/{people.ann}/remove")
    assert role_of(app, project, people.ann) is None


def test_reviewer_does_not_make_herself_editor(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    answer = as_("ann").post("/projects/desk/members", data={"user": people.ann, "role": "editor"})
    assert (answer.status_code, role_of(app, project, people.ann)) == (403, "reviewer")


def test_editor_adds_somebody_by_their_exact_address(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    eve = as_("eve")
    assert (
        eve.post("/projects/desk/members", data={"email": "OLGA@example.org ", "role": "viewer"}).status_code
        == 303
    )
    assert role_of(app, project, people.olga) == "viewer"


def test_an_unknown_address_and_a_deactivated_persons_get_one_answer(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    eve = as_("eve")
    eve.post(f"/projects/desk/members/{people.dan}/remove")
    sent = [{"email": name, "role": "viewer"} for name in ("dan@example.org", "xyz@example.org")]
    answers = [eve.post("/projects/desk/members", data=data) for data in sent]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert ["Nobody with this address" in answer.text for answer in answers] == [True, True]
    assert role_of(app, project, people.dan) is None


def test_a_chosen_person_and_an_address_at_once_are_refused(
    as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    both = {"user": people.olga, "email": "olga@example.org", "role": "viewer"}
    assert as_("eve").post("/projects/desk/members", data=both).status_code == 422


def test_people_of_one_name_are_told_apart(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    cleo = as_("cleo")
    path = f"/admin/projects/{project.id}"
    assert "olga@example.org" not in cleo.get(path).text
    with app.app_context():
        second = {
            "email": "olga.second@example.org",
            "name": "Olga",
            "created_at": now(),
            "updated_at": now(),
        }
        db.session.add(User(id=new_id(), **second))
        db.session.commit()
    assert "Olga (olga.second@example.org)" in cleo.get(path).text


def test_archived_project_is_reopened_by_an_editor(
    app: Annotator, as_: Any, project: SimpleNamespace
) -> None:
    eve = as_("eve")
    eve.post("/projects/desk/archive")
    assert read(app, project).archived_at is not None
    assert "Reopen project" in eve.get("/projects/desk/settings").text
    eve.post("/projects/desk/reopen")
    assert read(app, project).archived_at is None


def test_projects_of_one_name_made_at_once_get_addresses_of_their_own(
    as_: Any, people: SimpleNamespace
) -> None:
    clients = [as_("cleo") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda one: one.post("/admin/projects", data={"name": "Night desk"}), clients)
        )
    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer.location for answer in answers}) == 4


def test_settings_that_somebody_changed_meanwhile_are_shown_beside_what_was_typed(
    as_: Any, project: SimpleNamespace
) -> None:
    form = {"name": "Desk", "language": "en", "approvals_needed": "1", "version": "1"}
    stored = {**form, "description": "Harbour and trams", "primary_required": "1"}
    as_("eve").post("/projects/desk/settings", data=stored)
    answer = as_("eve").post("/projects/desk/settings", data={**form, "description": "Ferries"})
    assert answer.status_code == 422
    for words in ("Stored now: Harbour and trams", "Stored now: ticked", "Ferries"):
        assert words in answer.text


def test_last_editor_stays_and_the_page_says_so(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    answer = as_("eve").post(f"/projects/desk/members/{people.eve}/remove")
    assert (answer.status_code, "Eve is the last editor of Desk." in answer.text) == (422, True)
    assert 'name="leave"' not in answer.text
    assert role_of(app, project, people.eve) == "editor"


def test_addresses_are_tried_thirty_times_an_hour_at_most(
    app: Annotator, as_: Any, project: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment, eve = now(), as_("eve")
    monkeypatch.setattr(limits, "now", lambda: moment)
    monkeypatch.setattr(pages, "TRIES", 2)
    form = {"email": "nobody@example.org", "role": "viewer"}
    tried = [eve.post("/projects/desk/members", data=form).status_code for _ in range(3)]
    assert tried == [422, 422, 429]
