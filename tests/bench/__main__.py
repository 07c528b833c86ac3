"""Measure and print: `python -m tests.bench [listing] [creating] ...`; without names, everything."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import (
    capturing,
    claiming,
    creating,
    drawing,
    exchanging,
    listing,
    opening,
    searching,
    signing,
    speaking,
    starting,
)
from tests.bench.measuring import Figure

WORKS = {
    "listing": listing.measure,
    "creating": creating.measure,
    "opening": opening.measure,
    "exchanging": exchanging.measure,
    "starting": starting.measure,
    "drawing": drawing.measure,
    "speaking": speaking.measure,
    "searching": searching.measure,
    "claiming": claiming.measure,
    "capturing": capturing.measure,
    "signing": signing.measure,
}


def main(names: list[str]) -> int:
    """Print a line for each figure as it comes; 1 when one misses its aim."""
    missed = 0
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}: times are worth something on an idle machine only"
    )
    with TemporaryDirectory(prefix="annotator-bench-") as folder:
        for name in names or WORKS:
            for figure in WORKS[name](Path(folder)):
                print(line(figure), flush=True)
                missed += figure.reached is False
    return 1 if missed else 0


def line(figure: Figure) -> str:
    """Give a figure as a line of the table."""
    verdict = {True: "reached", False: "MISSED", None: ""}[figure.reached]
    return f"{figure.name:<48} {figure.measured:>12}   {figure.compared:<70} {figure.aim:<14} {verdict}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
