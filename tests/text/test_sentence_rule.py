"""Where sentences end."""

from dataclasses import dataclass
from itertools import pairwise
from typing import SupportsIndex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.sentences import LOOK, sentences


@dataclass(frozen=True)
class Part:
    """A block, as far as sentences are concerned."""

    start: int
    end: int


def cut(text: str, language: str | None) -> list[str]:
    """The sentences of one block that is the whole text."""
    return [text[start:end] for start, end in sentences(text, [Part(0, len(text))], language)]


CASES = [
    ("en", ["He said no.", "She left.", "Who knows?", "Nobody!"]),
    ("en", ["Mr. Smith met Dr. J. R. Brown on Jan. 5.", "It rained."]),
    ("en", ["See No. 5 and Fig. 2 on p. 12.", "He left."]),
    (
        "en",
        ["The U.S. President spoke.", "He lives in the U.S. now.", "They left the U.S.", "The rest stayed."],
    ),
    ("en", ["It ended at 5 p.m.", "The crowd went home."]),
    ("en", ["“We will go,” he said.", "“[But] not today.”", "(She agreed.)", "Then they went."]),
    ("en", ["It cost 3.5 million.", "12 people paid.", "Really?!", "Yes…", "Well."]),
    ("en", ["This is known.[3]", "That is not.[12]", "End."]),
    ("en", ["“Why?” he asked, and left."]),
    ("en", ["Sales rose.", "iPhone buyers queued.", "eBay did not."]),
    ("en", ["1. The first point.", "2. The second."]),
    ("en", ["In 2022.", "15 people came."]),
    (
        "de",
        ["Am 3. Oktober war der 2. Gipfel.", "Er kam z.B. mit Dr. Maier.", "Das war 2022.", "Danach nichts."],
    ),
    ("ru", ["Указ подписан 4 октября 2022 г. в Киеве.", "Он в силе.", "Это ст. 5 и т.д.", "На этом всё."]),
    ("uk", ["Це сказав ім. Шевченка театр.", "Він діє з 4.10.2022 р. і досі.", "Так!", "Ні."]),
    ("zh", ["他说：“不行！”", "她走了。", "为什么？", "没人知道｡"]),
    ("ar", ["هل هذا صحيح؟", "نعم.", "قال د. أحمد إنه صحيح!", "ثم ذهب."]),
    ("he", ["האם זה נכון?", "כן.", "כך אמר פרופ' כהן.", "סוף."]),
    ("hi", ["यह सच है।", "डॉ. सिंह ने कहा।", "क्या यह सच है?", "हाँ॥"]),
    (None, ["Перше речення.", "Second sentence.", "第三句。", "الرابعة."]),
]


@pytest.mark.parametrize(("language", "expected"), CASES)
def test_sentences_end_where_people_end_them(language: str | None, expected: list[str]) -> None:
    joined = "".join(
        piece if piece[-1] in "。｡" or piece == "他说：“不行！”" else piece + " " for piece in expected
    )
    assert cut(joined, language) == expected


def test_a_heading_is_a_sentence_and_none_crosses_a_block() -> None:
    text = "No end mark\n\nA second block. And more\n\nthird"
    blocks = [Part(0, 11), Part(13, 37), Part(39, 44)]
    found = [text[start:end] for start, end in sentences(text, blocks, "en")]
    assert found == ["No end mark", "A second block.", "And more", "third"]


def test_a_dash_before_the_next_words_or_before_nothing_is_no_obstacle() -> None:
    assert cut("Так. – Ні. – Чому? –", "uk") == ["Так.", "– Ні.", "– Чому? –"]


def test_an_empty_line_inside_a_block_ends_a_sentence_and_a_line_end_does_not() -> None:
    assert cut("one line\nwraps here\n \nnext", "en") == ["one line\nwraps here", "next"]


TEXTS = st.text(alphabet="aZя停مש1 .!?…。؟।“”\"'()[]\n\u00a0\t🇺🇦\u0301-", max_size=80)


@given(TEXTS, st.sampled_from(["en", "ru", "uk", "zh", "ar", "he", "de", "hi", None]), st.data())
def test_sentences_hold_every_sign_of_the_blocks_that_is_no_space(
    text: str, language: str | None, data: st.DataObject
) -> None:
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=4)))
    blocks = (
        [Part(edges[0], edges[1]), Part(edges[-2], edges[-1])]
        if len(edges) == 4
        else [Part(edges[0], edges[-1])]
    )
    found = sentences(text, blocks, language)
    covered = {place for start, end in found for place in range(start, end)}
    wanted = {
        place for block in blocks for place in range(block.start, block.end) if not text[place].isspace()
    }
    assert wanted <= covered
    assert all(first[1] <= second[0] for first, second in pairwise(found))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in found)


class CountingText(str):
    """A text that counts how many signs are cut out of it."""

    __slots__ = ("read",)
    read: int

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        piece = super().__getitem__(key)
        self.read = getattr(self, "read", 0) + len(piece)
        return piece


@pytest.mark.parametrize("unit", ["U.S. ", "A. ", ". ", "x.) ", "...", "No. 5 ", "。", "1. "])
def test_the_work_grows_with_the_text_and_no_faster(unit: str) -> None:
    text = CountingText(unit * 20_000)
    sentences(text, [Part(0, len(text))], "en")
    end_marks = sum(sign in ".。" for sign in str(text))
    assert text.read <= 3 * len(text) + end_marks * 2 * LOOK
