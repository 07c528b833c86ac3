"""From a fresh clone to the first page, with what pip fetched before still in its cache; and how much it installs."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

from tests.bench.measuring import Figure
from tests.running import ADDRESS, KEPT, ROOT

SECONDS, PACKAGES = 60, 30
OURS = {"annotator", "pip", "setuptools", "wheel"}


def measure(folder: Path) -> Iterator[Figure]:
    """Measure `make run` from a copy of the checkout without environment and data; count the packages."""
    clone = folder / "clone"
    shutil.copytree(
        ROOT, clone, ignore=shutil.ignore_patterns(".venv", "node_modules", "instance", ".*_cache")
    )
    taken = first_page(clone)
    yield Figure(
        "make run on a fresh clone, to the first page",
        f"{taken:.1f} s",
        "",
        f"<= {SECONDS} s",
        taken <= SECONDS,
    )
    listed = subprocess.run(
        [clone / ".venv/bin/python", "-m", "pip", "list", "--format=freeze"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    count = len({re.split("[= ]", line)[0].lower() for line in listed.splitlines()} - OURS)
    yield Figure("packages installed at run time", str(count), "", f"< {PACKAGES}", count < PACKAGES)


def first_page(clone: Path) -> float:
    """Run `make run` and wait for the first page; gives the seconds."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    log = clone.parent / "run.log"
    begun = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["make", "run", "PORT=0"], cwd=clone, env=environment, stdout=output, stderr=output
        )
    try:
        while process.poll() is None:
            if found := ADDRESS.search(log.read_text()):
                with suppress(OSError), urlopen(f"http://127.0.0.1:{found[1]}/", timeout=5) as page:
                    page.read()
                    return time.monotonic() - begun
            time.sleep(0.05)
        raise RuntimeError(f"make run ended:\n{log.read_text()}")
    finally:
        process.terminate()
        process.wait(20)
