"""The administrator's pages of invitations: one person, the list of all, sent again, revoked."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from annotator.accounts.proof_models import Invitation, InvitationRole
from annotator.app import Annotator
from annotator.database import db

HOME = "/admin/invitations"
FAY = {"email": "fay@example.org", "name": "Fay"}


def link_in(page: str) -> str:
    found = re.search(r'value="http://localhost(/invitation/[\w-]+)"', page)
    assert found, page
    return found[1]


def rows(app: Annotator) -> list[Invitation]:
    with app.app_context():
        return list(db.session.scalars(select(Invitation).order_by(Invitation.id)))


def test_invited_person_gets_in_by_the_link_shown_once(as_: Any, client: FlaskClient) -> None:
    cleo = as_("cleo")
    link = link_in(cleo.post(HOME, data=FAY).text)
    assert link not in cleo.get(HOME).text
    form = {"name": "Fay", "password": "seven quiet bells"}
    assert client.post(link, data=form, headers={"Sec-Fetch-Site": "same-origin"}).headers["Location"] == "/"


def test_roles_and_administrator_are_kept_with_the_invitation(
    app: Annotator, as_: Any, project: SimpleNamespace
) -> None:
    as_("cleo").post(HOME, data={**FAY, "is_admin": "true", "role": ["", f"{project.id}:editor"]})
    with app.app_context():
        given = [(row.project_id, row.role) for row in db.session.scalars(select(InvitationRole))]
    assert ([row.is_admin for row in rows(app)], given) == ([True], [(project.id, "editor")])


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"email": "nowhere"}, "such as ann@example.org"),
        ({"email": "ANN@example.org"}, "here already"),
        ({"email": ""}, "Fill this in."),
        ({"email": "fay@example.org, olga@example.org"}, "such as ann@example.org"),
        ({"name": "F\u202eay"}, "cannot be seen"),
        ({"role": "0190b5a0-0000-7000-8000-000000000000:editor"}, "not here any more"),
        ({"role": "0190b5a0-0000-7000-8000-000000000000:owner"}, "Choose one of the roles."),
    ],
)
def test_failed_form_says_why_and_shows_what_was_typed(
    app: Annotator, as_: Any, people: SimpleNamespace, wrong: dict[str, str], why: str
) -> None:
    answer = as_("cleo").post(HOME, data={**FAY, **wrong})
    assert (answer.status_code, why in answer.text) == (422, True)
    assert f'value="{({**FAY, **wrong})["email"]}"' in answer.text
    assert rows(app) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["gus@example.org", "fay@example.org"]),
        ("?q=FAY", ["fay@example.org"]),
        ("?q=%25", []),
        ("?state=open", ["fay@example.org"]),
        ("?state=revoked", ["gus@example.org"]),
        ("?state=accepted", []),
        ("?state=nonsense&q=gus", ["gus@example.org"]),
    ],
)
def test_invitations_are_found_and_filtered(app: Annotator, as_: Any, query: str, found: list[str]) -> None:
    cleo = as_("cleo")
    for email in ("fay@example.org", "gus@example.org"):
        cleo.post(HOME, data={"email": email})
    cleo.post(f"{HOME}/{rows(app)[1].id}/revoke", data={"version": "1"})
    assert re.findall(r'<th scope="row" class="address">([^<]+)<', cleo.get(HOME + query).text) == found


def test_list_pages_through_all_once(as_: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.admin.invitations.PAGE", 2)
    cleo, seen, url = as_("cleo"), [], HOME
    for number in range(5):
        cleo.post(HOME, data={"email": f"p{number}@example.org"})
    for _ in range(3):
        page = cleo.get(url).text
        seen += re.findall(r'<th scope="row" class="address">(p\d)', page)
        url = "".join(re.findall(r'rel="next" href="([^"]+)"', page)).replace("&amp;", "&")
    assert (seen, url) == (["p4", "p3", "p2", "p1", "p0"], "")


def test_accepted_invitation_shows_who_it_became(app: Annotator, as_: Any, client: FlaskClient) -> None:
    cleo = as_("cleo")
    link = link_in(cleo.post(HOME, data=FAY).text)
    form = {"name": "Fay of the desk", "password": "seven quiet bells"}
    client.post(link, data=form, headers={"Sec-Fetch-Site": "same-origin"})
    page = cleo.get(HOME).text
    assert f'<a href="/admin/people/{rows(app)[0].user_id}">Fay of the desk</a>' in page
    assert "Revoke</button>" not in page


def test_new_link_replaces_the_one_before(app: Annotator, as_: Any, client: FlaskClient) -> None:
    cleo = as_("cleo")
    old = link_in(cleo.post(HOME, data=FAY).text)
    new = link_in(cleo.post(f"{HOME}/{rows(app)[0].id}/resend", data={"version": "1"}).text)
    assert [client.get(link).status_code for link in (old, new)] == [410, 200]


def test_revoked_link_is_gone_at_once(app: Annotator, as_: Any, client: FlaskClient) -> None:
    cleo = as_("cleo")
    link = link_in(cleo.post(HOME, data=FAY).text)
    answer = cleo.post(f"{HOME}/{rows(app)[0].id}/revoke", data={"version": "1"})
    assert answer.headers["Location"] == f"{HOME}?notice=invitation-revoked"
    assert client.get(link).status_code == 410


@pytest.mark.parametrize("verb", ["resend", "revoke"])
def test_button_of_an_older_list_does_nothing(app: Annotator, as_: Any, verb: str) -> None:
    cleo = as_("cleo")
    cleo.post(HOME, data=FAY)
    cleo.post(f"{HOME}/{rows(app)[0].id}/resend", data={"version": "1"})
    answer = cleo.post(f"{HOME}/{rows(app)[0].id}/{verb}", data={"version": "1"})
    assert (answer.status_code, "Somebody changed this meanwhile" in answer.text) == (422, True)
    assert (rows(app)[0].version, rows(app)[0].revoked_at) == (2, None)


def test_unknown_invitation_is_not_found(as_: Any) -> None:
    key = "0190b5a0-0000-7000-8000-000000000000"
    assert [as_("cleo").post(f"{HOME}/{key}/{verb}").status_code for verb in ("resend", "revoke")] == [
        404,
        404,
    ]


def test_project_page_asks_for_a_role_there(as_: Any, project: SimpleNamespace) -> None:
    page = as_("cleo").get(f"{HOME}?project={project.id}").text
    assert f'value="{project.id}:reviewer" selected' in page
