"""What the palette finds among 100,000 statements and 10,000 sources, on both databases."""

import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from annotator import migrating
from annotator.app import Annotator, create_app
from annotator.columns import new_id, now
from annotator.config import Settings
from annotator.creating import stamps
from annotator.database import db
from annotator.search.operations import rebuild
from annotator.sources.models import Source
from annotator.statements.models import Speaker, Statement
from tests.bench.measuring import Figure
from tests.factories import make_people, make_project, sign_in
from tests.services import PostgresServer

STATEMENTS, SOURCES, SPEAKERS = 100_000, 10_000, 200
AIM = 50
ROUNDS = 3
KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
LETTERS = {"en": "abdefgiklmnoprstuv", "ru": "абвгдеиклмнопрстуя", "zh": "我们绝不会开始谈判港口城市出售"}
# Known words, each with the share of the texts of its language that it stands in.
SHARES = {
    "en": {"harbour": 0.9, "ministers": 0.1, "dredging": 0.01, "quay": 0.0005},
    "ru": {"гавань": 0.9, "переговоров": 0.1, "указами": 0.01, "причал": 0.0005},
    "zh": {"港口": 0.9, "谈判": 0.1, "出售": 0.01, "码头": 0.0005},
}
TYPED = (
    "harbour", "h", "ha", "harb", "minister", "ministers harb", "dredging", "dredg", "dredging harbour", "quay", "qu",
    "the quay of the harbour", "harbour quay ministers", "xyzzy", "гавань", "г", "га", "гав", "переговоры", "перег",
    "указ", "указы гавань", "причал", "причал гавань", "гавани переговоры указ", "港口", "港", "谈判", "出售", "码头",
    "谈判 港口", "出售港口", "12", "2024", "speaker", "speaker 17", "speaker 17 harbour", "source", "Source 42",
    "https://example.org/4217",
)  # fmt: skip


def measure(folder: Path) -> Iterator[Figure]:
    """Measure each of the queries on SQLite and on PostgreSQL, from the request to the whole answer."""
    yield from figures("SQLite", folder / "searching", f"sqlite:///{folder}/searching.sqlite")
    # A socket's path has room for about a hundred characters, and the server runs as another account.
    server = PostgresServer(Path(tempfile.mkdtemp(prefix="annotator-pg-", dir="/tmp")))
    os.environ["ANNOTATOR_TESTS_PROCESS"] = str(os.getpid())
    server.start()
    try:
        yield from figures("PostgreSQL", folder / "searching", server.url(server.create_database()))
    finally:
        server.stop()


def figures(name: str, folder: Path, url: str) -> Iterator[Figure]:
    """Fill the database, make the entries, and ask."""
    with filled(folder, url) as (app, here, seconds):
        made = STATEMENTS + SOURCES + SPEAKERS
        yield Figure(
            f"make {made:,} search entries, {name}", f"{seconds:.0f} s", f"{made / seconds:,.0f} a second"
        )
        client = sign_in(app, here.people.ann)
        path = f"/api/v1/projects/{here.project.id}/find"
        taken: list[tuple[float, str]] = []
        for _ in range(ROUNDS):
            for typed in TYPED:
                begun = time.perf_counter()
                answer = client.get(path, query_string={"q": typed})
                taken.append(((time.perf_counter() - begun) * 1000, typed))
                if answer.status_code != 200:
                    raise AssertionError(answer.text)
        taken.sort()
        middle, late, worst = taken[len(taken) // 2], taken[len(taken) * 95 // 100], taken[-1]
        yield Figure(
            f"palette, {STATEMENTS:,} statements, {name}, p95",
            f"{late[0]:.0f} ms",
            f"p50 {middle[0]:.0f} ms, longest {worst[0]:.0f} ms ({worst[1]})",
            f"<= {AIM} ms",
            late[0] <= AIM,
        )


@contextmanager
def filled(folder: Path, url: str) -> Iterator[tuple[Annotator, SimpleNamespace, float]]:
    """Give the application on a filled database, what is in it, and the seconds that making the entries took."""
    app = create_app(Settings(instance=str(folder), database_url=url, secret_key=KEY))
    with app.app_context():
        migrating.upgrade(db.here.engine)
        people = make_people(db.session)
        here = SimpleNamespace(people=people, project=make_project(db.session, people))
        write(db.session, here)
        begun = time.perf_counter()
        rebuild(db.session)
        db.commit()
        seconds = time.perf_counter() - begun
        db.session.execute(text("ANALYZE"))  # PostgreSQL does it by itself, a minute later
        db.commit()
        engine = db.here.engine
    yield app, here, seconds
    engine.dispose()


def write(session: Session, here: SimpleNamespace) -> None:
    """Write speakers, sources and statements by Core, the same at every run but for their ids."""
    chance = random.Random(1)
    common = {**stamps(here.people.ann, None), "project_id": here.project.id}
    speakers = [{**common, "id": new_id(), "name": f"Speaker {number}"} for number in range(SPEAKERS)]
    session.execute(insert(Speaker), speakers)
    texts = texts_of(chance)
    sources = [
        {**common, "id": new_id(), "title": f"Source {number}: {next(texts)[1][:80]}",
         "url": f"https://example.org/{number}", "authors": []}
        for number in range(SOURCES)
    ]  # fmt: skip
    session.execute(insert(Source), sources)
    for first in range(0, STATEMENTS, 5_000):
        session.execute(insert(Statement), [said(number, common, chance, speakers, texts) for number in
                                            range(first, first + 5_000)])  # fmt: skip


def said(
    number: int, common: dict[str, Any], chance: random.Random, speakers: list[Any], texts: Iterator[Any]
) -> dict[str, Any]:
    """Give the row of a statement."""
    language, quote = next(texts)
    at = now() + timedelta(microseconds=number)
    about = {**common, "id": new_id(), "created_at": at, "updated_at": at}
    return {**about, "speaker_id": chance.choice(speakers)["id"], "quote": quote, "language": language}


def texts_of(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Give (language, text) without end: 24 words by rank and share, a third in Cyrillic, a tenth in Chinese."""
    lexicons = {
        language: ["".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(20_000)]
        for language, letters in LETTERS.items()
    }
    weights = [1 / rank for rank in range(1, 20_001)]
    cumulated = [sum(weights[:1])]
    for weight in weights[1:]:
        cumulated.append(cumulated[-1] + weight)
    while True:
        language = chance.choices(("en", "ru", "zh"), (6, 3, 1))[0]
        chosen = chance.choices(lexicons[language], cum_weights=cumulated, k=24)
        chosen += [word for word, share in SHARES[language].items() if chance.random() < share]
        chosen.append(str(chance.randint(1, 2030)))
        chance.shuffle(chosen)
        yield language, " ".join(chosen)
