"""What a web page says about itself: JSON-LD, then OpenGraph and meta tags, then its plain tags."""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

from annotator.articles.ingest.document import Found, Metadata
from annotator.articles.ingest.links import web_address
from annotator.articles.ingest.tree import Element
from annotator.dates import parse
from annotator.text import canonical

MAX_TITLE = 500
MAX_VALUE = 300
"""As many signs as the fields of an article take, so that what was recognised can be saved as it is."""
MAX_LANGUAGE = 35

_ARTICLE_TYPE = re.compile(
    r"(?:\w*Article|BlogPosting|SocialMediaPosting|Report|ClaimReview|LiveBlogPosting)$"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?|[0-9]{4}$")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})*")
_META = {
    "title": ("og:title", "twitter:title", "dc.title", "citation_title", "headline"),
    "url": ("og:url",),
    "publisher": ("og:site_name", "application-name", "dc.publisher", "citation_publisher"),
    "byline": ("author", "article:author", "dc.creator", "citation_author", "parsely-author"),
    "published_on": (
        "article:published_time",
        "og:published_time",
        "datepublished",
        "dc.date",
        "dc.date.issued",
        "dcterms.created",
        "citation_publication_date",
        "parsely-pub-date",
        "date",
        "pubdate",
    ),
    "language": ("og:locale",),
}


def page_metadata(page: Element) -> Metadata:
    """Everything the page says about itself, the best place first."""
    found: Metadata = {}
    for name, value, found_in in [*_linked_data(page), *_meta_tags(page), *_plain_tags(page)]:
        checked = checked_value(name, value)
        if checked and name not in found:
            found[name] = Found(checked, found_in)
    return found


def base_address(page: Element, metadata: Metadata) -> str:
    """The address that the page's relative links are read against, "" when it is unknown."""
    own = metadata["url"].value if "url" in metadata else ""
    bases = (element.get("href") for element in page.elements() if element.tag == "base")
    try:
        return web_address(urljoin(own, next(bases, ""))) or own
    except ValueError:
        return own


def _linked_data(page: Element) -> Iterator[tuple[str, str, str]]:
    for element in page.elements():
        if element.tag == "script" and element.get("type").lower().strip() == "application/ld+json":
            for thing in _articles(_loaded("".join(str(child) for child in element.children))):
                for name, value in _article_values(thing):
                    yield name, value, "JSON-LD"


def _loaded(source: str) -> Any:
    try:
        return json.loads(source)
    except (ValueError, RecursionError):
        return None


def _articles(data: Any) -> Iterator[dict[str, Any]]:
    """The objects in a JSON-LD block that are articles; lists and @graph are looked into."""
    waiting = deque([data])
    while waiting:
        thing = waiting.popleft()
        if isinstance(thing, list):
            waiting.extend(thing[:100])
        elif isinstance(thing, dict):
            waiting.extend(thing[key] for key in ("@graph", "mainEntity") if key in thing)
            kinds = thing.get("@type")
            if any(
                _ARTICLE_TYPE.match(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])
            ):
                yield thing


def _article_values(thing: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key in ("headline", "name"):
        yield "title", _text(thing.get(key))
    for key in ("url", "mainEntityOfPage"):
        yield "url", _text(thing.get(key), "@id", "url")
    yield "publisher", _text(thing.get("publisher"), "name")
    authors = thing.get("author")
    names = [_text(author, "name") for author in (authors if isinstance(authors, list) else [authors])[:20]]
    yield "byline", ", ".join(name for name in names if name and not name.startswith("http"))
    yield "published_on", _text(thing.get("datePublished"))
    yield "language", _text(thing.get("inLanguage"), "alternateName", "name")


def _text(value: Any, *keys: str) -> str:
    """A string, or the first string under one of the keys of an object."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = next((value[key] for key in keys if isinstance(value.get(key), str)), "")
    return value if isinstance(value, str) else ""


def _meta_tags(page: Element) -> Iterator[tuple[str, str, str]]:
    contents: dict[str, str] = {}
    for element in page.elements():
        if element.tag == "meta":
            name = element.get("property") or element.get("name") or element.get("itemprop")
            contents.setdefault(name.lower().strip(), element.get("content"))
    for field, names in _META.items():
        for name in names:
            if contents.get(name):
                yield (
                    field,
                    contents[name],
                    "OpenGraph" if name.startswith(("og:", "article:")) else "meta tag",
                )


def _plain_tags(page: Element) -> Iterator[tuple[str, str, str]]:
    elements = list(page.elements())
    yield from _first(elements, "html", "lang", "language", "lang of the page")
    for tag in ("html", "body"):
        yield from _first(elements, tag, "dir", "direction", "dir of the page")
    for element in elements:
        if element.tag == "link" and "canonical" in element.get("rel").lower().split():
            yield "url", element.get("href"), "canonical link"
        elif element.tag == "time" and (
            "pubdate" in element.attributes or element.get("itemprop") == "datePublished"
        ):
            yield "published_on", element.get("datetime"), "time tag"
    yield from (("title", element.words(), "heading") for element in elements if element.tag == "h1")
    yield from (
        ("title", element.words(), "title of the page") for element in elements if element.tag == "title"
    )


def _first(
    elements: Iterable[Element], tag: str, attribute: str, name: str, found_in: str
) -> Iterator[tuple[str, str, str]]:
    for element in elements:
        if element.tag == tag and element.get(attribute):
            yield name, element.get(attribute), found_in


def checked_value(name: str, value: str) -> str | None:
    """The value in its form, or None when it has not the form of its field."""
    value = " ".join(canonical(value)[0].split())
    if name == "url":
        return web_address(value)
    if name == "published_on":
        return _date(value)
    if name == "direction":
        return value.lower() if value.lower() in {"ltr", "rtl", "auto"} else None
    if name == "language":
        fits = len(value) <= MAX_LANGUAGE and _LANGUAGE.fullmatch(value)
        return value.replace("_", "-") if fits else None
    return value[: MAX_TITLE if name == "title" else MAX_VALUE].strip() or None


def _date(value: str) -> str | None:
    match = _DATE.match(value.replace("/", "-"))
    try:
        return parse(match[0]).value if match else None
    except ValueError:
        return None
