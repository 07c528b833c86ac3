"""Keeping a copy of a page of 1 MB: fetched from a server on this machine, read in a child process, and written."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from annotator import fetching
from annotator.articles import incoming
from annotator.columns import new_id
from tests.bench.instance import make_instance
from tests.bench.measuring import Figure
from tests.factories import sign_in
from tests.sources.website import Website

AIM = 2.0
ROUNDS = 5
HTTP = "/api/v1"


def measure(folder: Path) -> Iterator[Figure]:
    """Measure the whole request beside the fetch alone, and the words of two such copies compared."""
    site = Website()
    threading.Thread(target=site.server.serve_forever, args=(0.02,), daemon=True).start()
    kept = incoming.fetch
    incoming.fetch = partial(
        fetching.fetch, resolver=lambda host, port: ["93.184.216.34"], connector=site.connect
    )
    try:
        yield from _figures(folder, site)
    finally:
        incoming.fetch = kept
        site.server.shutdown()
        site.server.server_close()


def _figures(folder: Path, site: Website) -> Iterator[Figure]:
    with make_instance(folder / "capturing", annotations=1, links=1) as (app, here):
        ann = sign_in(app, here.people.ann)
        source = new_id()
        url = site.put("/report", page(0))
        about = {"project": here.project.id, "title": "Report", "url": url}
        assert ann.put(f"{HTTP}/sources/{source}", json=about).status_code == 201
        copies: list[str] = []

        def capture() -> None:
            site.put("/report", page(len(copies)))
            answer = ann.put(f"{HTTP}/snapshots/{new_id()}", json={"source": source, "fetch": True})
            assert answer.status_code == 201, answer.text
            copies.append(answer.json["snapshot"]["id"])

        whole, network = seconds(capture), seconds(lambda: incoming.fetch(url))
        size = len(page(0)) / 1_000_000
        compared = f"of it on the way: {network * 1000:.0f} ms"
        yield Figure(
            f"keep a copy of {size:.1f} MB of HTML",
            f"{whole:.2f} s",
            compared,
            f"<= {AIM:.0f} s",
            whole - network <= AIM,
        )
        yield Figure("what changed in it, by words", f"{seconds(lambda: changes(ann, copies)) * 1000:.0f} ms")


def page(number: int) -> bytes:
    """A page of 1 MB whose numbers differ a little from round to round."""
    sentences = [
        f"In year {year} the harbour took in {year * 7} crates of fish, and nobody counted them. "
        for year in range(250)
    ]
    paragraphs = "".join(f"<p>{''.join(sentences[at : at + 5])}</p>\n" for at in range(0, 250, 5))
    body = "".join(f"<h2>Part {part} of {number}</h2>\n{paragraphs}" for part in range(50))
    return f"<html><body><article><h1>The report</h1>{body}</article></body></html>".encode()


def changes(ann: Any, copies: list[str]) -> None:
    """Compare the two newest copies."""
    answer = ann.get(f"{HTTP}/snapshots/{copies[-1]}/changes?from={copies[-2]}")
    assert answer.status_code == 200, answer.text


def seconds(work: Callable[[], object]) -> float:
    """Give the median of the wall time of a work, run five times."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.monotonic()
        work()
        taken.append(time.monotonic() - begun)
    return median(taken)
