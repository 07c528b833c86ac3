"""Passwords: Argon2id, few at a time, and which ones are too easy (docs/adr/0014).

Four hashes run at once in a process, so that many sign-ins neither fill the memory nor stop the pages.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from annotator.accounts.common_passwords import COMMON
from annotator.errors import Invalid, Unavailable

SHORTEST = 8
LONGEST = 128
AT_ONCE = 4
WAIT_SECONDS = 5.0

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_slots = BoundedSemaphore(AT_ONCE)


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=WAIT_SECONDS):
        busy = Unavailable(
            "Many people are signing in just now. Nothing was changed; try again in a few seconds."
        )
        busy.headers = {"Retry-After": "5"}
        raise busy
    try:
        yield
    finally:
        _slots.release()


def hash_password(password: str) -> str:
    """Give the Argon2id hash of `password`, taken as typed; Unavailable when too many are being hashed."""
    with _slot():
        return _hasher.hash(password)


def fits(password_hash: str | None, password: str) -> bool:
    """Tell whether `password` is the right one; without a hash it takes as long, and the answer is no."""
    with _slot():
        try:
            _hasher.verify(password_hash or _nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


@cache
def _nobody() -> str:
    """Give the hash that stands in for people who do not exist."""
    return _hasher.hash("no person has this password")


def is_outdated(password_hash: str) -> bool:
    """Tell whether the hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(password_hash)


def check_password(password: str, *, name: str, email: str | None) -> None:
    """Refuse a password that is too short, too long or too easy with Invalid at `password`."""
    sentence = _weakness(password, name, email or "")
    if sentence:
        raise Invalid({"password": [sentence]})


def _weakness(password: str, name: str, email: str) -> str | None:
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters; four or five words are good."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    folded = unicodedata.normalize("NFKC", password).casefold()
    if folded in COMMON or len(set(folded)) < 4:
        return "This password is one of the first that anybody tries. Choose another; four or five words are good."
    parts = {email, email.partition("@")[0], name, *re.split(r"[\W_]+", name)}
    if any(len(part) >= 4 and part.casefold() in folded for part in parts):
        return "Do not use your name or e-mail address in the password."
    return None
