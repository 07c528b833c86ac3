"""HTML into a tree, and the part of a page that is the article."""

import re

from lxml import etree

from annotator.articles.ingest.document import UnreadableInput
from annotator.articles.ingest.tree import Element
from annotator.articles.ingest.walker import is_skipped

MAX_DEPTH = 256
"""Tags inside tags. libxml2 stops there and would leave the rest out (its XML_PARSE_HUGE option is not used)."""

_TAG = re.compile(r"<(?:(!--)|(/?)([a-zA-Z][^\s/>]*))")
_DOCUMENT_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_END_OPTIONAL = frozenset(
    "p li dt dd tr td th thead tbody tfoot option optgroup colgroup rp rt html head body".split()
)
_RAW = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea", "title")}


def parse_html(text: str) -> Element:
    """The page as a tree. UnreadableInput when it is nested deeper than 256 or breaks a limit of the parser."""
    if depth_exceeds(text, MAX_DEPTH):
        raise _too_deep()
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    # A page may go on after </body>; the parser would drop that part, browsers show it.
    source = _DOCUMENT_END.sub("", text).encode("utf-8")
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError:
        root = None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise _too_deep()
    return Element("html") if root is None else _converted(root)


def depth_exceeds(text: str, limit: int) -> bool:
    """Whether tags are nested deeper than the limit, by reading the tags once from left to right.

    Tags that may be left open ("<p>") do not count; the parser's own limit holds for what this does not see.
    """
    open_tags: list[str] = []
    place = 0
    while match := _TAG.search(text, place):
        place = match.end()
        comment, closing, name = match[1], match[2], (match[3] or "").lower()
        if comment:
            place = _after(text, text.find("-->", place))
        elif closing and name in open_tags:
            del open_tags[_last(open_tags, name) :]
        elif not closing and name in _RAW:
            end = _RAW[name].search(text, place)
            place = end.end() if end else len(text)
        elif not closing and name not in _VOID and name not in _END_OPTIONAL:
            open_tags.append(name)
        if len(open_tags) > limit:
            return True
    return False


def main_part(page: Element) -> tuple[Element, bool]:
    """The part of the page that is the article, and whether it was told apart from the rest.

    The body of the article as the page marks it, then its one ``main`` or its one (or by far longest) ``article``,
    widened to what holds the headline; else the whole body.
    """
    body = next((element for element in page.elements() if element.tag == "body"), page)
    part = _marked_part(body)
    if part is None:
        return body, False
    for wrapper in _around(body, part):
        if not _headlines(part) and wrapper.tag in {"article", "main"} and _headlines(wrapper):
            part = wrapper
    headlines = [] if _headlines(part) else _headlines(body)
    return Element("main", children=[*headlines[:1], *_without(part, {"aside", "footer"}).children]), True


def _marked_part(body: Element) -> Element | None:
    """The element that the page itself calls its article."""
    shown = list(_shown(body))
    bodies = [element for element in shown if "articleBody" in element.get("itemprop").split()]
    mains = [element for element in shown if element.tag == "main" or element.get("role") == "main"]
    articles = [element for element in shown if element.tag == "article"]
    for candidates in (bodies, articles, mains):
        if candidates and (longest := _dominating(candidates)):
            return longest
    return None


def _dominating(candidates: list[Element]) -> Element | None:
    """The longest candidate if it holds most of the words of all of them together: a list of teasers has none."""
    lengths = [len(element.words()) for element in candidates]
    longest = max(lengths)
    return candidates[lengths.index(longest)] if 0 < sum(lengths) <= 2 * longest else None


def _shown(root: Element) -> list[Element]:
    """The elements below that a reader would see."""
    found: list[Element] = []
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if not is_skipped(element):
            found.append(element)
            waiting.extend(child for child in reversed(element.children) if isinstance(child, Element))
    return found


def _around(root: Element, inner: Element) -> list[Element]:
    """The elements around one, from the nearest outwards."""
    parents: dict[int, Element] = {}
    for element in root.elements():
        parents.update((id(child), element) for child in element.children if isinstance(child, Element))
    chain: list[Element] = []
    while (parent := parents.get(id(chain[-1] if chain else inner))) is not None:
        chain.append(parent)
    return chain


def _headlines(root: Element) -> list[Element]:
    return [element for element in _shown(root) if element.tag == "h1" and element.words()]


def _without(root: Element, tags: set[str]) -> Element:
    """A copy of the tree without the elements of these tags."""
    copy = Element(root.tag, root.attributes)
    waiting = [(root, copy)]
    while waiting:
        source, target = waiting.pop()
        for child in source.children:
            if isinstance(child, str):
                target.children.append(child)
            elif child.tag not in tags:
                twin = Element(child.tag, child.attributes)
                target.children.append(twin)
                waiting.append((child, twin))
    return copy


def _converted(root: etree._Element) -> Element:
    """The parser's tree as ours, without recursion."""
    top = Element("", {})
    stack = [top]
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            attributes = {str(name).lower(): str(value) for name, value in node.attrib.items()}
            element = Element(str(node.tag).lower(), attributes)
            stack[-1].children.append(element)
            stack.append(element)
            if node.text:
                element.children.append(str(node.text))
        else:
            stack.pop()
            if node.tail:
                stack[-1].children.append(str(node.tail))
    page = top.children[0]
    return page if isinstance(page, Element) else Element("html")


def _too_deep() -> UnreadableInput:
    return UnreadableInput(
        f"This page has tags nested deeper than {MAX_DEPTH}, or a part that is too long.",
        "Copy its words and paste them instead.",
    )


def _after(text: str, found: int) -> int:
    """The place after a comment's end, or the end of the text when the comment is not closed."""
    return len(text) if found < 0 else found + 3


def _last(names: list[str], name: str) -> int:
    return len(names) - 1 - names[::-1].index(name)
