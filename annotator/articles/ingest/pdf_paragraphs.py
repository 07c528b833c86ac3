"""From drawn lines to paragraphs: what repeats on every page goes, and lines that go on are joined.

A PDF holds no paragraphs; these rules read them from places and widths. Lengths count in units, the median height
of a line.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from annotator.articles.ingest.pdf_lines import HYPHEN, Line

AT_MARGIN = 2.2
"""A line that ends within so many units of its column's right margin is full."""

LARGER = 1.15
OTHER_SIZE = 1.2
WIDER_STEP = 1.35
INDENT = 0.8
RAGGED = 0.4
"""The part of its column's width that a ragged line may leave empty."""

PARTED_SHARE = 0.03
"""The share of lines after a gap or an indent in a file that parts its paragraphs so."""

RETURNING_SHARE = 0.6
RETURNING_PAGES = 3
LONGEST_HEADING = 30

_DIGITS = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[.?!…。？！؟:][\"'”’»)\]]*$|[”»]$")
_BULLET = re.compile(r"[•▪◦‣●○■□]\s*")
_LAST_PART = re.compile(r"(?<![\w'’-])[\w'’-]*$")
_FIRST_PART = re.compile(r"\w+(?:[-'’]\w+)*")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together: their text, the page of the first, a heading's level or 0, whether in a list."""

    text: str
    page: int
    level: int = 0
    listed: bool = False


def without_returning(lines: list[Line], pages: int) -> tuple[list[Line], list[str]]:
    """The lines without headers and footers, and one example of each that was left out.

    A line at the edge of a page, digits masked, is one when it returns at the same height on at least 60 % of the
    pages, and on three.
    """
    by_page: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_page[line.page].append(line)
    edges = {page: _edge(own) for page, own in by_page.items()}
    seen = Counter(mask for own in edges.values() for mask in {_masked(line) for line in own})
    least = max(RETURNING_PAGES, RETURNING_SHARE * pages)
    examples: dict[tuple[str, int], str] = {}
    kept = []
    for line in lines:
        if seen[mask := _masked(line)] >= least and line in edges[line.page]:
            examples.setdefault(mask, line.text)
        else:
            kept.append(line)
    return kept, list(examples.values())


def _edge(lines: list[Line]) -> set[Line]:
    """The two first and two last lines of a page, in the order of the file and from top to bottom."""
    from_top = sorted(lines, key=lambda line: -line.bottom)
    return {*lines[:2], *lines[-2:], *from_top[:2], *from_top[-2:]}


def _masked(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("#", line.text), round(line.bottom)


def paragraphs(lines: list[Line], is_known: Callable[[str], bool]) -> list[Paragraph]:
    """The lines as paragraphs; ``is_known`` says whether a word is one of the text's language."""
    if not lines:
        return []
    page = _Page(lines)
    words = {word.lower() for line in lines for word in _FIRST_PART.findall(line.text)}
    groups: list[list[Line]] = [[lines[0]]]
    for place in range(1, len(lines)):
        if page.goes_on(place):
            groups[-1].append(lines[place])
        else:
            groups.append([lines[place]])
    largest = max(_height(line) for line in lines)
    return [page.paragraph(group, largest, words, is_known) for group in groups]


class _Page:
    """Measures taken over all lines: unit, step from line to line, right margin of each column."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.unit = median(_height(line) for line in lines)
        self._run = self._runs()
        columns: dict[int, list[Line]] = defaultdict(list)
        for line, run in zip(lines, self._run, strict=True):
            columns[run].append(line)
        self._right = {run: self._margin([line.right for line in own]) for run, own in columns.items()}
        self._left = {run: -self._margin([-line.left for line in own]) for run, own in columns.items()}
        steps = [lines[place - 1].bottom - lines[place].bottom for place in self._inside()]
        self._step = median([step for step in steps if step > self.unit / 2] or [self.unit * 1.2])
        parted = sum(self._is_parted(place) for place in self._inside())
        self._parts_paragraphs = parted >= max(3, PARTED_SHARE * len(lines))

    def _inside(self) -> list[int]:
        """The places of lines that follow one of their own column."""
        return [place for place in range(1, len(self.lines)) if self._run[place] == self._run[place - 1]]

    def _runs(self) -> list[int]:
        """The number of each line's column: a new one begins with a page and where the text goes up again."""
        numbers = [0]
        for before, line in zip(self.lines, self.lines[1:], strict=False):
            moves = line.page != before.page or line.bottom > before.bottom + self.unit / 2
            numbers.append(numbers[-1] + moves)
        return numbers

    def _margin(self, edges: list[float]) -> float:
        """The furthest edge that several lines share, so that one title across two columns does not widen the first."""
        ordered = sorted(edges, reverse=True)
        needed = max(2, len(ordered) * 15 // 100)
        for place, edge in enumerate(ordered[: 1 - needed]):
            if edge - ordered[place + needed - 1] <= AT_MARGIN * self.unit:
                return edge
        return ordered[0]

    def goes_on(self, place: int) -> bool:
        """Whether the line at this place continues the paragraph of the one before."""
        before, line = self.lines[place - 1], self.lines[place]
        heights = sorted((_height(before), _height(line)))
        if heights[1] > OTHER_SIZE * max(heights[0], 0.1) or _BULLET.match(line.text):
            return False
        if before.text.endswith(HYPHEN):
            return True
        if self._run[place] != self._run[place - 1]:
            return self._is_full(place - 1) and not _SENTENCE_END.search(before.text)
        if abs(before.bottom - line.bottom) < self.unit / 2:
            return True
        return not self._is_parted(place) and (self._is_full(place - 1) or self._runs_on(place - 1))

    def _is_parted(self, place: int) -> bool:
        """Whether a gap or an indent parts a line from the one before in its column."""
        before, line = self.lines[place - 1], self.lines[place]
        indented = line.left - before.left > INDENT * self.unit and not _BULLET.match(before.text)
        usual = self._step * max(1.0, _height(line) / self.unit, _height(before) / self.unit)
        return indented or before.bottom - line.bottom > WIDER_STEP * usual

    def _room(self, place: int) -> float:
        return self._right[self._run[place]] - self.lines[place].right

    def _is_full(self, place: int) -> bool:
        """Whether a line ends where it does for want of room: at the margin, or the next word would not fit."""
        following, room = self.lines[place + 1], self._room(place)
        sign = (following.right - following.left) / max(len(following.text), 1)
        first_word = following.text.partition(" ")[0]
        return room <= max(AT_MARGIN * self.unit, sign * (len(first_word) + 1))

    def _runs_on(self, place: int) -> bool:
        """Whether a ragged line, not all too short, is followed by more of its paragraph.

        So it is where this file parts paragraphs by gaps or indents, and where a sentence goes on in a small letter;
        an indented line before another may be a paragraph of its own.
        """
        line, following = self.lines[place], self.lines[place + 1]
        goes_on = following.text[:1].islower() and not _SENTENCE_END.search(line.text)
        one_line = min(line.left, following.left) - self._left[self._run[place]] > INDENT * self.unit
        width = self._right[self._run[place]] - line.left
        return (goes_on or (self._parts_paragraphs and not one_line)) and self._room(place) <= RAGGED * width

    def paragraph(
        self, group: list[Line], largest: float, words: set[str], is_known: Callable[[str], bool]
    ) -> Paragraph:
        """The lines of a group as one text, and what kind of block it is."""
        text = group[0].text
        for line in group[1:]:
            text = joined(text, line.text, words, is_known)
        text = text.replace(HYPHEN, "-")
        height = _height(group[0])
        level = (1 if height > largest / 1.05 else 2) if height >= LARGER * self.unit else 0
        if bullet := _BULLET.match(text):
            return Paragraph(text[bullet.end() :], group[0].page, listed=True)
        return Paragraph(text, group[0].page, level if len(text.split()) <= LONGEST_HEADING else 0)


def joined(before: str, after: str, words: set[str], is_known: Callable[[str], bool]) -> str:
    """Two parts of a paragraph as one: a space between, or the hyphen at the first one's end kept or taken out.

    ``words`` are those of the whole text in lower case. A hyphen stays before a capital or digit, where the word with
    hyphen stands elsewhere, or where only its halves are words; else it was put by the typesetter.
    """
    if not before.endswith((HYPHEN, "-", "\u2010")) or not before[-2:-1].isalnum():
        return f"{before} {after}"
    stem = before[:-1]
    first, second = _LAST_PART.search(stem), _FIRST_PART.match(after)
    if first is None or second is None or not after[0].islower():
        return f"{stem}-{after}"
    left, right = first[0].lower(), second[0].lower()
    if f"{left}-{right}" in words:
        return f"{stem}-{after}"
    near = left.rpartition("-")[2], right.partition("-")[0]
    if left + right in words or is_known("".join(near)) or not all(is_known(half) for half in near):
        return stem + after
    return f"{stem}-{after}"


def _height(line: Line) -> float:
    return line.top - line.bottom
