"""Taking 20,000 annotations out of the running server, as JSON and as ZIP, and bringing them in elsewhere."""

import os
import time
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from urllib.request import Request, urlopen

from tests.bench.instance import Caller, serving
from tests.bench.measuring import Figure, forget_peak, memory_of
from tests.running import RunningServer

COUNT, LINKED = 20_000, 5_000
GROWTH, RATE, RATE_WITH_WORDS = 20, 5_000, 2_000
CHUNK = 1 << 16


def measure(folder: Path) -> Iterator[Figure]:
    """Measure how much the server's memory grows while it streams, and the time of the imports of what it gave."""
    files = {"JSON": folder / "export.json", "ZIP": folder / "export.zip"}
    with serving(folder / "exchanging", annotations=COUNT, links=LINKED) as (server, here, ann):
        caller = Caller(server, ann)
        caller.send("GET", f"/api/v1/articles/{here.article.id}/annotations?limit=50")
        address = f"{server.url}/api/v1/projects/{here.project.id}/export"
        for form, query in (("JSON", ""), ("ZIP", "?copies=files")):
            yield take_out(server.pid, address + query, caller.headers["Cookie"], files[form], form)
    for form, file in files.items():
        yield from bring_in(RunningServer(folder / f"elsewhere-{form}"), file, form)


def take_out(server: int, address: str, cookie: str, file: Path, form: str) -> Figure:
    """Save an export, and say how much the memory of the server (a process id) grew meanwhile."""
    before = memory_of(server)
    forget_peak(server)
    begun = time.monotonic()
    save(address, cookie, file)
    taken = time.monotonic() - begun
    growth = memory_of(server, "VmHWM") - before
    size = file.stat().st_size / 1e6
    return Figure(
        f"export {COUNT:,} annotations, {form}: memory grows by",
        f"{growth:.0f} MB",
        f"{size:.1f} MB in {taken:.1f} s, {size / taken:.0f} MB/s",
        f"<= {GROWTH} MB",
        growth <= GROWTH,
    )


def save(address: str, cookie: str, file: Path) -> None:
    """Save what the server streams, piece by piece."""
    with (
        urlopen(Request(address, headers={"Cookie": cookie}), timeout=120) as answer,
        file.open("wb") as output,
    ):
        assert isinstance(answer, HTTPResponse)
        while piece := answer.read(CHUNK):
            output.write(piece)


def bring_in(elsewhere: RunningServer, file: Path, form: str) -> Iterator[Figure]:
    """Import the file into a new installation, first only to see whether it could be: without the words to find it by.

    The command's own start is measured apart and taken off.
    """
    elsewhere.run("db", "upgrade")
    start, _ = cost_of(elsewhere, "db", "check")
    for what, options, aim in (("tried", ["--dry-run"], RATE), ("imported", [], RATE_WITH_WORDS)):
        work, seconds = cost_of(elsewhere, "import", *options, str(file))
        rate = COUNT / (work - start)
        spent = f"{work - start:.1f} s of CPU ({seconds:.1f} s by the clock, with its start)"
        name = f"{what}: {COUNT:,} annotations, {form}"
        yield Figure(
            name, f"{rate:,.0f} a second", f"{spent}; {LINKED:,} links, history", f">= {aim:,}", rate >= aim
        )


def cost_of(elsewhere: RunningServer, *command: str) -> tuple[float, float]:
    """Run a command; gives its CPU time and the time by the clock, in seconds."""
    cpu, clock = os.times(), time.monotonic()
    elsewhere.run(*command)
    ended = os.times()
    used = ended.children_user + ended.children_system - cpu.children_user - cpu.children_system
    return used, time.monotonic() - clock
