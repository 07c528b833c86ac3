"""What two copies of a source differ in, by words. Pure: no database, no request."""

import re
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

SAME, DELETED, INSERTED = "same", "deleted", "inserted"
MOST_PARTS = 20_000  # sentences on either side; what is longer is compared by its paragraphs
MOST_WORDS = 2_000  # of a changed run on either side; a longer one is shown as taken out and put in
CONTEXT = 200
_SENTENCES = re.compile(r"[^.!?。！？؟।\n]*(?:[.!?。！？؟।]+[\"'”’»)\]]*\s*|\n\s*|$)")
_PARAGRAPHS = re.compile(r"[^\n]*(?:\n\s*|$)")
_WORDS = re.compile(r"\w+(?:[.,:/'’-]\w+)*|[^\w\s]|\s+")


class Piece(NamedTuple):
    """Words that stand in both texts, in the older one alone (deleted) or in the newer one alone (inserted)."""

    kind: str
    words: str


def pieces(old: str, new: str) -> list[Piece]:
    """Give the two texts as one run of pieces in reading order, white space included.

    Sentences are compared first, then the words of those that differ, so that a changed number stands alone.
    White space alone is no difference: joined, `same` and `inserted` are the new text, and `same` and `deleted` the
    words of the old one.
    """
    first, second = _parts(old, new)
    found: list[Piece] = []
    for tag, ours, theirs in _runs(first, second):
        if tag == "equal":
            found.append(Piece(SAME, "".join(theirs)))
        else:
            found += _by_words("".join(ours), "".join(theirs))
    return _joined(found)


def _parts(old: str, new: str) -> tuple[list[str], list[str]]:
    for pattern in (_SENTENCES, _PARAGRAPHS):
        first, second = ([part for part in pattern.findall(text) if part] for text in (old, new))
        if max(len(first), len(second)) <= MOST_PARTS:
            return first, second
    return [old], [new]


def _by_words(old: str, new: str) -> list[Piece]:
    first, second = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(first), len(second)) > MOST_WORDS:
        return [Piece(DELETED, old), Piece(INSERTED, new)]
    found = []
    for tag, ours, theirs in _runs(first, second):
        if tag == "equal":
            found.append(Piece(SAME, "".join(theirs)))
        elif "".join(ours).strip() or "".join(theirs).strip():
            found += [Piece(DELETED, "".join(ours)), Piece(INSERTED, "".join(theirs))]
        else:
            found.append(Piece(SAME, "".join(theirs)))
    return found


def _runs(first: Sequence[str], second: Sequence[str]) -> list[tuple[str, Sequence[str], Sequence[str]]]:
    """Give the runs of two lists: what is equal, and what stands in the place of what."""
    numbers: dict[Hashable, int] = {}
    keyed = [
        [numbers.setdefault(" ".join(part.split()), len(numbers)) for part in parts]
        for parts in (first, second)
    ]
    runs: list[tuple[str, Sequence[str], Sequence[str]]] = []
    for op in Indel.opcodes(*keyed):
        ours, theirs = first[op.src_start : op.src_end], second[op.dest_start : op.dest_end]
        if runs and op.tag != "equal" and runs[-1][0] != "equal":
            last = runs.pop()
            ours, theirs = [*last[1], *ours], [*last[2], *theirs]
        runs.append((op.tag, ours, theirs))
    return runs


def _joined(found: list[Piece]) -> list[Piece]:
    """Join what lies together: in each run of changes what went stands before what came."""
    kept: list[Piece] = []
    gone, came = "", ""
    for place, piece in enumerate([*found, Piece(SAME, "")]):
        between = piece.kind == SAME and not piece.words.strip() and (gone or came) and place < len(found) - 1
        if between and found[place + 1].kind != SAME:  # the space between two changed words
            gone, came = gone and gone + piece.words, came + piece.words
        elif piece.kind == SAME:
            kept += [Piece(kind, words) for kind, words in ((DELETED, gone), (INSERTED, came)) if words]
            gone, came = "", ""
            if kept and kept[-1].kind == SAME:
                piece = Piece(SAME, kept.pop().words + piece.words)
            kept += [piece] if piece.words else []
        else:
            gone += piece.words if piece.kind == DELETED else ""
            came += piece.words if piece.kind == INSERTED else ""
    return kept


def counts(found: list[Piece]) -> tuple[int, int]:
    """Give how many words came in and how many went out."""
    return tuple(  # type: ignore[return-value]
        sum(len(piece.words.split()) for piece in found if piece.kind == kind) for kind in (INSERTED, DELETED)
    )


def shortened(found: list[Piece], context: int = CONTEXT) -> list[Piece]:
    """Give the pieces with long stretches of the same words cut to `context` characters beside each change."""
    short = []
    for place, piece in enumerate(found):
        words = piece.words
        first, last = place == 0, place == len(found) - 1
        if piece.kind == SAME and len(words) > 2 * context + 40:
            head, tail = "" if first else words[:context], "" if last else words[-context:]
            words = f"{head} […] {tail}"
        short.append(Piece(piece.kind, words))
    return short
