"""What groups are worth: the table of mappings, and what a sign-in gives and takes by it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.oidc.conftest import Visitor, signed_in
from accounts.oidc.provider import Provider
from factories import make_project
from sqlalchemy import select

from annotator.accounts.models import User
from annotator.accounts.oidc.roles import GroupRole, read_roles, roles_of
from annotator.app import Annotator
from annotator.config import ConfigError
from annotator.database import db
from annotator.journal.models import Event
from annotator.permissions import Role
from annotator.projects.models import Membership

Through = Callable[..., Annotator]
MAPPED = read_roles("fact-desk=desk:reviewer, leads=desk:editor, interns=desk:viewer, leads=other:viewer")


@pytest.mark.parametrize(
    ("groups", "desk", "other"),
    [
        ([], None, None),
        (["unknown"], None, None),
        (["interns"], "viewer", None),
        (["fact-desk"], "reviewer", None),
        (["leads"], "editor", "viewer"),
        (["interns", "fact-desk"], "reviewer", None),
        (["fact-desk", "interns"], "reviewer", None),
        (["leads", "fact-desk", "interns"], "editor", "viewer"),
        (["LEADS"], None, None),
    ],
)
def test_groups_are_worth_the_highest_role_of_each_project(
    groups: list[str], desk: str | None, other: str | None
) -> None:
    assert roles_of(groups, MAPPED) == {"desk": desk, "other": other}


def test_a_group_may_have_any_sign_but_a_comma() -> None:
    assert read_roles("/Desk = A=b:c=desk:editor,") == (GroupRole("/Desk = A=b:c", "desk", Role.EDITOR),)


@pytest.mark.parametrize(
    "text", ["desk", "=desk:editor", "a=desk", "a=desk:owner", "a=De sk:editor", "a=:editor"]
)
def test_a_mapping_that_makes_no_sense_stops_the_start(text: str) -> None:
    with pytest.raises(ConfigError, match="OIDC_ROLES"):
        read_roles(text)


def role_in(app: Annotator, project: SimpleNamespace, person: str) -> str | None:
    with app.app_context():
        row = db.session.get(Membership, (project.id, person))
        return row.role if row else None


def journal(app: Annotator, *actions: str) -> list[tuple[str, str | None]]:
    with app.app_context():
        query = select(Event.action, Event.actor_id).where(Event.action.in_(actions)).order_by(Event.number)
        return [(row.action, row.actor_id) for row in db.session.execute(query)]


@pytest.fixture
def desk(through: Through, provider: Provider, project: SimpleNamespace, known: Any) -> Visitor:
    """Olga, who is no member, comes to a site whose project desk is ruled by groups."""
    known("olga", "olga-1")
    return Visitor(through(oidc_roles="fact-desk=desk:reviewer, leads=desk:editor"), provider)


def test_a_sign_in_gives_changes_and_takes_a_role_each_with_its_line(
    desk: Visitor, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    found = []
    for groups in (["fact-desk"], ["leads"], [], []):
        desk.client.delete_cookie("__Host-annotator")
        desk.go("olga-1", groups=groups)
        found.append(role_in(desk.app, project, people.olga))
    assert found == ["reviewer", "editor", None, None]
    lines = journal(desk.app, "member:added", "member:changed", "member:removed")
    assert lines == [("member:added", None), ("member:changed", None), ("member:removed", None)]


def test_a_role_given_by_hand_in_a_ruled_project_goes_with_the_next_sign_in(
    desk: Visitor, people: SimpleNamespace, project: SimpleNamespace, known: Any
) -> None:
    known("eve", "eve-1")
    desk.go("eve-1", groups=["another"])
    assert (signed_in(desk.app, desk), role_in(desk.app, project, people.eve)) == ("Eve", None)


def test_a_project_that_is_not_named_is_ruled_by_hand(
    desk: Visitor, people: SimpleNamespace, project: SimpleNamespace, known: Any
) -> None:
    with desk.app.app_context():
        other = make_project(db.session, people, "other")
        db.commit()
    known("eve", "eve-1")
    desk.go("eve-1", groups=[])
    assert role_in(desk.app, other, people.eve) == "editor"


def test_a_project_that_is_not_here_is_passed_over_and_logged(
    through: Through, provider: Provider, known: Any, caplog: pytest.LogCaptureFixture
) -> None:
    known("ann", "ann-1")
    visitor = Visitor(through(oidc_roles="fact-desk=gone:reviewer"), provider)
    visitor.go("ann-1", groups=["fact-desk"])
    assert signed_in(visitor.app, visitor) == "Ann"
    assert "OIDC_ROLES names the project gone" in caplog.text


def is_admin(app: Annotator, person: str) -> bool:
    with app.app_context():
        return db.session.get_one(User, person).is_admin


def test_the_group_of_administrators_gives_and_takes_the_right(
    through: Through, provider: Provider, people: SimpleNamespace, known: Any
) -> None:
    known("ann", "ann-1")
    visitor = Visitor(through(oidc_admin_group="chiefs"), provider)
    found = []
    for groups in (["chiefs"], []):
        visitor.client.delete_cookie("__Host-annotator")
        visitor.go("ann-1", groups=groups)
        found.append((signed_in(visitor.app, visitor), is_admin(visitor.app, people.ann)))
    assert found == [("Ann", True), ("Ann", False)]
    assert journal(visitor.app, "user:admin-granted", "user:admin-withdrawn") == [
        ("user:admin-granted", None),
        ("user:admin-withdrawn", None),
    ]


def test_the_last_administrator_stays_one_and_the_log_says_so(
    through: Through,
    provider: Provider,
    people: SimpleNamespace,
    known: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    known("cleo", "cleo-1")
    visitor = Visitor(through(oidc_admin_group="chiefs"), provider)
    visitor.go("cleo-1", groups=[])
    assert (signed_in(visitor.app, visitor), is_admin(visitor.app, people.cleo)) == ("Cleo", True)
    assert "is the last one" in caplog.text


def test_without_a_group_of_administrators_they_are_made_by_hand(
    visitor: Visitor, people: SimpleNamespace, known: Any
) -> None:
    known("cleo", "cleo-1")
    visitor.go("cleo-1", groups=[])
    assert is_admin(visitor.app, people.cleo)


def test_groups_that_the_provider_left_out_are_not_taken_for_none(
    desk: Visitor, people: SimpleNamespace, project: SimpleNamespace, known: Any
) -> None:
    known("eve", "eve-1")
    answer = desk.go("eve-1", _claim_names={"groups": "src1"})
    assert (answer.status_code, role_in(desk.app, project, people.eve)) == (403, "editor")


def test_groups_may_stand_under_another_name(
    through: Through, provider: Provider, people: SimpleNamespace, known: Any
) -> None:
    known("ann", "ann-1")
    visitor = Visitor(through(oidc_admin_group="chiefs", oidc_groups_claim="roles"), provider)
    visitor.go("ann-1", roles=["chiefs"])
    assert is_admin(visitor.app, people.ann)
