"""ETag and If-Match from a row's version: a change says which state it is based on (RFC 9110 13.1.1)."""

import hashlib
import re
from typing import Any

import orjson
from flask import Response, request

from annotator.errors import BadRequest, Stale, VersionNeeded

ETAG = re.compile(r'(?:W/)?"(\d{1,15})"')


def asked_version() -> int:
    """Give the version in If-Match; VersionNeeded (428) without one, BadRequest when it is none of ours."""
    header = request.headers.get("If-Match")
    if header is None:
        raise VersionNeeded("Send If-Match with the version (ETag) that your change is based on.")
    match = ETAG.fullmatch(header.strip())
    if match is None:
        raise BadRequest('If-Match must be a version in quotes, as the ETag gave it: "3".')
    return int(match.group(1))


def check_version(row: Any, current: Any) -> None:
    """Raise Stale (412) unless If-Match names the row's version; `current()` gives its present state."""
    if asked_version() != row.version:
        raise Stale(
            "Somebody changed this meanwhile. Your text is kept; compare both versions and save again.",
            current=current(),
            headers={"ETag": f'"{row.version}"'},
        )


def answer(body: Any, status: int = 200) -> Response:
    """Give a JSON answer; a body with `version` carries it as its ETag."""
    response = Response(orjson.dumps(body), status, content_type="application/json")
    if isinstance(body, dict) and "version" in body and "id" in body:
        response.headers["ETag"] = f'"{body["version"]}"'
    return response


def digest(value: Any) -> str:
    """Give the SHA-256 of a request's checked content, so that a repeated create is known again."""
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()
