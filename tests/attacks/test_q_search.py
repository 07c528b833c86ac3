"""Searches that are made to break out, to fail, or to take for ever."""

import random
import time
from typing import Any

import pytest
from attacks.untouched import untouched
from contract.world import HTTP, World, put
from sqlalchemy import text

from annotator import patience
from annotator.database import db
from annotator.search import queries

SIGNS = ['"', "'", ";", "--", "\\", "%", "_", "%_\\", "' OR 1=1 --", "\\'", '""', "%%", "*/", "${7*7}"]
GRAMMAR = [
    '"', "AND", "a OR b", "NEAR(", "NEAR(a b, 2)", "title:x", "terms:x", "-x", "(", ")", "*", "a*", "^a", "{terms}:a",
    "'a' & 'b'", "a:*", "!a", "<->", "a | b", "'::tsquery", "a <2> b", "+", "@in:x", ":", "(((((", "\\", "''",
]  # fmt: skip
LISTS = ("articles", "sources", "speakers", "statements", "annotations")
FILTERS = {
    "articles": ("q", "status", "tag", "assignee"),
    "sources": ("q", "type", "tier", "group", "confidentiality"),
    "sources/like": ("url", "doi", "title", "source"),
    "speakers": ("q", "cursor"),
    "speakers/like": ("name",),
    "statements": ("q", "speaker", "tag", "from", "until"),
    "statements/like": ("speaker", "quote", "said_on"),
    "annotations": ("q", "kind", "state", "tag", "author"),
    "find": ("q", "article", "annotation", "limit"),
}
RANDOM_SEARCHES = 3_000
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


def found(world: World, path: str, **query: str) -> Any:
    """Ask a list of the desk, or the palette, as Eve."""
    return world.client("eve").get(f"{HTTP}/projects/{world.desk['project']}/{path}", query_string=query)


@pytest.mark.parametrize("path", FILTERS)
def test_q01_signs_of_sql_in_every_filter_are_plain_text(shared_world: World, path: str) -> None:
    with untouched(shared_world.app, but=["login_sessions"]):
        for name in FILTERS[path]:
            for sign in SIGNS:
                answer = found(shared_world, path, **{name: sign})
                assert answer.status_code in (200, 422), (name, sign, answer.text)


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'", '"', ";", "--"])
def test_q01_a_sign_finds_what_holds_it_and_nothing_else(ann: Any, project: Any, sign: str) -> None:
    words = {True: f"harbour 12{sign}3", False: "harbour 12x3"}
    made = [
        put(ann, "articles", {"project": project.id, "text": f"{words[n]}.", "title": words[n]})
        for n in words
    ]
    rows = ann.get(f"{HTTP}/projects/{project.id}/articles", query_string={"q": f"12{sign}3"}).json["items"]
    assert [row["id"] for row in rows] == [made[0]["id"]]


@pytest.mark.parametrize("sign", SIGNS)
def test_q01_an_id_of_signs_is_one_that_does_not_exist(shared_world: World, sign: str) -> None:
    with untouched(shared_world.app, but=["login_sessions"]):
        for things in LISTS:
            assert shared_world.client("eve").get(f"{HTTP}/{things}/{sign}").status_code == 404
            assert shared_world.client("eve").delete(f"{HTTP}/{things}/{sign}").status_code == 404


@pytest.mark.parametrize("typed", GRAMMAR)
def test_q02_what_a_search_engine_reads_as_grammar_is_plain_words(shared_world: World, typed: str) -> None:
    answer = found(shared_world, "find", q=f"{typed} nowhere")
    assert (answer.status_code, answer.json["results"]) == (200, [])
    assert found(shared_world, "find", q=typed).status_code == 200


def test_q02_excluded_and_named_columns_are_words_too(ann: Any, project: Any) -> None:
    put(ann, "speakers", {"project": project.id, "name": "Ada of terms"})
    for typed, many in (("terms:ada", 1), ("-ada", 1), ("terms:zzz", 1), ("title:zzz", 0), ("-zzz", 0)):
        answer = ann.get(f"{HTTP}/projects/{project.id}/find", query_string={"q": typed})
        assert len(answer.json["results"]) == many, typed


def random_text(chance: random.Random) -> str:
    """Some signs from everywhere, most of them those of query languages."""
    signs = "\"'\\%_*():&|!<->^~{}@;,.?$ abAB01\t漢عü😀\u0301\u200d\u2028\ufeff"
    return "".join(chance.choice(signs) for _ in range(chance.randint(1, 40)))


def test_q03_three_thousand_random_searches_on_either_database(shared_world: World) -> None:
    chance, project = random.Random(3), shared_world.desk["project"]
    with untouched(shared_world.app), shared_world.app.test_request_context("/"):
        for _ in range(RANDOM_SEARCHES):
            typed = random_text(chance)
            assert isinstance(queries.search(db.session, project, typed, prefix=True), list), typed


def test_q03_two_hundred_random_searches_over_every_list(shared_world: World) -> None:
    chance = random.Random(4)
    for number in range(200):
        typed = random_text(chance)
        path = ("find", *LISTS)[number % 6]
        assert found(shared_world, path, q=typed).status_code in (200, 422), (path, typed)


@pytest.mark.parametrize("path", ["find", *LISTS])
def test_q04_a_regular_expression_is_plain_text(shared_world: World, path: str) -> None:
    begun = time.process_time()
    for typed in ("(zq+)+$", ".*", "^((zq)+.)+[ZQ]$", "(?Rzq)", "zq{1,1000}{1,1000}", "zq" * 149 + "!"):
        rows = found(shared_world, path, q=typed)
        assert (rows.status_code, rows.json.get("items", rows.json.get("results"))) == (200, []), typed
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("path", ["find", *LISTS])
@pytest.mark.parametrize(
    "typed", ["x" * 1_000_000, "word " * 10_000, "漢" * 301], ids=["1 MB", "10,000 words", "301"]
)
def test_q06_a_long_search_is_refused(shared_world: World, path: str, typed: str) -> None:
    begun = time.monotonic()
    answer = found(shared_world, path, q=typed)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/q")
    assert time.monotonic() - begun < 2


def test_q07_a_slow_search_is_broken_off_and_the_worker_lives(
    both_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert patience.SECONDS < 5
    monkeypatch.setattr(queries, "languages", lambda session, project: session.execute(text(ENDLESS)).all())
    with untouched(both_world.app, but=["login_sessions"]):
        begun = time.monotonic()
        slow = found(both_world, "find", q="harbour")
        assert (slow.status_code, slow.headers["Retry-After"], time.monotonic() - begun < 8) == (
            503,
            "2",
            True,
        )
    monkeypatch.undo()
    assert found(both_world, "find", q="harbour").json["results"] != []


def test_q07_what_must_take_its_time_is_not_broken_off(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    count = f"{ENDLESS.removesuffix('SELECT count(*) FROM n')}SELECT x FROM n LIMIT 1 OFFSET 3000000"
    monkeypatch.setattr(patience, "SECONDS", 0.05)
    with app.app_context():
        assert db.session.scalar(text(count)) == 3_000_001
