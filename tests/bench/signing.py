"""Whether time tells who is known: wrong passwords of known and unknown people in turns, and forgotten ones."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import delete

from annotator.accounts.models import SignInTry, User
from annotator.accounts.passwords import hash_password
from annotator.app import Annotator
from annotator.columns import new_id, now
from annotator.database import db
from annotator.limits import RateCount
from annotator.mailing import OUTBOX
from tests.bench.instance import make_instance
from tests.bench.measuring import Figure

AIM, LEAST = 5.0, 0.01
TURNS, PEOPLE = 200, 50
SAME = {"Sec-Fetch-Site": "same-origin"}


def measure(folder: Path) -> Iterator[Figure]:
    """Ask 200 times each, in turns."""
    with make_instance(folder / "signing", annotations=10, links=10) as (app, _):
        mail = {"smtp_url": "smtp://127.0.0.1:9", "mail_from": "a@example.org", "base_url": "https://a.test"}
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], **mail)
        add_people(app)
        client = app.test_client()
        yield compared(
            "wrong password", app, lambda who, n: ask(client, "/login", who, n, password="not this")
        )
        yield compared("forgotten password", app, lambda who, n: ask(client, "/forgotten", who, n))


def add_people(app: Annotator) -> None:
    """Add people who have a password."""
    with app.app_context():
        for number in range(PEOPLE):
            about = {
                "email": f"known{number:03}@example.org",
                "name": "Known",
                "password_hash": hash_password("x" * 9),
            }
            db.session.add(User(id=new_id(), created_at=now(), updated_at=now(), **about))
        db.commit()


def ask(client: FlaskClient, path: str, who: str, number: int, **more: str) -> int:
    """Send a form for the person of this number, each time from another address."""
    form = {"email": f"{who}{number % PEOPLE:03}@example.org", **more}
    there = {"REMOTE_ADDR": f"198.51.{number // 250}.{number % 250}"}
    return client.post(path, data=form, headers=SAME, environ_base=there).status_code


def compared(name: str, app: Annotator, work: Callable[[str, int], int]) -> Figure:
    """Give the difference of the medians, in percent, and the probability that both are one distribution."""
    taken: dict[str, list[float]] = {"known": [], "other": []}
    for turn in range(TURNS + 5):
        for who in sorted(taken, reverse=turn % 2 == 1):
            forget(app)
            begun = time.perf_counter_ns()
            status = work(who, turn)
            if turn >= 5:  # the first ones warm up
                taken[who].append((time.perf_counter_ns() - begun) / 1e6)
            if status not in (200, 422):
                raise AssertionError(status)
    known, other = median(taken["known"]), median(taken["other"])
    percent, chance = abs(known - other) / other * 100, mann_whitney(taken["known"], taken["other"])
    told = f"known {known:.2f} ms, unknown {other:.2f} ms, Mann-Whitney p = {chance:.2f}"
    reached = percent < AIM and chance > LEAST
    return Figure(f"{name}, known and unknown differ", f"{percent:.2f} %", told, f"< {AIM:.0f} %", reached)


def forget(app: Annotator) -> None:
    """Let no limit be reached, and nothing be under way, before the next one is timed."""
    if OUTBOX in app.extensions:
        for _ in range(2):
            app.extensions[OUTBOX].submit(lambda: None).result()
    with app.app_context():
        for table in (SignInTry, RateCount):
            db.session.execute(delete(table))
        db.commit()


def mann_whitney(first: list[float], second: list[float]) -> float:
    """Give the two-sided p of the rank test, by the normal approximation: samples are large, and ties rare."""
    ranks = {value: rank for rank, value in enumerate(sorted([*first, *second]), 1)}
    n, m = len(first), len(second)
    above: Any = sum(ranks[value] for value in first) - n * (n + 1) / 2
    z = (above - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))
