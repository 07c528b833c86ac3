"""One thing done to many people: seen first for each, then done, with what came of it."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select, update

from annotator.accounts.models import LoginSession, PasswordLink, User
from annotator.app import Annotator
from annotator.database import db
from annotator.projects.models import Membership

BULK = "/admin/people/bulk"


def told(page: str) -> list[tuple[str, str]]:
    """Each person's name and whether it is possible, or was done."""
    return re.findall(
        r'<th scope="row"><a href="[^"]+">([^<]+)</a>.*?<span class="badge"[^>]*>([^<]+)</span>', page, re.S
    )


def active(app: Annotator) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(User.name).where(User.active)))


def form_of(page: str) -> dict[str, Any]:
    """What the confirming form would send."""
    fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.partition("<main")[2])
    people = [value for name, value in fields if name == "person"]
    return {
        **{name: value for name, value in fields if name != "csrf_token"},
        "person": people,
        "sure": "true",
    }


def test_nothing_is_done_before_it_was_seen(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    page = as_("cleo").post(BULK, data={"action": "deactivate", "person": [people.ann, people.ben]}).text
    assert told(page) == [("Ann", "Yes"), ("Ben", "Yes")]
    assert {"Ann", "Ben"} <= active(app)


def test_what_was_seen_is_done(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    cleo = as_("cleo")
    page = cleo.post(BULK, data={"action": "deactivate", "person": [people.ann, people.ben]}).text
    done = cleo.post(BULK, data=form_of(page)).text
    assert ("Done for 2 of 2." in done, active(app) & {"Ann", "Ben"}) == (True, set())


@pytest.mark.parametrize(
    ("action", "who", "found"),
    [
        (
            "deactivate",
            ["ann", "dan", "cleo", "eve"],
            [("Ann", "Yes"), ("Cleo", "No"), ("Dan", "No"), ("Eve", "No")],
        ),
        ("activate", ["ann", "dan"], [("Ann", "No"), ("Dan", "Yes")]),
        ("sessions", ["ann", "dan"], [("Ann", "Yes"), ("Dan", "No")]),
        ("link", ["ann", "dan"], [("Ann", "Yes"), ("Dan", "No")]),
        (
            "join",
            ["ann", "olga", "eve", "dee"],
            [("Ann", "No"), ("Dee", "Yes"), ("Eve", "No"), ("Olga", "Yes")],
        ),
        ("leave", ["ann", "olga", "eve"], [("Ann", "Yes"), ("Eve", "No"), ("Olga", "No")]),
    ],
)
def test_page_says_for_whom_it_is_not_possible(
    as_: Any, people: SimpleNamespace, project: SimpleNamespace, action: str, who: list[str], found: list[Any]
) -> None:
    form = {"action": action, "project": project.id, "role": "reviewer"}
    page = as_("cleo").post(BULK, data={**form, "person": [getattr(people, name) for name in who]}).text
    assert told(page) == found


def test_possible_ones_are_done_and_the_others_are_named(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    cleo = as_("cleo")
    page = cleo.post(
        BULK, data={"action": "deactivate", "person": [people.eve, people.ben, people.cleo]}
    ).text
    done = cleo.post(BULK, data=form_of(page)).text
    assert told(done) == [("Ben", "Done"), ("Cleo", "Not done"), ("Eve", "Not done")]
    assert "Last editor of Desk." in done
    assert active(app) == {"Ann", "Cleo", "Dee", "Eve", "Olga"}


def test_last_administrator_is_told_so_even_as_last_editor(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    with app.app_context():
        db.session.execute(update(User).where(User.id == people.eve).values(is_admin=True))
        db.session.execute(update(User).where(User.id == people.cleo).values(is_admin=False))
        db.commit()
    page = as_("eve").post(BULK, data={"action": "deactivate", "person": people.eve}).text
    assert "The last active administrator cannot be deactivated." in page
    assert "leave projects without an editor" not in page


def test_last_editor_goes_when_that_is_ticked(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    cleo = as_("cleo")
    page = cleo.post(BULK, data={"action": "leave", "project": project.id, "person": people.eve}).text
    assert "leave projects without an editor" in page
    cleo.post(BULK, data={**form_of(page), "leave": "true"})
    with app.app_context():
        assert db.session.get(Membership, (project.id, people.eve)) is None


def test_of_the_last_two_administrators_one_stays(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    cleo = as_("cleo")
    cleo.post(f"/admin/people/{people.ann}/grant-admin")
    page = cleo.post(BULK, data={"action": "deactivate", "person": [people.ann, people.cleo]}).text
    assert told(page) == [("Ann", "Yes"), ("Cleo", "No")]


def test_last_two_editors_do_not_go_together(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    cleo = as_("cleo")
    cleo.post(f"/admin/people/{people.ann}/roles", data={"project": project.id, "role": "editor"})
    form = {"action": "deactivate", "person": [people.ann, people.eve], "sure": "true"}
    assert told(cleo.post(BULK, data=form).text) == [("Ann", "Done"), ("Eve", "Not done")]


def test_person_changed_since_the_page_is_left_alone(
    app: Annotator, as_: Any, people: SimpleNamespace
) -> None:
    cleo = as_("cleo")
    page = cleo.post(BULK, data={"action": "deactivate", "person": [people.ann, people.ben]}).text
    cleo.post(
        f"/admin/people/{people.ann}", data={"name": "Ann B", "email": "ann@example.org", "version": "1"}
    )
    done = cleo.post(BULK, data=form_of(page)).text
    assert told(done) == [("Ann B", "Not done"), ("Ben", "Done")]
    assert "Somebody changed this person meanwhile" in done


def test_roles_are_given_to_several(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    form = {"action": "join", "project": project.id, "role": "viewer", "person": [people.olga, people.ann]}
    as_("cleo").post(BULK, data={**form, "sure": "true"})
    with app.app_context():
        roles = [db.session.get_one(Membership, (project.id, key)).role for key in (people.olga, people.ann)]
    assert roles == ["viewer", "viewer"]


def test_links_are_shown_once_for_each(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    form = {"action": "link", "person": [people.ann, people.ben], "sure": "true"}
    page = as_("cleo").post(BULK, data=form).text
    assert len(set(re.findall(r"http://localhost/password/[\w-]+", page))) == 2
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PasswordLink)) == 2


def test_sessions_of_several_end(app: Annotator, as_: Any, people: SimpleNamespace) -> None:
    ann, ben = as_("ann"), as_("ben")
    as_("cleo").post(BULK, data={"action": "sessions", "person": [people.ann, people.ben], "sure": "true"})
    assert [client.get("/api/v1/me").status_code for client in (ann, ben)] == [401, 401]
    with app.app_context():
        ended = select(func.count()).where(LoginSession.ended_at.is_not(None))
        assert db.session.scalar(ended) == 2


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"action": "deactivate"}, "Tick the people first"),
        ({"action": "deactivate", "person": "x"}, "Tick the people in the list."),
        ({"action": "nonsense", "person": "0190b5a0-0000-7000-8000-000000000000"}, "Choose what to do."),
        ({"action": "join", "person": "0190b5a0-0000-7000-8000-000000000000"}, "Choose a project."),
        (
            {"action": "join", "person": "0190b5a0-0000-7000-8000-000000000000", "project": "x"},
            "Choose a project.",
        ),
    ],
)
def test_form_that_does_not_say_enough_does_nothing(as_: Any, form: dict[str, str], why: str) -> None:
    answer = as_("cleo").post(BULK, data=form)
    assert (answer.status_code, why in answer.text) == (422, True)


def test_unknown_person_is_passed_over(as_: Any, people: SimpleNamespace) -> None:
    form = {"action": "deactivate", "person": ["0190b5a0-0000-7000-8000-000000000000", people.ann]}
    assert told(as_("cleo").post(BULK, data=form).text) == [("Ann", "Yes")]
