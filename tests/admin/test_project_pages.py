"""The administrator's pages of projects."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from annotator.app import Annotator
from annotator.database import db
from annotator.journal.models import Event
from annotator.projects.models import Membership, Project


def read(app: Annotator, slug: str) -> Project | None:
    with app.app_context():
        return db.session.scalar(select(Project).where(Project.slug == slug))


def test_all_projects_are_listed_by_name(as_: Any, project: SimpleNamespace) -> None:
    assert f'href="/admin/projects/{project.id}"' in as_("cleo").get("/admin/projects").text


def test_new_project_is_made_and_joined(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    answer = as_("cleo").post("/admin/projects", data={"name": "Night desk", "join": "true"})
    made = read(app, "night-desk")
    assert made is not None
    assert answer.headers["Location"] == f"/admin/projects/{made.id}?notice=project-added"
    with app.app_context():
        assert db.session.get_one(Membership, (made.id, people.cleo)).role == "editor"


def test_new_project_is_made_without_joining(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    as_("cleo").post("/admin/projects", data={"name": "Night desk", "slug": "night"})
    assert read(app, "night") is not None
    with app.app_context():
        assert db.session.scalars(select(Membership)).all() == []


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"name": ""}, "Fill this in."),
        ({"name": "x", "slug": "desk"}, "Another project"),
        ({"name": "x", "slug": "ä"}, "small letters"),
    ],
)
def test_failed_form_is_shown_again(
    app: Annotator, as_: Any, project: SimpleNamespace, form: dict[str, str], why: str
) -> None:
    answer = as_("cleo").post("/admin/projects", data=form)
    assert answer.status_code == 422
    assert why in answer.text


def test_members_are_set_without_being_one(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    cleo, base = as_("cleo"), f"/admin/projects/{project.id}"
    cleo.post(f"{base}/members", data={"user": people.olga, "role": "reviewer"})
    cleo.post(f"{base}/members/{people.ann}/remove")
    page = cleo.get(base).text
    assert "Role of Olga" in page
    assert "Role of Ann" not in page
    assert cleo.get(f"/api/v1/projects/{project.id}").status_code == 404


def test_administrator_joins_and_the_journal_says_so(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    cleo = as_("cleo")
    answer = cleo.post(f"/admin/projects/{project.id}/join")
    assert answer.headers["Location"] == "/projects/desk/settings?notice=project-joined"
    assert cleo.get("/projects/desk/settings").status_code == 200
    with app.app_context():
        event = db.session.scalars(select(Event).where(Event.action == "member:added")).one()
    assert (event.actor_id, event.after["user"]) == (people.cleo, people.cleo)


def test_project_is_archived_and_reopened(app: Annotator, as_: Any, project: SimpleNamespace) -> None:
    cleo, seen = as_("cleo"), []
    for verb in ("archive", "reopen"):
        cleo.post(f"/admin/projects/{project.id}/{verb}")
        row = read(app, "desk")
        assert row is not None
        seen.append(row.archived_at is not None)
    assert seen == [True, False]


@pytest.mark.parametrize("verb", ["join", "archive", "reopen", "members"])
@pytest.mark.parametrize("name", ["eve", "ann", "olga"])
def test_others_do_none_of_it(as_: Any, project: SimpleNamespace, verb: str, name: str) -> None:
    assert as_(name).post(f"/admin/projects/{project.id}/{verb}").status_code == 403


def test_last_editor_is_removed_only_when_that_is_ticked(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    cleo, path = as_("cleo"), f"/admin/projects/{project.id}/members/{people.eve}/remove"
    refused = cleo.post(path)
    assert (refused.status_code, "Eve is the last editor of Desk." in refused.text) == (422, True)
    assert 'id="leave-remove"' in refused.text
    assert cleo.post(path, data={"leave": "true"}).status_code == 303
    with app.app_context():
        assert db.session.get(Membership, (project.id, people.eve)) is None


def test_last_editor_gets_another_role_only_when_that_is_ticked(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    cleo, path = as_("cleo"), f"/admin/projects/{project.id}/members"
    form = {"user": people.eve, "role": "viewer"}
    assert cleo.post(path, data=form).status_code == 422
    assert cleo.post(path, data={**form, "leave": "true"}).status_code == 303
    with app.app_context():
        assert db.session.get_one(Membership, (project.id, people.eve)).role == "viewer"
