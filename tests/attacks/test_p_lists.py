"""P12 to P16: guessing, lists, and administration by somebody who has not proved lately who they are."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from attacks.test_p01_table import STATED
from attacks.test_p_permissions import reading
from attacks.untouched import REFUSED, untouched
from contract.requests_of import UNKNOWN, body_of, path_of, routes
from contract.world import HTTP, World
from factories import SignedIn, make_project
from sqlalchemy import update

from annotator.accounts.models import LoginSession
from annotator.columns import now
from annotator.database import db
from annotator.projects.models import Membership


def test_p12_who_guesses_ids_is_stopped_and_finds_nothing(
    app: Any, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", with_fewest(app, 20))
    ann = as_("ann")
    found = [ann.get(f"{HTTP}/sources/{UNKNOWN[:-2]}{number:02x}") for number in range(30)]
    assert [answer.status_code for answer in found] == [404] * 20 + [429] * 10
    assert 0 < int(found[-1].headers["Retry-After"]) <= 600
    assert ann.get(f"/sources/{UNKNOWN}/").status_code == 429
    assert [ann.get(f"{HTTP}/me").status_code, as_("ben").get(f"/sources/{UNKNOWN}/").status_code] == [
        200,
        404,
    ]


def with_fewest(app: Any, count: int) -> Any:
    return replace(app.config["SETTINGS"], unknown_ids=count)


def test_p12_what_is_there_is_not_counted(
    app: Any, as_: Any, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", with_fewest(app, 3))
    path = f"{HTTP}/projects/{project.id}"
    assert [as_("ann").get(path).status_code for _ in range(5)] == [200] * 5


def test_p13_an_editor_is_offered_only_people_of_shared_projects(
    app: Any, as_: Any, people: Any, project: Any
) -> None:
    page = as_("eve").get(f"/projects/{project.slug}/settings").text
    assert [name for name in ("Olga", "Cleo", "olga@", "cleo@") if name in page] == []
    with app.app_context():
        other = make_project(db.session, people, "other")
        db.session.add(Membership(project_id=other.id, user_id=people.olga, role="viewer", created_at=now()))
        db.session.commit()
    assert "Olga" in as_("eve").get(f"/projects/{project.slug}/settings").text


def test_p13_no_page_or_answer_lists_people_that_one_shares_nothing_with(world: World) -> None:
    for who in ("dee", "ann", "eve"):
        for path, answer in reading(world, who, world.desk):
            assert "olga@example.org" not in answer.text, (who, path)
            assert ">Olga" not in answer.text, (who, path)


ODD_QUERIES = (
    "sort=author.password_hash", "filter=author__password__startswith%3Dx", "fields=*", "order_by=created_by.email",
    "include=users", "q[]=x", "expand=created_by", "password_hash=x",
)  # fmt: skip
BAD_LIMITS = ("limit=1000000000", "limit=-1", "limit=0", "limit=x", "limit=1e3", "cursor=-1", "cursor=%00", "offset=5",
              "limit=1&limit=2", "sort=" + "%2C".join(f"c{number}" for number in range(100)))  # fmt: skip


@pytest.mark.parametrize("query", ODD_QUERIES)
def test_p14_a_list_takes_only_the_names_it_states(world: World, query: str) -> None:
    for name, method, rule in routes(world.app):
        if method == "GET" and name.startswith(HTTP):
            path, given = path_of(world, rule, method, world.desk), body_of(world, rule, method, world.desk)
            known = "&".join(f"{key}={value}" for key, value in given.get("query_string", {}).items())
            answer = world.client(who_may(name)).get(f"{path}?{known}&{query}")
            assert answer.status_code == 422, (path, query)


@pytest.mark.parametrize("query", BAD_LIMITS)
def test_p15_a_list_is_neither_endless_nor_negative(world: World, query: str) -> None:
    for name, method, rule in routes(world.app):
        if method == "GET" and name.startswith(HTTP):
            path = path_of(world, rule, method, world.desk)
            assert world.client(who_may(name)).get(f"{path}?{query}").status_code in (400, 422), (path, query)


def who_may(name: str) -> str:
    """Somebody who may read at a route."""
    return "cleo" if STATED["GET", name]["eve"] == "403" else "eve"


def test_p15_the_largest_page_is_200(world: World) -> None:
    path = f"{HTTP}/projects/{world.desk['project']}/articles"
    assert [world.client("eve").get(f"{path}?limit={count}").status_code for count in (200, 201)] == [
        200,
        422,
    ]


def test_p16_administration_asks_who_has_not_proved_it_lately(both_world: World) -> None:
    with both_world.app.app_context():
        long_ago = {"authenticated_at": now() - timedelta(days=2)}
        db.session.execute(
            update(LoginSession).where(LoginSession.user_id == both_world.people.cleo).values(long_ago)
        )
        db.session.commit()
    with untouched(both_world.app, but=REFUSED):
        for name, method, rule in routes(both_world.app):
            if name.startswith("/admin"):
                cleo: SignedIn = both_world.client("cleo")
                ids = both_world.desk
                given = body_of(both_world, rule, method, ids)
                answer = cleo.open(path_of(both_world, rule, method, ids), method=method, **given)
                assert answer.status_code == 403, (method, name)
