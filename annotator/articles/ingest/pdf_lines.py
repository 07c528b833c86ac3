"""The lines of a PDF with their places, read by PDFium. It has no limits of its own: only for the child process."""

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from annotator.articles.ingest.document import UnreadableInput

HYPHEN = "\x02"
"""Ends a line whose last word may go on in the next; PDFium puts it for every hyphen there, soft or real."""

MAX_PAGES = 1_000
_TAIL = 2_048
_HYPHENS = {0x02, 0xFFFE}
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_SPACE = re.compile(r"[ \t\n\f\r]+")
_PASSWORD = 4
_SAVE_AGAIN = "Save or fetch the file once more; if that is no help, copy its words and paste them."


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its words, the page (from 1), and its box in points from the lower left of the page."""

    text: str
    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Pages:
    """What a PDF holds: its lines in their order, its pages, which of them hold no text or cannot be read."""

    lines: list[Line]
    count: int
    empty: list[int]
    unreadable: list[int]
    title: str
    language: str


def read_pages(raw: bytes) -> Pages:
    """The lines of all pages. UnreadableInput when the file is encrypted, cut off, damaged, or has too many pages."""
    if not any(sign in raw[-_TAIL:] for sign in (b"%%EOF", b"startxref")):
        raise UnreadableInput("This PDF is cut off: its end is missing.", _SAVE_AGAIN)
    document = _opened(raw)
    count = len(document)
    if count > MAX_PAGES:
        raise UnreadableInput(
            f"This PDF has more than {MAX_PAGES} pages.", "Bring in the pages that matter alone."
        )
    pages = Pages([], count, [], [], document.get_metadata_value("Title"), _language(document))
    for number in range(1, count + 1):
        try:
            lines = list(_lines(document[number - 1].get_textpage(), number))
        except pdfium.PdfiumError:
            pages.unreadable.append(number)
            continue
        pages.lines.extend(lines)
        if not lines:
            pages.empty.append(number)
    return pages


def _opened(raw: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise UnreadableInput(
                "This PDF is encrypted and asks for a password.",
                "Open it with the password and save it without, or copy its words and paste them.",
            ) from None
        raise UnreadableInput("This PDF is damaged, cut off, or without pages.", _SAVE_AGAIN) from None


def _language(document: pdfium.PdfDocument) -> str:
    """The language the file names for all its text (ISO 32000-1 14.9.2), "" without."""
    buffer = (ctypes.c_ushort * 100)()
    size = ctypes.sizeof(buffer)
    length = pdfium_c.FPDFCatalog_GetLanguage(document.raw, buffer, size)
    return _words(list(buffer[: max(length // 2 - 1, 0)])) if length <= size else ""


def _lines(page: pdfium.PdfTextPage, number: int) -> Iterator[Line]:
    units = [pdfium_c.FPDFText_GetUnicode(page.raw, index) for index in range(page.count_chars())]
    start = 0
    for index, unit in enumerate([*units, 0x0A]):
        if unit in {0x0A, 0x0D} or unit in _HYPHENS:
            end = index + (unit in _HYPHENS)
            if line := _line(page, number, units, start, end):
                yield line
            start = index + 1


def _line(page: pdfium.PdfTextPage, number: int, units: list[int], start: int, end: int) -> Line | None:
    """The line of these characters, or None when none of them is a sign that is drawn."""
    drawn = [index for index in range(start, end) if units[index] > 0x20 or units[index] in _HYPHENS]
    if not drawn:
        return None
    first, last = _box(page, drawn[0]), _box(page, drawn[-1])
    left, right = min(first[0], last[0]), max(first[2], last[2])
    return Line(_words(units[start:end]), number, left, first[1], right, first[3])


def _words(units: list[int]) -> str:
    """The words of these UTF-16 units: drawn ligatures are spelt out, soft hyphens inside a line left out."""
    plain = [0xFFFD if unit == 0 else 0x02 if unit in _HYPHENS else unit for unit in units]
    text = b"".join(unit.to_bytes(2, "little") for unit in plain).decode("utf-16-le", "replace")
    text = _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return _SPACE.sub(" ", text.replace("\u00ad", "")).strip(" ")


def _box(page: pdfium.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a character as its font says, so that all of a line are as high."""
    try:
        left, bottom, right, top = page.get_charbox(index, loose=True)
    except pdfium.PdfiumError:
        left, bottom, right, top = page.get_charbox(index)
    return left, bottom, right, top
