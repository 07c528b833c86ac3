"""What is done to projects and members; each leaves its line in the journal."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator.accounts.models import User
from annotator.errors import Invalid, NotFound, WrongState
from annotator.journal.models import Event
from annotator.permissions import Role
from annotator.projects import operations
from annotator.projects.models import Membership, Project


def last(session: Session) -> Event:
    return session.scalars(select(Event).order_by(Event.number.desc())).first() or pytest.fail(
        "nothing journalled"
    )


def get(session: Session, project: SimpleNamespace) -> Project:
    return session.get_one(Project, project.id)


def test_new_project_has_a_slug_of_its_own(session: Session, people: SimpleNamespace) -> None:
    made = [operations.add_project(session, name="Night desk", actor=people.cleo).slug for _ in range(3)]
    assert made == ["night-desk", "night-desk-2", "night-desk-3"]


def test_given_slug_is_taken_once(session: Session, project: SimpleNamespace) -> None:
    with pytest.raises(Invalid, match="short name"):
        operations.add_project(session, name="Other", slug="desk", actor=None)


def test_maker_of_a_project_is_no_member_by_that(session: Session, people: SimpleNamespace) -> None:
    made = operations.add_project(session, name="Night desk", actor=people.cleo)
    assert session.get(Membership, (made.id, people.cleo)) is None
    assert (last(session).action, last(session).project_id) == ("project:added", made.id)


def test_change_is_journalled_with_what_differs(
    session: Session, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    row = get(session, project)
    operations.change_project(session, row, {"approvals_needed": 2, "name": row.name}, actor=people.eve)
    assert (last(session).before, last(session).after) == ({"approvals_needed": 1}, {"approvals_needed": 2})
    assert (row.version, row.updated_by_id) == (2, people.eve)


def test_name_changes_and_slug_stays(session: Session, project: SimpleNamespace) -> None:
    row = operations.change_project(session, get(session, project), {"name": "Renamed"}, actor=None)
    assert (row.name, row.slug) == ("Renamed", "desk")


def test_unknown_setting_is_an_error_of_ours(session: Session, project: SimpleNamespace) -> None:
    with pytest.raises(ValueError, match="slug"):
        operations.change_project(session, get(session, project), {"slug": "other"}, actor=None)


def test_archived_and_reopened_are_journalled_once(session: Session, project: SimpleNamespace) -> None:
    row = get(session, project)
    for verb in (operations.archive_project, operations.archive_project, operations.reopen_project):
        verb(session, row, actor=None)
    actions = list(session.scalars(select(Event.action).order_by(Event.number)))
    assert actions == ["project:archived", "project:reopened"]
    assert row.archived_at is None


def test_member_is_added_changed_and_removed(
    session: Session, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    row, olga = get(session, project), session.get_one(User, people.olga)
    operations.set_member(session, row, olga, Role.VIEWER, actor=people.eve)
    assert last(session).after == {"user": people.olga, "name": "Olga", "role": "viewer"}
    operations.set_member(session, row, olga, Role.REVIEWER, actor=people.eve)
    assert (last(session).before["role"], last(session).after["role"]) == ("viewer", "reviewer")
    operations.remove_member(session, row, olga, actor=people.eve)
    assert (last(session).action, last(session).actor_id) == ("member:removed", people.eve)
    assert session.get(Membership, (project.id, people.olga)) is None


def test_same_role_again_leaves_no_line(
    session: Session, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    operations.set_member(
        session, get(session, project), session.get_one(User, people.ann), Role.REVIEWER, actor=None
    )
    assert session.scalars(select(Event)).all() == []


def test_deactivated_person_is_not_added(session: Session, people: SimpleNamespace) -> None:
    other = operations.add_project(session, name="Other", actor=None)
    with pytest.raises(WrongState, match="deactivated"):
        operations.set_member(session, other, session.get_one(User, people.dan), Role.VIEWER, actor=None)


def test_stranger_cannot_be_removed(
    session: Session, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    with pytest.raises(NotFound):
        operations.remove_member(
            session, get(session, project), session.get_one(User, people.olga), actor=None
        )


def test_administrator_who_joins_is_actor_and_member(
    session: Session, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    operations.join_project(session, get(session, project), session.get_one(User, people.cleo))
    assert (last(session).actor_id, last(session).after["role"]) == (people.cleo, "editor")
