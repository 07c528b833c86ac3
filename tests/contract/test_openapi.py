"""The OpenAPI document: valid, complete, and true to what the routes answer; docs/api.md names every route."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from contract.requests_of import METHODS, QUERIES, routes
from contract.world import World
from openapi_spec_validator import OpenAPIV31SpecValidator

ROOT = Path(__file__).parents[2]
ROWS = list(
    csv.DictReader((Path(__file__).with_name("permissions.tsv")).read_text().splitlines(), delimiter="\t")
)
CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
WITHOUT = {"/api/v1/openapi.json"}
LISTS = re.compile(r"/(articles|sources|speakers|statements|annotations|members|snapshots|projects)$")


@pytest.fixture
def document(world: World) -> dict[str, Any]:
    found: dict[str, Any] = world.client("nobody").get("/api/v1/openapi.json").json
    return found


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, found in document["paths"].items()
        for method, operation in found.items()
        if method.upper() in METHODS
    }


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_route_of_the_api_is_documented_and_nothing_else(
    world: World, document: dict[str, Any]
) -> None:
    known = {
        (method, CONVERTER.sub(r"{\1}", path))
        for path, method, _ in routes(world.app)
        if path.startswith("/api/v1/") and path not in WITHOUT
    }
    assert set(operations(document)) == known


def test_every_status_that_people_meet_is_documented(document: dict[str, Any]) -> None:
    documented = operations(document)
    for row in ROWS:
        key = row["method"], CONVERTER.sub(r"{\1}", row["route"])
        if key in documented:
            met = {row[who] for who in list(row)[2:]}
            assert met <= set(documented[key]["responses"]), key


def test_every_refusal_is_documented_as_a_problem(document: dict[str, Any]) -> None:
    for key, operation in operations(document).items():
        refusals = {code: answer for code, answer in operation["responses"].items() if code >= "400"}
        assert {"400", "401", "403", "404", "405", "503"} <= set(refusals), key
        for code, answer in refusals.items():
            assert set(answer["content"]) == {"application/problem+json"}, (key, code)


def test_changes_document_their_conditions(document: dict[str, Any]) -> None:
    for (method, path), operation in operations(document).items():
        conditional = (
            method == "PATCH"
            or path.endswith(("/restore", "/merge", "/unmerge", "/passage", "/decision"))
            or method == "DELETE"
        ) and "members" not in path
        assert ({"412", "428"} <= set(operation["responses"])) == conditional, (method, path)


def test_lists_are_documented_as_pages(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for (method, path), operation in operations(document).items():
        if method == "GET" and LISTS.search(path):
            page = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit(
                "/", 1
            )[-1]
            assert set(schemas[page]["properties"]) == {"items", "next", "total"}, path


def test_paged_lists_document_what_they_take(document: dict[str, Any]) -> None:
    for (method, path), operation in operations(document).items():
        if method == "GET" and LISTS.search(path) and not path.endswith(("members", "snapshots")):
            names = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"}
            assert {"limit", "cursor", "total"} <= names, path


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    assert [key for key, operation in operations(document).items() if not operation.get("summary")] == []


def test_answers_have_the_documented_fields(world: World, document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    asked = {re.sub(r"<\w+:(\w+)>", r"{\1}", rule): query for (_, rule), query in QUERIES.items()}
    for (method, path), operation in operations(document).items():
        content = operation["responses"].get("200", {}).get("content", {})
        if method == "GET" and content:
            name = content["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
            ids = {**world.desk, "user": world.people.ann}
            ids |= {"snapshot": ids["copy"]} if path.endswith("/changes") else {}
            who = "cleo" if path == "/api/v1/audit" else "eve"
            answer = world.client(who).get(
                re.sub(r"{(\w+)_id}", lambda found, ids=ids: ids[found[1]], path),
                query_string=asked[path](ids) if path in asked else None,
            )
            assert set(answer.json) | {"total"} == set(schemas[name]["properties"]) | {"total"}, path


def test_the_page_of_the_api_names_every_route(world: World, document: dict[str, Any]) -> None:
    page = world.client("nobody").get("/api/docs").text
    assert [path for path in document["paths"] if f"<code>{path}</code>" not in page] == []


def test_the_manual_names_every_route(document: dict[str, Any]) -> None:
    manual = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    missing = [
        f"{method} {path}"
        for method, path in operations(document)
        if not re.search(rf"`{method} {re.escape(path.removeprefix('/api/v1'))}`", manual)
    ]
    assert missing == []


def test_the_manual_names_no_route_that_is_not_there(document: dict[str, Any]) -> None:
    manual = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    named = set(re.findall(rf"`({'|'.join(METHODS)}) (/[^`?\s]*)`", manual))
    known = {(method, path.removeprefix("/api/v1")) for method, path in operations(document)}
    assert named - known == set()
