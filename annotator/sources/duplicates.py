"""Noticing a source that the project has already: by its address, its DOI or its title."""

import re
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from annotator.protection import readable
from annotator.sources.models import Source
from annotator.text import fold

MOST = 5
PORTS = {"http": 80, "https": 443}
TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh"
    r"|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|mkt_tok|vero_id|oly_anon_id|oly_enc_id|wickedid|cmpid|ocid|ref_src|ref_url"
    r"|s_cid|spm|srsltid|at_medium|at_campaign",
    re.IGNORECASE,
)
ROUTE = re.compile(r"!|/")  # what a fragment begins with that names a page and not a place in one
SAFE = "/:@!$&'()*+,;=~-._"


DOI_BEFORE = re.compile(r"(?:https?://)?(?:(?:dx|www)\.)?doi\.org/|doi:\s*", re.IGNORECASE)


def bare_doi(text: str) -> str:
    """Give a DOI without resolver and prefix, in small letters (DOI Handbook 2.4); it may still be none. Pure."""
    bare = text.strip()
    found = DOI_BEFORE.match(bare)
    return unquote(bare[found.end() :]).lower() if found else bare.lower()


def url_key(url: str) -> str:
    """Give the form that equal addresses share; "" for no web address. Pure.

    Host in small letters and without `www.`, no scheme, no default port, no parameter that only tracks, the others
    in order, no `/` at the end, no fragment (but `#!` and `#/`, which name pages), escapes written one way
    (RFC 3986 6.2).
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
        named = host.encode("idna").decode("ascii") if not host.isascii() else host
    except (UnicodeError, ValueError):
        return ""
    if parts.scheme.lower() not in PORTS or not named:
        return ""
    given = sorted(
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.fullmatch(pair[0])
    )
    where = "" if port is None or port == PORTS[parts.scheme.lower()] else f":{port}"
    path = quote(unquote(parts.path), safe=SAFE).rstrip("/")
    query = f"?{urlencode(given)}" if given else ""
    fragment = parts.fragment.partition(":~:")[0] if ROUTE.match(parts.fragment) else ""
    return f"{named.lower().removeprefix('www.')}{where}{path}{query}{'#' + fragment if fragment else ''}"


def like(
    session: Session,
    project_id: str,
    *,
    url: str = "",
    doi: str = "",
    title: str = "",
    source: str | None = None,
) -> list[dict[str, str]]:
    """Give at most 5 other sources of the project of the same DOI, address or title, each with its reason.

    `doi` is bare. Protected sources are named to their readers only.
    """
    asked = [
        ("same DOI", Source.doi == doi if doi else None),
        ("same address", _same_address(url)),
        ("same title", Source.folded.startswith(fold(title), autoescape=True) if title.strip() else None),
    ]
    found: dict[str, dict[str, str]] = {}
    for reason, condition in asked:
        if condition is not None:
            for row in _rows(session, project_id, condition, source):
                if reason != "same title" or fold(row.title) == fold(title):
                    known = {"id": row.id, "title": row.title, "url": row.url, "reason": reason}
                    found.setdefault(row.id, known)
    return list(found.values())[:MOST]


def _same_address(url: str) -> ColumnElement[bool] | None:
    key = url_key(url)
    if not key:
        return None
    # sources from before the keys have none
    return (Source.url_key == key) | and_(Source.url_key == "", Source.url == url)


def _rows(session: Session, project_id: str, condition: ColumnElement[bool], but: str | None) -> Any:
    query = (
        select(Source.id, Source.title, Source.url)
        .where(Source.project_id == project_id, Source.live(), readable(Source), condition)
        .order_by(Source.created_at, Source.id)
        .limit(50)
    )
    return session.execute(query.where(Source.id != but) if but else query)
