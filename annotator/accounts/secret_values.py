"""Random values that stand for a right: session cookies, one-time links, API tokens. Only their hash is kept."""

import hashlib
import secrets

TOKEN_PREFIX = "ann_"  # noqa: S105 - known to scanners that look for leaked tokens


def new_value(prefix: str = "") -> str:
    """Give a fresh value of 32 random bytes, safe in an address."""
    return prefix + secrets.token_urlsafe(32)


def digest(value: str) -> str:
    """Give the SHA-256 of a value, as tables keep it; values are random, so that no slow hash is needed."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
