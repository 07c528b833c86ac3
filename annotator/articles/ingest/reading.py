"""``read``: the one way from bytes to a ``Document``. Each format's library is loaded when it is needed."""

from annotator.articles.ingest.charset import decode
from annotator.articles.ingest.content import (
    DOCX,
    HTML,
    MARKDOWN,
    MEDIA_TYPES,
    PDF,
    known_type,
    refuse_other_content,
)
from annotator.articles.ingest.document import Document, Found, Metadata, UnreadableInput
from annotator.articles.ingest.links import web_address
from annotator.articles.ingest.metadata import describe
from annotator.articles.ingest.page import base_address, checked_value, page_metadata
from annotator.articles.ingest.plain import read_plain
from annotator.articles.ingest.tree import Element
from annotator.articles.ingest.walker import Walked, useless_links, walk
from annotator.text import canonical

__all__ = ["MAX_BYTES", "MEDIA_TYPES", "read"]

MAX_BYTES = 10_000_000
"""Larger input is refused: it is no article."""

_FRONT_MATTER_FIELDS = {
    "title": "title",
    "headline": "title",
    "url": "url",
    "link": "url",
    "canonical": "url",
    "canonical_url": "url",
    "source": "url",
    "publisher": "publisher",
    "site": "publisher",
    "author": "byline",
    "authors": "byline",
    "byline": "byline",
    "date": "published_on",
    "published": "published_on",
    "published_on": "published_on",
    "lang": "language",
    "language": "language",
    "dir": "direction",
    "direction": "direction",
}


_Read = tuple[Walked, Metadata, list[str]]


def read(raw: bytes, media_type: str, charset: str | None = None, *, language: str | None = None) -> Document:
    """The document in these bytes, read in this very process: ``read_safely`` is for what strangers made.

    ``charset`` is the declared one; ``language`` (the project's) helps to read dates and the words of a PDF where
    the text names none. Raises UnreadableInput for another media type, input too large, nested too deeply, or
    without words, and WrongType when the content is not of the media type.
    """
    media_type = acceptable(raw, media_type)
    if media_type == PDF:
        walked, known, notes = _pdf(raw, language)
    elif media_type == DOCX:
        walked, known, notes = _docx(raw)
    else:
        walked, known, notes = _text(raw, media_type, charset)
    if not walked.blocks:
        raise UnreadableInput("No words were found in it.", "Copy its words and paste them instead.")
    blocks, metadata = describe(walked, known, language)
    return Document(walked.text, blocks, walked.marks, metadata, tuple(notes))


def acceptable(raw: bytes, media_type: str) -> str:
    """The media type under its usual name; UnreadableInput when nothing of the kind will be read."""
    media_type = known_type(media_type)
    if len(raw) > MAX_BYTES:
        raise UnreadableInput(
            f"This is larger than {MAX_BYTES // 1_000_000} MB.", "Bring in the text of the article alone."
        )
    if raw or media_type in {PDF, DOCX}:
        refuse_other_content(raw, media_type)
    return media_type


def _text(raw: bytes, media_type: str, charset: str | None) -> _Read:
    decoded, notes = decode(raw, charset, is_html=media_type == HTML)
    source, replaced = canonical(decoded)
    if replaced:
        notes.append(
            f"{replaced} signs that cannot be stored (NUL or half a surrogate pair) are shown as \ufffd."
        )
    importer = {HTML: _html, MARKDOWN: _markdown}.get(media_type, _plain)
    walked, known, more = importer(source)
    return walked, known, [*notes, *more]


def _html(source: str) -> _Read:
    from annotator.articles.ingest.html import main_part, parse_html

    page = parse_html(source)
    known = page_metadata(page)
    part, is_marked = main_part(page)
    notes = ["Taken: the part that the page marks as its article."] if is_marked else []
    return walk(part, base=base_address(page, known)), known, [*notes, *_note_on_links(part)]


def _docx(raw: bytes) -> _Read:
    from annotator.articles.ingest.docx import read_docx

    tree, known, notes = read_docx(raw)
    return walk(tree), known, [*notes, *_note_on_links(tree)]


def _pdf(raw: bytes, language: str | None) -> _Read:
    from annotator.articles.ingest.pdf import read_pdf

    tree, known, notes = read_pdf(raw, language)
    return walk(tree), known, notes


def _note_on_links(part: Element) -> list[str]:
    """A note on the links below that lead nowhere, if there are any."""
    useless = useless_links(part)
    return [f"{useless} links lead nowhere that can be opened; their words were kept."] if useless else []


def _markdown(source: str) -> _Read:
    from annotator.articles.ingest.markdown import parse_markdown, split_front_matter

    fields, body = split_front_matter(source)
    known: Metadata = {}
    for key, value in fields.items():
        name = _FRONT_MATTER_FIELDS.get(key)
        checked = checked_value(name, value) if name else None
        if name and checked:
            known.setdefault(name, Found(checked, "front matter"))
    notes = ["The lines between --- at the head are no text of the article; they were read as its details."]
    base = known["url"].value if "url" in known else ""
    return walk(parse_markdown(body), base=web_address(base) or ""), known, notes if fields else []


def _plain(source: str) -> _Read:
    return read_plain(source), {}, []
