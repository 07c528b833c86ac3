"""A place in a snapshot with the words that stand there: one type for spans of articles and passages of evidence.

Offsets are Unicode code points, half-open (docs/adr/0007).
"""

import re
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annotator.articles.models import Snapshot
from annotator.errors import Invalid
from annotator.fields import MAX_OFFSET
from annotator.text import CONTEXT, fold, fold_with_map

NO_WORDS = "No words stand at this place. Choose the words that count."


@dataclass(frozen=True, slots=True)
class Passage:
    """A place with its words and what stands around them (W3C Web Annotation 4.2.4 and 4.2.5)."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


def window(start: int, end: int) -> tuple[int, int]:
    """Give where a place with its context begins, as SQL's `substr` counts (from 1), and how long that piece is."""
    left = max(0, start - CONTEXT)
    return left + 1, min(max(0, end - left) + CONTEXT, MAX_OFFSET)


def cut_piece(start: int, end: int, piece: str, length: int, exact: str | None = None) -> Passage:
    """Cut a place out of the piece that `window` names, of a text of `length` code points.

    Raises Invalid for a place outside of the text, and when `exact`, the words somebody saw, do not stand there:
    nothing is saved at a place that is not certain.
    """
    if not start < end <= length:
        raise Invalid({"end": [f"The place must lie within the text: 0 <= start < end <= {length}."]})
    left = max(0, start - CONTEXT)
    words = piece[start - left : end - left]
    if exact is not None and exact != words:
        raise Invalid({"exact": ["These are not the words at this place. Reload the page and try again."]})
    return Passage(start, end, words, piece[: start - left], piece[end - left :])


def cut(session: Session, snapshot: Snapshot, start: int, end: int, exact: str | None = None) -> Passage:
    """Cut a passage from a snapshot; Invalid as in `cut_piece`, and where there is white space alone."""
    piece = select(func.substr(Snapshot.text, *window(start, end))).where(Snapshot.id == snapshot.id)
    found = cut_piece(start, end, session.execute(piece).scalar_one(), snapshot.length, exact)
    if not found.exact.strip():
        raise Invalid({"exact": [NO_WORDS]})
    return found


def places_of(text: str, words: str) -> list[tuple[int, int]]:
    """Give every place where the words stand, folded: quotes, dashes, spaces and case do not matter.

    Places are offsets in `text` itself; they do not overlap. No words, no place.
    """
    parts = [re.escape(part) for part in fold(words).split()]
    if not parts:
        return []
    folded, offsets = fold_with_map(text)
    found = re.finditer(" +".join(parts), folded)
    return [(offsets[match.start()], _end(offsets, match.end())) for match in found]


def _end(offsets: list[int], end: int) -> int:
    """Give where the last sign ends; a sign that folds to several counts as a whole."""
    while offsets[end] == offsets[end - 1] and end + 1 < len(offsets):
        end += 1
    return offsets[end]
