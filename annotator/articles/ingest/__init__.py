"""Bytes and a media type in, a ``Document`` out: canonical text, blocks, marks, metadata. Pure, without network.

Importers know formats and give a tree; only the walker makes text. ``read_safely`` reads what strangers made in a
child process with limits of memory and time; ``read`` does the same work in the process that calls.
"""

from annotator.articles.ingest.content import DOCX, PDF
from annotator.articles.ingest.document import (
    Block,
    BlockKind,
    Document,
    Found,
    Mark,
    MarkType,
    Role,
    UnreadableInput,
    WrongType,
)
from annotator.articles.ingest.guess import guess_media_type
from annotator.articles.ingest.reading import MAX_BYTES, MEDIA_TYPES, read
from annotator.articles.ingest.safely import Busy, Limits, read_safely

__all__ = [
    "DOCX",
    "MAX_BYTES",
    "MEDIA_TYPES",
    "PDF",
    "Block",
    "BlockKind",
    "Busy",
    "Document",
    "Found",
    "Limits",
    "Mark",
    "MarkType",
    "Role",
    "UnreadableInput",
    "WrongType",
    "guess_media_type",
    "read",
    "read_safely",
]
