"""Where the sentences of a text are. Coverage counts them, so they are stored with ``VERSION`` at capture.

The work is linear: one pass finds the candidates, and each looks at no more than ``LOOK`` signs on either side.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from annotator.abbreviations import (
    BEFORE_NUMBERS,
    ORDINAL_DOT_LANGUAGES,
    STARTERS,
    before_a_starter,
    never_ending,
)
from annotator.text import trim

VERSION = 1
"""Raised whenever the rule gives other sentences; sentences already stored keep theirs."""

LOOK = 14
"""How many signs before and after a candidate are looked at."""

_CLOSERS = "\"'”’»›)\\]}」』）】》〉"
_OPENERS = "\"'“‘«‹„‚([{¿¡—–-「『（【《〈\u200e\u200f\u2066\u2067\u2068"
_CANDIDATE = re.compile(
    rf"(?P<empty>\n[^\S\n]*\n)"
    rf"|(?P<marks>[.!?…。！？｡।॥؟۔]+)(?P<closers>[{_CLOSERS}]*)(?P<notes>(?:\[[0-9]{{1,3}}\])*)(?P<space>\s*)"
)
_AT_ONCE = frozenset("。！？｡।॥")
_WORD_EDGE = re.compile(r"[\s" + re.escape("\"'“‘«‹„‚([{¿¡—–-/") + "]")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")


class Stretch(Protocol):
    """Anything with a start and an end in the text: a block of an article."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


def sentences(text: str, blocks: Iterable[Stretch], language: str | None = None) -> list[tuple[int, int]]:
    """The sentences of the blocks as (start, end), in order, apart, without white space at their ends.

    No sentence crosses a block; what stands in a block without an end mark (a heading, a caption) is a sentence.
    Together they hold every sign of the blocks that is not white space.
    """
    rule = _Rule(text, (language or "").lower()[:2])
    found: list[tuple[int, int]] = []
    for block in blocks:
        begin = block.start
        for cut in [*rule.cuts(block.start, block.end), block.end]:
            start, end = trim(text, begin, cut)
            if end > start:
                found.append((start, end))
            begin = cut
    return found


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A run of end marks: where it starts, where what follows its closers and space starts, and the block's edges."""

    marks: str
    start: int
    next: int
    begin: int
    end: int
    spaced: bool


class _Rule:
    """The rule for one text in one language."""

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._ordinals = language in ORDINAL_DOT_LANGUAGES
        self._never_ending = never_ending(language)
        self._before_a_starter = before_a_starter(language)

    def cuts(self, begin: int, end: int) -> Iterator[int]:
        """Offsets inside a block at which a sentence ends."""
        for match in _CANDIDATE.finditer(self._text, begin, end):
            if match["empty"]:
                begin = match.end()
                yield begin
                continue
            closed = match.end("notes")
            candidate = _Candidate(
                match["marks"], match.start(), match.end(), begin, end, match.end() > closed
            )
            if candidate.next < end and self._ends(candidate):
                begin = candidate.next
                yield closed

    def _ends(self, candidate: _Candidate) -> bool:
        """Whether the sentence ends here."""
        if candidate.marks[-1] in _AT_ONCE:
            return True
        word = self._word_after(candidate)
        if not candidate.spaced or not _can_start(word):
            return False
        return candidate.marks != "." or self._full_stop_ends(candidate, word)

    def _full_stop_ends(self, candidate: _Candidate, word: str) -> bool:
        """Whether a single full stop before an opening word is more than the sign of an abbreviation."""
        before = self._word_before(candidate)
        folded = before.casefold()
        if folded in self._never_ending or (folded in BEFORE_NUMBERS and word[0].isdigit()):
            return False
        if before.isdecimal():
            return not self._is_ordinal(candidate, before)
        if len(before) == 1 and before.isalpha() and (before.isupper() or not before.islower()):
            return _opens_a_sentence(word)
        if folded in self._before_a_starter or _INITIALS.fullmatch(before):
            return _opens_a_sentence(word)
        return True

    def _is_ordinal(self, candidate: _Candidate, number: str) -> bool:
        """A number's dot counts: "1. The" at the head of a sentence, "3. Oktober" in languages that write so."""
        at_head = candidate.start - len(number) <= candidate.begin
        return len(number) <= 2 and (self._ordinals or at_head)

    def _word_before(self, candidate: _Candidate) -> str:
        """The last word before the marks, or its last ``LOOK`` signs."""
        piece = self._text[max(candidate.begin, candidate.start - LOOK) : candidate.start]
        edge = 0
        for edge_match in _WORD_EDGE.finditer(piece):
            edge = edge_match.end()
        return piece[edge:]

    def _word_after(self, candidate: _Candidate) -> str:
        """The first ``LOOK`` signs of what follows, without opening quotes and brackets, up to white space."""
        piece = self._text[candidate.next : min(candidate.end, candidate.next + LOOK)].lstrip(_OPENERS)
        return next(iter(piece.split(maxsplit=1)), "")


def _can_start(word: str) -> bool:
    """Whether a sentence may start with this: a capital, a digit, a letter without case, or a name like "iPhone"."""
    if not word:
        return False
    first = word[0]
    if first.islower():
        return any(sign.isupper() for sign in word[1:4])
    return first.isalnum() or not first.isascii()


def _opens_a_sentence(word: str) -> bool:
    """Whether the word is one that usually opens a sentence."""
    return word[0].isupper() and word.rstrip(",:;’'”\"").casefold() in STARTERS
