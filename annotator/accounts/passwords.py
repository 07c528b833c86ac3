"""Passwords: Argon2id, few at a time, and which ones are too easy (docs/adr/0014).

Four hashes run at once in a process, so that many sign-ins neither fill the memory nor stop the pages. They run in four
threads of their own: what a thread has once asked for its allocator keeps, and the server has many more threads.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from annotator.accounts.common_passwords import COMMON
from annotator.errors import Invalid, Unavailable

SHORTEST = 8
LONGEST = 128
NAME = 4  # letters from which on a name counts
AT_ONCE = 4
WAIT_SECONDS = 5.0

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_slots = BoundedSemaphore(AT_ONCE)


@cache
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hash")


os.register_at_fork(after_in_child=_workers.cache_clear)


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
        return _workers().submit(_hasher.hash, password).result()


def fits(password_hash: str | None, password: str) -> bool:
    """Tell whether `password` is the right one; without a hash it takes as long, and the answer is no."""
    with _slot():
        right = _workers().submit(_verified, password_hash or _nobody(), password).result()
    return right and password_hash is not None


def _verified(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """Give the hash that stands in for people who do not exist."""
    return _hasher.hash("no person has this password")


def is_outdated(password_hash: str) -> bool:
    """Tell whether the hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(password_hash)


def check_password(password: str, *, name: str, email: str | None, around: Iterable[str] = ()) -> None:
    """Refuse a password that is too short, too long or too easy with Invalid at `password`.

    `around` are names that anybody would try: the site's, those of the person's projects.
    """
    sentence = _weakness(password, name, email or "") or _made_of(password, around)
    if sentence:
        raise Invalid({"password": [sentence]})


def _weakness(password: str, name: str, email: str) -> str | None:
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters; four or five words are good."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    folded = _folded(password)
    if folded in COMMON or len(set(folded)) < 4:
        return "This password is one of the first that anybody tries. Choose another; four or five words are good."
    parts = {email, email.partition("@")[0], name, *re.split(r"[\W_]+", name)}
    if any(len(part) >= NAME and part.casefold() in folded for part in parts):
        return "Do not use your name or e-mail address in the password."
    return None


def _made_of(password: str, around: Iterable[str]) -> str | None:
    """Refuse what is hardly more than such a name; in a longer password of several words it does no harm."""
    bare = re.sub(r"[\W_]+", "", _folded(password))
    names = {
        re.sub(r"[\W_]+", "", part) for word in around for part in [_folded(word), *_folded(word).split()]
    }
    for part in sorted(names, key=len, reverse=True):
        bare = bare.replace(part, "") if len(part) >= NAME else bare
    if len(bare) < SHORTEST and bare != re.sub(r"[\W_]+", "", _folded(password)):
        return "Do not make the password of the name of this site or of a project."
    return None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
