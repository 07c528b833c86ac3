"""The measure itself: it sees a changed row, and only then."""

import pytest
from attacks.untouched import changed_tables, fingerprints, untouched
from sqlalchemy import update

from annotator.accounts.models import User
from annotator.database import db


def rename_ann(app, people):
    with app.app_context():
        db.session.execute(update(User).where(User.id == people.ann).values(name="Anna"))
        db.commit()


def test_a_changed_row_is_noticed(app, people):
    before = fingerprints(app)
    rename_ann(app, people)
    assert changed_tables(app, before) == ["users"]


def test_a_change_fails_the_test(app, people):
    with pytest.raises(AssertionError, match="users"), untouched(app):
        rename_ann(app, people)


def test_a_table_that_is_named_may_change(app, people):
    with untouched(app, but=["users"]):
        rename_ann(app, people)


def test_a_misspelled_table_is_not_passed_over(app):
    with pytest.raises(AssertionError, match="no such tables"), untouched(app, but=["user"]):
        pass


def test_reading_changes_nothing(app, client, project):
    with untouched(app):
        assert client.get("/login").status_code == 200
