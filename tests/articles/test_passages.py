"""Words are found in a text whatever their typography, and the place is that of the text itself."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.articles.passages import cut_piece, places_of, window
from annotator.errors import Invalid
from annotator.text import CONTEXT

# the text, the words that somebody types, what stands at the place found
FOUND = [
    ("He said “We’ll never sell.”", "we'll NEVER sell", "We’ll never sell"),
    ("The pact — signed in May — holds.", "pact - signed", "pact — signed"),
    ("One\u00a0million\u2009euros", "one million euros", "One\u00a0million\u2009euros"),
    ("It ends here.\n\nIt begins there.", "ends here. It begins", "ends here.\n\nIt begins"),
    ("a final ﬁgure is", "figure", "ﬁgure"), ("the oﬃce is", "off", "oﬃ"), ("Straße 4", "STRASSE", "Straße"),
    ("ver\u00adsion two", "version", "ver\u00adsion"), ("café au lait", "cafe\u0301", "café"),
    ("👩🏽‍⚖️ the judge", "the judge", "the judge"),
    ("Гавань продано", "ГАВАНЬ", "Гавань"), ("不会出售港口。", "出售港口", "出售港口"),
    ("costs 3.50 (net)", "3.50 (NET)", "3.50 (net)"), ("wait… what", "wait... what", "wait… what"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "exact"), FOUND)
def test_words_are_found_in_other_typography(text: str, words: str, exact: str) -> None:
    assert [text[start:end] for start, end in places_of(text, words)] == [exact]


def test_every_place_is_found_in_the_order_of_the_text() -> None:
    assert places_of("No, no. NO!", "no") == [(0, 2), (4, 6), (8, 10)]


@pytest.mark.parametrize("words", ["", "  \n", "\u200b"])
def test_no_words_stand_nowhere(words: str) -> None:
    assert places_of("Some words.", words) == []


@given(st.text(max_size=40), st.data())
def test_words_cut_from_a_text_are_found_in_it(text: str, data: Any) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    for first, last in places_of(text, text[start:end]):
        assert 0 <= first < last <= len(text)


def cut_from(text: str, start: int, end: int, exact: str | None = None) -> Any:
    first, length = window(start, end)
    return cut_piece(start, end, text[first - 1 : first - 1 + length], len(text), exact)


def test_a_passage_carries_its_words_and_what_stands_around_them() -> None:
    text = "a" * 40 + "here" + "b" * 40
    passage = cut_from(text, 40, 44, "here")
    assert (passage.exact, passage.prefix, passage.suffix) == ("here", "a" * CONTEXT, "b" * CONTEXT)


@pytest.mark.parametrize(("start", "end", "exact", "field"), [(0, 5, "There", "exact"), (3, 3, None, "end"),
                                                              (4, 2, None, "end"), (0, 99, None, "end")])  # fmt: skip
def test_a_place_that_is_not_certain_is_refused(start: int, end: int, exact: str | None, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        cut_from("Here we are", start, end, exact)
    assert list(refused.value.messages) == [field]
