"""Word documents (DOCX, ISO/IEC 29500) into a tree, by way of mammoth and its HTML.

Tracked insertions are text, deletions are gone. A footnote's sign stays in the text as "[1]", and its words are a
paragraph of their own at the end. Comments, pictures, macros and embedded files are left out; the notes say so.
"""

import re
from collections import Counter
from xml.etree.ElementTree import fromstring

import mammoth
from mammoth.images import img_element

from annotator.articles.ingest.document import Found, Metadata, UnreadableInput
from annotator.articles.ingest.html import parse_html
from annotator.articles.ingest.package import Package, open_package
from annotator.articles.ingest.page import checked_value
from annotator.articles.ingest.titles import sensible_title
from annotator.articles.ingest.tree import Element

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
p[style-name='Quotations'] => blockquote > p:fresh
p[style-name='caption'] => figcaption:fresh
p[style-name='Caption'] => figcaption:fresh
p[style-name='Image Caption'] => figcaption:fresh
p[style-name='Table Caption'] => figcaption:fresh
p[style-name='HTML Preformatted'] => pre:separator('\\n')
p[style-name='Preformatted Text'] => pre:separator('\\n')
p[style-name='Source Code'] => pre:separator('\\n')
"""
"""Word's own names of styles stay English in every language of Word; the last of each group are other programs'."""

_NOTE = re.compile(r"(?:footnote|endnote)-")
_NOTE_REFERENCE = re.compile(r"#(?:footnote|endnote)-ref-")
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_PICTURES = ("drawing", "pict")


def read_docx(raw: bytes) -> tuple[Element, Metadata, list[str]]:
    """The document's tree, what it says about itself, and notes. UnreadableInput when it is damaged or made to harm."""
    package = open_package(raw)
    try:
        result = mammoth.convert_to_html(
            package.as_zip(),
            style_map=_STYLES,
            convert_image=img_element(lambda _: {}),
            include_embedded_style_map=False,
            external_file_access=False,
        )
    except (OSError, KeyError, ValueError, AttributeError, IndexError, TypeError, RecursionError):
        raise UnreadableInput(
            "The text inside this document is damaged.",
            "Open it in a word processor, save it again as DOCX, or copy its words and paste them.",
        ) from None
    page = parse_html(f"<html><body>{result.value}</body></html>")
    body = next((element for element in page.elements() if element.tag == "body"), page)
    footnotes = _set_footnotes(body)
    return body, _metadata(package), _notes(package, footnotes)


def _set_footnotes(body: Element) -> int:
    """Turn mammoth's list of notes into paragraphs that begin with their sign; their number."""
    if not body.children or not isinstance(last := body.children[-1], Element) or last.tag != "ol":
        return 0
    items = [child for child in last.children if isinstance(child, Element)]
    if not items or not all(_NOTE.match(item.get("id")) for item in items):
        return 0
    for number, item in enumerate(items, 1):
        _drop_way_back(item)
        first = next((element for element in item.elements() if element.tag == "p"), item)
        first.children.insert(0, f"[{number}] ")
        item.tag = "div"
    last.tag = "div"
    return len(items)


def _drop_way_back(item: Element) -> None:
    for element in item.elements():
        element.children = [
            child
            for child in element.children
            if isinstance(child, str) or not _NOTE_REFERENCE.match(child.get("href"))
        ]


def _metadata(package: Package) -> Metadata:
    """Title and language. Author and dates are those of the file and of who typed it, so they are not taken."""
    core = package.parts.get("docProps/core.xml")
    root = None if core is None else fromstring(core)  # noqa: S314 - checked by open_package: no DOCTYPE
    known: Metadata = {}
    for name in ("title", "language"):
        value = "" if root is None else root.findtext(f"{_DUBLIN_CORE}{name}", "")
        checked = checked_value(name, value)
        if checked and (name != "title" or sensible_title(checked)):
            known[name] = Found(checked, "properties of the document")
    return known


def _notes(package: Package, footnotes: int) -> list[str]:
    tags = package.tags["word/document.xml"]
    relations = b"".join(content for name, content in package.parts.items() if name.endswith(".rels"))
    comments = package.tags.get("word/comments.xml", Counter())["comment"]
    names = " ".join(package.names).lower()
    said = {
        f"Footnotes: {footnotes}, at the end of the text; [1] in it is the sign of the first.": footnotes,
        f"Tracked changes: {tags['ins']} insertions are in the text, {tags['del']} deletions are not.": tags[
            "ins"
        ]
        or tags["del"],
        f"Comments left out: {comments}.": comments,
        f"Pictures left out: {_pictures(tags)}.": _pictures(tags),
        "It has macros; they were neither read nor run.": "vbaproject" in names,
        "Files embedded in it were left out.": "word/embeddings/" in names or tags["altChunk"],
        "It names a template outside; nothing was fetched.": b"attachedTemplate" in relations,
    }
    return [note for note, is_so in said.items() if is_so]


def _pictures(tags: Counter[str]) -> int:
    """How many pictures the text has; Word writes each twice where it writes a fallback for older programs."""
    return max(sum(tags[name] for name in _PICTURES) - tags["Fallback"], 0)
