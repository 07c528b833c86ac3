"""Which addresses of a text may be kept as links."""

import re
from urllib.parse import urljoin, urlsplit

USABLE_SCHEMES = frozenset({"http", "https", "mailto"})
MAX_LENGTH = 2048

_IGNORED_BY_BROWSERS = re.compile(r"[\x00-\x20\x7f-\x9f]+")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:")


def usable_href(href: str, base: str = "") -> str | None:
    """The address to keep: http, https or mailto; "" when it is lost ("#", or relative without ``base``).

    None when it leads nowhere outside: another scheme, or a place on the same page. Control characters and spaces
    are taken out first, as browsers do, so that ``java\\tscript:`` is seen for what it is.
    """
    compact = _IGNORED_BY_BROWSERS.sub("", href)
    if compact in {"", "#"}:
        return ""
    if compact.startswith("#"):
        return None
    if not _SCHEME.match(compact):
        return web_address(_joined(base, compact)) or ""
    scheme = compact.partition(":")[0].lower()
    return compact if scheme in USABLE_SCHEMES and len(compact) <= MAX_LENGTH else None


def web_address(address: str) -> str | None:
    """The address if it is http or https with a host and of bearable length, else None."""
    compact = _IGNORED_BY_BROWSERS.sub("", address)
    try:
        parts = urlsplit(compact)
        named = bool(parts.hostname)
    except ValueError:
        return None
    return compact if named and parts.scheme in {"http", "https"} and len(compact) <= MAX_LENGTH else None


def host(address: str) -> str:
    """The host of a web address without a leading "www."."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""
