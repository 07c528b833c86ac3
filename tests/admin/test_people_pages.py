"""The administrator's pages of people."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from annotator.accounts.models import User
from annotator.accounts.proof_models import TotpFactor
from annotator.accounts.queries import by_email
from annotator.app import Annotator
from annotator.columns import now
from annotator.database import db
from annotator.journal.models import Event
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.projects.models import Membership

ROW = r'<th scope="row"><a href="[^"]+">([^<]+)</a>'
SAME = {"Sec-Fetch-Site": "same-origin"}
FAY = {"name": "Fay Ó", "email": "fay@example.org"}
ADDRESSES = [
    "/admin/people/bulk", "/admin/people/{id}", "/admin/people/{id}/link", "/admin/people/{id}/deactivate",
    "/admin/people/{id}/activate", "/admin/people/{id}/grant-admin", "/admin/people/{id}/withdraw-admin",
    "/admin/people/{id}/sessions/end", "/admin/people/{id}/roles", "/admin/people/{id}/roles/{id}/remove",
    "/admin/people/{id}/sessions/{id}/end", "/admin/people/{id}/tokens/{id}/revoke", "/admin/people/{id}/factor/remove",
    "/admin/invitations", "/admin/invitations/many", "/admin/invitations/{id}/resend", "/admin/invitations/{id}/revoke",
    "/admin/policy", "/admin/projects",
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


@pytest.mark.parametrize(
    "address", ["/admin/people", "/admin/invitations", "/admin/policy", "/admin/projects"]
)
def test_nobody_is_asked_to_sign_in(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Location"] == f"/login?next={address}"


def test_refused_attempt_is_journalled(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    as_("eve").post(f"/admin/people/{people.eve}/grant-admin")
    with app.app_context():
        event = db.session.scalars(select(Event)).one()
    assert (event.action, event.actor_id) == ("request:refused", people.eve)


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
        ("?role=editor", ["Eve"]),
        ("?project=none", ["Cleo", "Olga"]),
        ("?project={id}", ["Ann", "Ben", "Dan", "Dee", "Eve"]),
        ("?project={id}&role=reviewer&show=active", ["Ann", "Ben"]),
        ("?project=0190b5a0-0000-7000-8000-000000000000", []),
        ("?project=nonsense&role=nonsense&sort=nonsense&q=ann", ["Ann"]),
        ("?show=no-factor", ["Ben", "Cleo", "Dee", "Eve", "Olga"]),
        ("?show=never", ["Ann", "Cleo", "Dee", "Eve", "Olga"]),
        ("?show=imported", []),
    ],
)
def test_people_are_found_and_filtered(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace, query: str, names: list[str]
) -> None:
    with app.app_context():
        db.session.add(TotpFactor(user_id=people.ann, secret="x", created_at=now(), confirmed_at=now()))
        record(db.session, Action.SIGNED_IN, db.session.get_one(User, people.ben), actor=people.ben)
        db.commit()
    page = as_("cleo").get("/admin/people" + query.format(id=project.id)).text
    assert re.findall(ROW, page) == names


def test_list_sorts_by_the_latest_sign_in(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    for key in (people.olga, people.ben):
        with app.app_context():
            record(db.session, Action.SIGNED_IN, db.session.get_one(User, key), actor=key)
            db.commit()
    page = as_("cleo").get("/admin/people?sort=last").text
    assert re.findall(ROW, page)[:2] == ["Ben", "Olga"]


def test_list_says_second_factor_last_sign_in_and_how_many_there_are(
    as_: Any, people: SimpleNamespace
) -> None:
    page = as_("cleo").get("/admin/people?q=ann").text
    assert '<p class="quiet" id="count">1 person</p>' in page
    assert '<td data-label="Second factor">None</td>' in page
    assert '<td data-label="Last sign-in">Never</td>' in page


@pytest.mark.parametrize("query", ["", "?sort=last"])
def test_list_pages_through_everybody_once(as_: Any, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    monkeypatch.setattr("annotator.admin.people.PAGE", 3)
    cleo, seen, url = as_("cleo"), [], "/admin/people" + query
    for _ in range(3):
        page = cleo.get(url).text
        seen += re.findall(ROW, page)
        url = "".join(re.findall(r'rel="next" href="([^"]+)"', page)).replace("&amp;", "&")
    assert (sorted(seen), url) == (["Ann", "Ben", "Cleo", "Dan", "Dee", "Eve", "Olga"], "")


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
    cleo = as_("cleo")
    cleo.post(f"/admin/people/{people.ann}/grant-admin")
    assert as_("ann").get("/admin/people").status_code == 200
    cleo.post(f"/admin/people/{people.ann}/withdraw-admin")
    assert as_("ann").get("/admin/people").status_code == 403


@pytest.mark.parametrize("verb", ["deactivate", "grant-admin"])
def test_button_of_an_older_page_does_nothing(
    app: Annotator, as_: Any, people: SimpleNamespace, verb: str
) -> None:
    cleo = as_("cleo")
    cleo.post(
        f"/admin/people/{people.ann}", data={"name": "Ann B", "email": "ann@example.org", "version": "1"}
    )
    answer = cleo.post(f"/admin/people/{people.ann}/{verb}", data={"version": "1"})
    assert (answer.status_code, "Somebody changed this meanwhile" in answer.text) == (422, True)
    ann = find(app, "ann@example.org")
    assert ann is not None
    assert (ann.active, ann.is_admin) == (True, False)


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
