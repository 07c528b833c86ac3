"""Which passwords are taken, and how they are compared."""

import threading
from typing import Any

import pytest

from annotator.accounts import passwords
from annotator.errors import Invalid, Unavailable


def refusal(password: str) -> str:
    with pytest.raises(Invalid) as caught:
        passwords.check_password(password, name="Ann Ferreira", email="a.ferreira@example.org")
    return caught.value.detail


@pytest.mark.parametrize(
    "password", ["river stone lamp", "        a b c d", "паролькакпароль", "x" * 3 + "yz" * 62 + "w"]
)
def test_long_enough_and_uncommon_is_taken_as_typed(password: str) -> None:
    passwords.check_password(password, name="Ann Ferreira", email="a.ferreira@example.org")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("seven77", "at least 8"),
        ("xy" * 64 + "z", "at most 128"),
        ("Password1", "first that anybody tries"),
        ("aaaaaaaaaa", "first that anybody tries"),
        ("my ferreira house", "your name"),
        ("A.Ferreira@example.org", "your name"),
    ],
)
def test_easy_password_is_refused_with_the_reason(password: str, why: str) -> None:
    assert why in refusal(password)


def test_the_right_password_fits_its_hash_and_no_other() -> None:
    kept = passwords.hash_password("river stone lamp")
    assert passwords.fits(kept, "river stone lamp")
    assert not passwords.fits(kept, "River stone lamp")


def test_composed_and_decomposed_letters_are_different_passwords() -> None:
    kept = passwords.hash_password("caf\u00e9 caf\u00e9")
    assert not passwords.fits(kept, "cafe\u0301 cafe\u0301")


def test_nothing_fits_a_person_without_password() -> None:
    assert not passwords.fits(None, "no person has this password")


def test_hash_of_other_costs_is_outdated() -> None:
    weaker = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$GpZ3sK/oH9p7VIiV56G/64Zo/8GaUw434IimaPqxwCo"
    assert passwords.is_outdated(weaker)
    assert not passwords.is_outdated(passwords.hash_password("river stone lamp"))


def test_hash_is_argon2id_with_19_mebibytes() -> None:
    assert passwords.hash_password("river stone lamp").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_no_more_than_four_hashes_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()

    def slow(_self: Any, _password: str) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.02)
        with lock:
            running -= 1
        return ""

    monkeypatch.setattr(type(passwords._hasher), "hash", slow)
    threads = [threading.Thread(target=passwords.hash_password, args=("x",)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 4


def test_waiting_too_long_for_a_hash_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_slots", threading.BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    with passwords._slot(), pytest.raises(Unavailable) as caught:
        passwords.hash_password("river stone lamp")
    assert caught.value.headers == {"Retry-After": "5"}
