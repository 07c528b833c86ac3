"""What a view's stated permission does before the view is asked: `permit`, `require`, `check_views`, `table`."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from kernel.small import Small

from annotator.columns import new_id, now
from annotator.errors import FactorNeeded, Invalid, NotAllowed, NotFound, NotFresh, NotSignedIn
from annotator.identity import Scope
from annotator.permissions import (
    Permission,
    check_views,
    permit,
    require,
    table,
)
from annotator.projects.models import Project
from annotator.sources.models import Source

P = Permission
SITE = {P.PEOPLE_MANAGE, P.SITE_MANAGE}
ADMINS = "Only an administrator may do this."


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """The small application."""
    found = Small(tmp_path_factory.mktemp("small"))
    yield found
    found.engine.dispose()


def view(**given: Any) -> dict[str, Any]:
    """Give what it was asked with."""
    return given


def test_a_permitted_view_keeps_its_name_and_says_its_permission() -> None:
    made: Any = permit(P.CONTENT_ADD, Source)(view)
    assert (made.__name__, made.permission, made.permission_model) == ("view", P.CONTENT_ADD, Source)


def test_everybody_may_open_what_is_public(small: Small) -> None:
    with small.asked(None):
        assert permit(P.PUBLIC)(view)(a=1) == {"a": 1}


def test_who_is_not_signed_in_is_asked_to_before_anything_is_looked_for(small: Small) -> None:
    with small.asked(None), pytest.raises(NotSignedIn) as refused:
        permit(P.PROJECT_READ, Source)(view)(source_id=new_id())
    expected = "You are not signed in. Sign in and try again; what you typed is kept in this browser."
    assert refused.value.detail == expected


def test_a_permitted_view_gets_the_row(small: Small) -> None:
    with small.asked(small.identity("dee")):
        given = permit(P.PROJECT_READ, Source)(view)(source_id=small.source, other=1)
        assert (given["source"].id, given["other"], len(given)) == (small.source, 1, 2)


def test_a_permitted_view_gets_the_row_by_another_column(small: Small) -> None:
    with small.asked(small.identity("dee")):
        given = permit(P.PROJECT_READ, Project, key="slug")(view)(project_slug="desk")
        assert (given["project"].id, len(given)) == (small.desk.id, 1)


def test_a_permitted_view_gets_a_deleted_row_where_it_asks_for_one(small: Small) -> None:
    with small.asked(small.identity("eve")):
        made = permit(P.CONTENT_CHANGE, Source, deleted=True)(view)
        assert made(source_id=small.gone)["source"].id == small.gone
        with pytest.raises(NotFound):
            permit(P.CONTENT_CHANGE, Source)(view)(source_id=small.gone)


def test_a_permitted_view_without_a_thing_gets_what_it_was_asked_with(small: Small) -> None:
    with small.asked(small.identity("dee")):
        assert permit(P.SIGNED_IN)(view)(a=1) == {"a": 1}


def test_a_query_that_nothing_reads_is_refused_by_the_api(small: Small) -> None:
    with small.asked(None, "/api/v1/x?a=1"), pytest.raises(Invalid):
        permit(P.PUBLIC)(view)()
    asks = SimpleNamespace(takes_query=True, __name__="asks")
    with small.asked(None, "/api/v1/x?a=1"), pytest.raises(TypeError):
        permit(P.PUBLIC)(asks)()  # type: ignore[type-var]


def test_a_scope_that_is_too_small_is_told(small: Small) -> None:
    with small.asked(small.identity("eve", scope=Scope.READ)), pytest.raises(NotAllowed) as refused:
        require(P.CONTENT_ADD, project=True)
    assert refused.value.detail == "This token has the scope read, which does not reach this."


def test_who_may_acts(small: Small) -> None:
    eve, cleo = small.identity("eve"), small.identity("cleo")
    with small.asked(eve):
        assert require(P.CONTENT_ADD, project=True) is eve
    with small.asked(cleo):
        assert [require(permission) for permission in sorted(SITE)] == [cleo, cleo]


def test_an_administrators_right_is_refused_to_others(small: Small) -> None:
    token = small.identity("cleo", project_id=small.desk.id)
    for who in (small.identity("eve"), token):
        with small.asked(who), pytest.raises(NotAllowed) as refused:
            require(P.SITE_MANAGE)
        assert refused.value.detail == ADMINS


def test_the_second_factor_is_asked_for_everywhere_but_in_the_account(small: Small) -> None:
    cleo = small.identity("cleo", needs_factor=True)
    with small.asked(cleo):
        assert require(P.SIGNED_IN) is cleo
        for permission, project in ((P.PROJECT_READ, True), (P.SITE_MANAGE, False)):
            with pytest.raises(FactorNeeded):
                require(permission, project=project)


def test_p16_an_administrator_proves_again_who_he_is_after_an_hour(small: Small) -> None:
    limit = small.app.config["SETTINGS"].admin_fresh_for
    old = now() - timedelta(seconds=limit + 5)
    cleo = small.identity("cleo")
    late = type(cleo)(**{name: getattr(cleo, name) for name in cleo.__slots__} | {"authenticated_at": old})
    with small.asked(late):
        assert require(P.SIGNED_IN) is late
        with pytest.raises(NotFresh):
            require(P.SITE_MANAGE)


def test_an_administrator_is_asked_after_an_hour_and_not_after_ten_minutes(small: Small) -> None:
    settings = small.app.config["SETTINGS"]
    middle = now() - timedelta(seconds=(settings.fresh_for + settings.admin_fresh_for) / 2)
    cleo = small.identity("cleo")
    late = type(cleo)(**{name: getattr(cleo, name) for name in cleo.__slots__} | {"authenticated_at": middle})
    with small.asked(late):
        assert require(P.PEOPLE_MANAGE) is late


def test_an_application_with_a_silent_view_does_not_start() -> None:
    app = Flask("test", static_folder=None)
    app.add_url_rule("/a", "a", permit(P.PUBLIC)(view))
    check_views(app)
    for name in ("c", "b"):
        app.add_url_rule(f"/{name}", name, lambda: "")
    with pytest.raises(RuntimeError, match=r"^these views state no permission: b, c$"):
        check_views(app)


def test_the_printed_table_says_who_has_each_right() -> None:
    assert dict(table()) == {
        "public:read": ["everybody"], "account:self": ["everybody signed in"],
        "project:read": ["editor", "reviewer", "viewer"], "content:add": ["editor", "reviewer"],
        "content:change": ["editor", "reviewer"], "project:manage": ["editor"], "people:manage": ["admin"],
        "site:manage": ["admin"],
    }  # fmt: skip


def test_a_permitted_page_of_administrators_is_closed_to_others(small: Small) -> None:
    with small.asked(small.identity("eve")), pytest.raises(NotAllowed) as refused:
        permit(P.SITE_MANAGE)(view)()
    assert refused.value.detail == ADMINS


def test_a_right_to_a_thing_is_asked_of_the_thing(small: Small) -> None:
    with small.asked(small.identity("eve")), pytest.raises(NotFound):
        permit(P.SITE_MANAGE, Source)(view)(source_id=new_id())
