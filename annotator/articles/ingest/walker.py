"""The one walker that turns a tree into canonical text with blocks and marks.

White space that is only markup becomes one space; no-break spaces, joiners, soft hyphens and combining marks stay.
Blocks are joined by an empty line; space at a block's ends belongs to no block, and marks are cut to fit.
"""

from dataclasses import dataclass, field

from annotator.articles.ingest.document import Block, BlockKind, Mark, MarkType
from annotator.articles.ingest.links import usable_href
from annotator.articles.ingest.sheet import Context, OpenMark, Sheet
from annotator.articles.ingest.tree import Element

SKIPPED = frozenset(
    "script style noscript template nav form svg math iframe object embed canvas video audio select button input"
    " textarea dialog title head map noembed noframes datalist progress meter".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_KINDS = {
    **dict.fromkeys(_HEADINGS, BlockKind.HEADING),
    **dict.fromkeys(("li", "dt", "dd"), BlockKind.LIST_ITEM),
    **dict.fromkeys(("td", "th"), BlockKind.TABLE_CELL),
    **dict.fromkeys(("figcaption", "caption"), BlockKind.CAPTION),
    "blockquote": BlockKind.QUOTE,
    "pre": BlockKind.PREFORMATTED,
}
_CONTAINERS = frozenset(
    "p div section article main body html header footer aside figure ul ol dl table thead tbody tfoot tr hr address"
    " details summary fieldset center hgroup menu".split()
)
_BLOCKS = frozenset(_KINDS) | _CONTAINERS
_DEEPENING = frozenset({"ul", "ol", "blockquote"})
_MARKS = {
    **dict.fromkeys(("b", "strong"), MarkType.STRONG),
    **dict.fromkeys(("i", "em", "cite", "dfn"), MarkType.EM),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), MarkType.CODE),
    "sup": MarkType.SUP,
    "sub": MarkType.SUB,
}


@dataclass(frozen=True, slots=True)
class Walked:
    """Text with its blocks and marks, before anything is read from its lines."""

    text: str
    blocks: tuple[Block, ...]
    marks: tuple[Mark, ...] = ()


def walk(root: Element, *, base: str = "") -> Walked:
    """Turn a tree into text; ``base`` is the address that relative links are read against."""
    return _Walker(base).run(root)


@dataclass(slots=True)
class _Walker:
    base: str
    sheet: Sheet = field(default_factory=Sheet)
    contexts: list[Context] = field(default_factory=lambda: [Context()])

    def run(self, root: Element) -> Walked:
        """Walk the tree with a list of what waits, so that no depth exhausts the stack."""
        waiting: list[tuple[Element | str, bool]] = [(root, False)]
        while waiting:
            node, leaving = waiting.pop()
            if isinstance(node, str):
                self.sheet.write(node, self.contexts[-1])
            elif leaving:
                self._leave(node)
            elif not is_skipped(node):
                self._enter(node)
                waiting.append((node, True))
                waiting.extend((child, False) for child in reversed(node.children))
        self.sheet.close_block(self.contexts[-1])
        marks = sorted(self.sheet.marks, key=lambda mark: (mark.start, -mark.end))
        return Walked(self.sheet.text(), tuple(self.sheet.blocks), tuple(marks))

    def _enter(self, element: Element) -> None:
        if element.tag == "br":
            self.sheet.line_break()
        elif element.tag in _BLOCKS:
            self.sheet.close_block(self.contexts[-1])
            self.contexts.append(self._inner_context(element))
        elif mark := self._mark(element):
            self.sheet.open_mark(mark)

    def _leave(self, element: Element) -> None:
        if element.tag in _BLOCKS:
            self.sheet.close_block(self.contexts.pop())
        elif self._mark(element):
            self.sheet.end_mark()

    def _inner_context(self, element: Element) -> Context:
        """The context inside a tag: a paragraph in a list item or a cell goes on being one of its own kind."""
        tag, outer = element.tag, self.contexts[-1]
        page = element.page or outer.page
        depth = outer.depth + (tag in _DEEPENING)
        if tag in _KINDS:
            return Context(_KINDS[tag], _HEADINGS.get(tag, 0), depth, page)
        if tag in {"table", "figure"}:
            return Context(depth=depth, page=page)
        return Context(outer.kind, outer.level, depth, page)

    def _mark(self, element: Element) -> OpenMark | None:
        """The mark an element makes, if it makes one."""
        if element.tag in _MARKS:
            return OpenMark(_MARKS[element.tag], None)
        href = element.attributes.get("href") if element.tag == "a" else None
        usable = None if href is None else usable_href(href, self.base)
        return None if usable is None else OpenMark(MarkType.LINK, usable)


def is_skipped(element: Element) -> bool:
    """Whether an element and all below it is no text: scripts, menus, forms, pictures, what is hidden."""
    if element.tag in SKIPPED or "hidden" in element.attributes or element.get("aria-hidden") == "true":
        return True
    style = element.get("style").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def useless_links(root: Element) -> int:
    """How many links below lead nowhere that can be opened, such as to a script."""
    addresses = (element.attributes.get("href") for element in root.elements() if element.tag == "a")
    return sum(
        href is not None and not href.startswith("#") and usable_href(href) is None for href in addresses
    )
