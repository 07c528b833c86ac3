"""Taking 20,000 annotations out of the running server, and bringing them in elsewhere by the command."""

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
GROWTH, RATE = 20, 5_000
CHUNK = 1 << 16


def measure(folder: Path) -> Iterator[Figure]:
    """Measure how much the server's memory grows while it streams, and the time of the import of that file."""
    file = folder / "export.json"
    with serving(folder / "exchanging", annotations=COUNT, links=LINKED) as (server, here, ann):
        caller = Caller(server, ann)
        caller.send("GET", f"/api/v1/articles/{here.article.id}/annotations?limit=50")
        before = memory_of(server.pid)
        forget_peak(server.pid)
        begun = time.monotonic()
        save(f"{server.url}/api/v1/projects/{here.project.id}/export", caller.headers["Cookie"], file)
        taken = time.monotonic() - begun
        growth = memory_of(server.pid, "VmHWM") - before
    size = file.stat().st_size / 1e6
    yield Figure(
        f"export {COUNT:,} annotations: memory grows by",
        f"{growth:.0f} MB",
        f"{size:.0f} MB in {taken:.1f} s, {size / taken:.0f} MB/s",
        f"<= {GROWTH} MB",
        growth <= GROWTH,
    )
    yield bring_in(RunningServer(folder / "elsewhere"), file)


def save(address: str, cookie: str, file: Path) -> None:
    """Save what the server streams, piece by piece."""
    with (
        urlopen(Request(address, headers={"Cookie": cookie}), timeout=120) as answer,
        file.open("wb") as output,
    ):
        assert isinstance(answer, HTTPResponse)
        while piece := answer.read(CHUNK):
            output.write(piece)


def bring_in(elsewhere: RunningServer, file: Path) -> Figure:
    """Import the file into a new installation; the command's own start is measured apart and taken off."""
    elsewhere.run("db", "upgrade")
    start, _ = cost_of(elsewhere, "db", "check")
    work, seconds = cost_of(elsewhere, "import", str(file))
    rate = COUNT / (work - start)
    compared = f"{work - start:.1f} s of CPU ({seconds:.1f} s by the clock, with its start); {LINKED:,} links, history"
    return Figure(
        f"import {COUNT:,} annotations", f"{rate:,.0f} a second", compared, f">= {RATE:,}", rate >= RATE
    )


def cost_of(elsewhere: RunningServer, *command: str) -> tuple[float, float]:
    """Run a command; gives its CPU time and the time by the clock, in seconds."""
    cpu, clock = os.times(), time.monotonic()
    elsewhere.run(*command)
    ended = os.times()
    used = ended.children_user + ended.children_system - cpu.children_user - cpu.children_system
    return used, time.monotonic() - clock
