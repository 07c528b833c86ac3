"""``read``: the one way from bytes to a ``Document``."""

from annotator.articles.ingest.charset import decode
from annotator.articles.ingest.document import Document, Found, Metadata, UnreadableInput
from annotator.articles.ingest.html import main_part, parse_html
from annotator.articles.ingest.links import web_address
from annotator.articles.ingest.markdown import parse_markdown, split_front_matter
from annotator.articles.ingest.metadata import describe
from annotator.articles.ingest.page import base_address, checked_value, page_metadata
from annotator.articles.ingest.plain import read_plain
from annotator.articles.ingest.walker import Walked, useless_links, walk
from annotator.text import canonical

MAX_BYTES = 10_000_000
"""Larger input is refused: it is no article."""

MEDIA_TYPES = ("text/html", "text/markdown", "text/plain")

_ALIASES = {"application/xhtml+xml": "text/html", "text/x-markdown": "text/markdown"}
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


def read(raw: bytes, media_type: str, charset: str | None = None, *, language: str | None = None) -> Document:
    """The document in these bytes.

    ``charset`` is the declared one; ``language`` (the project's) helps to read dates where the text names none.
    Raises UnreadableInput for another media type, input too large, nested too deeply, or without words.
    """
    media_type = _media_type(media_type)
    if len(raw) > MAX_BYTES:
        raise UnreadableInput(
            f"This is larger than {MAX_BYTES // 1_000_000} MB.", "Bring in the text of the article alone."
        )
    decoded, notes = decode(raw, charset, is_html=media_type == "text/html")
    source, replaced = canonical(decoded)
    if replaced:
        notes.append(
            f"{replaced} signs that cannot be stored (NUL or half a surrogate pair) are shown as \ufffd."
        )
    walked, known, more = {"text/html": _html, "text/markdown": _markdown, "text/plain": _plain}[media_type](
        source
    )
    if not walked.blocks:
        raise UnreadableInput(
            "No words were found in it.", "Copy the words of the article and paste them instead."
        )
    blocks, metadata = describe(walked, known, language)
    return Document(walked.text, blocks, walked.marks, metadata, (*notes, *more))


def _media_type(given: str) -> str:
    """The media type without parameters; UnreadableInput when no importer reads it."""
    bare = given.partition(";")[0].strip().lower()
    bare = _ALIASES.get(bare, bare)
    if bare not in MEDIA_TYPES:
        raise UnreadableInput(
            f"Files of the type “{bare[:60]}” cannot be read.",
            "Use HTML, Markdown or plain text, or paste the words of the article.",
        )
    return bare


def _html(source: str) -> tuple[Walked, Metadata, list[str]]:
    page = parse_html(source)
    known = page_metadata(page)
    part, is_marked = main_part(page)
    notes = ["Taken: the part that the page marks as its article."] if is_marked else []
    useless = useless_links(part)
    if useless:
        notes.append(f"{useless} links lead nowhere that can be opened; their words were kept.")
    return walk(part, base=base_address(page, known)), known, notes


def _markdown(source: str) -> tuple[Walked, Metadata, list[str]]:
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


def _plain(source: str) -> tuple[Walked, Metadata, list[str]]:
    return read_plain(source), {}, []
