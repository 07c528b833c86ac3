"""Places in the canonical text, whatever its script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import text as texts

SINGLE = " \u00a0\t\n\r\u2028aZéßİﬁ½…“—𝒳한\u00ad\u200b"
JOINED = "e\u0301 👩\u200d🚒 🇺🇦 👍🏽 \u1112\u1161\u11ab क्षि مرحبا שָׁלוֹם 停火".split()
PIECES = st.sampled_from(["\r\n", *SINGLE, *JOINED])
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=60))
STORED = TEXTS.map(lambda text: texts.canonical(text)[0])


@given(TEXTS)
def test_canonical_text_has_one_kind_of_line_end_and_no_sign_that_cannot_be_stored(text: str) -> None:
    stored, replaced = texts.canonical(text)
    assert "\r" not in stored
    assert "\0" not in stored
    assert stored.count("\ufffd") == text.count("\ufffd") + replaced
    assert texts.canonical(stored) == (stored, 0)


def test_canonical_text_counts_what_it_replaces_and_keeps_the_rest() -> None:
    assert texts.canonical("a\0b\ud800c\r\nd\re\u0301\u00a0 ") == ("a\ufffdb\ufffdc\nd\ne\u0301\u00a0 ", 2)


def test_the_hash_is_that_of_the_utf8_bytes() -> None:
    assert texts.sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(STORED.filter(bool), st.data())
def test_a_quote_is_cut_from_the_text_with_its_context(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = texts.quote(text, start, end)
    assert text[start:end] == quote.exact
    assert text[:start].endswith(quote.prefix)
    assert text[end:].startswith(quote.suffix)
    assert len(quote.prefix) == min(32, start)
    assert len(quote.suffix) == min(32, len(text) - end)


def test_a_quote_may_be_the_first_or_the_last_character() -> None:
    assert texts.quote("🇺🇦x", 0, 1) == texts.Quote("🇺", "", "🇦x")
    assert texts.quote("ab🚒", 2, 3) == texts.Quote("🚒", "ab", "")


@pytest.mark.parametrize(
    ("start", "end"),
    [(-1, 2), (2, 2), (3, 1), (0, 6), (2**53 + 1, 2**53 + 2), (True, 2), (0, 1.5), (None, 2)],
)
def test_a_span_outside_the_text_is_refused_with_a_sentence(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        texts.check_span("five!", start, end)


def test_a_span_may_cover_the_whole_text() -> None:
    texts.check_span("five!", 0, 5)


@given(STORED)
def test_utf16_units_and_code_points_are_exchanged_without_loss(text: str) -> None:
    for offset in range(len(text) + 1):
        units = len(text[:offset].encode("utf-16-le")) // 2
        assert texts.to_utf16(text, offset) == units
        assert texts.from_utf16(text, units) == offset


@pytest.mark.parametrize("units", [-1, 2, 5])
def test_a_utf16_offset_inside_a_character_or_outside_the_text_is_refused(units: int) -> None:
    with pytest.raises(ValueError, match="UTF-16"):
        texts.from_utf16("a🚒b", units)


@pytest.mark.parametrize("offset", [-1, 4])
def test_a_code_point_offset_outside_the_text_is_refused(offset: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        texts.to_utf16("a🚒b", offset)


@given(STORED, st.data())
def test_trimming_takes_white_space_from_the_ends_and_nothing_else(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    left, right = texts.trim(text, start, end)
    assert start <= left <= right <= end
    assert text[left:right] == text[start:end].strip()
