"""What is done to people, by operations; each leaves its line in the journal."""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator.accounts import operations, tokens
from annotator.accounts.models import User
from annotator.app import Annotator
from annotator.database import db
from annotator.errors import AnnotatorError, Invalid, WrongState
from annotator.identity import Scope
from annotator.journal.models import Event
from annotator.projects.models import Membership


def get(session: Session, user_id: str) -> User:
    return session.get_one(User, user_id)


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(Event.action).order_by(Event.number)))


def test_added_person_is_in_the_journal_without_secrets(session: Session, people: SimpleNamespace) -> None:
    operations.add_user(
        session, email="Fay@Example.org", name="Fay", actor=people.cleo, password="seven quiet bells"
    )
    event = session.scalars(select(Event)).one()
    assert (event.action, event.actor_id, event.subject_kind) == ("user:added", people.cleo, "user")
    assert event.after == {"name": "Fay", "email": "fay@example.org", "is_admin": False}


def test_email_address_is_taken_once_whatever_its_letters(session: Session, people: SimpleNamespace) -> None:
    with pytest.raises(Invalid, match="here already"):
        operations.add_user(session, email="ANN@example.org", name="Another Ann", actor=None)
    with pytest.raises(Invalid, match="here already"):
        operations.change_user(
            session, get(session, people.ben), email="Ann@example.org", name="Ben", actor=None
        )


def test_change_records_only_what_differs(session: Session, people: SimpleNamespace) -> None:
    ann = operations.change_user(
        session, get(session, people.ann), email="ann@example.org", name="Ann B", actor=None
    )
    event = session.scalars(select(Event)).one()
    assert (event.before, event.after, ann.version) == ({"name": "Ann"}, {"name": "Ann B"}, 2)


def test_change_that_changes_nothing_leaves_no_line(session: Session, people: SimpleNamespace) -> None:
    operations.change_user(session, get(session, people.ann), email="ann@example.org", name="Ann", actor=None)
    assert actions(session) == []


def test_deactivated_person_keeps_name_and_roles(
    session: Session, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    operations.deactivate_user(session, get(session, people.ann), actor=people.cleo)
    assert get(session, people.ann).name == "Ann"
    assert session.get_one(Membership, (project.id, people.ann)).role == "reviewer"


def test_deactivated_administrator_is_no_administrator_when_back(
    session: Session, people: SimpleNamespace
) -> None:
    ann = get(session, people.ann)
    operations.grant_admin(session, ann, actor=people.cleo)
    operations.deactivate_user(session, ann, actor=people.cleo)
    operations.activate_user(session, ann, actor=people.cleo)
    assert (ann.active, ann.is_admin) == (True, False)
    assert actions(session) == ["user:admin-granted", "user:deactivated", "user:activated"]


@pytest.mark.parametrize("verb", [operations.deactivate_user, operations.withdraw_admin])
def test_last_active_administrator_stays(
    session: Session, people: SimpleNamespace, verb: Callable[..., None]
) -> None:
    with pytest.raises(WrongState, match="last active administrator"):
        verb(session, get(session, people.cleo), actor=people.cleo)
    session.rollback()
    assert get(session, people.cleo).is_admin


@pytest.mark.parametrize("verb", [operations.deactivate_user, operations.withdraw_admin])
def test_one_of_two_administrators_may_go(
    session: Session, people: SimpleNamespace, verb: Callable[..., None]
) -> None:
    operations.grant_admin(session, get(session, people.ann), actor=people.cleo)
    verb(session, get(session, people.cleo), actor=people.ann)
    assert not get(session, people.cleo).is_admin


def test_deactivated_person_cannot_be_made_administrator(session: Session, people: SimpleNamespace) -> None:
    with pytest.raises(WrongState, match="deactivated"):
        operations.grant_admin(session, get(session, people.dan), actor=people.cleo)


def test_person_from_an_imported_file_is_not_activated(session: Session, people: SimpleNamespace) -> None:
    dan = get(session, people.dan)
    dan.email = None
    with pytest.raises(WrongState, match="no e-mail address"):
        operations.activate_user(session, dan, actor=people.cleo)


def test_two_administrators_who_withdraw_each_other_at_once_leave_one(
    app: Annotator, people: SimpleNamespace
) -> None:
    with app.app_context():
        operations.grant_admin(db.session, get(db.session, people.ann), actor=None)
        db.commit()
    start = threading.Barrier(2)
    refused: list[AnnotatorError] = []

    def withdraw(user_id: str, actor: str) -> None:
        with app.app_context():
            start.wait(10)
            try:
                operations.withdraw_admin(db.session, get(db.session, user_id), actor=actor)
                db.commit()
            except AnnotatorError as error:
                refused.append(error)

    pairs = [(people.ann, people.cleo), (people.cleo, people.ann)]
    threads = [threading.Thread(target=withdraw, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert len(list(db.session.scalars(select(User).where(User.is_admin)))) == 1
    assert [type(error) for error in refused] == [WrongState]


def test_passwords_and_tokens_never_reach_the_journal(app: Annotator, people: SimpleNamespace) -> None:
    with app.app_context():
        ann: Any = get(db.session, people.ann)
        operations.set_password(db.session, ann, "seven quiet bells", actor=ann.id)
        link = operations.make_password_link(db.session, ann, actor=people.cleo)
        _, token = tokens.make_token(db.session, ann, name="export", scope=Scope.READ, actor=ann.id)
        lines = str([(row.before, row.after) for row in db.session.scalars(select(Event))])
    assert [secret for secret in ("seven quiet bells", "argon2", link, token) if secret in lines] == []
