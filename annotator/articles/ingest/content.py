"""What bytes are by their first signs, so that content and name agree before anything is parsed."""

from annotator.articles.ingest.document import WrongType

HTML = "text/html"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA_TYPES = (HTML, MARKDOWN, PLAIN, PDF, DOCX)

_ALIASES = {"application/xhtml+xml": HTML, "text/x-markdown": MARKDOWN, "application/x-pdf": PDF}
_NAMES = {PDF: "a PDF file", DOCX: "a Word document (DOCX)"}
_ZIP = "a ZIP archive"
_SIGNS = (
    (b"%PDF-", _NAMES[PDF]),
    (b"PK\x03\x04", _ZIP),
    (b"PK\x05\x06", _ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or password-protected Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG\r\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF89a", "a picture"),
    (b"\x1f\x8b\x08", "a compressed file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
)
_PDF_REACH = 1024
"""Within as many bytes readers look for the head of a PDF (ISO 32000-1, annex H 3.4.1)."""


def known_type(given: str) -> str:
    """The media type without parameters and under its usual name; UnreadableInput when no importer reads it."""
    bare = given.partition(";")[0].strip().lower()
    bare = _ALIASES.get(bare, bare)
    if bare not in MEDIA_TYPES:
        raise WrongType(
            f"Files of the type “{bare[:60]}” cannot be read.",
            "Use HTML, Markdown, plain text, PDF or DOCX, or paste its words.",
        )
    return bare


def refuse_other_content(raw: bytes, media_type: str) -> None:
    """WrongType when the first bytes are not those of this media type."""
    found = next((name for sign, name in _SIGNS if raw.startswith(sign)), None)
    if media_type == PDF:
        fits = b"%PDF-" in raw[:_PDF_REACH] and found in {None, _NAMES[PDF]}
    elif media_type == DOCX:
        fits = found == _ZIP
    else:
        fits = found is None
    if not raw:
        raise WrongType("The file is empty.", "Save it once more where it comes from, and choose it again.")
    if not fits:
        said = _NAMES.get(media_type, "text")
        raise WrongType(
            f"This is not {said}, whatever its name says{f': it is {found}' if found else ''}.",
            "Choose the file itself, or copy its words and paste them instead.",
        )
