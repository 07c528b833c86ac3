"""P01: every route, every method and everybody, as the reviewed table says; what it does not name is refused."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attacks.crowd import EVERYBODY, PEOPLE, expected, gather
from conftest import KEY
from contract.conftest import PATIENT
from contract.requests_of import body_of, path_of
from contract.world import World

from annotator.app import create_app
from annotator.config import Settings
from annotator.database import SAFE_METHODS

TABLE = Path(__file__).parents[1] / "contract/permissions.tsv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), delimiter="\t"))
STATED = {(row["method"], row["route"]): row for row in ROWS}
RULES = sorted({row["route"] for row in ROWS})
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO")
FEWEST = 5_000
FEWER = (*PEOPLE, "dan:write", "eve:write", "cleo:admin")
LOOKING = {"GET", "HEAD", "OPTIONS"}
UNCHANGED = {"302", "403", "404", "405"}


@pytest.fixture(scope="module")
def crowd(sqlite_template: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The contract tests' world with everybody in it."""
    folder = tmp_path_factory.mktemp("crowd")
    file = folder / "world.sqlite"
    file.write_bytes(sqlite_template)
    app = create_app(
        Settings(instance=str(folder), database_url=f"sqlite:///{file}", secret_key=KEY, **PATIENT)
    )
    yield gather(World(app, file))
    app.extensions["annotator.database"].engine.dispose()


def cells(name: str) -> list[tuple[str, str, str]]:
    """Give `(method, who, expected status)` for a route: the methods that it has not, too, for fewer tokens."""
    return [
        (method, who, answer_of(name, method, who))
        for method in METHODS
        for who in (EVERYBODY if _row(name, method) else FEWER)
    ]


def _row(name: str, method: str) -> dict[str, str] | None:
    return STATED.get(("GET" if method == "HEAD" else method, name))


def answer_of(name: str, method: str, who: str) -> str:
    """Give the status that the table states or implies."""
    row = _row(name, method)
    if row is not None:
        return expected(row, who)
    if who.startswith("dan:") and (name.startswith("/admin/") or method not in SAFE_METHODS):
        # a token that is none is told so before it is looked at what there is
        return "302" if method in ("GET", "HEAD") else "401"
    return "200" if method == "OPTIONS" else "405"


def ask(world: World, who: str, method: str, rule: Any) -> Any:
    """Send what a person with the right would send; for a method that the route has not, nothing."""
    ids = world.desk | world.own(who)
    verb = "GET" if method == "HEAD" else method
    known = verb if verb in rule.methods else next(iter(rule.methods - {"HEAD", "OPTIONS"}))
    given = body_of(world, rule, verb, ids) if verb in rule.methods else {}
    return world.client(who).open(path_of(world, rule, known, ids), method=method, buffered=True, **given)


@pytest.mark.parametrize("name", RULES)
def test_p01_every_method_answers_everybody_as_the_table_says(crowd: World, name: str) -> None:
    rules = [rule for rule in crowd.app.url_map.iter_rules() if rule.rule == name]
    wrong = []
    for method, who, status in cells(name):
        rule = next((rule for rule in rules if method in rule.methods), rules[0])
        answer = ask(crowd, who, method, rule)
        found = str(answer.status_code)
        wrong += [(method, who, found, status)] if found != status else []
        if method not in LOOKING and found not in UNCHANGED:
            crowd.restore()
    assert wrong == []


@pytest.mark.parametrize("name", RULES)
def test_p01_methods_that_a_route_has_not_are_named_in_allow(crowd: World, name: str) -> None:
    rules = [rule for rule in crowd.app.url_map.iter_rules() if rule.rule == name]
    allowed = set().union(*(rule.methods for rule in rules))
    for method in {"TRACE", "FOO", "PUT", "PATCH", "DELETE", "POST", "GET"} - allowed:
        answer = ask(crowd, "ann", method, rules[0])
        named = set(answer.headers.get("Allow", "").split(", "))
        assert (answer.status_code, allowed <= named) == (405, True), method


def test_p01_a_route_that_is_not_in_the_table_fails(crowd: World) -> None:
    routes = {
        (method, rule.rule)
        for rule in crowd.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routes == set(STATED)


def test_p01_asserts_no_fewer_cells_than_promised() -> None:
    count = sum(len(cells(name)) for name in RULES)
    print(
        f"permission table: {count} cells, {len(STATED)} of routes with their method, {len(EVERYBODY)} people"
    )
    assert count >= FEWEST
