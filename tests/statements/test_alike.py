"""What is there already is noticed while somebody types."""

from typing import Any
from urllib.parse import urlencode

import pytest
from statements.conftest import Desk


def alike(desk: Desk, things: str, **typed: str) -> list[tuple[str, str]]:
    items = desk.get(f"/projects/{desk.project.id}/{things}/like?{urlencode(typed)}")["items"]
    return [(item["id"], item["reason"]) for item in items]


@pytest.mark.parametrize(
    "typed",
    [
        "We will never sell it.",
        "we will never  sell it",
        "“We will never sell it.”",
        "We will never\nsell it.",
    ],
)
def test_same_words_are_known_whatever_their_typography(desk: Desk, typed: str) -> None:
    made = desk.said("We will never sell it.")
    assert alike(desk, "statements", quote=typed) == [(made["id"], "same words")]


def test_same_words_of_another_speaker_are_named_too(desk: Desk) -> None:
    made = desk.said("We will never sell it.")
    other = desk.speaker("The council")
    assert alike(desk, "statements", quote="We will never sell it.", speaker=other["id"]) == [
        (made["id"], "same words")
    ]


def test_similar_words_count_of_the_same_speaker(desk: Desk) -> None:
    made = desk.said("We will never sell the old harbour of this town.")
    other = desk.speaker("The council")
    typed = "We will never sell the old harbour of this town again."
    assert alike(desk, "statements", quote=typed, speaker="The mayor") == [(made["id"], "similar words")]
    assert alike(desk, "statements", quote=typed, speaker=other["id"]) == []


def test_other_words_are_not_alike(desk: Desk) -> None:
    desk.said("We will never sell the old harbour.")
    assert alike(desk, "statements", quote="The old harbour is sold.", speaker=desk.mayor["id"]) == []


def test_same_speaker_and_day_is_said_of_a_day_only(desk: Desk) -> None:
    made = desk.said("Never.", said_on="2022-10-04")
    desk.said("Ever.", said_on="2022-10")
    typed = {"quote": "It rains.", "speaker": desk.mayor["id"]}
    assert alike(desk, "statements", **typed, said_on="2022-10-04") == [(made["id"], "same speaker and day")]
    assert alike(desk, "statements", **typed, said_on="2022-10") == []


def test_a_deleted_statement_is_not_named(desk: Desk) -> None:
    made = desk.said("We will never sell it.")
    desk.ann.change("DELETE", f"/api/v1/statements/{made['id']}", version=1)
    assert alike(desk, "statements", quote="We will never sell it.") == []


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("the MAYOR", "same name"),
        ("Міський голова", "other name"),
        ("The mayorr", "similar name"),
    ],
)
def test_a_speaker_is_known_by_each_name(desk: Desk, typed: str, reason: str) -> None:
    known = {"also_known_as": ["Міський голова"]}
    desk.ann.change("PATCH", f"/api/v1/speakers/{desk.mayor['id']}", known, version=1)
    assert alike(desk, "speakers", name=typed) == [(desk.mayor["id"], reason)]


@pytest.mark.parametrize("typed", ["The council", "ma", "%", "_he mayor"])
def test_other_names_are_not_alike(desk: Desk, typed: str) -> None:
    assert alike(desk, "speakers", name=typed) == []


def test_a_merged_speaker_is_named_as_the_one_it_is(desk: Desk) -> None:
    twin = desk.speaker("Mira Velk")
    desk.merge(twin, desk.mayor)
    assert alike(desk, "speakers", name="mira velk") == [(desk.mayor["id"], "other name")]


def test_the_form_asks_once_and_saves_on_the_second_time(desk: Desk) -> None:
    desk.said("We will never sell it.")
    page = f"/projects/{desk.project.slug}/statements/new"
    typed = {"speaker": "The mayor", "quote": "We will never sell it.", "role": "Mayor"}
    first = desk.ann.post(page, data=typed)
    assert (first.status_code, "We have this already" in first.text) == (409, True)
    assert 'value="Mayor"' in first.text
    assert desk.ann.post(page, data={**typed, "another": "true"}).status_code == 303
    assert desk.names_of(desk.mayor) == ["We will never sell it."] * 2


def test_the_speakers_form_asks_once_too(desk: Desk) -> None:
    page = f"/projects/{desk.project.slug}/speakers/new"
    assert desk.ann.post(page, data={"name": "the mayor"}).status_code == 409
    second: Any = desk.ann.post(page, data={"name": "the mayor", "another": "true"})
    assert second.status_code == 303
