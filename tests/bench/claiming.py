"""Opening a claim that has 200 links, through the whole application, on SQLite."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from annotator.annotations.models import Annotation
from annotator.cli import look_less_for_garbage
from annotator.columns import new_id, now
from annotator.creating import stamps
from annotator.database import db
from annotator.links.models import Link
from annotator.sources import library
from annotator.sources.kind import SOURCE
from annotator.statements.kind import STATEMENT
from tests.bench.instance import make_instance
from tests.bench.measuring import Figure, in_turns
from tests.factories import sign_in

AIM = 200
LINKS, AROUND = 200, 5_000
RELATIONS = ("supports", "qualifies", "context")


def measure(folder: Path) -> Iterator[Figure]:
    """Open the page, the picture and the data of a claim with 200 links, among 5,000 annotations and their links."""
    with make_instance(folder / "claiming", annotations=AROUND, links=AROUND) as (app, here):
        with app.app_context():
            claim = fill(here)
            db.commit()
        client = sign_in(app, here.people.ann)
        look_less_for_garbage()
        works = {
            "page": partial(client.get, f"/annotations/{claim}/"),
            "picture": partial(client.get, f"/annotations/{claim}/dispute"),
            "data": partial(client.get, f"/api/v1/annotations/{claim}/claim"),
            "speaker": partial(client.get, f"/speakers/{here.speaker.id}/dispute"),
        }
        for name, work in works.items():
            if work().status_code != 200:
                raise AssertionError(name)
        taken = in_turns(9, **works)
    speakers = taken.pop("speaker")
    for name, ms in taken.items():
        yield Figure(f"claim with {LINKS} links, {name}, CPU", f"{ms:.0f} ms", "", f"<= {AIM} ms", ms <= AIM)
    yield Figure(
        f"dispute of a speaker with {AROUND + LINKS:,} links, CPU", f"{speakers:.0f} ms", "newest 500 drawn"
    )


def fill(here: Any) -> str:
    """Link the first claim to 100 sources and 100 statements of different dates; gives its id."""
    claim = db.session.scalars(select(Annotation.id).order_by(Annotation.id).limit(1)).one()
    rows = [_link(here, claim, number) for number in range(LINKS)]
    db.session.execute(insert(Link), rows)
    return claim


def _link(here: Any, claim: str, number: int) -> dict[str, Any]:
    add: Any = library.add
    place = {"project": here.project.id, "actor": here.people.ann}
    on = f"{1990 + number % 35}-{number % 12 + 1:02}"
    end: dict[str, Any] = {"source_id": None, "statement_id": None, "locator": ""}
    if number % 2:
        source = {"title": f"Report {number}", "published_on": on, "publisher": "The desk"}
        end |= {"source_id": add(db.session, SOURCE, source, **place).id, "locator": str(number)}
    else:
        said = {"speaker": here.speaker.id, "quote": f"We sold harbour {number}.", "said_on": on}
        end |= {"statement_id": add(db.session, STATEMENT, said, **place).id}
    at = now() + timedelta(microseconds=number)
    made = {**stamps(here.people.ann, None), "created_at": at, "updated_at": at}
    return {**made, **end, "id": new_id(), "project_id": here.project.id, "annotation_id": claim,
            "relation": RELATIONS[number % 3], "note": "A note."}  # fmt: skip
