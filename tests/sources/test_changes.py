"""What two texts differ in: every changed word is seen, and joined again the pieces are the newer text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.sources.changes import MOST_WORDS, counts, pieces, shortened

TEXT = "The harbour was sold. It cost 12 million, they said.\n\nNobody answered."
CASES = [
    (TEXT, TEXT, []),
    (TEXT, TEXT.replace("12", "20"), [("deleted", "12"), ("inserted", "20")]),
    (TEXT, TEXT.replace("was sold", "was not sold"), [("inserted", "not")]),
    (TEXT, TEXT.replace("Nobody", "Somebody"), [("deleted", "Nobody"), ("inserted", "Somebody")]),
    (TEXT, TEXT.replace(" It cost 12 million, they said.", ""), [("deleted", "It cost 12 million, they said.")]),
    (TEXT, TEXT.replace(" It", "\n\nIt"), []), (TEXT, TEXT.replace("\n\n", " "), []),
    ("", "New.", [("inserted", "New.")]), ("Old.", "", [("deleted", "Old.")]), ("", "", []),
    ("Вона сказала 12.", "Вона сказала 20.", [("deleted", "12"), ("inserted", "20")]),
    ("价格是12元。很高。", "价格是20元。很高。", [("deleted", "价格是12元"), ("inserted", "价格是20元")]),
    ("1,000 people", "1,001 people", [("deleted", "1,000"), ("inserted", "1,001")]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "changed"), CASES)
def test_what_changed_stands_alone(old: str, new: str, changed: list[tuple[str, str]]) -> None:
    assert [(kind, words.strip()) for kind, words in pieces(old, new) if kind != "same"] == changed


WORDS = st.lists(st.sampled_from(["a", "b.", "12", "c,", "\n", "d!", "é", "  ", "e"]), max_size=30).map(
    " ".join
)


@given(WORDS, WORDS)
def test_the_pieces_are_the_new_text_and_the_words_of_the_old(old: str, new: str) -> None:
    found = pieces(old, new)
    assert "".join(words for kind, words in found if kind != "deleted") == new
    assert "".join("".join(words for kind, words in found if kind != "inserted").split()) == "".join(
        old.split()
    )


@given(WORDS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert [piece for piece in pieces(text, text) if piece.kind != "same"] == []


def test_words_are_counted() -> None:
    assert counts(pieces("one two three.", "one 2 three four.")) == (2, 1)


def test_a_run_that_is_too_long_is_shown_as_a_whole() -> None:
    old, new = ("\n".join([" ".join(f"{word}{number}" for number in range(MOST_WORDS))]) for word in "ab")
    assert [kind for kind, _ in pieces(old, new)] == ["deleted", "inserted"]


def test_a_megabyte_is_compared_quickly() -> None:
    old = "".join(f"Sentence {number} of a long report about the harbour. " for number in range(20_000))
    new = old.replace("Sentence 777 ", "Sentence 99777 ").replace(
        "Sentence 15000 of", "Sentence 15000 out of"
    )
    begun = time.monotonic()
    assert counts(pieces(old, new)) == (2, 1)
    assert time.monotonic() - begun < 5


def test_long_stretches_without_changes_are_cut() -> None:
    words = "word " * 400
    found = shortened(pieces(f"{words}12. {words}", f"{words}20. {words}"), 50)
    assert max(len(piece.words) for piece in found) < 120
    assert [piece.words for piece in found if piece.kind != "same"] == ["12", "20"]
