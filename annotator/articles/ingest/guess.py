"""What kind of text a person pasted, or of file a person chose."""

import re

from annotator.articles.ingest.content import DOCX, PDF

_BY_ENDING = {
    "html": "text/html",
    "htm": "text/html",
    "xhtml": "text/html",
    "md": "text/markdown",
    "markdown": "text/markdown",
    "pdf": PDF,
    "docx": DOCX,
}
_LOOKED_AT = 50_000
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype html|html|head|body|article|main)\b", re.IGNORECASE
)
_HTML_END_TAG = re.compile(
    r"</(?:p|div|h[1-6]|ul|ol|li|table|blockquote|article|section|a|strong|em)>", re.IGNORECASE
)
_MARKDOWN = re.compile(
    r"""^\#{1,6}[ ]\S              # a heading
    | \[[^\]\n]{1,300}\]\([^)\n]{0,2000}\)  # a link
    | \*\*\S[^*\n]{0,300}\*\*      # bold
    | ^>[ ]\S                      # a quote
    | ^```                         # code
    | <https?://[^>\s]{1,2000}>    # an address
    """,
    re.MULTILINE | re.VERBOSE,
)


def guess_media_type(filename: str | None, text: str) -> str:
    """One of MEDIA_TYPES, by the file's ending, else by the signs in the text.

    ``text`` is the beginning of the content; bytes that are no text may have been replaced in it. Whether name and
    content agree is found out in reading.
    """
    ending = (filename or "").rpartition(".")[2].lower()
    if ending in _BY_ENDING:
        return _BY_ENDING[ending]
    for sign, media_type in (("%PDF-", PDF), ("PK\x03\x04", DOCX)):
        if text.startswith(sign):
            return media_type
    head = text[:_LOOKED_AT]
    if _HTML_START.match(head) or len(_HTML_END_TAG.findall(head)) >= 2:
        return "text/html"
    if head.lstrip().startswith("---\n") or _MARKDOWN.search(head):
        return "text/markdown"
    return "text/plain"
