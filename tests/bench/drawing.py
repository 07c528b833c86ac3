"""Drawing 1,000 points in time: the geometry, and the SVG with its table, as a page shows them."""

import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from annotator.app import create_app
from annotator.config import read_settings
from annotator.timeline import LANES, Point, draw
from tests.bench.measuring import Figure, in_turns

COUNT = 1_000
AIM = 20
TONES = ("supported", "refuted", "conflicting", "aside", "")


def measure(folder: Path) -> Iterator[Figure]:
    """Measure the time of drawing and rendering, and say how much of it is the table."""
    points = list(invented(COUNT))
    app = create_app(read_settings(str(folder / "drawing")))
    module = app.jinja_env.get_template("macros/timeline.html").module
    geometry = draw(points)
    works = {
        "geometry": lambda: draw(points),
        "svg": partial(module.picture, geometry, "said", "What they said"),  # type: ignore[attr-defined]
        "table": partial(module.table, geometry, "said", "What they said"),  # type: ignore[attr-defined]
    }
    taken = in_turns(25, **works)
    both = taken["geometry"] + taken["svg"]
    yield Figure(
        f"draw {COUNT:,} points in time as SVG, CPU",
        f"{both:.1f} ms",
        f"geometry {taken['geometry']:.1f} ms, SVG {taken['svg']:.1f} ms; its table beside it {taken['table']:.1f} ms",
        f"<= {AIM} ms",
        both <= AIM,
    )


def invented(count: int) -> Iterator[Point]:
    """Give points over 15 years, most known to the day, in three lanes; the same at every run."""
    chance = random.Random(1)
    for number in range(count):
        year, month, day = chance.randint(2010, 2024), chance.randint(1, 12), chance.randint(1, 28)
        on = f"{year}-{month:02}-{day:02}"[: chance.choice((10, 10, 10, 10, 7, 4))]
        lane, tone = chance.choice(LANES), chance.choice(TONES)
        words = "They said that the harbour was offered for 12 million."
        yield Point(f"p{number}", on, words, lane, tone, f"/statements/{number}/", "Mayor, in an interview")
