"""What every importer gives: the canonical text with its blocks, marks, metadata and notes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self


class UnreadableInput(ValueError):
    """The input cannot be brought in. ``happened`` says why and ``advice`` what to do; both are sentences."""

    def __init__(self, happened: str, advice: str) -> None:
        super().__init__(f"{happened} {advice}")
        self.happened = happened
        self.advice = advice


class WrongType(UnreadableInput):
    """What came in is not of the type it was said to be; answered with 415 (RFC 9110 15.5.16)."""


class BlockKind(StrEnum):
    """What a block of an article is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    QUOTE = "quote"
    LIST_ITEM = "list_item"
    CAPTION = "caption"
    TABLE_CELL = "table_cell"
    PREFORMATTED = "preformatted"


class MarkType(StrEnum):
    """What an inline mark means."""

    LINK = "link"
    STRONG = "strong"
    EM = "em"
    SUP = "sup"
    SUB = "sub"
    CODE = "code"


class Role(StrEnum):
    """What a block is for, where that can be told."""

    TITLE = "title"
    DATELINE = "dateline"
    BYLINE = "byline"
    CAPTION = "caption"
    RELATED = "related"
    SOURCE_ADDRESS = "source_address"


@dataclass(frozen=True, slots=True)
class Block:
    """A block of text: ``[start, end)`` in code points, without white space at its ends.

    ``level`` is 1 to 6 for a heading, else 0. ``depth`` counts the lists and quotes around the block. ``page`` is
    the page it starts on, counted from 1, where the format has pages (a locator of a PDF), else None.
    """

    kind: BlockKind
    level: int
    depth: int
    role: Role | None
    start: int
    end: int
    page: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The block as plain values; ``page`` is left out where there is none."""
        plain = asdict(self)
        if self.page is None:
            del plain["page"]
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The block from ``as_json``; ValueError for an unknown kind or role."""
        role = None if data["role"] is None else Role(data["role"])
        kind = BlockKind(data["kind"])
        return cls(kind, data["level"], data["depth"], role, data["start"], data["end"], data.get("page"))


@dataclass(frozen=True, slots=True)
class Mark:
    """Inline markup inside one block. ``href`` is for links: http, https or mailto, or "" when the address is lost."""

    type: MarkType
    start: int
    end: int
    href: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The mark as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The mark from ``as_json``; ValueError for an unknown type."""
        return cls(MarkType(data["type"]), data["start"], data["end"], data["href"])


@dataclass(frozen=True, slots=True)
class Found:
    """A value recognised in the input and, in words for the screen, where it was found."""

    value: str
    found_in: str


Metadata = dict[str, Found]
"""Keys: title, url, publisher, byline, published_on, language, direction; only what was found."""


@dataclass(frozen=True, slots=True)
class Document:
    """An article or source as read: text, its blocks and marks as offsets, metadata, notes for the reader."""

    text: str
    blocks: tuple[Block, ...]
    marks: tuple[Mark, ...] = ()
    metadata: Metadata = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def value(self, name: str) -> str | None:
        """A metadata value, or None when it was not found."""
        found = self.metadata.get(name)
        return found.value if found else None

    def as_json(self) -> dict[str, Any]:
        """The document as plain values, for another process."""
        return {
            "text": self.text,
            "blocks": [block.as_json() for block in self.blocks],
            "marks": [mark.as_json() for mark in self.marks],
            "metadata": {name: asdict(found) for name, found in self.metadata.items()},
            "notes": list(self.notes),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The document from ``as_json``."""
        return cls(
            data["text"],
            tuple(Block.from_json(block) for block in data["blocks"]),
            tuple(Mark.from_json(mark) for mark in data["marks"]),
            {name: Found(**found) for name, found in data["metadata"].items()},
            tuple(data["notes"]),
        )
