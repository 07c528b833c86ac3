"""Sealing of secrets that the program must read again: a copy of the database alone does not give them away.

AES-256-GCM (NIST SP 800-38D) with a key that HKDF (RFC 5869) draws from SECRET_KEY; what a secret is about goes in as
associated data, so that it cannot be moved to another row.
"""

import logging
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from annotator.errors import WrongState

log = logging.getLogger(__name__)
FORM = "v1."
NONCE = 12  # bytes
PURPOSE = b"annotator: secrets at rest, v1"
UNREADABLE = (
    "What this site kept for your authenticator app cannot be read: its SECRET_KEY was changed since. Use a passkey or "
    "a recovery code, or ask an administrator to remove your second factors; then set the app up again."
)


class Unreadable(WrongState):
    """A sealed secret was sealed with another key, or for something else, or was changed."""


def seal(text: str, about: str) -> str:
    """Give `text` sealed with the site's key; `about` names what it belongs to and must be given again."""
    nonce = os.urandom(NONCE)
    sealed = _cipher().encrypt(nonce, text.encode(), about.encode())
    return FORM + urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, about: str) -> str:
    """Give the text back; Unreadable when the site's key, `about` or the sealed text is not what it was."""
    try:
        raw = urlsafe_b64decode(sealed.removeprefix(FORM).encode())
        return _cipher().decrypt(raw[:NONCE], raw[NONCE:], about.encode()).decode()
    except (InvalidTag, ValueError):
        log.error("a sealed secret cannot be read: SECRET_KEY is not the one it was sealed with")
        raise Unreadable(UNREADABLE) from None


def _cipher() -> AESGCM:
    key = current_app.config["SECRET_KEY"].encode()
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key))
