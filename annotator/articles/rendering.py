"""An article's canonical text as blocks of pieces, ready for a template. Pure: no database, no request.

Every piece is a slice of the canonical text, and the pieces of a block joined give exactly its text, so that an
offset (a Unicode code point, half-open) means the same in the page as in the database.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import urlsplit

HREF_SCHEMES = frozenset({"http", "https", "mailto"})
STYLES = frozenset({"strong", "em", "code", "sup", "sub"})
TAGS = {"quote": "blockquote", "list_item": "li"}
"""Element of a block by its kind, where it is no paragraph. A table cell is a paragraph too: the page keeps the
reading order, not the grid. Preformatted text is no `<pre>`: the HTML parser would drop its first line break."""

SIGN = r"[\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
HIDDEN_SIGN = re.compile(rf"\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f|({SIGN})")
"""Signs that turn the words after them round, hide, or carry words nobody sees (Unicode TR 36), but for the tags
that make a flag. The joiners of Persian and of emoji are none of these, and neither are marks of direction."""

Span = tuple[str, int, int, str]
"""Annotation id, start, end, tone: a row of `/articles/<id>/spans`."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one block that share all their marks.

    `href` is an address that is safe to follow, `""` where the author meant a link and gave no address, None where
    there is no link. `annotations` are the covering annotations, the shortest span first; `tone` is that one's.
    `sign` is the number of a hidden sign, which is a piece of its own: `U+202E`.
    """

    text: str
    href: str | None = None
    strong: bool = False
    em: bool = False
    code: bool = False
    sup: bool = False
    sub: bool = False
    annotations: tuple[str, ...] = ()
    tone: str | None = None
    sign: str = ""


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block as the template needs it; `gap` is the text since the block before, which no block owns."""

    id: str
    kind: str
    level: int
    depth: int
    role: str
    start: int
    length: int
    gap: str
    tag: str
    pieces: tuple[Piece, ...]


class _Cover(NamedTuple):
    start: int
    end: int
    mark: Mapping[str, Any] | None = None
    span: Span | None = None


def block_views(
    text: str,
    blocks: Sequence[Mapping[str, Any]],
    marks: Sequence[Mapping[str, Any]],
    spans: Iterable[Span] | None = None,
) -> list[BlockView]:
    """Give each block of the canonical text with its pieces.

    With `spans` the pieces also name the annotations that cover them (the view with real `<mark>` elements);
    without, highlights are the browser's work. Overlapping spans become flat, disjoint pieces.
    """
    covers = [_Cover(mark["start"], mark["end"], mark=mark) for mark in marks]
    covers += [_Cover(span[1], span[2], span=span) for span in spans or ()]
    ends = [0, *(block["end"] for block in blocks)]
    return [
        _view(text, number, block, text[ends[number] : block["start"]], found)
        for number, (block, found) in enumerate(zip(blocks, _by_block(blocks, covers), strict=True))
    ]


def safe_href(href: str) -> str | None:
    """Give the address when a browser may follow it (http, https, mailto), `""` when none is stated, else None."""
    address = href.strip()
    if not address or address == "#":
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme.lower() in HREF_SCHEMES and (parts.netloc or parts.path) else None


def _view(text: str, number: int, block: Mapping[str, Any], gap: str, covers: list[_Cover]) -> BlockView:
    kind, start, end = block["kind"], block["start"], block["end"]
    level = int(block.get("level") or 0)
    return BlockView(
        id=f"b{number}",
        kind=kind,
        level=level,
        depth=int(block.get("depth") or 0),
        role=block.get("role") or "",
        start=start,
        length=end - start,
        gap=gap,
        # The article's title is the page's own heading, so headings of the text begin at the second level.
        tag=f"h{min(max(level, 1) + 1, 6)}" if kind == "heading" else TAGS.get(kind, "p"),
        pieces=tuple(_pieces(text, start, end, covers)),
    )


def _by_block(blocks: Sequence[Mapping[str, Any]], covers: Iterable[_Cover]) -> list[list[_Cover]]:
    starts = [block["start"] for block in blocks]
    found: list[list[_Cover]] = [[] for _ in blocks]
    for cover in covers:
        number = max(bisect_right(starts, cover.start) - 1, 0)
        while number < len(blocks) and starts[number] < cover.end:
            if blocks[number]["end"] > cover.start:
                found[number].append(cover)
            number += 1
    return found


def _pieces(text: str, start: int, end: int, covers: list[_Cover]) -> Iterable[Piece]:
    opening: dict[int, list[_Cover]] = {}
    cuts = {start, end}
    for cover in covers:
        first, last = max(cover.start, start), min(cover.end, end)
        if first < last:
            opening.setdefault(first, []).append(cover)
            cuts |= {first, last}
    for found in HIDDEN_SIGN.finditer(text, start, end):
        cuts |= {found.start(), found.end()} if found[1] else set()
    active: list[_Cover] = []
    for first, last in pairwise(sorted(cuts)):
        active = [cover for cover in active if cover.end > first] + opening.get(first, [])
        yield _piece(text[first:last], active)


def _piece(words: str, covers: list[_Cover]) -> Piece:
    marks = [cover.mark for cover in covers if cover.mark is not None]
    links = [mark.get("href") or "" for mark in marks if mark["type"] == "link"]
    types = STYLES & {mark["type"] for mark in marks}
    spans = sorted(
        (cover.span for cover in covers if cover.span is not None), key=lambda span: span[2] - span[1]
    )
    return Piece(
        words,
        href=safe_href(links[-1]) if links else None,
        annotations=tuple(dict.fromkeys(span[0] for span in spans)),
        tone=spans[0][3] if spans else None,
        sign=f"U+{ord(words):04X}" if re.fullmatch(SIGN, words) else "",
        **dict.fromkeys(types, True),
    )
