"""Canonical text and places in it.

Offsets are Unicode code points, half-open, everywhere on the server. A browser counts UTF-16 units; the two
meet in ``to_utf16`` and ``from_utf16`` only. Folding exists to compare and to search, never to store.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

CONTEXT = 32
REPLACEMENT = "\ufffd"

_LINE_END = re.compile(r"\r\n?")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a span with what stands around them (W3C Web Annotation 4.2.4, Text Quote Selector)."""

    exact: str
    prefix: str
    suffix: str


def canonical(text: str) -> tuple[str, int]:
    """The text as it is stored and counted on, and how many of its signs had to be replaced.

    Line ends become ``\\n``; NUL and lone surrogates, which UTF-8 or PostgreSQL refuse, become U+FFFD and are
    counted. Nothing else changes: no NFC, no trimming.
    """
    return _UNSTORABLE.subn(REPLACEMENT, _LINE_END.sub("\n", text))


def sha256(text: str) -> str:
    """The SHA-256 of the text's UTF-8 bytes, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def check_span(text: str, start: int, end: int) -> None:
    """Raise ValueError, with a sentence for the reader, unless ``text[start:end]`` is a place of at least one sign."""
    for name, value in (("start", start), ("end", end)):
        if type(value) is not int:
            raise ValueError(f"The {name} of a span must be a whole number.")
    if start < 0:
        raise ValueError("A span cannot start before the text.")
    if end <= start:
        raise ValueError("A span must end after its start.")
    if end > len(text):
        raise ValueError(f"The span ends at {end}, but the text has {len(text)} characters.")


def quote(text: str, start: int, end: int) -> Quote:
    """The exact words of a span with up to 32 code points on either side. ValueError as in ``check_span``."""
    check_span(text, start, end)
    return Quote(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends; start and end are equal when nothing is left."""
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    return left, max(left, start + len(piece.rstrip()))


def to_utf16(text: str, offset: int) -> int:
    """The number of UTF-16 units before a code point offset. ValueError outside the text."""
    if not 0 <= offset <= len(text):
        raise ValueError(f"The offset {offset} lies outside the text of {len(text)} characters.")
    return offset + len(_ASTRAL.findall(text, 0, offset))


def from_utf16(text: str, units: int) -> int:
    """The code point offset at a count of UTF-16 units. ValueError outside the text or inside a character."""
    astral_before = 0
    for astral in _ASTRAL.finditer(text):
        if astral.start() + astral_before >= units:
            break
        astral_before += 1
    offset = units - astral_before
    if not 0 <= offset <= len(text) or to_utf16(text, offset) != units:
        raise ValueError(f"The UTF-16 offset {units} is not between two characters of the text.")
    return offset


def _plain_forms() -> dict[int, str | None]:
    """What each odd quote, dash, space and invisible sign is folded to."""
    plain: dict[int, str | None] = {}
    for signs, form in (
        ("‘’‚‛′`´ʼʹˈ‹›＇", "'"),
        ("“”„‟″«»〝〞＂", '"'),
        ("‐‑‒–—―−﹘﹣－", "-"),
        ("\t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000", " "),
    ):
        plain.update((ord(sign), form) for sign in signs)
    plain.update((code, " ") for code in range(0x2000, 0x200B))
    invisible = [0xAD, 0x34F, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F)]
    invisible += [*range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF]
    plain.update((code, None) for code in invisible)
    return plain


_PLAIN = _plain_forms()


def fold(text: str) -> str:
    """The text with typography taken out, to compare and to search with: never stored, never shown.

    NFKC and case folding; curly quotes, dashes and odd spaces in their plain forms; zero-width signs, marks of
    direction, variation selectors and soft hyphens left out.
    """
    folded = unicodedata.normalize("NFKC", text.translate(_PLAIN)).casefold()
    return unicodedata.normalize("NFKC", folded).translate(_PLAIN)


def _continues(sign: str) -> bool:
    """Whether a sign may melt into the one before it under NFKC: marks, Hangul vowels and finals, kana voicing."""
    return unicodedata.category(sign)[0] == "M" or "\u1160" <= sign <= "\u11ff" or sign in "\uff9e\uff9f"


def fold_with_map(text: str) -> tuple[str, list[int]]:
    """``fold(text)`` and, for each of its signs and for its end, the offset in ``text`` where that sign starts."""
    if text.isascii():
        return fold(text), list(range(len(text) + 1))
    folded: list[str] = []
    offsets: list[int] = []
    group, group_start = "", 0
    for offset, sign in enumerate(text + "\0"):
        plain = _PLAIN.get(ord(sign), sign)
        if plain is None:
            continue
        if group and _continues(sign) and offset < len(text):
            group += plain
            continue
        piece = fold(group)
        folded.append(piece)
        offsets.extend([group_start] * len(piece))
        group, group_start = plain, offset
    return "".join(folded), [*offsets, len(text)]
