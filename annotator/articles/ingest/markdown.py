"""Markdown into a tree. HTML inside it stays the words it is; front matter is taken off before."""

import re
from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.token import Token

from annotator.articles.ingest.document import UnreadableInput
from annotator.articles.ingest.tree import Element

MAX_DEPTH = 80
"""Nesting of lists and quotes; beyond it the parser would leave text out without a word."""

MAX_BRACKETS = 2000
"""Opening brackets in one paragraph; the parser's work grows with their square."""

_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n((?:(?!---[ \t]*(?:\n|\Z))[^\n]*\n){1,60})---[ \t]*(?:\n|\Z)")
_FIELD = re.compile(r"([A-Za-z][\w \-]{0,40}):[ \t]+(\S.*)")


class _Parser(MarkdownIt):
    """Lets every link through as a link: which addresses are kept is the walker's question."""

    def validateLink(self, url: str) -> bool:
        return True


def split_front_matter(source: str) -> tuple[dict[str, str], str]:
    """The simple ``key: value`` lines between the leading ``---`` lines, keys in lower case, and what follows them.

    Without any such line at the head there is no front matter, and the whole source is text.
    """
    match = _FRONT_MATTER.match(source)
    fields = (
        [found for line in match[1].splitlines() if (found := _FIELD.fullmatch(line.strip()))]
        if match
        else []
    )
    if match is None or not fields:
        return {}, source
    return {field[1].lower(): field[2].strip().strip("\"'") for field in fields}, source[match.end() :]


def parse_markdown(source: str) -> Element:
    """CommonMark with tables as a tree of HTML's tags.

    UnreadableInput when it is nested too deeply or has more brackets in a paragraph than any article.
    """
    if max(paragraph.count("[") for paragraph in _EMPTY_LINE.split(source)) > MAX_BRACKETS:
        raise _not_readable(f"A paragraph of this text has more than {MAX_BRACKETS} opening brackets.")
    parser = _Parser("commonmark", {"html": False, "maxNesting": MAX_DEPTH}).enable("table")
    parser.disable(["html_block", "html_inline"])
    tokens = parser.parse(source)
    if max((token.level for token in tokens), default=0) >= MAX_DEPTH - 2:
        raise _not_readable("The lists or quotes of this text are nested too deeply.")
    root = Element("body")
    _build(root, tokens)
    return root


def _not_readable(happened: str) -> UnreadableInput:
    return UnreadableInput(happened, "Bring it in as plain text instead.")


def _build(root: Element, tokens: Iterable[Token]) -> None:
    """Hang the tokens below ``root``."""
    stack = [root]
    for token in tokens:
        if token.nesting == 1:
            element = Element(token.tag, {name: str(value) for name, value in token.attrs.items()})
            stack[-1].children.append(element)
            stack.append(element)
        elif token.nesting == -1:
            stack.pop()
        elif token.type == "inline":
            _build(stack[-1], token.children or [])
        else:
            stack[-1].children.extend(_leaf(token))


def _leaf(token: Token) -> list[Element | str]:
    """What a token without an end stands for; pictures and rules are no text."""
    if token.type == "text":
        return [token.content]
    if token.type == "softbreak":
        return ["\n"]
    if token.type in {"hardbreak", "hr"}:
        return [Element("br" if token.type == "hardbreak" else "hr")]
    if token.type == "code_inline":
        return [Element("code", children=[token.content])]
    if token.type in {"fence", "code_block"}:
        return [Element("pre", children=[token.content])]
    return []
