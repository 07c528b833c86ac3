"""Files that are made to fill memory, disk or time, to reach out, or to be taken for something else."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from articles.ingest.docx_files import with_files
from attacks.hostile_files import (
    ACTIVE,
    DIRECTORIES,
    DOCX,
    HTML,
    LYING,
    MARKUP,
    PDFS,
    SOUND,
    UNREADABLE,
    WORDS,
    Files,
    reaching,
)
from attacks.untouched import REFUSED, untouched
from contract.world import HTTP
from exchange.rich import as_file, rich_document
from factories import sign_in
from fetching.internet import Host
from sqlalchemy import func, select

from annotator.articles import incoming
from annotator.articles.ingest import safely
from annotator.articles.models import Article, Snapshot
from annotator.columns import new_id
from annotator.database import db

MOST_GROWTH = 20 * 1024
"""Kibibytes by which the server may grow while it reads a hostile file."""
on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
"""For what is refused before any database sees it."""


def each(files: Files) -> Any:
    return pytest.mark.parametrize(("make", "media_type", "why"), files.values(), ids=files)


def send(client: Any, project: Any, raw: bytes, name: str, media_type: str, key: str = "") -> Any:
    """Upload a file as an article."""
    path = f"{HTTP}/articles/{key or new_id()}/file"
    query = {"project": project.id, "name": name}
    return client.put(path, query_string=query, data=raw, headers={"Content-Type": media_type})


def size(name: str) -> int:
    """Give how many kibibytes this process has (VmRSS) or had at most (VmHWM)."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition(f"{name}:")[2].split()[0])


def assert_refused(
    app: Any, client: Any, project: Any, make: Callable[[], bytes], media_type: str, why: str
) -> None:
    """422 with the reason within 15 seconds of reading, the server hardly larger, nothing kept, and it reads on."""
    raw = make()
    Path("/proc/self/clear_refs").write_text("5", "utf-8")
    before, begun = size("VmRSS"), time.monotonic()
    with untouched(app, but=REFUSED):
        answer = send(client, project, raw, "", media_type)
    seconds, growth = time.monotonic() - begun, size("VmHWM") - before
    assert (answer.status_code, why in answer.text) == (422, True), answer.text
    assert (seconds < 20, growth < MOST_GROWTH + len(raw) // 1024) == (True, True), (seconds, growth)
    assert send(client, project, WORDS.encode(), "", "text/plain").status_code == 201


@each(DIRECTORIES)
@on_sqlite
def test_u03_to_u06_documents_that_unpack_to_too_much(
    app: Any, ann: Any, project: Any, make: Any, media_type: str, why: str
) -> None:
    assert_refused(app, ann, project, make, media_type, why)


@on_sqlite
@pytest.mark.parametrize("name", reaching(""))
def test_u05_entities_bring_no_content_and_reach_nothing(app: Any, ann: Any, project: Any, name: str) -> None:
    host = Host()
    make, media_type, why = reaching(f"http://127.0.0.1:{host.port}/x")[name]
    assert_refused(app, ann, project, make, media_type, why)
    assert (host.reached(), host.asked) == (0, [])
    host.close()


def test_u07_macros_objects_and_links_outside_are_left_out_and_said(ann: Any, project: Any) -> None:
    made = send(ann, project, ACTIVE, "a.docx", DOCX)
    assert made.status_code == 201, made.text
    snapshot = ann.get(f"{HTTP}/snapshots/{made.json['snapshot']}").json
    assert snapshot["text"].startswith(WORDS)
    assert not any(sign in str(snapshot["marks"]) for sign in ("file:", "server", "198.51.100.1"))
    for said in ("macros", "embedded", "template outside"):
        assert said in snapshot["note"], said


@each(PDFS)
@on_sqlite
def test_u08_pdfs_that_unpack_to_too_much_or_go_in_circles(
    app: Any, ann: Any, project: Any, make: Any, media_type: str, why: str
) -> None:
    assert_refused(app, ann, project, make, media_type, why)


@each(UNREADABLE)
@on_sqlite
def test_u09_what_cannot_be_read_is_refused_with_the_reason(
    app: Any, ann: Any, project: Any, make: Any, media_type: str, why: str
) -> None:
    assert_refused(app, ann, project, make, media_type, why)


@on_sqlite
@pytest.mark.parametrize(("raw", "name", "media_type"), LYING)
def test_u10_content_and_name_must_agree(
    app: Any, ann: Any, project: Any, raw: bytes, name: str, media_type: str
) -> None:
    with untouched(app, but=REFUSED):
        assert send(ann, project, raw, name, media_type).status_code == 415


@each(MARKUP)
@on_sqlite
def test_u13_markup_without_end(
    app: Any, ann: Any, project: Any, make: Any, media_type: str, why: str
) -> None:
    assert_refused(app, ann, project, make, media_type, why)


def test_u13_an_attribute_of_5_mb_is_no_harm(ann: Any, project: Any) -> None:
    begun = time.monotonic()
    made = send(ann, project, b"<p title='" + b"x" * 5_000_000 + b"'>words</p>", "", HTML)
    assert (made.status_code, time.monotonic() - begun < 15) == (201, True)
    assert ann.get(f"{HTTP}/snapshots/{made.json['snapshot']}").json["text"] == "words"


def kept(app: Any) -> tuple[int, int]:
    """How many articles there are, and how many snapshots with bytes."""
    with app.app_context():
        articles = db.session.scalar(select(func.count()).select_from(Article)) or 0
        whole = select(func.count()).where(func.length(Snapshot.raw) > 0)
        return articles, db.session.scalar(whole) or 0


@pytest.mark.usefixtures("within_one_stretch")
def test_u14_a_hundred_uploads_at_once(app: Any, people: Any, project: Any) -> None:
    clients = [sign_in(app, people.ann) for _ in range(20)]

    def bring(number: int) -> int:
        body, kind = (b"<p>Words %d", HTML) if number % 10 == 0 else (b"Words %d.", "text/plain")
        status: int = send(clients[number % 20], project, body % number, "", kind).status_code
        return status

    with ThreadPoolExecutor(100) as threads:
        statuses = list(threads.map(bring, range(100)))
    assert set(statuses) == {201, 429}
    assert 0 < statuses.count(201) <= incoming.MOST_FILES
    assert kept(app) == (statuses.count(201), statuses.count(201))


def test_u14_a_project_holds_no_more_than_its_quota(
    app: Any, ann: Any, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(app.config["SETTINGS"], project_quota=1_000)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    assert send(ann, project, b"x" * 600, "", "text/plain").status_code == 201
    with untouched(app, but=REFUSED):
        full = send(ann, project, b"y" * 600, "", "text/plain")
        pasted = ann.put(f"{HTTP}/articles/{new_id()}", json={"project": project.id, "text": "z" * 600})
    assert (full.status_code, pasted.status_code, full.json["type"]) == (413, 413, "/problems/too-large")
    assert "ANNOTATOR_PROJECT_QUOTA" in full.json["detail"]
    assert send(ann, project, b"y" * 400, "", "text/plain").status_code == 201
    assert kept(app) == (2, 2)


def test_u14_an_import_does_not_go_beyond_the_quota(
    app: Any, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleo, file = as_("cleo"), as_file(rich_document())
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], project_quota=100))
    with untouched(app, but=REFUSED):
        full = cleo.post(f"{HTTP}/import", data=file, content_type="application/json")
    assert (full.status_code, full.json["type"]) == (413, "/problems/too-large")
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], project_quota=0))
    assert cleo.post(f"{HTTP}/import", data=file, content_type="application/json").status_code == 201


def test_u15_a_retried_upload_is_one_snapshot(app: Any, people: Any, project: Any) -> None:
    clients, key = [sign_in(app, people.ann) for _ in range(4)], new_id()
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(send, client, project, SOUND, "a.docx", DOCX, key) for client in clients]
        answers = [one.result() for one in asked]
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json["snapshot"] for answer in answers}) == 1
    assert send(clients[0], project, SOUND, "a.docx", DOCX, key).status_code == 200
    assert kept(app) == (1, 1)


def test_u15_another_file_under_the_same_key_is_refused(app: Any, ann: Any, project: Any) -> None:
    key = new_id()
    assert send(ann, project, SOUND, "a.docx", DOCX, key).status_code == 201
    with untouched(app, but=REFUSED):
        assert send(ann, project, b"Other words.", "a.txt", "text/plain", key).status_code == 409


@pytest.mark.parametrize("program", ["import os; os.abort()", "import os, signal; os.kill(os.getpid(), 11)",
                                     "x = bytearray(1 << 62)", "while True: pass"],
                         ids=["aborted", "segfault", "memory", "time"])  # fmt: skip
def test_u16_a_child_that_dies_harms_only_its_file(
    app: Any, ann: Any, project: Any, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    ended = partial(safely.run_child, program=program)
    monkeypatch.setattr(safely, "run_child", lambda head, raw, _: ended(head, raw, 1))
    with untouched(app, but=REFUSED):
        refused = send(ann, project, SOUND, "a.docx", DOCX)
    assert (refused.status_code, "read" in refused.json["detail"]) == (422, True)
    monkeypatch.undo()
    assert send(ann, project, SOUND, "a.docx", DOCX).status_code == 201


@on_sqlite
@pytest.mark.parametrize("name", ["../x.xml", "word/../../x", "/etc/x", "C:x", "word\\..\\x"])
def test_u12_names_in_a_document_that_lead_out_of_it(
    app: Any, ann: Any, project: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "in/here").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "in/here")
    assert_refused(app, ann, project, lambda: with_files(SOUND, {name: "x"}), DOCX, "leads out of it")
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "here"]
