"""A statement's source, the place in it, and how long it holds: who may change them, and to what."""

from typing import Any

import pytest
from contract.world import HTTP, put
from links.desk import keep_copy
from statements.conftest import Desk
from statements.test_pages_statements import opened

from annotator.columns import new_id

PLACED = {"locator_kind": "page", "locator": "77"}


@pytest.fixture
def source(desk: Desk) -> dict[str, Any]:
    """Minutes of the project that everybody may see."""
    return put(desk.ann, "sources", {"project": desk.project.id, "title": "Minutes"})


@pytest.fixture
def secret(desk: Desk) -> dict[str, Any]:
    """A source that Ann alone may read."""
    about = {"project": desk.project.id, "title": "Our man", "confidentiality": "protected"}
    return put(desk.ann, "sources", about)


def patch(client: Any, statement: dict[str, Any], **fields: Any) -> Any:
    """Change a statement in its first version."""
    return client.change("PATCH", f"{HTTP}/statements/{statement['id']}", fields, version=1)


def delete(client: Any, source: dict[str, Any]) -> None:
    """Delete a source in its first version."""
    assert client.change("DELETE", f"{HTTP}/sources/{source['id']}", version=1).status_code == 204


@pytest.mark.parametrize(
    "fields", [{"source": None}, {"locator": ""}, {"locator": "77"}, {"locator_kind": None}]
)
def test_who_may_not_read_the_source_changes_neither_it_nor_the_place(
    desk: Desk, as_: Any, secret: dict[str, Any], fields: dict[str, Any]
) -> None:
    made = desk.said("Never.", source=secret["id"], **PLACED)
    refused = patch(as_("ben"), made, **fields)
    assert (refused.status_code, "named readers" in refused.json["detail"]) == (403, True)
    assert desk.get(f"/statements/{made['id']}") == made


def test_who_may_not_read_the_source_changes_the_rest(desk: Desk, as_: Any, secret: dict[str, Any]) -> None:
    made = desk.said("Never.", source=secret["id"], **PLACED)
    assert patch(as_("ben"), made, source=secret["id"], role="Mayor").status_code == 200
    now = desk.get(f"/statements/{made['id']}")
    assert (now["role"], now["source"]["id"], now["locator"]) == ("Mayor", secret["id"], "77")


def test_the_form_leaves_out_what_may_not_be_seen_and_keeps_it(
    desk: Desk, as_: Any, secret: dict[str, Any]
) -> None:
    made, ben = desk.said("Never.", source=secret["id"], **PLACED), as_("ben")
    path = f"/statements/{made['id']}/edit"
    page = ben.get(path).text
    assert [name for name in ("source", "locator", "locator_kind") if f'id="f-{name}"' in page] == []
    assert ben.post(path, data={**opened(ben, path), "role": "Mayor"}).status_code == 303
    assert desk.get(f"/statements/{made['id']}")["locator"] == "77"


def test_a_form_sent_with_a_place_that_may_not_be_seen_is_refused(
    desk: Desk, as_: Any, secret: dict[str, Any]
) -> None:
    made, ben = desk.said("Never.", source=secret["id"], **PLACED), as_("ben")
    path = f"/statements/{made['id']}/edit"
    assert ben.post(path, data={**opened(ben, path), "locator": "78"}).status_code == 403


def test_another_source_takes_the_place_away(
    desk: Desk, source: dict[str, Any], secret: dict[str, Any]
) -> None:
    made = desk.said("Never.", source=secret["id"], **PLACED)
    now = patch(desk.ann, made, source=source["id"]).json
    assert (now["source"]["id"], now["locator_kind"], now["locator"]) == (source["id"], None, "")


def test_another_source_comes_with_a_new_place(
    desk: Desk, source: dict[str, Any], secret: dict[str, Any]
) -> None:
    made = desk.said("Never.", source=secret["id"], **PLACED)
    now = patch(desk.ann, made, source=source["id"], locator="3").json
    assert (now["locator_kind"], now["locator"]) == (None, "3")


def test_a_first_source_keeps_the_place(desk: Desk, source: dict[str, Any]) -> None:
    made = desk.said("Never.", **PLACED)
    now = patch(desk.ann, made, source=source["id"]).json
    assert (now["locator_kind"], now["locator"]) == ("page", "77")


@pytest.fixture
def quoted(desk: Desk, source: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """A statement, and the path of a link to it with words in a copy of the statement's source."""
    made, copy = desk.said("Never.", source=source["id"]), keep_copy(desk.ann, source)
    ends = {"annotation": desk.claim()["id"], "statement": made["id"], "relation": "quotes"}
    link = put(desk.ann, "links", {**ends, "passage": {"snapshot": copy["id"], "start": 0, "end": 7}})
    return made, f"{HTTP}/links/{link['id']}"


def test_a_source_stays_while_a_link_has_its_words_in_a_copy_of_it(
    desk: Desk, quoted: tuple[dict[str, Any], str]
) -> None:
    made, link = quoted
    refused = patch(desk.ann, made, source=None)
    assert (refused.status_code, refused.json["links"]) == (409, [link.rpartition("/")[2]])
    assert "“The harbour” has its words in a copy" in refused.json["detail"]
    desk.ann.change("PATCH", link, {"passage": None}, version=1)
    assert patch(desk.ann, made, source=None).status_code == 200


def test_a_deleted_link_keeps_the_source_of_its_words_too(
    desk: Desk, quoted: tuple[dict[str, Any], str]
) -> None:
    made, link = quoted
    desk.ann.change("DELETE", link, version=1)
    refused = patch(desk.ann, made, source=None)
    assert (refused.status_code, "Bring back what is deleted" in refused.json["detail"]) == (409, True)


def test_a_deleted_source_is_no_source_of_a_statement(desk: Desk, source: dict[str, Any]) -> None:
    delete(desk.ann, source)
    body = {
        "project": desk.project.id,
        "speaker": desk.mayor["id"],
        "quote": "Never.",
        "source": source["id"],
    }
    refused = desk.ann.put(f"{HTTP}/statements/{new_id()}", json=body)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/source")


def test_a_deleted_source_is_neither_offered_nor_found_by_its_title(
    desk: Desk, source: dict[str, Any]
) -> None:
    delete(desk.ann, source)
    path = f"/projects/{desk.project.slug}/statements/new"
    assert '<option value="Minutes">' not in desk.ann.get(path).text
    typed = {"speaker": "The mayor", "quote": "Never.", "source": "Minutes"}
    assert "No one source here has this title" in desk.ann.post(path, data=typed).text
    again = put(desk.ann, "sources", {"project": desk.project.id, "title": "Minutes"})
    made = desk.ann.post(path, data=typed).location.split("/")[2]
    assert desk.get(f"/statements/{made}")["source"]["id"] == again["id"]


def test_a_statement_comes_back_only_after_its_source(desk: Desk, source: dict[str, Any]) -> None:
    made = desk.said("Never.", source=source["id"])
    path = f"{HTTP}/statements/{made['id']}"
    desk.ann.change("DELETE", path, version=1)
    delete(desk.ann, source)
    refused = desk.ann.change("POST", f"{path}/restore", version=2)
    assert (refused.status_code, "Bring the source back first." in refused.json["detail"]) == (409, True)
    page = desk.ann.post(f"/statements/{made['id']}/restore")
    assert (page.status_code, "Bring the source back first." in page.text) == (409, True)
    desk.ann.change("POST", f"{HTTP}/sources/{source['id']}/restore", version=2)
    assert desk.ann.change("POST", f"{path}/restore", version=2).status_code == 200


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "status"),
    [
        ("2023", "2021", 422),
        ("2023-05", "2023-04-30", 422),
        ("2023-05", "2023", 201),
        ("2023", "2023-01-01", 201),
        ("2023-05-01", "2023-05-01", 201),
        (None, "2021", 201),
    ],
)
def test_nothing_holds_until_a_day_before_it_begins(
    desk: Desk, valid_from: str | None, valid_until: str, status: int
) -> None:
    body = {"project": desk.project.id, "speaker": desk.mayor["id"], "quote": "Never."}
    dated = {**body, "valid_from": valid_from, "valid_until": valid_until}
    answer = desk.ann.put(f"{HTTP}/statements/{new_id()}", json=dated)
    pointers = [row["pointer"] for row in answer.json.get("errors", [])]
    assert (answer.status_code, pointers) == (status, ["/valid_until"] if status == 422 else [])


def test_one_changed_date_is_checked_against_the_other(desk: Desk) -> None:
    made = desk.said("Never.", valid_from="2023")
    assert patch(desk.ann, made, valid_until="2022").status_code == 422
    assert patch(desk.ann, made, valid_until="2022", valid_from="2021").status_code == 200


@pytest.mark.parametrize("page", ["new", "edit"])
def test_a_form_says_so_at_the_field(desk: Desk, page: str) -> None:
    made = desk.said("Never.", valid_from="2023")
    edit = f"/statements/{made['id']}/edit"
    path = {"new": f"/projects/{desk.project.slug}/statements/new", "edit": edit}[page]
    typed = {**opened(desk.ann, edit), "quote": f"Never {page}.", "valid_until": "2021"}
    answer = desk.ann.post(path, data=typed)
    assert answer.status_code == 422
    assert 'id="f-valid_until-error">It would hold until a day before' in answer.text
