"""PDF (ISO 32000) into a tree: paragraphs with the page they start on. Only for the child process.

Author and dates of the file are not taken: they are those of who printed it. Scans hold no text, and are refused.
"""

from collections.abc import Callable
from functools import lru_cache

from annotator.articles.ingest.document import Found, Metadata, UnreadableInput
from annotator.articles.ingest.page import checked_value
from annotator.articles.ingest.pdf_lines import Pages, read_pages
from annotator.articles.ingest.pdf_paragraphs import Paragraph, paragraphs, without_returning
from annotator.articles.ingest.titles import sensible_title
from annotator.articles.ingest.tree import Element

_MOST_UNKNOWN = 0.3


def read_pdf(raw: bytes, language: str | None) -> tuple[Element, Metadata, list[str]]:
    """The file's tree, what it says about itself, and notes. UnreadableInput when it holds no text to be had.

    ``language`` is the project's, for the words a hyphen may have parted where the file names no language.
    """
    pages = read_pages(raw)
    _refuse_without_text(pages)
    known = _metadata(pages)
    spoken = known["language"].value if "language" in known else language or "en"
    lines, returning = without_returning(pages.lines, pages.count)
    found = paragraphs(lines, _known_words(spoken.partition("-")[0].lower()))
    return Element("body", children=[_element(each) for each in found]), known, _notes(pages, returning)


def _refuse_without_text(pages: Pages) -> None:
    if len(pages.unreadable) == pages.count:
        raise UnreadableInput(
            "No page of this PDF can be read: it is damaged.", "Save or fetch the file once more."
        )
    if not pages.lines:
        raise UnreadableInput(
            "There is no text inside this PDF: it is scanned, or its pages are empty. We do no text recognition.",
            "Run it through a text recognition program first, or type the words you need and paste them.",
        )
    signs = sum(len(line.text) for line in pages.lines)
    if sum(line.text.count("\ufffd") for line in pages.lines) > _MOST_UNKNOWN * signs:
        raise UnreadableInput(
            "This PDF draws signs without saying which letters they are.",
            "Open it in a PDF viewer and print it to a new PDF, or type the words you need and paste them.",
        )


def _element(paragraph: Paragraph) -> Element:
    if paragraph.listed:
        item = Element("li", children=[paragraph.text], page=paragraph.page)
        return Element("ul", children=[item])
    tag = f"h{paragraph.level}" if paragraph.level else "p"
    return Element(tag, children=[paragraph.text], page=paragraph.page)


def _metadata(pages: Pages) -> Metadata:
    known: Metadata = {}
    title, language = checked_value("title", pages.title), checked_value("language", pages.language)
    if title and sensible_title(title):
        known["title"] = Found(title, "properties of the PDF")
    if language:
        known["language"] = Found(language, "properties of the PDF")
    return known


def _notes(pages: Pages, returning: list[str]) -> list[str]:
    examples = ", ".join(f"“{line[:80]}”" for line in returning[:4])
    unknown = sum(line.text.count("\ufffd") for line in pages.lines)
    said = {
        "Paragraphs and headings were told from the layout; check them against the pages.": True,
        f"Left out, as it returns at the edge of the pages: {examples}.": returning,
        f"Pages without text, perhaps scanned: {_numbers(pages.empty)}.": pages.empty,
        f"Pages that could not be read: {_numbers(pages.unreadable)}.": pages.unreadable,
        f"{unknown} signs have no letter in the file and are shown as \ufffd.": unknown,
    }
    return [note for note, is_so in said.items() if is_so]


def _numbers(pages: list[int]) -> str:
    more = " and more" if len(pages) > 20 else ""
    return ", ".join(str(page) for page in pages[:20]) + more


def _known_words(language: str) -> Callable[[str], bool]:
    """Whether a word is in the list of a language; the list is loaded (0.1 to 1 s) with the first question."""

    @lru_cache(maxsize=10_000)
    def is_known(word: str) -> bool:
        from simplemma import is_known as is_listed

        try:
            return is_listed(word, lang=language) or is_listed(word.capitalize(), lang=language)
        except ValueError:
            return False

    return is_known
