"""Hostile JSON at every route of the API that takes a body: refused with 4xx, in our shape, and nothing changes."""

from itertools import product
from typing import Any

import pytest
from contract.requests_of import FILES, JSON, body_of, path_of, routes
from contract.world import World

from annotator.config import Settings

LARGE = Settings.max_upload
TYPES = {
    "integer": [0], "number": [1.9], "boolean": [True], "string": ["not it"], "array": [[], [[]]],
    "object": [{}, {"a": 1}], "null": [None],
}  # fmt: skip
# What stands for a field's value in the body, as bytes, and the status.
VALUES: dict[str, tuple[bytes, set[int]]] = {
    "NaN": (b"NaN", {422}), "Infinity": (b"-Infinity", {422}), "overflow": (b"1e999", {422}),
    "NUL": (rb'"a\u0000b"', {422}), "raw NUL": (b'"a\0b"', {400}), "lone surrogate": (rb'"\ud800"', {422}),
    "lone low surrogate": (rb'"\udc00x"', {422}), "surrogate bytes": (b'"\xed\xa0\x80"', {400}),
    "no UTF-8": (b'"\xff"', {400}), "UTF-16": ('"x"'.encode("utf-16"), {400}),
    "too deep": (b"[" * 33 + b"]" * 33, {422}),
    "very deep": (b"[" * 1000 + b"]" * 1000, {422}), "as deep as can be": (b"[" * 100_000, {422}),
    "objects in objects": (b'{"a":' * 40 + b"1" + b"}" * 40, {422}), "2^63": (b"9223372036854775808", {422}),
    "2^53": (b"9007199254740992", {422}), "5,000 digits": (b"1" * 5000, {422}), "1.9": (b"1.9", {422}),
    "true": (b"true", {422}), "leading zero": (b"01", {400}), "single quotes": (b"'x'", {400}),
    "comment": (b"/**/1", {400}),
    "unclosed": (b'"\\"\\"', {400}), "name twice": (b'{"a":1,"a":1}', {422}),
}  # fmt: skip
BODIES: dict[str, tuple[bytes, set[int]]] = {
    "list": (b"[]", {422}), "null": (b"null", {422}), "text": (b'"x"', {422}), "nothing": (b"", {400}),
    "number": (b"1", {422}), "two documents": (b"{}{}", {400}), "byte order mark": (b"\xef\xbb\xbf{}", {400}),
    "unknown field": (b'{"nonsense":1}', {422}), "prototype": (b'{"__proto__":{"is_admin":true}}', {422}),
}  # fmt: skip
OTHER_TYPES = (
    None,
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/jsonx",
)
IMPORTS = [key for key in sorted(FILES) if key[1].startswith("/api/") and key[1].endswith("/import")]
KEYS = sorted(JSON)
IDS = [" ".join(key) for key in KEYS]


def send(
    world: World, key: tuple[str, str], body: bytes, content_type: str | None = "application/json"
) -> Any:
    rule = next(rule for path, method, rule in routes(world.app) if (method, path) == key)
    given = body_of(world, rule, key[0], world.desk)
    path = path_of(world, rule, key[0], world.desk)
    headers = given.get("headers", {})
    return world.client("eve").open(
        path, method=key[0], data=body, content_type=content_type, headers=headers
    )


def fields_of(world: World, key: tuple[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of a route's body as OpenAPI states them, and the body of a right request."""
    document = world.client("nobody").get("/api/v1/openapi.json").json
    path = key[1].replace("<id:", "{").replace(">", "}")
    body = document["paths"][path][key[0].lower()]["requestBody"]["content"]["application/json"]["schema"]
    schema = document["components"]["schemas"][body["$ref"].rsplit("/", 1)[-1]]
    right: dict[str, Any] = JSON[key](world, world.desk)
    return schema["properties"], right


def assert_refused(answer: Any, statuses: set[int], what: Any) -> None:
    assert answer.status_code in statuses, (what, answer.text[:300])
    assert answer.content_type == "application/problem+json", what
    assert answer.json["detail"], what


@pytest.fixture
def unchanged(world: World) -> Any:
    before = world.counts(), len(world.events())
    yield world
    assert (world.counts(), len(world.events())) == before


def test_every_route_with_a_body_is_tried(world: World) -> None:
    paths = world.client("nobody").get("/api/v1/openapi.json").json["paths"]
    taking = {
        (method.upper(), path.replace("{", "<id:").replace("}", ">"))
        for path, operations in paths.items()
        for method, operation in operations.items()
        if isinstance(operation, dict)
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    assert taking == set(JSON) | set(IMPORTS)


@pytest.mark.parametrize("key", KEYS, ids=IDS)
def test_j01_to_j06_hostile_values_are_refused(unchanged: World, key: tuple[str, str]) -> None:
    name = next(iter(JSON[key](unchanged, unchanged.desk))).encode()
    for what, (value, statuses) in VALUES.items():
        assert_refused(send(unchanged, key, b'{"' + name + b'": ' + value + b"}"), statuses, what)


@pytest.mark.parametrize("key", KEYS, ids=IDS)
def test_j02_and_j07_bodies_that_are_no_object_of_ours_are_refused(
    unchanged: World, key: tuple[str, str]
) -> None:
    name = next(iter(JSON[key](unchanged, unchanged.desk))).encode()
    twice = {"a field twice": (b'{"%b": "x", "%b": "y"}' % (name, name), {422})}
    for what, (body, statuses) in (BODIES | twice).items():
        assert_refused(send(unchanged, key, body), statuses, what)


@pytest.mark.parametrize("key", KEYS, ids=IDS)
def test_j09_other_content_types_are_refused(unchanged: World, key: tuple[str, str]) -> None:
    for content_type in OTHER_TYPES:
        assert_refused(send(unchanged, key, b'{"a": 1}', content_type), {415}, content_type)


@pytest.mark.parametrize("key", KEYS, ids=IDS)
def test_j06_wrong_types_are_refused_at_their_field(unchanged: World, key: tuple[str, str]) -> None:
    known, right = fields_of(unchanged, key)
    for name, about in known.items():
        types = (
            [about["type"]] if isinstance(about.get("type"), str) else about.get("type", ["object", "null"])
        )
        wrong = [value for kind, values in TYPES.items() if kind not in types for value in values]
        for value in wrong:
            rule = next(rule for path, method, rule in routes(unchanged.app) if (method, path) == key)
            given = body_of(unchanged, rule, key[0], unchanged.desk)
            given["json"] = {**right, name: value}
            answer = unchanged.client("eve").open(
                path_of(unchanged, rule, key[0], unchanged.desk), method=key[0], **given
            )
            assert_refused(answer, {422}, (name, value))
            assert answer.json["errors"][0]["pointer"].startswith(f"/{name}"), (name, value)


@pytest.mark.parametrize("key", KEYS, ids=IDS)
def test_j08_two_megabytes_are_too_large_for_an_ordinary_route(
    unchanged: World, key: tuple[str, str]
) -> None:
    takes_text = key[1].endswith(("/recognise", "/articles/<id:article_id>", "/snapshots/<id:snapshot_id>"))
    size = LARGE + 1_000_000 if takes_text else 2_000_000
    body = b'{"title": "' + b"x" * size + b'"}'
    assert_refused(send(unchanged, key, body), {413}, size)


@pytest.mark.parametrize("key", IMPORTS, ids=[key[1] for key in IMPORTS])
def test_j01_to_j08_hostile_files_are_refused(unchanged: World, key: tuple[str, str]) -> None:
    rule = next(rule for path, method, rule in routes(unchanged.app) if (method, path) == key)
    path = path_of(unchanged, rule, key[0], unchanged.desk)
    client = unchanged.client("eve" if "project" in path else "cleo")
    whole = {what: (b'{"format": ' + value + b"}", known) for what, (value, known) in VALUES.items()}
    for what, (body, _) in (BODIES | whole).items():
        assert_refused(client.post(path, data=body, content_type="application/json"), {400, 422}, what)
    large = client.post(path, data=b" " * (LARGE + 1), content_type="application/json")
    assert_refused(large, {413}, "too large")


PLACES = [
    {"start": -1, "end": 5}, {"start": 5, "end": 4}, {"start": 5, "end": 5}, {"start": 0, "end": 100_000},
    {"start": 2**53 + 1, "end": 2**53 + 2}, {"start": 2**31, "end": 2**31 + 1}, {"start": 1.5, "end": 5},
    {"start": None, "end": 5}, {"start": "1", "end": 5}, {"start": True, "end": 5}, {"start": 0},
    {"end": 5}, {}, None, 7,
    {"start": 0, "end": 5, "exact": "Other"}, {"start": 0, "end": 5, "exact": ""}, {"start": 0, "end": 5, "exact": 5},
    {"start": 0, "end": 5, "anchor": "exact"},
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_o01_and_o02_a_place_that_is_none_is_refused(unchanged: World, place: Any) -> None:
    eve, desk = unchanged.client("eve"), unchanged.desk
    mark = {"snapshot": desk["snapshot"], "spans": [place]}
    changed = eve.change("PATCH", f"/api/v1/annotations/{desk['annotation']}", mark, version=1)
    assert_refused(changed, {422}, place)
    passage = {**place, "snapshot": desk["snapshot"]} if isinstance(place, dict) else place
    linked = eve.change("PATCH", f"/api/v1/links/{desk['link']}", {"passage": passage or 7}, version=1)
    assert_refused(linked, {422}, place)


QUERIES = [
    "limit=1000000000", "limit=0", "limit=-1", "limit=x", "limit=1.5", "limit=" + "9" * 5000, "limit=5&limit=6",
    "cursor=x", "cursor=WyJhIiwiYiJd", "cursor=WzEsMl0", "cursor=bnVsbA", "cursor=W1tdLFtdXQ", "cursor=%00",
    "cursor=" + "a" * 600, "total=perhaps", "sort=author.password_hash", "fields=*",
]  # fmt: skip
PAGED = [
    "projects", "projects/{project}/articles", "projects/{project}/sources", "projects/{project}/speakers",
    "projects/{project}/statements", "projects/{project}/annotations", "articles/{article}/annotations",
]  # fmt: skip


def test_odd_queries_of_a_list_are_refused(shared_world: World) -> None:
    eve = shared_world.client("eve")
    for path, query in product(PAGED, QUERIES):
        answer = eve.get(f"/api/v1/{path.format(**shared_world.desk)}?{query}")
        assert_refused(answer, {422}, (path, query))


FILTERS = [
    "projects/{project}/articles?q=%00", "projects/{project}/articles?status=odd",
    "projects/{project}/articles?tag=a%0ab",
    "projects/{project}/articles?assignee=x", "projects/{project}/statements?speaker=x",
    "projects/{project}/annotations?kind=x", "projects/{project}/annotations?author=%27",
    "projects/{project}/find?q=%00",
    "projects/{project}/find?article=1", "projects/{project}/find?limit=51", "articles/{article}/annotations?from=-1",
    "articles/{article}/annotations?to=9223372036854775808", "articles/{article}/annotations?from=x",
]  # fmt: skip


def test_odd_filters_are_refused(shared_world: World) -> None:
    for path in FILTERS:
        answer = shared_world.client("eve").get(f"/api/v1/{path.format(**shared_world.desk)}")
        assert_refused(answer, {422}, path)
