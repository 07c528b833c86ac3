"""Creating annotations over HTTP, with the real server in a process of its own on SQLite with synchronous=FULL."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from types import SimpleNamespace

from annotator.columns import new_id
from tests.bench.instance import Caller, serving
from tests.bench.measuring import Figure, cpu_of

AIM = 4.0
ROUNDS, EACH = 12, 25
CLIENTS, BY_EACH = 8, 100


def measure(folder: Path) -> Iterator[Figure]:
    """Measure the server's CPU time for one, beside its answer to /healthz; then 8 clients at once."""
    with serving(folder / "creating", annotations=200, links=200) as (server, here, ann):
        caller = Caller(server, ann)
        repeat(caller, here, 50)
        one, nothing = [], []
        for _ in range(ROUNDS):
            begun = cpu_of(server.pid)
            repeat(caller, here, EACH)
            middle = cpu_of(server.pid)
            for _ in range(EACH):
                caller.send("GET", "/healthz")
            one.append((middle - begun) / EACH)
            nothing.append((cpu_of(server.pid) - middle) / EACH)
        cost, floor = median(one), median(nothing)
        compared = f"{cost / floor:.1f} x /healthz ({floor:.2f} ms)"
        yield Figure(
            "create one annotation, server CPU", f"{cost:.2f} ms", compared, f"<= {AIM:.0f} ms", cost <= AIM
        )
        yield at_once([Caller(server, ann) for _ in range(CLIENTS)], here)


def repeat(caller: Caller, here: SimpleNamespace, count: int) -> list[int]:
    """Create `count` annotations; gives the answers' statuses."""
    text, found = here.article.text, []
    for _ in range(count):
        start = random.randrange(len(text) - 200)
        end = start + random.randint(20, 120)
        body = {
            "article": here.article.id,
            "snapshot": here.article.snapshot,
            "kind": "claim",
            "spans": [{"start": start, "end": end, "exact": text[start:end]}],
            "tags": ["talks"],
            "body": "They said **otherwise** a year before.",
        }
        found.append(caller.send("PUT", f"/api/v1/annotations/{new_id()}", body)[0])
    return found


def at_once(callers: list[Caller], here: SimpleNamespace) -> Figure:
    """Let all clients create at the same time."""
    begun = time.monotonic()
    with ThreadPoolExecutor(len(callers)) as pool:
        found = [
            status
            for statuses in pool.map(lambda one: repeat(one, here, BY_EACH), callers)
            for status in statuses
        ]
    rate = len(found) / (time.monotonic() - begun)
    failures = sum(status != 201 for status in found)
    name = f"{len(callers)} clients at once, {BY_EACH} creates each"
    return Figure(name, f"{rate:.0f} a second", f"{failures} failures", "no failure", failures == 0)
