"""Folding: what counts as the same words when texts are compared or searched."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.text import fold, fold_with_map

EVERY_SIGN = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Straße” – ‘ja’", "\"STRASSE\" - 'JA'"),
        ("co\u2010operation", "co-operation"),
        ("3\u00a0000\u202fkm\u2009away", "3 000 km away"),
        ("zero\u200bwidth\u200d\ufeff", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("café", "cafe\u0301"),
        ("об\u2019єкт", "об'єкт"),
        ("«мир»", '"МИР"'),
        ("ﬁnal ½", "final 1\u20442"),
        ("한국", unicodedata.normalize("NFD", "한국")),
        ("❤\ufe0f", "❤"),
        ("１２", "12"),
    ],
)
def test_typography_makes_no_difference(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("12", "20"), ("did", "did not"), ("Kyiv", "Kiev"), ("й", "и")])
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=40))
def test_folding_with_a_map_gives_the_same_words(text: str) -> None:
    folded, offsets = fold_with_map(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)


def test_folding_with_a_map_agrees_on_every_character_between_others() -> None:
    text = "".join(f"a{sign}b" for sign in EVERY_SIGN)
    assert fold_with_map(text)[0] == fold(text)


def test_the_map_leads_back_to_the_words_that_matched() -> None:
    text = "He said “peace\u00ad ful”\u2009…"
    folded, offsets = fold_with_map(text)
    place = folded.index('"peace ful"')
    assert text[offsets[place] : offsets[place + 11]] == "“peace\u00ad ful”"
