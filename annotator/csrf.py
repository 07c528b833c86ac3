"""Whether a request comes from our own pages: a pure function of the request, before any view.

The rule is that of Go 1.25's CrossOriginProtection (Sec-Fetch-Site, else Origin) plus a token for cookie
sessions; bearer tokens are exempt, since no browser adds them unasked.
"""

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlsplit

from flask import Request, current_app, request

from annotator.database import SAFE_METHODS
from annotator.errors import CsrfFailed
from annotator.identity import Identity, current

SIZE = 16


def make_token(identity: Identity | None) -> str:
    """Give the page's token, masked anew for every page, so that compression gives nothing away (BREACH)."""
    if identity is None:
        return ""
    mask = os.urandom(SIZE)
    return urlsafe_b64encode(mask + _mix(mask, _secret(identity))).decode()


def _secret(identity: Identity) -> bytes:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.digest(key, b"csrf" + identity.csrf_seed, hashlib.sha256)[:SIZE]


def _mix(mask: bytes, secret: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(mask, secret, strict=True))


def token_fits(token: str, identity: Identity) -> bool:
    """Tell whether `token` was made for this session."""
    try:
        raw = urlsafe_b64decode(token.encode())
    except ValueError:
        return False
    if len(raw) != 2 * SIZE:
        return False
    return hmac.compare_digest(_mix(raw[:SIZE], raw[SIZE:]), _secret(identity))


def bearer_token(asked: Request) -> str | None:
    """Give the token of `Authorization: Bearer`, however that word is written (RFC 9110 11.1); None without one."""
    kind, _, token = asked.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def same_site(asked: Request) -> bool:
    """Tell whether the browser says that our own page, or the person, sent this."""
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = asked.headers.get("Origin")
    if origin is None:
        return False
    ours = urlsplit(current_app.config["SETTINGS"].base_url or asked.host_url)
    return origin == f"{ours.scheme}://{ours.netloc}"


def protect() -> None:
    """Refuse a writing request that may come from another site; run before every request."""
    if request.method in SAFE_METHODS:
        return
    if bearer_token(request) is not None:
        current()  # looked up now: its time of use is written apart, before the request itself holds SQLite's lock
        return
    if not same_site(request):
        raise CsrfFailed(
            "Your browser did not say that this request comes from this site. Reload the page and try again; "
            "if it goes on, the administrator should check BASE_URL and the proxy."
        )
    identity = current()
    if identity is None:
        return
    token = request.headers.get("X-CSRF-Token") or (request.form.get("csrf_token", "") if _is_form() else "")
    if not token_fits(token, identity):
        raise CsrfFailed(
            "The page is older than your session. Reload it and try again; what you typed is kept."
        )


def _is_form() -> bool:
    return request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data")
