"""Places over the API: whatever the text, what comes back is `text[start:end]` with its surroundings."""

from typing import Any

import pytest
from contract.world import HTTP, put
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.columns import new_id
from annotator.fields import MAX_OFFSET
from annotator.text import CONTEXT, from_utf16, to_utf16

PIECES = [
    "Plain words", "👩🏽‍⚖️", "🇺🇦🇬🇧", "👨‍👩‍👧‍👦", "e\u0301", "ü", "z̷̢̛", "عربي وأرقام ١٢", "עִבְרִית",
    "中文標點。", "ไทย", "한국어", "ᄒ\u1161\u11ab",
    "\u00a0", "\u202f", "\t", "\u200d", "\u200e", "\u2066x\u2069", "a\u0308", "𝒳", "\U0010fffd", "\ufeff",
    "\u2028", "“quoted”", "—", "\r\n", "\n\n", "\r", " ", "İ", "ß",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join)


def bring(client: Any, project: Any, text: str) -> dict[str, Any]:
    """Bring a text in; gives its snapshot, with a word at either end, so that there are words at all."""
    body = {
        "project": project.id,
        "text": f"A{text}z",
        "media_type": "text/plain",
        "title": "T",
        "allow_same": True,
    }
    article = put(client, "articles", body)
    snapshot: dict[str, Any] = client.get(f"{HTTP}/snapshots/{article['snapshot']}").json
    return {"article": article["id"], "snapshot": snapshot["id"], "text": snapshot["text"]}


def mark(client: Any, where: dict[str, Any], *places: tuple[int, int], **more: Any) -> Any:
    spans = [{"start": start, "end": end, **more} for start, end in places]
    body = {"article": where["article"], "snapshot": where["snapshot"], "kind": "quote", "spans": spans}
    return client.put(f"{HTTP}/annotations/{new_id()}", json=body)


def check(client: Any, project: Any, text: str, places: list[tuple[float, float]]) -> None:
    where = bring(client, project, text)
    whole, length = where["text"], len(where["text"])
    cuts = [sorted((int(a * length), int(b * length))) for a, b in places]
    wanted = [(start, max(end, start + 1)) for start, end in cuts if start < length]
    wanted += [(0, 1), (length - 1, length), (0, length)]
    made = mark(client, where, *wanted)
    assert made.status_code == 201, made.text
    for (start, end), span in zip(wanted, made.json["spans"], strict=True):
        assert (span["start"], span["end"], span["exact"]) == (start, end, whole[start:end])
        assert span["prefix"] == whole[max(0, start - CONTEXT) : start]
        assert span["suffix"] == whole[end : end + CONTEXT]
        units = to_utf16(whole, start), to_utf16(whole, end)
        assert whole.encode("utf-16-le")[2 * units[0] : 2 * units[1]].decode("utf-16-le") == span["exact"]
        assert (from_utf16(whole, units[0]), from_utf16(whole, units[1])) == (start, end)
    painted = client.get(f"{HTTP}/articles/{where['article']}/spans").json["spans"]
    assert sorted((start, end) for _, start, end, _ in painted) == sorted(wanted)


PLACES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=3)


def test_a_span_at_any_place_of_any_text_holds_the_words_there(as_: Any, project: Any) -> None:
    ann = as_("ann")

    @settings(max_examples=100)
    @given(text=TEXTS, places=PLACES)
    def holds(text: str, places: list[tuple[float, float]]) -> None:
        check(ann, project, text, places)

    holds()


@pytest.mark.parametrize("text", ["".join(PIECES), "\r\n".join(PIECES), "👩🏽‍⚖️" * 40, "\u0301" * 40])
def test_hard_texts_hold_their_places(as_: Any, project: Any, text: str) -> None:
    check(as_("ann"), project, text, [(0.1, 0.2), (0.5, 0.9), (0.99, 1)])


def test_line_ends_become_one_sign_and_nothing_else_is_changed(as_: Any, project: Any) -> None:
    where = bring(as_("ann"), project, "a\r\nb\rc\nd e\u0301\u00a0\tx\u200b")
    assert where["text"] == "Aa\nb\nc\nd e\u0301\u00a0\tx\u200bz"


def test_o02_words_that_the_browser_saw_otherwise_are_refused(as_: Any, project: Any) -> None:
    ann = as_("ann")
    where = bring(ann, project, "cafe\u0301 12 did not")
    for start, end, seen in ((1, 6, "caf\u00e9"), (7, 9, "20"), (10, 17, "did")):
        refused = mark(ann, where, (start, end), exact=seen)
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/spans/0/exact")
    assert ann.get(f"{HTTP}/articles/{where['article']}/spans").json["spans"] == []


@pytest.mark.parametrize("place", [(0, 0), (3, 2), (0, 7), (6, 7), (100, 200)])
def test_o01_a_place_outside_of_the_text_is_refused(as_: Any, project: Any, place: tuple[int, int]) -> None:
    ann = as_("ann")
    refused = mark(ann, bring(ann, project, "abcd"), place)
    assert (refused.status_code, refused.json["type"]) == (422, "/problems/invalid")


def test_o03_an_older_text_is_refused_and_the_newest_one_named(as_: Any, project: Any, session: Any) -> None:
    ann = as_("ann")
    first = bring(ann, project, " first ")
    other = bring(ann, project, " second ")
    refused = mark(ann, {**first, "snapshot": other["snapshot"]}, (0, 3))
    assert (refused.status_code, refused.json["newest"]) == (409, first["snapshot"])


def test_overlapping_nested_and_equal_spans_are_all_kept(as_: Any, project: Any) -> None:
    ann = as_("ann")
    where = bring(ann, project, "one two three four")
    places = [(0, 8), (4, 12), (4, 12), (5, 6), (0, 20)]
    made = [mark(ann, where, place).json["id"] for place in places]
    rows = ann.get(f"{HTTP}/articles/{where['article']}/spans").json["spans"]
    assert [(start, end) for _, start, end, _ in rows] == [(0, 20), (0, 8), (4, 12), (4, 12), (5, 6)]
    assert {row[0] for row in rows} == set(made)


def test_fifty_spans_are_taken_and_more_are_not(as_: Any, project: Any) -> None:
    ann = as_("ann")
    where = bring(ann, project, "x" * 100)
    assert mark(ann, where, *[(n, n + 1) for n in range(50)]).status_code == 201
    assert mark(ann, where, *[(n, n + 1) for n in range(51)]).status_code == 422
    assert mark(ann, where).status_code == 422


def test_the_farthest_place_that_can_be_written_is_outside_of_the_text(as_: Any, project: Any) -> None:
    ann = as_("ann")
    refused = mark(ann, bring(ann, project, "b"), (0, MAX_OFFSET))
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/spans/0/end")
