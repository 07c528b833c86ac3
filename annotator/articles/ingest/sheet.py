"""The text as the walker writes it: one block after another, with the marks that run through them."""

import re
from dataclasses import dataclass, field

from annotator.articles.ingest.document import Block, BlockKind, Mark, MarkType
from annotator.text import canonical

SEPARATOR = "\n\n"

_MARKUP_SPACE = re.compile(r"[ \t\n\f]+")


@dataclass(frozen=True, slots=True)
class Context:
    """What a block opened here would be."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    depth: int = 0
    page: int | None = None


@dataclass(slots=True)
class OpenMark:
    """A mark that has begun; ``start`` is None until its first sign in the present block is written."""

    type: MarkType
    href: str | None
    start: int | None = None


@dataclass(slots=True)
class Sheet:
    """Text, blocks and marks so far. ``pending`` is white space that counts only if more of the block follows."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    blocks: list[Block] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    open_marks: list[OpenMark] = field(default_factory=list)
    block_start: int | None = None
    pending: str = ""

    def text(self) -> str:
        """The text written so far."""
        return "".join(self.pieces)

    def write(self, piece: str, context: Context) -> None:
        """Add a piece of text; its first sign that is not white space opens a block of the context's kind."""
        piece, _ = canonical(piece)
        if context.kind is not BlockKind.PREFORMATTED:
            piece = _MARKUP_SPACE.sub(" ", piece)
        body = piece.strip()
        if not body:
            self._wait_with(piece, context)
            return
        leading = len(piece) - len(piece.lstrip())
        self._wait_with(piece[:leading], context)
        self._flush(context)
        self._put(body)
        self._wait_with(piece[leading + len(body) :], context)

    def line_break(self) -> None:
        """A break inside a block: one line end, without the spaces around it."""
        self.pending = self.pending.rstrip(" ") + "\n"

    def open_mark(self, mark: OpenMark) -> None:
        """Begin a mark; it runs until ``end_mark``, cut at the ends of blocks."""
        self.open_marks.append(mark)

    def end_mark(self) -> None:
        """End the mark that was opened last."""
        self._cut_mark(len(self.open_marks) - 1)
        self.open_marks.pop()

    def close_block(self, context: Context) -> None:
        """End the present block, if there is one; marks still open begin anew in the next."""
        self.pending = ""
        if self.block_start is None:
            return
        for place in range(len(self.open_marks)):
            self._cut_mark(place)
        for mark in self.open_marks:
            mark.start = None
        kind, level, depth = context.kind, context.level, context.depth
        self.blocks.append(Block(kind, level, depth, None, self.block_start, self.length, context.page))
        self.block_start = None

    def _wait_with(self, space: str, context: Context) -> None:
        """Keep white space back; next to another space or a line break, a space of markup adds nothing."""
        if context.kind is not BlockKind.PREFORMATTED and self.pending[-1:] in {" ", "\n"}:
            space = space.removeprefix(" ")
        self.pending += space

    def _flush(self, context: Context) -> None:
        """Write the space kept back. Two line breaks in a row part two blocks, as people use them."""
        pending = self.pending
        if pending.count("\n") > 1 and context.kind is not BlockKind.PREFORMATTED:
            self.close_block(context)
        elif self.block_start is not None:
            self._append(pending)
        self.pending = ""

    def _put(self, body: str) -> None:
        if self.block_start is None:
            if self.blocks:
                self._append(SEPARATOR)
            self.block_start = self.length
        for mark in self.open_marks:
            if mark.start is None:
                mark.start = self.length
        self._append(body)

    def _append(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)

    def _cut_mark(self, place: int) -> None:
        """Note what a mark covers in the present block, unless it is empty or inside another of its type."""
        mark = self.open_marks[place]
        if mark.start is not None and all(outer.type is not mark.type for outer in self.open_marks[:place]):
            self.marks.append(Mark(mark.type, mark.start, self.length, mark.href))
