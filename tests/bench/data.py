"""A project of any size, the same at every run, written by Core inserts."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from annotator import text
from annotator.annotations.models import Annotation, Span, Tag
from annotator.articles.models import Snapshot
from annotator.articles.reading import latest
from annotator.columns import new_id, now
from annotator.creating import stamps
from annotator.journal.models import Event
from annotator.links.models import Link
from annotator.sources import library
from annotator.sources.kind import SOURCE
from annotator.statements.kind import SPEAKER, STATEMENT
from tests.factories import make_article, make_people, make_project

NOTE = "They said **otherwise** a year before."
DAY = date(2025, 4, 1)
BATCH = 5_000


def words(count: int, *, seed: int = 1) -> str:
    """Give `count` invented words in sentences of 16 and paragraphs of 80."""
    chance = random.Random(seed)
    lexicon = ["".join(chance.choices("abdefgiklmnoprstuv", k=chance.randint(2, 9))) for _ in range(3000)]
    chosen = chance.choices(lexicon, k=count)
    sentences = [" ".join(chosen[at : at + 16]).capitalize() + "." for at in range(0, count, 16)]
    return "\n\n".join(" ".join(sentences[at : at + 5]) for at in range(0, len(sentences), 5))


def fill(session: Session, *, annotations: int, links: int, length: int = 20_000) -> SimpleNamespace:
    """Make people, a project and an article of `length` words; the first `links` annotations are linked.

    Gives `people`, `project`, `article` (with `snapshot` and `text`) and `statement`. Each annotation has a span,
    two tags, a note, a claimant with a date, and its line in the journal; each link contradicts the statement.
    """
    people = make_people(session)
    project = make_project(session, people)
    article = make_article(session, project, people.ann, words(length), published_on="2025-04-02")
    session.flush()
    speaker = library.add(session, SPEAKER, {"name": "The mayor"}, project=project.id, actor=people.ann)
    source = library.add(
        session,
        SOURCE,
        {"title": "Minutes", "url": "https://example.org/1"},
        project=project.id,
        actor=people.ann,
    )
    said = {"speaker": speaker.id, "quote": "Never.", "said_on": "2024-03", "source": source.id}
    statement = library.add(session, STATEMENT, said, project=project.id, actor=people.ann)
    here = SimpleNamespace(
        people=people, project=project, article=article, statement=statement, speaker=speaker
    )
    article.text = latest(session, article.id, Snapshot.text).text
    for first in range(0, annotations, BATCH):
        _write(session, here, range(first, min(first + BATCH, annotations)), links)
    return here


def places(length: int, count: range) -> Iterator[tuple[int, int]]:
    """Give a place for each annotation, spread evenly over the text, of 20 to 120 code points; some overlap."""
    chance = random.Random(count.start)
    for number in count:
        start = (number * 7919 * 61) % (length - 200)
        yield start, start + chance.randint(20, 120)


def _write(session: Session, here: SimpleNamespace, numbers: range, links: int) -> None:
    rows: dict[Any, list[dict[str, Any]]] = {Annotation: [], Span: [], Tag: [], Link: [], Event: []}
    for number, (start, end) in zip(numbers, places(len(here.article.text), numbers), strict=True):
        key = new_id()
        rows[Annotation].append(_annotation(here, key, number))
        rows[Span].append(_span(here, key, start, end))
        rows[Tag] += [
            {"annotation_id": key, "tag": tag, "ordinal": place}
            for place, tag in enumerate(("talks", "money"))
        ]
        rows[Event].append(_event(here, key))
        if number < links:
            rows[Link].append(_link(here, key))
    for model, found in rows.items():
        if found:
            session.execute(insert(model), found)


def _annotation(here: SimpleNamespace, key: str, number: int) -> dict[str, Any]:
    at = now() + timedelta(microseconds=number)
    return {
        **stamps(here.people.ann, None),
        "id": key,
        "created_at": at,
        "updated_at": at,
        "project_id": here.project.id,
        "article_id": here.article.id,
        "kind": "claim",
        "state": "open",
        "body": NOTE,
        "body_html": "<p>They said <strong>otherwise</strong> a year before.</p>\n",
        "claim_text": f"The harbour was offered for {number} million.",
        "claimant_id": here.speaker.id,
        "claimed_on": DAY.isoformat(),
        "claimed_earliest": DAY,
        "claimed_latest": DAY,
        "folded": text.fold(NOTE),
    }


def _span(here: SimpleNamespace, key: str, start: int, end: int) -> dict[str, Any]:
    whole = here.article.text
    return {
        "annotation_id": key,
        "snapshot_id": here.article.snapshot,
        "ordinal": 0,
        "start": start,
        "end": end,
        "exact": whole[start:end],
        "prefix": whole[max(0, start - text.CONTEXT) : start],
        "suffix": whole[end : end + text.CONTEXT],
        "anchor": "exact",
    }


def _event(here: SimpleNamespace, key: str) -> dict[str, Any]:
    return {
        "at": now(),
        "actor_id": here.people.ann,
        "action": "annotation:added",
        "subject_kind": "annotation",
        "subject_id": key,
        "project_id": here.project.id,
        "article_id": here.article.id,
        "after": {"kind": "claim", "body": NOTE, "tags": ["talks", "money"]},
    }


def _link(here: SimpleNamespace, key: str) -> dict[str, Any]:
    return {
        **stamps(here.people.ann, None),
        "id": new_id(),
        "project_id": here.project.id,
        "annotation_id": key,
        "statement_id": here.statement.id,
        "relation": "contradicts",
        "contradiction_state": "proposed",
        "proposed_by_id": here.people.ann,
        "note": "The earlier words say the opposite.",
    }
