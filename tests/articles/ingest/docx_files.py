"""Word documents written by hand, just enough of ISO/IEC 29500 for the importer's tests."""

import io
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_STYLES = {
    "Title": "Title",
    "Heading2": "heading 2",
    "Quote": "Quote",
    "Caption": "caption",
    "FootnoteText": "footnote text",
}
_LIST = (
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
)


def run(words: str, properties: str = "") -> str:
    """A run of words; ``properties`` is XML such as ``<w:b/>``."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(content: str, style: str = "", properties: str = "") -> str:
    """A paragraph of runs."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{content}</w:p>"


def item(words: str, level: int = 0) -> str:
    """An item of the bulleted list."""
    numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    return paragraph(run(words), properties=numbered)


def docx(body: str, *, links: Mapping[str, str] | None = None, **parts: str) -> bytes:
    """A document with this body; ``links`` are addresses by their id, ``parts`` the inside of other parts by name."""
    roots = {"numbering": _LIST, "styles": _styles(), **parts}
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": _relationships({"rId1": ("officeDocument", "word/document.xml", "")}),
        "word/_rels/document.xml.rels": _relationships(
            {key: ("hyperlink", address, 'TargetMode="External"') for key, address in (links or {}).items()}
            | {name: (name, f"{name}.xml", "") for name in roots}
        ),
        "word/document.xml": _part("document", f"<w:body>{body}</w:body>"),
        **{f"word/{name}.xml": _part(name, content) for name, content in roots.items()},
    }
    return packed(files)


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """An archive of these files."""
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_files(raw: bytes, files: Mapping[str, str | bytes]) -> bytes:
    """The document with further files, or others in place of its own."""
    with ZipFile(io.BytesIO(raw)) as archive:
        return packed({name: archive.read(name) for name in archive.namelist()} | files)


def _part(name: str, content: str) -> str:
    return f'<w:{name} xmlns:w="{_MAIN}" xmlns:r="{_OFFICE}">{content}</w:{name}>'


def _styles() -> str:
    return "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in _STYLES.items()
    )


def _relationships(targets: Mapping[str, tuple[str, str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}" {more}/>'
        for key, (kind, target, more) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'
