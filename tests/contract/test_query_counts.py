"""A list asks the database the same number of questions for one row and for fifty."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from contract.world import HTTP, World, annotation, put
from factories import TEXT
from sqlalchemy import event

from annotator.accounts import sessions

PATHS = (
    "/", "/projects/{slug}/", "/articles/{article}/", "/articles/{article}/?view=marks",
    "/articles/{article}/annotations",
    "/projects/{slug}/speakers/", "/speakers/{speaker}/", "/projects/{slug}/statements/", "/statements/{statement}/",
    "/projects/{slug}/sources/", "/sources/{source}/", "/sources/{source}/copies/{copy}",
    f"{HTTP}/sources/{{source}}/snapshots", f"{HTTP}/sources/{{source}}/checks",
    f"{HTTP}/projects/{{project}}/sources/like?title=Minutes",
    "/projects/{slug}/settings", f"{HTTP}/projects", f"{HTTP}/projects/{{project}}/articles?limit=200",
    f"{HTTP}/projects/{{project}}/sources?limit=200", f"{HTTP}/projects/{{project}}/speakers?limit=200",
    f"{HTTP}/projects/{{project}}/statements?limit=200", f"{HTTP}/projects/{{project}}/annotations?limit=200",
    f"{HTTP}/articles/{{article}}/annotations?limit=200", f"{HTTP}/articles/{{article}}/spans",
    f"{HTTP}/articles/{{article}}/snapshots", f"{HTTP}/projects/{{project}}/find?q=a",
    f"{HTTP}/projects/{{project}}/tags", f"{HTTP}/projects/{{project}}/members",
)  # fmt: skip
MOST = 15


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """The statements that the app sends meanwhile."""
    engine, sent = world.app.extensions["annotator.database"].engine, []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def add(world: World, number: int) -> None:
    """Add that many articles, sources, speakers, statements, annotations and links."""
    eve, desk = world.client("eve"), world.desk
    for count in range(number):
        start = count % (len(TEXT) - 9)
        put(eve, "articles", {"project": desk["project"], "text": f"Article {start} {count} {number}."})
        source = put(eve, "sources", {"project": desk["project"], "title": f"Source {count}"})
        speaker = put(eve, "speakers", {"project": desk["project"], "name": f"Speaker {count}"})
        said = put(
            eve,
            "statements",
            {
                "project": desk["project"],
                "speaker": speaker["id"],
                "quote": "A word.",
                "source": source["id"],
            },
        )
        put(
            eve,
            "statements",
            {"project": desk["project"], "speaker": desk["speaker"], "quote": f"Word {count}."},
        )
        about = annotation(
            {"id": desk["article"], "snapshot": desk["snapshot"]}, claimant=speaker["id"], tags=[f"t{count}"]
        )
        made = put(eve, "annotations", {**about, "spans": [{"start": start, "end": start + 9}]})
        put(eve, "links", {"annotation": made["id"], "statement": said["id"], "relation": "supports"})


def statements(world: World) -> dict[str, int]:
    found = {}
    for path in PATHS:
        with counted(world) as sent:
            assert world.client("eve").get(path.format(**world.desk)).status_code == 200, path
        found[path] = len(sent)
    return found


@pytest.mark.timeout(120)
def test_lists_ask_as_much_for_one_row_as_for_fifty(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "SEEN_EVERY", timedelta(hours=1))
    counts = []
    for number in (1, 9, 40):
        add(world, number)
        counts.append(statements(world))
    assert counts[0] == counts[1] == counts[2]
    assert {path: count for path, count in counts[0].items() if count > MOST} == {}
