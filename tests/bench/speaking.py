"""Opening the page of a speaker with 1,000 statements, through the whole application."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import insert

from annotator.columns import new_id, now
from annotator.creating import stamps
from annotator.database import db
from annotator.fields import bounds
from annotator.statements.models import Statement, StatementTag
from annotator.text import fold
from tests.bench.data import words
from tests.bench.instance import make_instance
from tests.bench.measuring import Figure, in_turns
from tests.factories import sign_in

COUNT = 1_000
AIM = 200


def measure(folder: Path) -> Iterator[Figure]:
    """Measure the page with its picture and first rows, and narrowed by words and a tag, on SQLite."""
    with make_instance(folder / "speaking", annotations=10, links=5) as (app, here):
        with app.app_context():
            db.session.execute(insert(Statement), rows := list(said(here)))
            db.session.execute(
                insert(StatementTag),
                [{"statement_id": row["id"], "tag": "talks", "ordinal": 0} for row in rows[::3]],
            )
            db.commit()
        client = sign_in(app, here.people.ann)
        address = f"/speakers/{here.speaker.id}/"
        walls = [wall(client, address) for _ in range(9)]
        taken = in_turns(
            9, page=lambda: client.get(address), narrowed=lambda: client.get(f"{address}?tag=talks")
        )
    yield Figure(
        f"open a speaker with {COUNT:,} statements, CPU",
        f"{taken['page']:.0f} ms",
        f"wall clock {median(walls):.0f} ms; narrowed by a tag {taken['narrowed']:.0f} ms",
        f"<= {AIM} ms",
        taken["page"] <= AIM,
    )


def wall(client: Any, address: str) -> float:
    """Give the time of one request in ms."""
    begun = perf_counter()
    answer = client.get(address)
    taken = (perf_counter() - begun) * 1e3
    if b"1,001 statements" not in answer.data:
        raise AssertionError("the page does not show all statements")
    return taken


def said(here: Any) -> Iterator[dict[str, Any]]:
    """Give the columns of statements over ten years, most known to the day; the same at every run."""
    chance = random.Random(1)
    lexicon = words(8 * COUNT).split()
    for number in range(COUNT):
        quote = " ".join(lexicon[8 * number : 8 * number + 8])
        day = date(2015, 1, 1) + timedelta(days=chance.randrange(3650))
        on = day.isoformat()[: chance.choice((10, 10, 10, 7, 4))]
        yield {
            **stamps(here.people.ann, None),
            **bounds("said", on),
            "id": new_id(),
            "created_at": now(),
            "project_id": here.project.id,
            "speaker_id": here.speaker.id,
            "quote": quote,
            "role": "Mayor",
            "medium": "speech",
            "folded": fold(quote),
        }
