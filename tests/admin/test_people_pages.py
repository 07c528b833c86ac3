"""The administrator's pages of people."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from annotator.accounts.models import User
from annotator.accounts.queries import by_email
from annotator.app import Annotator
from annotator.database import db
from annotator.journal.models import Event
from annotator.projects.models import Membership

SAME = {"Sec-Fetch-Site": "same-origin"}
FAY = {"name": "Fay Ó", "email": "fay@example.org"}
ADDRESSES = [
    "/admin/people", "/admin/people/{id}", "/admin/people/{id}/link", "/admin/people/{id}/deactivate",
    "/admin/people/{id}/activate", "/admin/people/{id}/grant-admin", "/admin/people/{id}/withdraw-admin",
    "/admin/people/{id}/sessions/end", "/admin/people/{id}/roles", "/admin/people/{id}/roles/{id}/remove",
    "/admin/projects",
]  # fmt: skip


def find(app: Annotator, email: str) -> User | None:
    with app.app_context():
        return db.session.scalar(by_email(email))


def link_in(page: str) -> str:
    found = re.search(r'value="http://localhost(/password/[\w-]+)"', page)
    assert found, page
    return found[1]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("name", ["eve", "ann", "dee", "olga"])
def test_admin_pages_are_for_administrators(
    as_: Any, people: SimpleNamespace, address: str, name: str
) -> None:
    assert as_(name).post(address.format(id=people.ann), data=FAY).status_code == 403


@pytest.mark.parametrize("address", ["/admin/people", "/admin/projects"])
def test_nobody_is_asked_to_sign_in(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Location"] == f"/login?next={address}"


def test_refused_attempt_is_journalled(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    as_("eve").post(f"/admin/people/{people.eve}/grant-admin")
    with app.app_context():
        event = db.session.scalars(select(Event)).one()
    assert (event.action, event.actor_id) == ("request:refused", people.eve)


def test_added_person_gets_in_by_the_link_shown_once(as_: Any, client: FlaskClient) -> None:
    cleo = as_("cleo")
    link = link_in(cleo.post("/admin/people", data=FAY).text)
    assert link not in cleo.get("/admin/people").text
    client.post(link, data={"password": "seven quiet bells"}, headers=SAME)
    form = {"email": "fay@example.org", "password": "seven quiet bells"}
    assert client.post("/login", data=form, headers=SAME).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"email": "nowhere"}, "such as ann@example.org"),
        ({"email": "ANN@example.org"}, "here already"),
        ({"name": " "}, "Fill this in."),
        ({"email": "fay@example.org, olga@example.org"}, "such as ann@example.org"),
    ],
)
def test_failed_form_says_why_and_shows_what_was_typed(
    app: Annotator, as_: Any, people: SimpleNamespace, wrong: dict[str, str], why: str
) -> None:
    answer = as_("cleo").post("/admin/people", data={**FAY, **wrong})
    assert answer.status_code == 422
    assert why in answer.text
    assert f'value="{({**FAY, **wrong})["email"]}"' in answer.text
    assert find(app, "fay@example.org") is None


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Ann", "Ben", "Cleo", "Dan", "Dee", "Eve", "Olga"]),
        ("?q=OLG", ["Olga"]),
        ("?q=dee@example", ["Dee"]),
        ("?q=%25", []),
        ("?show=deactivated", ["Dan"]),
        ("?show=admins", ["Cleo"]),
        ("?show=active&q=d", ["Dee"]),
        ("?show=nonsense&q=ann", ["Ann"]),
    ],
)
def test_people_are_found_and_filtered(
    as_: Any, project: SimpleNamespace, query: str, names: list[str]
) -> None:
    page = as_("cleo").get("/admin/people" + query).text
    assert re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page) == names


def test_list_pages_through_everybody_once(app: Annotator, as_: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.admin.people.PAGE", 3)
    cleo, seen, url = as_("cleo"), [], "/admin/people"
    for _ in range(3):
        page = cleo.get(url).text
        seen += re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)
        url = "".join(re.findall(r'rel="next" href="([^"]+)"', page)).replace("&amp;", "&")
    assert (seen, url) == (["Ann", "Ben", "Cleo", "Dan", "Dee", "Eve", "Olga"], "")


def test_list_shows_projects_and_roles(as_: Any, project: SimpleNamespace) -> None:
    page = as_("cleo").get("/admin/people?q=eve").text
    assert re.search(r'>Desk</a> <span class="quiet">editor', page)


def test_name_and_address_are_changed(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    answer = as_("cleo").post(f"/admin/people/{people.ann}", data={**FAY, "version": "1"})
    assert answer.headers["Location"] == f"/admin/people/{people.ann}?notice=saved"
    changed = find(app, "fay@example.org")
    assert changed is not None
    assert changed.id == people.ann


def test_person_changed_meanwhile_is_not_overwritten(
    app: Annotator, as_: Any, people: SimpleNamespace
) -> None:
    cleo = as_("cleo")
    cleo.post(f"/admin/people/{people.ann}", data={**FAY, "version": "1"})
    late = cleo.post(
        f"/admin/people/{people.ann}", data={"name": "Late", "email": "late@example.org", "version": "1"}
    )
    assert late.status_code == 422
    assert find(app, "late@example.org") is None


def test_last_administrator_stays_and_the_page_says_why(
    app: Annotator, as_: Any, people: SimpleNamespace
) -> None:
    cleo = as_("cleo")
    for verb in ("deactivate", "withdraw-admin"):
        answer = cleo.post(f"/admin/people/{people.cleo}/{verb}")
        assert answer.status_code == 422
        assert "last active administrator" in answer.text
    assert cleo.get("/admin/people").status_code == 200


def test_person_is_deactivated_and_reactivated(as_: Any, people: SimpleNamespace) -> None:
    cleo = as_("cleo")
    assert (
        "notice=person-deactivated" in cleo.post(f"/admin/people/{people.ann}/deactivate").headers["Location"]
    )
    assert "Reactivate" in cleo.get(f"/admin/people/{people.ann}").text
    assert "notice=person-activated" in cleo.post(f"/admin/people/{people.ann}/activate").headers["Location"]


def test_administrator_is_made_and_withdrawn(as_: Any, people: SimpleNamespace) -> None:
    cleo, ann = as_("cleo"), as_("ann")
    cleo.post(f"/admin/people/{people.ann}/grant-admin")
    assert ann.get("/admin/people").status_code == 200
    cleo.post(f"/admin/people/{people.ann}/withdraw-admin")
    assert ann.get("/admin/people").status_code == 403


def test_new_link_is_shown_and_the_password_is_untouched(
    as_: Any, client: FlaskClient, people: SimpleNamespace
) -> None:
    link = link_in(as_("cleo").post(f"/admin/people/{people.ann}/link").text)
    assert "ann@example.org" in client.get(link).text


def test_role_is_set_changed_and_taken(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    cleo = as_("cleo")

    def role() -> str | None:
        with app.app_context():
            member = db.session.get(Membership, (project.id, people.olga))
        return member.role if member else None

    seen = []
    for wanted in ("viewer", "editor"):
        cleo.post(f"/admin/people/{people.olga}/roles", data={"project": project.id, "role": wanted})
        seen.append(role())
    cleo.post(f"/admin/people/{people.olga}/roles/{project.id}/remove")
    assert [*seen, role()] == ["viewer", "editor", None]


@pytest.mark.parametrize("project_id", ["", "x", "0190b5a0-0000-7000-8000-000000000000"])
def test_role_in_no_project_is_refused(as_: Any, people: SimpleNamespace, project_id: str) -> None:
    form = {"project": project_id, "role": "viewer"}
    assert as_("cleo").post(f"/admin/people/{people.ann}/roles", data=form).status_code == 422


def test_person_who_is_not_there_is_not_found(as_: Any) -> None:
    cleo = as_("cleo")
    nobody = "/admin/people/0190b5a0-0000-7000-8000-000000000000"
    assert [cleo.get(nobody).status_code, cleo.post(f"{nobody}/deactivate").status_code] == [404, 404]


def test_getting_changes_nothing(as_: Any, people: SimpleNamespace) -> None:
    cleo = as_("cleo")
    for verb in ("deactivate", "grant-admin", "link", "sessions/end"):
        assert cleo.get(f"/admin/people/{people.ann}/{verb}").status_code == 405


@pytest.mark.parametrize("typed", ["Émile", "émile", "ÉMILE"])
def test_people_are_found_by_names_with_accents(
    app: Annotator, as_: Any, people: SimpleNamespace, typed: str
) -> None:
    with app.app_context():
        db.session.get_one(User, people.ann).name = "Émile"
        db.commit()
    assert people.ann in as_("cleo").get("/admin/people", query_string={"q": typed}).text
