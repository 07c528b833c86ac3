"""The words that count are found in a copy of the far end, and a link without words and place is a draft."""

from types import SimpleNamespace
from typing import Any

import pytest
from contract.world import HTTP, put
from links.desk import COPY, change, keep_copy, link, make

from annotator.columns import new_id


@pytest.fixture
def desk(as_: Any, project: Any) -> SimpleNamespace:
    return make(as_, project)


def set_words(desk: SimpleNamespace, one: Any, copy: Any, words: str, **more: Any) -> Any:
    body = {"snapshot": copy["id"], "words": words, **more}
    return desk.ann.change("POST", f"{HTTP}/links/{one['id']}/passage", body, version=one["version"])


def test_words_typed_in_other_typography_become_the_passage(desk: SimpleNamespace) -> None:
    copy, made = keep_copy(desk.ann, desk.source), link(desk, source=desk.source["id"], relation="supports")
    found = set_words(desk, made, copy, '"the HARBOUR is - for now - yours."').json["passage"]
    start = COPY.index("“The harbour")
    assert (found["snapshot"], found["start"], found["end"]) == (copy["id"], start, COPY.index("”") + 1)
    assert COPY[found["start"] : found["end"]] == found["exact"]
    assert found["prefix"] == COPY[max(0, start - 32) : start]


def test_the_copies_of_a_statements_source_serve_the_statement(desk: SimpleNamespace) -> None:
    copy, made = keep_copy(desk.ann, desk.source), link(desk, statement=desk.statement["id"])
    assert set_words(desk, made, copy, "minutes of the council").json["passage"]["start"] == 0


def test_words_that_stand_in_several_places_ask_which(desk: SimpleNamespace) -> None:
    copy, made = keep_copy(desk.ann, desk.source), link(desk, source=desk.source["id"], relation="supports")
    refused = set_words(desk, made, copy, "The harbour is")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/which")
    assert "2 times" in refused.json["detail"]
    assert set_words(desk, made, copy, "The harbour is", which=2).json["passage"]["start"] == COPY.rindex(
        "The harbour"
    )


NOWHERE = [
    ("Nothing like it", {}, "/words"), ("minutes of", {"which": 2}, "/which"), ("  ", {}, "/words"),
    ("\u200b", {}, "/words"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "more", "field"), NOWHERE)
def test_words_that_do_not_stand_there_are_refused(
    desk: SimpleNamespace, words: str, more: Any, field: str
) -> None:
    copy, made = keep_copy(desk.ann, desk.source), link(desk, source=desk.source["id"], relation="supports")
    refused = set_words(desk, made, copy, words, **more)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, field)


def test_a_copy_of_another_source_is_none_of_the_far_end(desk: SimpleNamespace) -> None:
    other = put(desk.ann, "sources", {"project": desk.project.id, "title": "Other"})
    made = link(desk, source=desk.source["id"], relation="supports")
    refused = set_words(desk, made, keep_copy(desk.ann, other), "Minutes")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/passage/snapshot")


def test_a_link_to_a_source_without_words_and_place_is_a_draft(desk: SimpleNamespace) -> None:
    copy, made = keep_copy(desk.ann, desk.source), link(desk, source=desk.source["id"], relation="supports")
    assert (made["draft"], made["missing"][0][:30]) == (True, "Neither words nor a place in t")
    placed = change(desk.ann, made, locator_kind="page", locator="7").json
    assert (placed["draft"], placed["missing"]) == (False, [])
    again = change(desk.ann, placed, locator="").json
    assert again["draft"] is True
    assert set_words(desk, again, copy, "minutes of the council").json["draft"] is False


def test_a_link_to_a_statement_or_an_annotation_is_no_draft(desk: SimpleNamespace) -> None:
    ends = ({"statement": desk.statement["id"]}, {"target": desk.second["id"]})
    assert [link(desk, relation="supports", **end)["draft"] for end in ends] == [False, False]


def test_the_far_end_names_its_newest_copy(desk: SimpleNamespace) -> None:
    ends = ({"source": desk.source["id"]}, {"statement": desk.statement["id"]}, {"target": desk.second["id"]})
    links = [link(desk, **end) for end in ends]
    assert [one["far"]["copy"] for one in links] == [None, None, None]
    keep_copy(desk.ann, desk.source)
    newest = keep_copy(desk.ann, desk.source, "Another text.")
    kept = {"snapshot": newest["id"], "number": 2, "captured_at": newest["captured_at"]}
    found = [desk.ann.get(f"{HTTP}/links/{one['id']}").json["far"]["copy"] for one in links]
    assert found == [kept, kept, None]


def test_a_deleted_source_cannot_be_linked(desk: SimpleNamespace) -> None:
    made = put(desk.ann, "sources", {"project": desk.project.id, "title": "Gone"})
    if_match = {"headers": {"If-Match": '"1"'}}
    assert desk.ann.delete(f"{HTTP}/sources/{made['id']}", **if_match).status_code == 204
    body = {"annotation": desk.first["id"], "relation": "supports", "source": made["id"]}
    assert desk.ann.put(f"{HTTP}/links/{new_id()}", json=body).status_code == 422


def test_white_space_alone_is_no_passage(desk: SimpleNamespace) -> None:
    copy, made = keep_copy(desk.ann, desk.source), link(desk, source=desk.source["id"], relation="supports")
    place = COPY.index("\n")
    refused = change(desk.ann, made, passage={"snapshot": copy["id"], "start": place, "end": place + 1})
    assert (refused.status_code, "No words stand" in refused.json["detail"]) == (422, True)
