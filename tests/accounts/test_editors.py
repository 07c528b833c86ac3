"""An open project is not left without an editor by accident."""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from annotator.accounts.editors import last_editor_of
from annotator.accounts.models import User
from annotator.accounts.operations import deactivate_user
from annotator.app import Annotator
from annotator.database import db
from annotator.errors import AnnotatorError, WrongState
from annotator.permissions import Role
from annotator.projects.models import Membership, Project
from annotator.projects.operations import archive_project, remove_member, set_member

Act = Callable[[Any, Project, User], object]
ACTS: dict[str, Act] = {
    "deactivated": lambda session, _, user: deactivate_user(session, user, actor=None),
    "made reviewer": lambda session, project, user: set_member(
        session, project, user, Role.REVIEWER, actor=None
    ),
    "removed": lambda session, project, user: remove_member(session, project, user, actor=None),
}
EVERY = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)


def both(session: Any, project: SimpleNamespace, user_id: str) -> tuple[Project, User]:
    return session.get_one(Project, project.id), session.get_one(User, user_id)


@EVERY
def test_last_editor_stays_and_the_project_is_named(
    session: Any, people: SimpleNamespace, project: SimpleNamespace, act: Act
) -> None:
    with pytest.raises(WrongState, match="Eve is the last editor of Desk"):
        act(session, *both(session, project, people.eve))


@EVERY
def test_one_of_two_editors_may_go(
    session: Any, people: SimpleNamespace, project: SimpleNamespace, act: Act
) -> None:
    desk, eve = both(session, project, people.eve)
    set_member(session, desk, session.get_one(User, people.ann), Role.EDITOR, actor=None)
    act(session, desk, eve)
    assert [row.slug for row in last_editor_of(session, people.ann)] == ["desk"]


@EVERY
def test_deactivated_editor_does_not_count(
    session: Any, people: SimpleNamespace, project: SimpleNamespace, act: Act
) -> None:
    session.get_one(Membership, (project.id, people.dan)).role = "editor"
    with pytest.raises(WrongState, match="last editor"):
        act(session, *both(session, project, people.eve))


@EVERY
def test_archived_project_needs_no_editor(
    session: Any, people: SimpleNamespace, project: SimpleNamespace, act: Act
) -> None:
    desk, eve = both(session, project, people.eve)
    archive_project(session, desk, actor=None)
    act(session, desk, eve)
    assert last_editor_of(session, people.eve) == []


def test_project_is_left_without_editor_when_that_is_said(
    session: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    desk, eve = both(session, project, people.eve)
    remove_member(session, desk, eve, actor=None, leave=True)
    assert session.scalars(select(Membership).where(Membership.role == "editor")).all() == []


def test_two_editors_who_remove_each_other_at_once_leave_one(
    app: Annotator, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    with app.app_context():
        db.session.get_one(Membership, (project.id, people.ann)).role = "editor"
        db.commit()
    start, refused = threading.Barrier(2), list[type[AnnotatorError]]()

    def remove(user_id: str) -> None:
        with app.app_context():
            start.wait(10)
            try:
                remove_member(db.session, *both(db.session, project, user_id), actor=None)
                db.commit()
            except AnnotatorError as error:
                refused.append(type(error))

    threads = [threading.Thread(target=remove, args=(key,)) for key in (people.ann, people.eve)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [WrongState]
