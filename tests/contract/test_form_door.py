"""Hostile forms and addresses at every page: a page that says so, never a failure of ours, and nothing changes."""

from itertools import product
from typing import Any

import pytest
from contract.requests_of import FORMS, body_of, path_of, routes
from contract.world import World
from sqlalchemy import select

from annotator.accounts.models import User
from annotator.database import db

KEYS = sorted(FORMS)
VALUES: dict[str, Any] = {
    "nothing": "", "NUL": "a\0b", "twice": ["a", "b"], "long": "x" * 50_000, "negative": "-1", "digits": "9" * 5000,
    "fraction": "1.5", "lines": "a\r\nb", "sign": "\u202e\u2028", "markup": "<img src=x onerror=alert(1)>{{7*7}}",
    "no UTF-8": b"\xff\xfe", "half a pair": b"\xed\xa0\x80", "unknown id": "00000000-0000-7000-8000-000000000000",
}  # fmt: skip
QUERIES = (
    "q=%00", "q=%ff", "q=a&q=b", "cursor=x", "cursor=%00", "cursor=WzEsMl0", "cursor=WyJhXHUwMDAwIiwiYiJd",
    "status=odd", "tag=%00",
    "assignee=x", "kind=x", "state=%00", "author=x", "show=%00", "view=%00", "notice=%00",
    "next=//evil.example", "undo=x", "limit=0",
    "limit=9999999999999999999", "from=9999999999999999999", "to=-1", "q=" + "x" * 5000, "q=%25_%5C",
    "%00=%00", "version=%00",
)  # fmt: skip


def send(world: World, key: tuple[str, str], form: dict[str, Any]) -> Any:
    rule = next(rule for path, method, rule in routes(world.app) if (method, path) == key)
    who = "cleo" if key[1].startswith("/admin") else "ann" if "<id:passkey_id>" in key[1] else "eve"
    path = path_of(world, rule, key[0], world.desk | world.own(who))
    return world.client(who).open(path, method=key[0], data=form)


def fields_of(world: World, key: tuple[str, str]) -> dict[str, Any]:
    rule = next(rule for path, method, rule in routes(world.app) if (method, path) == key)
    found: dict[str, Any] = body_of(world, rule, key[0], world.desk)["data"]
    return found


def test_a_hostile_value_in_a_form_is_no_failure_of_ours(both_world: World) -> None:
    for key in KEYS:
        right = fields_of(both_world, key)
        for name, what in product(right, VALUES):
            answer = send(both_world, key, {**right, name: VALUES[what]})
            assert answer.status_code < 500, (key, name, what)
            assert "<img src=x" not in answer.text, (key, name, what)


@pytest.mark.parametrize("key", KEYS, ids=[key[1] for key in KEYS])
def test_an_empty_form_is_answered(world: World, key: tuple[str, str]) -> None:
    assert send(world, key, {}).status_code in (200, 303, 409, 412, 422)


@pytest.mark.parametrize("key", KEYS, ids=[key[1] for key in KEYS])
def test_a_form_with_a_field_of_somebody_elses_making_changes_nothing_more(
    world: World, key: tuple[str, str]
) -> None:
    more = {
        "id": "x",
        "is_admin": "1",
        "active": "",
        "password_hash": "x",
        "project_id": "x",
        "created_by_id": "x",
    }
    admins = [row for row in users(world) if row.is_admin]
    assert send(world, key, {**fields_of(world, key), **more}).status_code in (200, 303, 409, 422)
    assert [row.id for row in users(world) if row.is_admin] == [row.id for row in admins]


def users(world: World) -> list[Any]:
    with world.app.app_context():
        return list(db.session.execute(select(User.id, User.is_admin).order_by(User.id)))


def test_odd_addresses_are_no_failure_of_ours(shared_world: World) -> None:
    for path, method, rule in routes(shared_world.app):
        if method == "GET" and not path.startswith("/api/v1"):
            address = path_of(shared_world, rule, method, shared_world.desk)
            for query in QUERIES:
                who = "cleo" if path.startswith("/admin") else "eve"
                answer = shared_world.client(who).get(f"{address}?{query}", buffered=True)
                assert answer.status_code < 500, (path, query)


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)",
                                    "http://localhost@evil.example", "/%09/evil.example",
                                    "/\t/evil.example", "\\\\evil.example"])  # fmt: skip
def test_nobody_is_led_to_another_site(world: World, target: str) -> None:
    answer = world.client("eve").get("/login", query_string={"next": target})
    assert answer.status_code == 303
    assert answer.headers["Location"] in ("/", "/%09/evil.example")
