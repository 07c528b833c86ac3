"""Bytes and a media type in, a ``Document`` out: canonical text, blocks, marks, metadata. Pure, without network.

Importers know formats and give a tree; only the walker makes text. Reading hostile input is bounded in size and
depth here; limits of time and memory are those of the process that calls.
"""

from annotator.articles.ingest.document import (
    Block,
    BlockKind,
    Document,
    Found,
    Mark,
    MarkType,
    Role,
    UnreadableInput,
)
from annotator.articles.ingest.guess import guess_media_type
from annotator.articles.ingest.reading import MAX_BYTES, MEDIA_TYPES, read

__all__ = [
    "MAX_BYTES",
    "MEDIA_TYPES",
    "Block",
    "BlockKind",
    "Document",
    "Found",
    "Mark",
    "MarkType",
    "Role",
    "UnreadableInput",
    "guess_media_type",
    "read",
]
