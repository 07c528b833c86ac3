"""People's notes: Markdown in, safe HTML out (the only place where words typed by people become markup)."""

from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_REL = "noopener noreferrer nofollow"
_SCHEMES = ("http://", "https://", "mailto:")
_CLEANER = nh3.Cleaner(
    tags={"p", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "a", "br"},
    attributes={"a": {"href"}, "*": set()},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel=_REL,
)


class _Parser(MarkdownIt):
    """Takes for a link what leads to http, https or mailto; the rest stays the signs it was typed with."""

    def validateLink(self, url: str) -> bool:
        return url.lower().startswith(_SCHEMES)


def _flatten_headings(tokens: Sequence[Token]) -> None:
    """Make headings bold paragraphs: a note must not add to the headings of the page it stands on."""
    for place, token in enumerate(tokens):
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "p"
        if token.type == "heading_open":
            words = tokens[place + 1]
            bold = Token("strong_open", "strong", 1), Token("strong_close", "strong", -1)
            words.children = [bold[0], *(words.children or []), bold[1]]


# Pictures would tell their server who reads; a line end typed is a line end shown.
_PARSER = _Parser("commonmark", {"html": False, "breaks": True})
_PARSER.disable(["image", "html_block", "html_inline"])


class CleanHtml(str):
    """Cleaned HTML, which templates draw as it is. Only `clean` makes it; whatever is joined to it is text again."""

    __slots__ = ()

    def __html__(self) -> str:
        """Give the HTML: what escaping asks for."""
        return str(self)


def render(source: str) -> str:
    """Safe HTML of a note: paragraphs, lists, quotes, code, emphasis and links to http, https and mailto.

    HTML in the source is shown as the signs it was typed with. Cleaning the result again changes nothing. To be
    kept and sent; a template draws it by the filter `clean` alone.
    """
    tokens = _PARSER.parse(source)
    _flatten_headings(tokens)
    return str(clean(_PARSER.renderer.render(tokens, _PARSER.options, {})))


def clean(html: str) -> CleanHtml:
    """HTML with everything taken out that a note may not hold."""
    return CleanHtml(_CLEANER.clean(html))
