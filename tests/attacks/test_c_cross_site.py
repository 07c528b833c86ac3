"""C: what a page of another site can make a browser send is refused, and what it may read is nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from attacks.untouched import untouched
from contract.requests_of import JSON, QUERIES, body_of, path_of, routes
from contract.world import HTTP, World
from flask.testing import FlaskClient

EVIL = "https://evil.example"
ANYWAY = (
    "events",
    "login_sessions",
    "api_tokens",
    "rate_counts",
)  # a refusal's line and count; when one was last seen
ELSEWHERE: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
]  # fmt: skip
FOREIGN = [
    EVIL,
    "null",
    "http://localhost.evil.example",
    "http://localhost:81",
    "https://localhost",
    "http://evil@localhost",
]
FORM_TYPES = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "")


def writing(world: World, who: str = "eve") -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every writing route, as somebody with the right would ask it: method, path, what goes with it."""
    for _, method, rule in routes(world.app):
        if method != "GET":
            ids = world.desk | world.own(who)
            yield method, path_of(world, rule, method, ids), body_of(world, rule, method, ids)


def send(
    world: World, who: str, method: str, path: str, given: dict[str, Any], headers: dict[str, str]
) -> Any:
    """Send with these headers alone, and with the token of the page, which is not what is tried here."""
    client = world.client(who)
    sent = {**given.get("headers", {}), "X-CSRF-Token": client.token, **headers}
    return FlaskClient.open(client, path, method=method, buffered=True, **{**given, "headers": sent})


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_c01_no_route_is_written_to_from_another_site(world: World, headers: dict[str, str]) -> None:
    with untouched(world.app, but=ANYWAY):
        for method, path, given in writing(world):
            assert send(world, "eve", method, path, given, headers).status_code == 403, (method, path)


def test_c01_nor_with_nobody_signed_in(world: World) -> None:
    with untouched(world.app):
        for method, path, given in writing(world, "nobody"):
            answer = send(world, "nobody", method, path, given, {"Sec-Fetch-Site": "cross-site"})
            assert answer.status_code == 403, (method, path)


@pytest.mark.parametrize("origin", FOREIGN)
def test_c02_without_fetch_metadata_the_origin_must_be_ours(world: World, origin: str) -> None:
    with untouched(world.app, but=ANYWAY):
        for method, path, given in writing(world):
            assert send(world, "eve", method, path, given, {"Origin": origin}).status_code == 403, (
                method,
                path,
            )


def test_c03_a_cookie_without_a_word_on_where_it_comes_from_is_refused(world: World) -> None:
    with untouched(world.app, but=ANYWAY):
        for method, path, given in writing(world):
            assert send(world, "eve", method, path, given, {}).status_code == 403, (method, path)


def test_c03_a_bearer_token_needs_no_such_word(world: World) -> None:
    path, change = f"{HTTP}/sources/{world.desk['source']}", {"json": {"title": "New"}}
    answer = send(world, "eve:write", "PATCH", path, change, {"If-Match": '"1"'})
    assert (answer.status_code, answer.json["title"]) == (200, "New")


def test_c03_a_token_that_fails_does_not_fall_back_to_the_cookie(world: World) -> None:
    path = f"{HTTP}/sources/{world.desk['source']}"
    wrong = {"If-Match": '"1"', "Authorization": "Bearer ann_wrong"}
    with untouched(world.app, but=ANYWAY):
        assert send(world, "eve", "PATCH", path, {"json": {"title": "New"}}, wrong).status_code == 401


@pytest.mark.parametrize("kind", FORM_TYPES)
def test_c04_json_is_taken_as_json_alone(world: World, kind: str) -> None:
    with untouched(world.app, but=ANYWAY):
        for method, path, given in writing(world):
            if "json" in given:
                body = {**given, "content_type": kind, "data": b'{"title": "New"}', "json": None}
                answer = send(world, "eve", method, path, body, {"Sec-Fetch-Site": "same-origin"})
                assert answer.status_code == 415, (method, path)


def test_c04_is_tried_on_every_route_that_takes_json(world: World) -> None:
    there = {(method, rule.rule) for _, method, rule in routes(world.app)}
    assert set(JSON) <= there
    assert set(QUERIES) <= there


def test_c05_reading_changes_nothing_however_often(world: World) -> None:
    with untouched(world.app, but=ANYWAY):
        for path, method, rule in routes(world.app):
            if method == "GET":
                given = {"buffered": True, **body_of(world, rule, method, world.desk)}
                for _ in range(2):
                    answer = world.client("eve").get(path_of(world, rule, method, world.desk), **given)
                    assert answer.status_code < 500, path


def test_c05_what_reading_leaves_are_lines_of_exports_and_refusals(world: World) -> None:
    before = len(world.events())
    for _, method, rule in routes(world.app):
        if method == "GET":
            world.client("eve").get(path_of(world, rule, method, world.desk), buffered=True)
    left = {line.action for line in world.events()[before:]}
    assert left == {"request:refused", "project:exported", "article:exported"}


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_c06_no_answer_may_be_read_by_another_origin(world: World, method: str) -> None:
    asked = {
        "Origin": EVIL,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "if-match",
    }
    for name, verb, rule in routes(world.app):
        if verb == "GET":
            answer = send(world, "eve", method, path_of(world, rule, verb, world.desk), {}, asked)
            allowed = [key for key, _ in answer.headers if key.lower().startswith("access-control-")]
            assert allowed == [], name
