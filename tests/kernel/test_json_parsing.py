"""The JSON door alone: what it gives, what it refuses and why, and that hostile bodies cost no time."""

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import AnnotatorError, BadRequest, Invalid
from annotator.jsondoor import MAX_DEPTH, MAX_INTEGER, parse, single_values

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.floats(allow_nan=False,
    allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner,
    max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"],
    exclude_characters="\0")), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(PLAIN, st.booleans())
def test_what_is_plain_comes_through_as_it_is(value: Any, escaped: bool) -> None:
    assert parse(json.dumps(value, ensure_ascii=escaped).encode()) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_as_our_own_errors(body: bytes) -> None:
    with suppress(BadRequest, Invalid):
        parse(body)


REFUSED: list[tuple[bytes, type[AnnotatorError], str]] = [
    (b'{"a": NaN}', Invalid, "NaN is not"), (b"[Infinity]", Invalid, "Infinity is not"),
    (b"1e999", Invalid, "too large"),
    (b'{"a":1,"b":2,"a":3}', Invalid, "“a” stands twice"), (rb'{"\ud800":1,"\ud800":2}', Invalid, "surrogate"),
    (rb'"\ud800"', Invalid, "surrogate"),
    (rb'{"\udfff":1}', Invalid, "surrogate"),
    (rb'["x\u0000"]', Invalid, "NUL"), (rb'{"\u0000":1}', Invalid, "NUL"),
    (b'"\0"', BadRequest, "not JSON"), (b"\xff", BadRequest, "not UTF-8"),
    (b"\xef\xbb\xbf1", BadRequest, "byte order mark"), (b"", BadRequest, "not JSON"), (b"1 2", BadRequest, "not JSON"),
    (b"9007199254740992", Invalid, "larger than"), (b"-9007199254740992", Invalid, "larger than"),
    (b"1" * 5000, Invalid, "larger than"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "kind", "words"), REFUSED, ids=[row[2] + str(n) for n, row in enumerate(REFUSED)]
)
def test_what_is_refused_says_why(body: bytes, kind: type[AnnotatorError], words: str) -> None:
    with pytest.raises(kind, match=words):
        parse(body)


def test_whole_pairs_of_surrogates_are_signs() -> None:
    assert parse(rb'"\ud83d\ude00"') == "😀"


def test_nesting_is_counted_outside_of_texts_alone() -> None:
    assert parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert parse(json.dumps(["[{" * 100, '\\"[[[[' * 20]).encode())
    with pytest.raises(Invalid, match="deeper than 32"):
        parse(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))


SLOW = {
    "an unclosed text of escaped quotes": b'"' + rb"\"" * 500_000,
    "many names and one twice": b"{" + b",".join(b'"%d":1' % n for n in range(90_000)) + b',"89999":1}',
    "opening brackets": b"[" * 1_000_000, "closing brackets": b"]" * 1_000_000, "quotes": b'"' * 1_000_000,
    "backslashes": b'"' + b"\\" * 1_000_000, "texts with brackets": b'["[",' * 200_000,
}  # fmt: skip


@pytest.mark.parametrize("body", SLOW.values(), ids=SLOW)
def test_a_hostile_body_of_a_megabyte_is_refused_at_once(body: bytes) -> None:
    start = time.process_time()
    with pytest.raises(AnnotatorError):
        parse(body)
    assert time.process_time() - start < 2


class Values(dict[str, list[str]]):
    """Values as a form or an address brings them."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def test_a_single_value_is_taken_once() -> None:
    assert single_values(Values(a=["1"], b=["2", "3"]), frozenset({"b"})) == {"a": "1", "b": ["2", "3"]}
    for wrong in (Values(a=["1", "1"]), Values(a=["\0"]), Values(a=["\ud800"])):
        with pytest.raises(Invalid):
            single_values(wrong)
