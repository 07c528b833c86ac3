"""What people may not see or do: on both databases, with ids of another project, from when they lose a right.

The whole table of permissions.tsv is asked in tests/attacks/test_p01_table.py.
"""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from contract.requests_of import UNKNOWN, body_of, path_of, routes
from contract.world import HTTP, World, annotation

TABLE = Path(__file__).with_name("permissions.tsv")
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), delimiter="\t"))
PEOPLE = tuple(ROWS[0])[2:]
SAMPLE = (
    ("GET", "/"), ("GET", "/account"), ("GET", "/admin/people"), ("GET", "/admin/projects/<id:project_id>"),
    ("GET", "/projects/<slug:project_slug>/"), ("GET", "/articles/<id:article_id>/"),
    ("GET", "/articles/<id:article_id>/annotations"), ("PATCH", f"{HTTP}/projects/<id:project_id>"),
    ("PATCH", f"{HTTP}/articles/<id:article_id>"), ("PATCH", f"{HTTP}/sources/<id:source_id>"),
    ("PATCH", f"{HTTP}/statements/<id:statement_id>"), ("PATCH", f"{HTTP}/annotations/<id:annotation_id>"),
    ("PATCH", f"{HTTP}/links/<id:link_id>"), ("GET", f"{HTTP}/snapshots/<id:snapshot_id>"), ("GET", f"{HTTP}/me"),
)  # fmt: skip
MASKED = re.compile(r'(name="csrf-token" content|name="csrf_token" value)="[^"]*"')


def ask(world: World, who: str, method: str, rule: Any, ids: dict[str, str]) -> Any:
    given = body_of(world, rule, method, ids)
    path = path_of(world, rule, method, ids)
    return world.client(who).open(path, method=method, buffered=True, **given)


def rule_of(world: World, method: str, name: str) -> Any:
    return next(rule for path, verb, rule in routes(world.app) if (verb, path) == (method, name))


def test_p01_both_databases_answer_alike(shared_world: World) -> None:
    rows = {(row["method"], row["route"]): row for row in ROWS}
    for key in SAMPLE:
        rule = rule_of(shared_world, *key)
        people = [who for who in PEOPLE if rows[key][who] != "200" or key[0] == "GET"]
        found = {
            who: str(ask(shared_world, who, key[0], rule, shared_world.desk).status_code) for who in people
        }
        assert found == {who: rows[key][who] for who in people}, key


def _of_projects(world: World) -> list[tuple[str, str, Any]]:
    """The routes whose thing belongs to a project; where a PUT makes it, the body names what it belongs to."""
    things = re.compile(r"<(id:(?!user_id|session_id|token_id|passkey_id)|slug:)")
    found = [row for row in routes(world.app) if things.search(row[0])]
    return [row for row in found if row[1] != "PUT" or "user_id" in row[0]]


@pytest.mark.parametrize(("who", "theirs"), [("ann", "other"), ("olga", "desk"), ("eve:write", "other")])
def test_p02_and_p10_ids_of_another_project_answer_as_unknown_ones(
    world: World, who: str, theirs: str
) -> None:
    foreign: dict[str, str] = getattr(world, theirs)
    unknown = {**dict.fromkeys(foreign, UNKNOWN), "slug": "unknown"}
    for path, method, rule in _of_projects(world):
        first, second = (ask(world, who, method, rule, ids) for ids in (foreign, unknown))
        expected = 403 if path.startswith("/admin") else 404
        assert (first.status_code, second.status_code) == (expected, expected), (method, path)
        assert MASKED.sub("", first.text) == MASKED.sub("", second.text), (method, path)
        assert _headers(first) == _headers(second), (method, path)


def _headers(answer: Any) -> list[tuple[str, str]]:
    """What tells two answers apart, but for what is new with every answer; the page's token is of one length."""
    return sorted((name, value) for name, value in answer.headers if name not in {"Date", "X-Request-Id"})


CREATED = ("articles", "sources", "speakers", "statements", "annotations", "links")
REFERENCES = [
    ("articles", "project", 404), ("sources", "project", 404), ("speakers", "project", 404),
    ("statements", "project", 404), ("statements", "speaker", 422), ("statements", "source", 422),
    ("annotations", "article", 404), ("annotations", "snapshot", 409), ("annotations", "claimant", 422),
    ("annotations", "assignee", 422), ("links", "annotation", 404), ("links", "source", 422),
    ("links", "statement", 422), ("links", "target", 422), ("links", "passage", 422),
]  # fmt: skip


def _body(world: World, things: str, field: str, ids: dict[str, str]) -> dict[str, Any]:
    here = world.desk
    known = {"project": here["project"], "title": "A law", "text": "Some words."}
    body: dict[str, Any] = {
        "articles": known,
        "sources": {"project": here["project"], "title": "A law"},
        "speakers": {"project": here["project"], "name": "Nobody"},
        "statements": {"project": here["project"], "speaker": here["speaker"], "quote": "Words."},
        "annotations": annotation({"id": here["article"], "snapshot": here["snapshot"]}),
        "links": {"annotation": here["annotation"], "relation": "supports"},
    }[things]
    if field == "passage":
        return {
            **body,
            "source": here["source"],
            "passage": {"snapshot": ids["snapshot"], "start": 0, "end": 2},
        }
    far = (
        {} if field in ("source", "statement", "target") or things != "links" else {"source": here["source"]}
    )
    names = {"claimant": "speaker", "assignee": "person"}
    return {**body, **far, field: ids[names.get(field, field)]}


@pytest.mark.parametrize(("things", "field", "status"), REFERENCES)
def test_p03_a_body_that_names_another_projects_thing_is_refused_as_unknown(
    world: World, things: str, field: str, status: int
) -> None:
    foreign = {**world.other, "person": world.people.olga}
    unknown = dict.fromkeys(foreign, UNKNOWN)
    path = f"{HTTP}/{things}/{UNKNOWN}"
    answers = [
        world.client("eve").put(path, json=_body(world, things, field, ids)) for ids in (foreign, unknown)
    ]
    assert [answer.status_code for answer in answers] == [status, status], answers[0].text
    assert answers[0].data == answers[1].data


CHANGED = [
    ("articles", "article", {"assignees": ["person"]}), ("statements", "statement", {"speaker": "speaker"}),
    ("statements", "statement", {"source": "source"}), ("annotations", "annotation", {"claimant": "speaker"}),
    ("annotations", "annotation", {"assignee": "person"}),
    ("links", "link", {"passage": {"snapshot": "snapshot", "start": 0, "end": 2}}),
]  # fmt: skip


def _named(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _named(inner, ids) for key, inner in value.items()}
    return [_named(inner, ids) for inner in value] if isinstance(value, list) else ids.get(str(value), value)


@pytest.mark.parametrize(("things", "thing", "change"), CHANGED)
def test_p03_a_change_that_names_another_projects_thing_is_refused_as_unknown(
    world: World, things: str, thing: str, change: dict[str, Any]
) -> None:
    foreign = {**world.other, "person": world.people.olga}
    unknown = dict.fromkeys(foreign, UNKNOWN)
    path = f"{HTTP}/{things}/{world.desk[thing]}"
    eve = world.client("eve")
    answers = [eve.change("PATCH", path, _named(change, ids), version=1) for ids in (foreign, unknown)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].data == answers[1].data


LISTS = [
    ("projects", "projects", "project"), ("projects/{project}/articles", "articles", "article"),
    ("projects/{project}/articles", "articles", "gone_article"), ("projects/{project}/sources", "sources", "source"),
    ("projects/{project}/speakers", "speakers", "speaker"),
    ("projects/{project}/statements", "statements", "statement"),
    ("projects/{project}/annotations", "annotations", "annotation"),
    ("projects/{project}/annotations", "annotations", "gone_annotation"),
    ("articles/{article}/annotations", "annotations", "annotation"),
    ("articles/{article}/annotations", "annotations", "gone_annotation"),
    ("articles/{article}/annotations", "links", "link"), ("articles/{article}/annotations", "links", "gone_link"),
    ("articles/{article}/spans", "annotations", "gone_annotation"),
    ("articles/{article}/snapshots", "snapshots", "snapshot"), ("projects/{project}/find", "sources", "source"),
    ("projects/{project}/find", "annotations", "gone_annotation"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "things", "thing"), LISTS)
def test_p05_a_thing_is_in_the_list_exactly_when_it_may_be_read(
    world: World, path: str, things: str, thing: str
) -> None:
    for ids in (world.desk, world.other):
        for who in ("nobody", "olga", "dee", "ann", "eve", "cleo", "dan"):
            listed = ids[thing] in world.client(who).get(f"{HTTP}/{path.format(**ids)}").text
            read = world.client(who).get(f"{HTTP}/{things}/{ids[thing]}").status_code == 200
            assert listed == read, (who, path)


@pytest.mark.parametrize("name", ["session", "token"])
def test_nobody_ends_what_belongs_to_another_person(world: World, name: str) -> None:
    verb = {"session": "end", "token": "revoke"}[name]
    path = f"/account/{name}s/{world.own('ann')[name]}/{verb}"
    assert [world.client(who).post(path).status_code for who in ("ben", "cleo")] == [404, 404]
    assert world.client("ann").get(f"{HTTP}/me").status_code == 200


def test_rights_withdrawn_count_from_the_next_request_on(world: World) -> None:
    ann, path = world.client("ann"), f"{HTTP}/sources/{world.desk['source']}"
    assert ann.get(path).status_code == 200
    member = f"{HTTP}/projects/{world.desk['project']}/members/{world.people.ann}"
    assert world.client("eve").delete(member).status_code == 204
    assert ann.get(path).status_code == 404
