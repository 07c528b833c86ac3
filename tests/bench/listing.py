"""Listing 2,000 annotations with spans, tags and links through the whole application."""

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import orjson

from annotator.cli import look_less_for_garbage
from annotator.database import db
from tests.bench.floor import raw_list, usual_list
from tests.bench.instance import make_instance
from tests.bench.measuring import Figure, in_turns
from tests.factories import sign_in

AIM = 1.5
COUNT = 2_000


def measure(folder: Path) -> Iterator[Figure]:
    """Compare the list with raw rows and hand-written dicts, and with the usual way, on SQLite."""
    with make_instance(folder / "listing", annotations=COUNT, links=COUNT) as (app, here):
        client = sign_in(app, here.people.ann)
        connection = sqlite3.connect(folder / "listing" / "annotator.sqlite")
        address = f"/api/v1/articles/{here.article.id}/annotations?limit={COUNT}"
        raw = partial(raw_list, connection, here.article.id, here.article.snapshot)
        if client.get(address).json != orjson.loads(raw()):
            raise AssertionError("the list and what it is held against differ")
        look_less_for_garbage()
        taken = in_turns(15, ours=lambda: client.get(address).data, raw=raw)
        with app.app_context():
            usual = in_turns(3, usual=lambda: usual_list(db.session, here.article.id))["usual"]
    ratio = taken["ours"] / taken["raw"]
    yield Figure(
        f"list {COUNT:,} annotations, CPU",
        f"{taken['ours']:.0f} ms",
        f"{ratio:.2f} x raw rows ({taken['raw']:.0f} ms); ORM and marshmallow {usual / taken['raw']:.1f} x",
        f"<= {AIM} x",
        ratio <= AIM,
    )
