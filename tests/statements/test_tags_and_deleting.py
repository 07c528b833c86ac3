"""Topic tags of statements, and deleting what no link uses."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from contract.world import HTTP
from factories import sign_in
from statements.conftest import Desk

from annotator.columns import new_id


def test_tags_come_back_in_their_order_each_once(desk: Desk) -> None:
    made = desk.said("Never.", tags=["talks", "harbour", "talks"])
    assert made["tags"] == ["talks", "harbour"]
    assert desk.get(f"/statements/{made['id']}")["tags"] == ["talks", "harbour"]


def test_tags_are_replaced_by_a_change_and_journalled(desk: Desk) -> None:
    made = desk.said("Never.", tags=["talks", "harbour"])
    path = f"{HTTP}/statements/{made['id']}"
    changed = desk.ann.change("PATCH", path, {"tags": ["money", "talks"]}, version=1)
    assert (changed.json["tags"], changed.json["version"]) == (["money", "talks"], 2)
    same = desk.ann.change("PATCH", path, {"tags": ["money", "talks"]}, version=2)
    assert same.json["version"] == 2
    assert "money, talks" in desk.ann.get(f"/statements/{made['id']}/").text


@pytest.mark.parametrize("tags", [[""], "talks", [1], ["x" * 101], [str(n) for n in range(31)]])
def test_wrong_tags_are_refused(desk: Desk, tags: Any) -> None:
    body = {"project": desk.project.id, "speaker": desk.mayor["id"], "quote": "Never.", "tags": tags}
    refused = desk.ann.put(f"{HTTP}/statements/{new_id()}", json=body)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["pointer"].startswith("/tags")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tag=talks", ["One."]),
        ("q=talks", ["One."]),
        ("from=2023", ["Three."]),
        ("until=2022", ["One."]),
        ("from=2024-06-01&until=2024-06-30", ["Three."]),
        ("tag=talks&from=2024", []),
    ],
)
def test_statements_are_found_by_tag_and_by_the_days_they_may_be_of(
    desk: Desk, query: str, found: list[str]
) -> None:
    desk.said("One.", tags=["talks"], said_on="2022-10-04")
    desk.said("Two.")
    desk.said("Three.", said_on="2024")
    items = desk.get(f"/projects/{desk.project.id}/statements?{query}")["items"]
    assert sorted(item["quote"] for item in items) == found


def test_a_statement_that_no_link_uses_is_deleted_and_brought_back(desk: Desk) -> None:
    made = desk.said("Never.", tags=["talks"])
    path = f"{HTTP}/statements/{made['id']}"
    assert desk.ann.change("DELETE", path, version=1).status_code == 204
    assert desk.ann.get(path).status_code == 404
    assert desk.names_of(desk.mayor) == []
    back = desk.ann.change("POST", f"{path}/restore", version=2)
    assert (back.status_code, back.json["tags"], back.json["deleted"]) == (200, ["talks"], False)


def test_a_statement_in_use_says_where_it_is_used(desk: Desk) -> None:
    made = desk.said("Never.")
    link = desk.link(made)
    refused = desk.ann.change("DELETE", f"{HTTP}/statements/{made['id']}", version=1)
    assert (refused.status_code, refused.json["links"]) == (409, [link["id"]])
    assert "“The harbour”" in refused.json["detail"]
    desk.ann.change("DELETE", f"{HTTP}/links/{link['id']}", version=1)
    assert desk.ann.change("DELETE", f"{HTTP}/statements/{made['id']}", version=1).status_code == 204


def test_what_is_not_deleted_cannot_be_brought_back(desk: Desk) -> None:
    made = desk.said("Never.")
    refused = desk.ann.change("POST", f"{HTTP}/statements/{made['id']}/restore", version=1)
    assert (refused.status_code, refused.json["type"].rpartition("/")[2]) == (409, "wrong-state")


def test_of_linking_and_deleting_at_once_one_comes_first(desk: Desk, app: Any, people: Any) -> None:
    ben, gate = sign_in(app, people.ben), Barrier(2)

    def link(claim: str, statement: str) -> int:
        gate.wait()
        body = {"annotation": claim, "statement": statement, "relation": "supports"}
        return int(ben.put(f"{HTTP}/links/{new_id()}", json=body).status_code)

    def delete(statement: str) -> int:
        gate.wait()
        path = f"{HTTP}/statements/{statement}"
        return int(desk.ann.change("DELETE", path, version=1).status_code)

    claim = desk.claim()["id"]
    for number in range(6):
        statement = desk.said(f"Word {number}.")["id"]
        with ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(link, claim, statement), pool.submit(delete, statement)]
            assert [job.result() for job in jobs] in ([201, 409], [422, 204])
