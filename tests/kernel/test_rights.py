"""The guard of rights alone: every rule of `annotator/permissions.py`, without routes."""

from collections.abc import Iterator
from typing import Any

import pytest
from kernel.small import Small
from sqlalchemy import event, select

from annotator.columns import new_id
from annotator.database import db
from annotator.errors import FactorNeeded, NotAllowed, NotFound, WrongState
from annotator.identity import Scope
from annotator.permissions import (
    ARCHIVED,
    FACTOR_NEEDED,
    Permission,
    allowed,
    load,
    load_by,
    project_key,
    reach,
    refusal,
    refuse_archived,
    role_of,
    visible,
)
from annotator.projects.models import Project
from annotator.sources.models import Source

P = Permission
OWN, READ = {P.PUBLIC, P.SIGNED_IN}, {P.PROJECT_READ}
WORK, MANAGE = {P.CONTENT_ADD, P.CONTENT_CHANGE}, {P.PROJECT_MANAGE}
SITE = {P.PEOPLE_MANAGE, P.SITE_MANAGE}
BY_ROLE = {
    None: OWN,
    "viewer": OWN | READ,
    "reviewer": OWN | READ | WORK,
    "editor": OWN | READ | WORK | MANAGE,
}
BY_SCOPE = {Scope.READ: OWN | READ, Scope.WRITE: OWN | READ | WORK | MANAGE, Scope.ADMIN: set(P)}
ADMINS = "Only an administrator may do this."
TOO_SMALL = (
    "Your role here is viewer, which does not allow this. An editor of the project can change your role."
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """The small application."""
    found = Small(tmp_path_factory.mktemp("small"))
    yield found
    found.engine.dispose()


def rights(identity: Any, role: str | None) -> set[Permission]:
    return {permission for permission in P if allowed(identity, permission, role)}


@pytest.mark.parametrize("role", BY_ROLE)
@pytest.mark.parametrize("scope", Scope)
def test_role_and_scope_together_say_what_is_allowed(small: Small, role: str | None, scope: Scope) -> None:
    assert rights(small.identity("ann", scope=scope), role) == BY_ROLE[role] & BY_SCOPE[scope]


def test_an_administrator_manages_the_site_and_no_project(small: Small) -> None:
    assert rights(small.identity("cleo"), None) == OWN | SITE
    assert rights(small.identity("cleo", scope=Scope.WRITE), None) == OWN


def test_a_token_of_one_project_manages_no_site(small: Small) -> None:
    assert rights(small.identity("cleo", project_id=small.desk.id), "editor") == BY_ROLE["editor"]


def test_who_needs_a_second_factor_has_an_account_and_nothing_else(small: Small) -> None:
    assert rights(small.identity("cleo", needs_factor=True), "editor") == OWN


def test_the_role_is_that_of_the_project(small: Small) -> None:
    with small.asked(None):
        found = {name: role_of(small.desk.id, small.identity(name)) for name in ("eve", "ann", "dee", "olga")}
        assert found == {"eve": "editor", "ann": "reviewer", "dee": "viewer", "olga": None}
        assert role_of(new_id(), small.identity("eve")) is None


def test_a_token_of_one_project_has_a_role_there_alone(small: Small) -> None:
    with small.asked(None):
        eve = small.identity("eve", project_id=small.desk.id)
        assert (role_of(small.desk.id, eve), role_of(small.old.id, eve)) == ("editor", None)


def seen(identity: Any) -> set[str]:
    return set(db.session.scalars(select(Project.id).where(visible(identity, Project.id))))


def test_lists_hold_the_projects_of_members(small: Small) -> None:
    desk, old = small.desk.id, small.old.id
    with small.asked(None):
        assert (seen(small.identity("ann")), seen(small.identity("olga"))) == ({desk, old}, set())
        assert seen(small.identity("ann", project_id=desk)) == {desk}
        assert seen(small.identity("olga", project_id=desk)) == set()


def test_lists_wait_for_the_second_factor(small: Small) -> None:
    with small.asked(None), pytest.raises(FactorNeeded) as refused:
        seen(small.identity("ann", needs_factor=True))
    assert refused.value.detail == FACTOR_NEEDED


def test_the_project_of_a_project_is_itself() -> None:
    assert (project_key(Project), project_key(Source)) == (Project.id, Source.project_id)


@pytest.mark.parametrize("getter", [load, reach])
def test_a_member_reaches_what_his_role_allows(small: Small, getter: Any) -> None:
    with small.asked(None):
        for name, permission in (
            ("dee", P.PROJECT_READ),
            ("ann", P.CONTENT_CHANGE),
            ("eve", P.PROJECT_MANAGE),
        ):
            found = getter(Source, small.source, small.identity(name), permission)
            assert (found.id, found.project_id) == (small.source, small.desk.id)


@pytest.mark.parametrize("getter", [load, reach])
def test_strangers_and_tokens_of_another_project_find_nothing(small: Small, getter: Any) -> None:
    others = [small.identity("olga"), small.identity("cleo"), small.identity("eve", project_id=small.old.id)]
    for who in [*others, small.identity("olga", needs_factor=True)]:
        with small.asked(None), pytest.raises(NotFound):
            getter(Source, small.source, who, P.PROJECT_READ)


@pytest.mark.parametrize("getter", [load, reach])
def test_a_token_of_this_project_reaches_it(small: Small, getter: Any) -> None:
    with small.asked(None):
        eve = small.identity("eve", project_id=small.desk.id)
        assert getter(Source, small.source, eve, P.CONTENT_ADD).id == small.source


@pytest.mark.parametrize("getter", [load, reach])
def test_unknown_and_deleted_things_are_not_found(small: Small, getter: Any) -> None:
    for key in (new_id(), small.gone):
        with small.asked(None), pytest.raises(NotFound):
            getter(Source, key, small.identity("eve"), P.PROJECT_READ)


@pytest.mark.parametrize("getter", [load, reach])
def test_a_role_that_is_too_small_is_told(small: Small, getter: Any) -> None:
    with small.asked(None), pytest.raises(NotAllowed) as refused:
        getter(Source, small.source, small.identity("dee"), P.CONTENT_ADD)
    assert refused.value.detail == TOO_SMALL


@pytest.mark.parametrize("getter", [load, reach])
def test_a_member_without_the_second_factor_is_told(small: Small, getter: Any) -> None:
    with small.asked(None), pytest.raises(FactorNeeded):
        getter(Source, small.source, small.identity("eve", needs_factor=True), P.PROJECT_READ)


@pytest.mark.parametrize("getter", [load, reach])
@pytest.mark.parametrize("permission", sorted(WORK))
def test_an_archived_project_takes_no_work(small: Small, getter: Any, permission: Permission) -> None:
    with small.asked(None), pytest.raises(WrongState) as refused:
        getter(Source, small.kept, small.identity("eve"), permission)
    assert refused.value.detail == ARCHIVED


@pytest.mark.parametrize("getter", [load, reach])
@pytest.mark.parametrize("permission", sorted(READ | MANAGE))
def test_an_archived_project_is_read_and_managed(small: Small, getter: Any, permission: Permission) -> None:
    with small.asked(None):
        assert getter(Source, small.kept, small.identity("eve"), permission).id == small.kept


def test_what_is_deleted_is_loaded_where_it_is_restored(small: Small) -> None:
    eve = small.identity("eve")
    with small.asked(None):
        assert load(Source, small.gone, eve, P.CONTENT_CHANGE, deleted=True).id == small.gone


def test_a_project_is_loaded_by_its_short_name(small: Small) -> None:
    with small.asked(None):
        found = load_by(Project, "slug", "desk", small.identity("dee"), P.PROJECT_READ)
        assert found.id == small.desk.id
        with pytest.raises(NotFound):
            load_by(Project, "slug", "other", small.identity("dee"), P.PROJECT_READ)


def locked(small: Small, method: str, permission: Permission) -> Any:
    """Give what the load asks the database to lock."""
    found = []
    with small.asked(None, method=method):
        event.listen(
            db.session, "do_orm_execute", lambda state: found.append(state.statement._for_update_arg)
        )
        load(Source, small.source, small.identity("eve"), permission)
    return found[0]


@pytest.mark.parametrize(
    ("method", "permission"), [("GET", P.CONTENT_CHANGE), ("POST", P.PROJECT_READ), ("POST", P.CONTENT_ADD)]
)
def test_reading_and_adding_lock_nothing(small: Small, method: str, permission: Permission) -> None:
    assert locked(small, method, permission) is None


@pytest.mark.parametrize("permission", [P.CONTENT_CHANGE, P.PROJECT_MANAGE])
def test_a_change_locks_the_row_that_it_is_about(small: Small, permission: Permission) -> None:
    found = locked(small, "PATCH", permission)
    assert (found.key_share, [part.name for part in found.of]) == (True, ["sources"])


def test_a_command_line_locks_nothing(small: Small) -> None:
    with small.app.app_context():
        found = load(Source, small.source, small.identity("eve"), P.CONTENT_CHANGE)
        assert found.id == small.source


def test_only_an_archived_project_is_refused(small: Small) -> None:
    with small.asked(None):
        refuse_archived(small.desk.id)
        with pytest.raises(WrongState) as refused:
            refuse_archived(small.old.id)
        assert refused.value.detail == ARCHIVED


def test_a_refusal_says_who_could(small: Small) -> None:
    assert {refusal(permission, None) for permission in SITE} == {ADMINS}
    assert refusal(P.CONTENT_ADD, "viewer") == TOO_SMALL


def test_what_is_deleted_is_not_found_by_any_column(small: Small) -> None:
    with small.asked(None), pytest.raises(NotFound):
        load_by(Source, "id", small.gone, small.identity("eve"), P.PROJECT_READ)


def test_what_is_only_added_to_is_not_read(small: Small) -> None:
    with small.asked(None):
        found = reach(Source, small.source, small.identity("eve"), P.CONTENT_ADD)
        assert found._fields == ("id", "project_id", "role", "archived_at")


def test_a_members_want_of_an_administrators_right_is_told_as_such(small: Small) -> None:
    with small.asked(None), pytest.raises(NotAllowed) as refused:
        load(Source, small.source, small.identity("eve"), P.SITE_MANAGE)
    assert refused.value.detail == ADMINS
