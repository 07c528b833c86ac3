"""Speakers and statements over the JSON API."""

from types import SimpleNamespace
from typing import Any

import pytest
from contract.world import HTTP, put

from annotator.columns import new_id

WHOLE = {
    "quote": "Ніколи\nне продамо.", "role": "Mayor", "language": "uk",
    "translation": "We shall never sell.", "translator": "Ann",
    "said_on": "2025-02", "occasion": "Session 12", "medium": "speech", "locator_kind": "timecode",
    "locator": "00:12:07",
    "valid_from": "2022-10-04", "valid_until": "2023",
}  # fmt: skip


@pytest.fixture
def desk(as_: Any, project: Any) -> SimpleNamespace:
    ann = as_("ann")
    speaker = put(ann, "speakers", {"project": project.id, "name": "The mayor"})
    return SimpleNamespace(
        ann=ann, speaker=speaker, base={"project": project.id, "speaker": speaker["id"], "quote": "Never."}
    )


def test_every_field_comes_back_as_it_was_given(desk: SimpleNamespace) -> None:
    made = put(desk.ann, "statements", {**desk.base, **WHOLE})
    assert WHOLE.items() <= made.items()
    assert made["speaker"] == {"id": desk.speaker["id"], "name": "The mayor"}
    assert desk.ann.get(f"{HTTP}/statements/{made['id']}").json == made


def test_who_and_which_words_are_enough(desk: SimpleNamespace) -> None:
    made = put(desk.ann, "statements", desk.base)
    assert (made["medium"], made["said_on"], made["source"], made["locator_kind"]) == (
        "other",
        None,
        None,
        None,
    )
    for missing in ("speaker", "quote", "project"):
        body = {name: value for name, value in desk.base.items() if name != missing}
        refused = desk.ann.put(f"{HTTP}/statements/{new_id()}", json=body)
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, f"/{missing}")


def test_each_field_can_be_changed(desk: SimpleNamespace) -> None:
    path = f"{HTTP}/statements/{put(desk.ann, 'statements', desk.base)['id']}"
    for version, (name, value) in enumerate(WHOLE.items(), 1):
        assert desk.ann.change("PATCH", path, {name: value}, version=version).json[name] == value


def test_a_statement_is_tied_to_the_source_it_is_found_in(desk: SimpleNamespace) -> None:
    source = put(
        desk.ann,
        "sources",
        {"project": desk.base["project"], "title": "Minutes", "url": "https://example.org"},
    )
    made = put(desk.ann, "statements", {**desk.base, "source": source["id"]})
    assert made["source"] == {"id": source["id"], "title": "Minutes", "url": "https://example.org"}
    cut = desk.ann.change("PATCH", f"{HTTP}/statements/{made['id']}", {"source": None}, version=1)
    assert (cut.status_code, cut.json["source"]) == (200, None)


def test_a_speaker_carries_other_names_and_a_web_address(desk: SimpleNamespace) -> None:
    about = {
        "kind": "state_body",
        "also_known_as": ["Рада", "The council"],
        "same_as": "https://example.org/Q1",
        "description": "A body",
    }
    made = put(desk.ann, "speakers", {"project": desk.base["project"], "name": "Council", **about})
    assert about.items() <= made.items()
    renamed = desk.ann.change("PATCH", f"{HTTP}/speakers/{made['id']}", {"name": "City council"}, version=1)
    assert renamed.json["name"] == "City council"
    for name, wrong in (("name", ""), ("kind", "robot"), ("same_as", "Q1"), ("also_known_as", [""])):
        refused = desk.ann.change("PATCH", f"{HTTP}/speakers/{made['id']}", {name: wrong}, version=2)
        assert refused.json["errors"][0]["pointer"].startswith(f"/{name}")


def test_a_renamed_speaker_is_renamed_wherever_it_is_named(desk: SimpleNamespace) -> None:
    made = put(desk.ann, "statements", desk.base)
    desk.ann.change("PATCH", f"{HTTP}/speakers/{desk.speaker['id']}", {"name": "The former mayor"}, version=1)
    assert desk.ann.get(f"{HTTP}/statements/{made['id']}").json["speaker"]["name"] == "The former mayor"


@pytest.mark.parametrize("value", ["2022-13", "about 2022", 2022])
@pytest.mark.parametrize("field", ["said_on", "valid_from", "valid_until"])
def test_a_date_that_is_none_is_refused(desk: SimpleNamespace, field: str, value: Any) -> None:
    refused = desk.ann.put(f"{HTTP}/statements/{new_id()}", json={**desk.base, field: value})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, f"/{field}")
