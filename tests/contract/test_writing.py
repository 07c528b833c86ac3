"""What holds for every change: versions, harmless retries, one transaction with its journal line, races."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import product
from threading import Barrier
from typing import Any

import pytest
from contract.requests_of import JSON
from contract.world import HTTP, World
from sqlalchemy import event as sql_event
from sqlalchemy import text

from annotator.accounts import sessions
from annotator.columns import new_id
from annotator.database import db
from annotator.journal import operations as journal

CHANGES = {
    "projects": ("project", {"description": "New."}), "articles": ("article", {"title": "New"}),
    "sources": ("source", {"title": "New"}), "speakers": ("speaker", {"name": "New"}),
    "statements": ("statement", {"quote": "New."}), "annotations": ("annotation", {"body": "New."}),
    "links": ("link", {"note": "New."}),
}  # fmt: skip
CREATED = ("articles", "sources", "speakers", "statements", "annotations", "links")
DELETED = (("articles", "article"), ("annotations", "annotation"), ("links", "link"))


def path_of(world: World, things: str) -> str:
    return f"{HTTP}/{things}/{world.desk[CHANGES[things][0]]}"


def new_body(world: World, things: str) -> dict[str, Any]:
    body: dict[str, Any] = JSON["PUT", f"{HTTP}/{things}/<id:{things[:-1]}_id>"](world, world.desk)
    return body


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs in threads that start together; gives what each answered."""
    gate = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        gate.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


@pytest.mark.parametrize("things", CHANGES)
def test_a_change_needs_the_version_it_is_based_on(world: World, things: str) -> None:
    eve, path, change = world.client("eve"), path_of(world, things), CHANGES[things][1]
    assert eve.change("PATCH", path, change).status_code == 428
    for odd in ("1", '"x"', "*", '"1", "2"', '"9999999999999999"', '""'):
        assert eve.patch(path, json=change, headers={"If-Match": odd}).status_code == 400, odd
    assert eve.get(path).json["version"] == 1


@pytest.mark.parametrize("things", CHANGES)
def test_a_stale_change_gets_the_present_state(world: World, things: str) -> None:
    eve, path, change = world.client("eve"), path_of(world, things), CHANGES[things][1]
    changed = eve.change("PATCH", path, change, version=1)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    name = next(iter(change))
    stale = eve.change("PATCH", path, {name: "Lost"}, version=1)
    assert (stale.status_code, stale.json["current"], stale.headers["ETag"]) == (
        412,
        eve.get(path).json,
        '"2"',
    )
    assert eve.get(path).json[name] == change[name]


@pytest.mark.parametrize("things", CHANGES)
def test_a_change_that_changes_nothing_leaves_no_trace(world: World, things: str) -> None:
    eve, path, change = world.client("eve"), path_of(world, things), CHANGES[things][1]
    eve.change("PATCH", path, change, version=1)
    before = len(world.events())
    for body in (change, {}):
        assert eve.change("PATCH", path, body, version=2).headers["ETag"] == '"2"'
    assert len(world.events()) == before


@pytest.mark.parametrize("things", CREATED)
def test_creating_twice_is_harmless(both_things: tuple[World, str], things: str) -> None:
    world, key = both_things
    eve, path, body = world.client("eve"), f"{HTTP}/{things}/{key}", new_body(world, things)
    first = eve.put(path, json=body)
    before = world.counts(), len(world.events())
    again = eve.put(path, json=body)
    assert (first.status_code, again.status_code, again.json) == (201, 200, first.json)
    assert (first.headers["ETag"], again.headers["ETag"]) == ('"1"', '"1"')
    assert (world.counts(), len(world.events())) == before


@pytest.fixture
def both_things(world: World) -> tuple[World, str]:
    return world, new_id()


@pytest.mark.parametrize("things", CREATED)
def test_an_id_that_is_taken_is_refused(world: World, things: str) -> None:
    key, body = new_id(), new_body(world, things)
    path = f"{HTTP}/{things}/{key}"
    assert world.client("eve").put(path, json=body).status_code == 201
    more = {"articles": "byline", "sources": "publisher", "speakers": "description", "statements": "occasion",
            "annotations": "body", "links": "note"}[things]  # fmt: skip
    other = world.client("eve").put(path, json={**body, more: "Other"})
    somebody = world.client("ann").put(path, json=body)
    assert (other.status_code, somebody.status_code) == (409, 409)
    assert other.json["type"] == "/problems/conflict"


@pytest.mark.parametrize(("things", "thing"), [*DELETED, ("statements", "free_statement")])
def test_deleting_is_soft_and_can_be_undone_once(world: World, things: str, thing: str) -> None:
    eve, path = world.client("eve"), f"{HTTP}/{things}/{world.desk[thing]}"
    before = eve.get(path).json
    assert eve.change("DELETE", path).status_code == 428
    assert eve.change("DELETE", path, version=7).status_code == 412
    assert eve.change("DELETE", path, version=1).status_code == 204
    assert [eve.get(path).status_code, eve.change("DELETE", path, version=2).status_code] == [404, 404]
    back = eve.change("POST", f"{path}/restore", version=2)
    assert (back.status_code, back.json["version"], back.json["deleted"]) == (200, 3, False)
    assert {**back.json, **{name: before[name] for name in ("version", "updated_at")}} == before
    assert eve.change("POST", f"{path}/restore", version=3).status_code == 409


def test_creating_again_after_the_delete_does_not_bring_it_back(world: World) -> None:
    eve, path, body = world.client("eve"), f"{HTTP}/annotations/{new_id()}", new_body(world, "annotations")
    eve.put(path, json=body)
    eve.change("DELETE", path, version=1)
    again = eve.put(path, json=body)
    assert (again.status_code, again.json["deleted"], eve.get(path).status_code) == (200, True, 404)


WHOLE = {
    "articles": {"title": "New", "assignees": [], "published_on": "2024", "priority": 2},
    "annotations": {"body": "New.", "tags": ["one"], "claim_text": "New", "kind": "quote", "claimed_on": "2024-05"},
    "links": {"relation": "supports", "note": "New.", "passage": None},
    "statements": {"quote": "New.", "said_on": None, "source": None, "valid_from": "2020"},
}  # fmt: skip
ENSUING = {"links": {"state"}}  # what is no contradiction any more is not decided


SINGULAR = {things: things.removesuffix("s") for things in WHOLE}


def lines_of(world: World, key: str) -> list[Any]:
    return [line for line in world.events() if line.subject_id == key]


@pytest.mark.parametrize("things", WHOLE)
def test_a_change_of_many_fields_is_one_version_and_one_line(world: World, things: str) -> None:
    lines = lines_of(world, world.desk[SINGULAR[things]])
    body = dict(WHOLE[things])
    if things == "annotations":
        body |= {"snapshot": world.desk["snapshot"], "spans": [{"start": 0, "end": 9}]}
    changed = world.client("eve").change("PATCH", path_of(world, things), body, version=1)
    assert (changed.status_code, changed.json["version"]) == (200, 2)
    kept = set(body) - {"snapshot"} | ENSUING.get(things, set())
    written = lines_of(world, changed.json["id"])
    assert (len(written), set(written[-1].after)) == (len(lines) + 1, kept)


@pytest.mark.parametrize("things", CHANGES)
def test_the_journal_keeps_what_was_and_what_is(world: World, things: str) -> None:
    thing, change = CHANGES[things]
    name, value = next(iter(change.items()))
    was = world.client("eve").get(path_of(world, things)).json[name]
    world.client("eve").change("PATCH", path_of(world, things), change, version=1)
    line = world.events()[-1]
    assert (line.action, line.subject_kind, line.subject_id) == (f"{thing}:changed", thing, world.desk[thing])
    assert (line.actor_id, line.project_id) == (world.people.eve, world.desk["project"])
    assert (line.before, line.after) == ({name: was}, {name: value})


@pytest.mark.parametrize("things", CHANGES)
def test_without_its_journal_line_nothing_is_changed(
    world: World, things: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("the journal cannot be written")

    before = world.counts(), world.client("eve").get(path_of(world, things)).json
    monkeypatch.setattr(journal, "now", broken)
    monkeypatch.setattr(journal, "insert", broken)
    changed = world.client("eve").change("PATCH", path_of(world, things), CHANGES[things][1], version=1)
    assert changed.status_code == 500
    assert (world.counts(), world.client("eve").get(path_of(world, things)).json) == before


@pytest.mark.parametrize("things", CREATED)
def test_a_refused_attempt_leaves_one_line_and_nothing_else(world: World, things: str) -> None:
    before, lines = world.counts(), len(world.events())
    path = f"{HTTP}/{things}/{new_id()}"
    assert world.client("dee").put(path, json=new_body(world, things)).status_code == 403
    line = world.events()[-1]
    assert (world.counts(), len(world.events())) == (before, lines + 1)
    assert (line.action, line.actor_id, line.project_id) == ("request:refused", world.people.dee, None)
    assert line.after == {"method": "PUT", "route": f"{HTTP}/{things}/<id:{things[:-1]}_id>"}


def test_every_change_is_one_commit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "SEEN_EVERY", timedelta(hours=1))
    engine = world.app.extensions["annotator.database"].engine
    commits: list[Any] = []
    note = commits.append
    sql_event.listen(engine, "commit", note)
    for things in CREATED:
        commits.clear()
        assert (
            world.client("eve").put(f"{HTTP}/{things}/{new_id()}", json=new_body(world, things)).status_code
            == 201
        )
        assert len(commits) == 1, things
    sql_event.remove(engine, "commit", note)


def test_sqlite_keeps_what_it_acknowledged_and_checks_keys(world: World) -> None:
    with world.app.test_request_context(method="POST"):
        found = {
            name: db.session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        assert db.session.connection().connection.driver_connection.in_transaction  # type: ignore[union-attr]


@pytest.mark.parametrize(("method", "statement"), [("POST", "BEGIN IMMEDIATE"), ("GET", "BEGIN")])
def test_only_a_writing_request_takes_the_writing_place(world: World, method: str, statement: str) -> None:
    engine, seen = world.app.extensions["annotator.database"].engine, []
    sql_event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    with world.app.test_request_context(method=method):
        db.session.execute(text("SELECT 1"))
    assert seen[0] == statement


def test_eight_threads_create_on_sqlite_without_a_failure(world: World) -> None:
    def create() -> list[int]:
        eve, body = world.client("eve"), {"project": world.desk["project"], "title": "A law"}
        return [eve.put(f"{HTTP}/sources/{new_id()}", json=body).status_code for _ in range(50)]

    before = world.counts()["sources"]
    answers = at_once(*[create] * 8)
    assert (answers, world.counts()["sources"]) == ([[201] * 50] * 8, before + 400)


def test_of_changes_at_once_one_wins_and_the_others_are_told(both_world: World) -> None:
    clients = [both_world.client(who) for who in ("ann", "ben", "eve")]
    for things, version in product(("sources", "annotations", "links", "articles"), range(1, 6)):
        name, path = next(iter(CHANGES[things][1])), path_of(both_world, things)
        bodies = [{name: f"{version} {number}"} for number in range(len(clients))]
        jobs = [
            partial(client.change, "PATCH", path, body, version=version)
            for client, body in zip(clients, bodies, strict=True)
        ]
        answers = at_once(*jobs)
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
        won = next(answer.json for answer in answers if answer.status_code == 200)
        assert [answer.json["current"] for answer in answers if answer.status_code == 412] == [won, won]


def test_two_people_who_set_the_same_tags_at_once_are_told(both_world: World) -> None:
    path = path_of(both_world, "annotations")
    clients = [both_world.client(who) for who in ("ann", "ben")]
    for version in range(1, 6):
        tags = {"tags": [f"round {version}", "same"]}
        answers = at_once(*[partial(one.change, "PATCH", path, tags, version=version) for one in clients])
        assert sorted(answer.status_code for answer in answers) == [200, 412]


def test_the_same_thing_created_three_times_at_once_is_one(both_world: World) -> None:
    for things in CREATED * 2:
        path, body = f"{HTTP}/{things}/{new_id()}", new_body(both_world, things)
        before = both_world.counts()[things]
        answers = at_once(*[partial(both_world.client("eve").put, path, json=body) for _ in range(3)])
        assert sorted(answer.status_code for answer in answers) == [200, 200, 201], answers[0].text
        assert answers[0].json == answers[1].json == answers[2].json
        assert both_world.counts()[things] == before + 1


@pytest.mark.parametrize("things", [*CREATED, "recognise"])
def test_an_archived_project_can_be_read_and_not_changed(world: World, things: str) -> None:
    eve, desk = world.client("eve"), world.desk
    assert (
        eve.change("PATCH", f"{HTTP}/projects/{desk['project']}", {"archived": True}, version=1).status_code
        == 200
    )
    before = world.counts()
    if_match = {"headers": {"If-Match": '"1"'}}
    if things == "recognise":
        answers = [eve.post(f"{HTTP}/projects/{desk['project']}/recognise", json={"text": "Words."})]
    else:
        path = path_of(world, things)
        answers = [eve.put(f"{HTTP}/{things}/{new_id()}", json=new_body(world, things))]
        answers.append(eve.patch(path, json=CHANGES[things][1], **if_match))
        assert eve.get(path).status_code == 200
        if things in dict(DELETED):
            answers.append(eve.delete(path, **if_match))
            gone = f"{HTTP}/{things}/{desk['gone_' + dict(DELETED)[things]]}/restore"
            answers.append(eve.post(gone, headers={"If-Match": '"2"'}))
    assert {(answer.status_code, answer.json["type"]) for answer in answers} == {
        (409, "/problems/wrong-state")
    }
    assert world.counts() == before
