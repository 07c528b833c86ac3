"""The bytes of a snapshot as a download: kept by whoever asks, never opened by a page of ours.

An uploaded page can hold scripts, so it goes out as an attachment, of the type that our table names, under a policy
that would let nothing run (security: originals; RFC 6266 for the name).
"""

import re
import unicodedata
from urllib.parse import quote

from flask import Response

from annotator.articles.ingest import DOCX, PDF
from annotator.articles.models import Snapshot

ENDINGS = {"text/html": "html", "text/markdown": "md", "text/plain": "txt", PDF: "pdf", DOCX: "docx"}
POLICY = "sandbox; default-src 'none'"
LONGEST_NAME = 80
UNSAFE = re.compile(r'[\\/:*?"<>|%;]')
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


def clean_name(filename: str, media_type: str, otherwise: str) -> str:
    """Give a name that is safe to store under on any system, with the ending of its media type. Pure."""
    last = re.split(r"[\\/]", filename)[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] not in "CZ" or sign == " ")
    ending = ENDINGS.get(media_type, "bin")
    stem = re.sub(rf"\.{ending}$", "", UNSAFE.sub("-", seen), flags=re.IGNORECASE).strip(" .-")
    if not stem or RESERVED.fullmatch(stem.split(".")[0]):
        stem = otherwise
    return f"{stem[:LONGEST_NAME].strip(' .')}.{ending}"


def original(snapshot: Snapshot) -> Response:
    """Answer with the snapshot's bytes."""
    name = clean_name(snapshot.filename, snapshot.media_type, f"copy-{snapshot.number}")
    plain = PLAIN.sub("-", unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode())
    response = Response(snapshot.raw, content_type="application/octet-stream")
    if snapshot.media_type in ENDINGS:
        response.headers["Content-Type"] = snapshot.media_type
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
