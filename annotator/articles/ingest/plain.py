"""Plain text: every sign is kept, and blocks are what empty lines part."""

import re

from annotator.articles.ingest.document import Block, BlockKind
from annotator.articles.ingest.walker import Walked

_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*")
_LINE = re.compile(r"\S[^\n]*")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")
_LONGEST_WRAPPED_LINE = 120


def read_plain(text: str) -> Walked:
    """The text as it is. Blocks run from their first to their last sign that is not white space.

    Text without any empty line but with lines too long to be wrapped has one paragraph a line.
    """
    pattern = _LINE if _has_a_paragraph_a_line(text.strip()) else _PARAGRAPH
    spans = ((match.start(), match.start() + len(match[0].rstrip())) for match in pattern.finditer(text))
    return Walked(text, tuple(Block(BlockKind.PARAGRAPH, 0, 0, None, start, end) for start, end in spans))


def _has_a_paragraph_a_line(text: str) -> bool:
    if _EMPTY_LINE.search(text):
        return False
    return any(len(line) > _LONGEST_WRAPPED_LINE for line in text.split("\n"))
