"""The JSON API of projects and members."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from annotator.accounts.operations import find_user
from annotator.app import Annotator
from annotator.columns import new_id
from annotator.database import db
from annotator.permissions import Role
from annotator.projects import operations
from annotator.projects.models import Project

READS = ["/projects/{id}", "/projects/{id}/members"]


def at(path: str, project: SimpleNamespace) -> str:
    return "/api/v1" + path.format(id=project.id)


def test_list_holds_ones_own_projects_and_role(as_: Any, project: SimpleNamespace) -> None:
    body = as_("ann").get("/api/v1/projects?total=true").json
    assert [(row["id"], row["role"]) for row in body["items"]] == [(project.id, "reviewer")]
    assert (body["next"], body["total"]) == (None, 1)


@pytest.mark.parametrize("name", ["olga", "cleo"])
def test_list_of_an_outsider_and_of_an_administrator_is_empty(
    as_: Any, project: SimpleNamespace, name: str
) -> None:
    assert as_(name).get("/api/v1/projects?total=true").json == {"items": [], "next": None, "total": 0}


def test_list_pages_by_cursor(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    with app.app_context():
        ann = find_user(db.session, people.ann)
        for name in ("Alpha", "Beta", "Gamma"):
            made = operations.add_project(db.session, name=name, actor=None)
            operations.set_member(db.session, made, ann, Role.VIEWER, actor=None)
        db.commit()
    client = as_("ann")
    first = client.get("/api/v1/projects?limit=2").json
    second = client.get(f"/api/v1/projects?limit=2&cursor={first['next']}").json
    assert [row["name"] for row in first["items"] + second["items"]] == ["Alpha", "Beta", "Gamma"]
    assert second["next"] is None


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize(
    ("name", "status"), [("dee", 200), ("ann", 200), ("eve", 200), ("olga", 404), ("cleo", 404)]
)
def test_project_is_read_by_members_alone(
    as_: Any, project: SimpleNamespace, path: str, name: str, status: int
) -> None:
    assert as_(name).get(at(path, project)).status_code == status


@pytest.mark.parametrize("path", READS)
def test_project_of_others_answers_like_one_that_is_not_there(
    as_: Any, project: SimpleNamespace, path: str
) -> None:
    olga = as_("olga")
    nowhere = olga.get(at(path, SimpleNamespace(id=new_id())))
    assert olga.get(at(path, project)).data == nowhere.data


@pytest.mark.parametrize("path", ["/projects", *READS])
def test_nobody_reads_without_signing_in(client: FlaskClient, project: SimpleNamespace, path: str) -> None:
    assert client.get(at(path, project)).status_code == 401


def test_editor_changes_settings(as_: Any, project: SimpleNamespace) -> None:
    change = {"name": "Night desk", "approvals_needed": 2, "locator_required": True}
    answer = as_("eve").change("PATCH", at("/projects/{id}", project), change, version=1)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert {name: answer.json[name] for name in change} == change
    assert answer.json["updated_by"]["name"] == "Eve"


@pytest.mark.parametrize(("name", "status"), [("ann", 403), ("dee", 403), ("olga", 404), ("cleo", 404)])
def test_others_do_not_change_settings(as_: Any, project: SimpleNamespace, name: str, status: int) -> None:
    answer = as_(name).change("PATCH", at("/projects/{id}", project), {"name": "x"}, version=1)
    assert answer.status_code == status


@pytest.mark.parametrize(("version", "status"), [(None, 428), (7, 412)])
def test_change_needs_the_present_version(
    as_: Any, project: SimpleNamespace, version: int | None, status: int
) -> None:
    answer = as_("eve").change("PATCH", at("/projects/{id}", project), {"name": "x"}, version=version)
    assert answer.status_code == status


def test_stale_change_shows_the_present_state(as_: Any, project: SimpleNamespace) -> None:
    answer = as_("eve").change("PATCH", at("/projects/{id}", project), {"name": "x"}, version=7)
    assert (answer.json["type"], answer.json["current"]["name"]) == ("/problems/stale", "Desk")


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": None},
        {"name": "x" * 201},
        {"approvals_needed": 0},
        {"approvals_needed": "2"},
        {"approvals_needed": 1.9},
        {"primary_required": "yes"},
        {"slug": "other"},
        {"id": "x"},
        {"version": 3},
        {"role": "editor"},
    ],
)
def test_wrong_setting_is_refused_and_named(
    as_: Any, project: SimpleNamespace, change: dict[str, Any]
) -> None:
    answer = as_("eve").change("PATCH", at("/projects/{id}", project), change, version=1)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [f"/{name}" for name in change]


def test_project_is_archived_and_reopened(as_: Any, project: SimpleNamespace) -> None:
    eve = as_("eve")
    archived = eve.change("PATCH", at("/projects/{id}", project), {"archived": True}, version=1).json
    assert archived["archived_at"].endswith("Z")
    reopened = eve.change("PATCH", at("/projects/{id}", project), {"archived": False}, version=2).json
    assert reopened["archived_at"] is None


def test_settings_of_an_archived_project_change_only_with_its_reopening(
    as_: Any, project: SimpleNamespace
) -> None:
    eve, path = as_("eve"), at("/projects/{id}", project)
    eve.change("PATCH", path, {"archived": True}, version=1)
    refused = eve.change("PATCH", path, {"name": "Night desk"}, version=2)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/wrong-state")
    assert eve.post("/projects/desk/settings", data={"name": "Night desk", "version": "2"}).status_code == 422
    opened = eve.change("PATCH", path, {"name": "Night desk", "archived": False}, version=2).json
    assert (opened["name"], opened["archived_at"]) == ("Night desk", None)


def test_members_are_listed_without_addresses(as_: Any, project: SimpleNamespace) -> None:
    answer = as_("dee").get(at("/projects/{id}/members", project))
    roles = [(row["person"]["name"], row["role"], row["active"]) for row in answer.json["items"]]
    assert roles[:3] == [("Ann", "reviewer", True), ("Ben", "reviewer", True), ("Dan", "reviewer", False)]
    assert "example.org" not in answer.text


def test_editor_adds_changes_and_removes_a_member(
    as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    eve, olga = as_("eve"), as_("olga")
    path = at(f"/projects/{{id}}/members/{people.olga}", project)
    assert eve.put(path, json={"role": "viewer"}).status_code == 201
    assert eve.put(path, json={"role": "reviewer"}).json["role"] == "reviewer"
    assert olga.get(at("/projects/{id}", project)).status_code == 200
    assert eve.delete(path).status_code == 204
    assert olga.get(at("/projects/{id}", project)).status_code == 404


@pytest.mark.parametrize(("name", "status"), [("ann", 403), ("dee", 403), ("olga", 404), ("cleo", 404)])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_others_do_not_manage_members(
    as_: Any, people: SimpleNamespace, project: SimpleNamespace, name: str, status: int, method: str
) -> None:
    path = at(f"/projects/{{id}}/members/{getattr(people, name)}", project)
    assert as_(name).open(path, method=method, json={"role": "editor"}).status_code == status


@pytest.mark.parametrize(
    "body", [{}, {"role": "owner"}, {"role": None}, {"role": "editor", "is_admin": True}]
)
def test_wrong_role_is_refused(
    as_: Any, people: SimpleNamespace, project: SimpleNamespace, body: dict[str, Any]
) -> None:
    path = at(f"/projects/{{id}}/members/{people.olga}", project)
    assert as_("eve").put(path, json=body).status_code == 422


def test_person_who_is_not_there_cannot_be_a_member(as_: Any, project: SimpleNamespace) -> None:
    path = at(f"/projects/{{id}}/members/{new_id()}", project)
    assert as_("eve").put(path, json={"role": "viewer"}).status_code == 404


def test_deactivated_person_cannot_be_added(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    eve = as_("eve")
    path = at(f"/projects/{{id}}/members/{people.dan}", project)
    assert eve.delete(path).status_code == 204
    assert eve.put(path, json={"role": "viewer"}).json["type"] == "/problems/wrong-state"
    with app.app_context():
        assert db.session.get_one(Project, project.id).version == 1
