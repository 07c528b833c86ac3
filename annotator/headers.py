"""Headers on every answer, and gzip for text (the policy: docs/adr/0006)."""

import gzip

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    # not `no-referrer`: under it Chromium sends our own forms with `Origin: null`
    "Referrer-Policy": "same-origin",
}
COMPRESSED = ("text/", "application/json", "application/problem+json", "image/svg+xml")
MINIMUM = 800
LEVEL = 5


def add_headers(response: Response) -> Response:
    """Add what every answer carries; private answers are kept by nobody."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    return response


def compress(response: Response) -> Response:
    """Compress text for a client that takes gzip; streams and files go out as they are."""
    if (
        response.direct_passthrough
        or response.is_streamed
        or response.status_code in (204, 304)
        or "Content-Encoding" in response.headers
        or not (response.mimetype or "").startswith(COMPRESSED)
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return response
    body = response.get_data()
    if len(body) >= MINIMUM:
        response.set_data(gzip.compress(body, compresslevel=LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    return response


def init_app(app: Flask) -> None:
    """Hang both on the app; the last registered runs first."""
    app.after_request(add_headers)
    app.after_request(compress)
