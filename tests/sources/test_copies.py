"""Copies of a source over the JSON API: every attempt is kept with what came of it, and a copy never changes."""

import threading
import time
from hashlib import sha256
from typing import Any

import pytest
from contract.world import HTTP, put
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from annotator.articles import incoming
from annotator.articles.ingest import DOCX, PDF, safely
from annotator.articles.models import Snapshot
from annotator.columns import new_id
from annotator.database import db
from annotator.fetched import FetchRefused
from annotator.sources import checks as copies_checks
from annotator.sources.changes import pieces
from annotator.sources.models import SourceCheck

WORDS = "The harbour was sold for 12 million. Nobody answered."
PAGE = f"<!doctype html><html><body><article><h1>The sale</h1><p>{WORDS}</p></article></body></html>"


def checks(client: Any, source: dict[str, Any]) -> list[tuple[str, int | None]]:
    items = client.get(f"{HTTP}/sources/{source['id']}/checks").json["items"]
    return [(item["outcome"], item["number"]) for item in items]


def test_pasted_text_is_a_copy(ann: Any, people: Any, source: Any, keep: Any) -> None:
    answer = keep(text=WORDS)
    copy = answer.json["snapshot"]
    assert (answer.status_code, answer.json["outcome"], answer.json["changes"]) == (201, "first", None)
    assert (copy["number"], copy["method"], copy["length"], copy["unread"]) == (1, "paste", len(WORDS), "")
    assert copy["captured_by"] == {"id": people.ann, "name": "Ann"}
    assert copy["raw_sha256"] == copy["text_sha256"] == sha256(WORDS.encode()).hexdigest()
    assert ann.get(f"{HTTP}/sources/{source['id']}/snapshots").json == {"items": [copy], "next": None}
    assert ann.get(f"{HTTP}/snapshots/{copy['id']}").json["text"] == WORDS


def test_a_file_is_a_copy_with_its_name_and_bytes(ann: Any, upload: Any) -> None:
    copy = upload(PAGE.encode(), "Der Verkauf.html", "text/html").json["snapshot"]
    assert (copy["method"], copy["filename"], copy["media_type"]) == (
        "upload",
        "Der Verkauf.html",
        "text/html",
    )
    assert ann.get(f"{HTTP}/snapshots/{copy['id']}/raw").data == PAGE.encode()
    assert WORDS in ann.get(f"{HTTP}/snapshots/{copy['id']}").json["text"]


def test_a_page_is_fetched_with_proof_of_how(app: Any, site: Any, keep: Any) -> None:
    site.send_on("/law", "/law/2")
    site.put("/law/2", PAGE)
    copy = keep(fetch=True).json["snapshot"]
    assert (copy["method"], copy["status_code"]) == ("fetch", 200)
    assert (copy["url"], copy["final_url"]) == ("http://news.example/law", "http://news.example/law/2")
    with app.app_context():
        row = db.session.get_one(Snapshot, copy["id"])
        assert row.redirects == ["http://news.example/law/2"]
        assert ["content-type", "text/html; charset=utf-8"] in row.headers


def test_checking_again_says_unchanged_changed_and_gone(ann: Any, site: Any, source: Any, keep: Any) -> None:
    site.put("/law", PAGE)
    assert keep(fetch=True).json["outcome"] == "first"
    site.put("/law", PAGE.replace("<html>", "<html lang='en'>"))
    assert keep(fetch=True).json["outcome"] == "unchanged"
    site.put("/law", PAGE.replace("12 million", "20 million"))
    changed = keep(fetch=True).json
    assert (changed["outcome"], changed["changes"]) == ("changed", {"from": 2, "inserted": 1, "deleted": 1})
    del site.pages["/law"]
    gone = keep(fetch=True)
    assert (gone.status_code, gone.json["outcome"], gone.json["snapshot"]) == (200, "gone", None)
    assert checks(ann, source) == [("gone", None), ("changed", 3), ("unchanged", 2), ("first", 1)]


def test_a_page_that_cannot_be_had_is_noted_and_nothing_is_lost(
    ann: Any, site: Any, source: Any, keep: Any
) -> None:
    site.put("/law", "x", status=500)
    failed = keep(fetch=True).json
    assert (failed["outcome"], failed["snapshot"]) == ("failed", None)
    assert "500" in failed["detail"]
    assert checks(ann, source) == [("failed", None)]
    assert ann.get(f"{HTTP}/sources/{source['id']}").json["copies"] == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1/x", "http://localhost/", "http://169.254.169.254/latest/meta-data/",
                                 "http://2130706433/", "http://[::1]/"])  # fmt: skip
def test_an_inner_address_is_not_fetched(ann: Any, project: Any, url: str) -> None:
    made = put(ann, "sources", {"project": project.id, "title": "Inside", "url": url})
    answer = ann.put(f"{HTTP}/snapshots/{new_id()}", json={"source": made["id"], "fetch": True})
    assert (answer.status_code, answer.json["outcome"]) == (200, "failed")


def test_the_newest_copy_stands_with_the_source(ann: Any, source: Any, keep: Any) -> None:
    keep(text=WORDS)
    copy = keep(text=f"{WORDS} Again.").json["snapshot"]
    found = ann.get(f"{HTTP}/sources/{source['id']}").json
    known = {"snapshot": copy["id"], "number": 2, "captured_at": copy["captured_at"], "method": "paste"}
    assert (found["copies"], found["newest"]) == (2, {**known, "outcome": "changed"})


def test_bytes_without_text_are_kept_all_the_same(ann: Any, upload: Any) -> None:
    raw = b"<html><body><p>  </p></body></html>"
    answer = upload(raw, "empty.html", "text/html")
    copy = answer.json["snapshot"]
    assert (answer.status_code, copy["length"], copy["raw_sha256"]) == (201, 0, sha256(raw).hexdigest())
    assert copy["unread"] == "No words were found in it."
    assert ann.get(f"{HTTP}/snapshots/{copy['id']}/raw").data == raw


def test_a_copy_is_compared_with_the_newest_one_that_has_text(keep: Any, upload: Any) -> None:
    keep(text=WORDS)
    assert upload(b"<p></p>", "a.html", "text/html").json["outcome"] == "changed"
    assert keep(text=WORDS).json["outcome"] == "unchanged"


def test_the_same_request_again_gives_the_same_answer(ann: Any, source: Any, site: Any, keep: Any) -> None:
    site.put("/law", PAGE)
    key = new_id()
    first, second = keep(key, fetch=True), keep(key, fetch=True)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert site.asked == ["/law"]
    assert keep(key, text=WORDS).status_code == 409
    assert len(checks(ann, source)) == 1


def test_a_failed_attempt_sent_again_is_not_made_again(ann: Any, source: Any, site: Any, keep: Any) -> None:
    key = new_id()
    assert keep(key, fetch=True).json == keep(key, fetch=True).json
    assert (site.asked, checks(ann, source)) == (["/law"], [("gone", None)])


def test_another_body_under_the_id_of_a_failed_attempt_is_refused(ann: Any, site: Any, keep: Any) -> None:
    key = new_id()
    assert keep(key, fetch=True).json["outcome"] == "gone"
    refused = keep(key, text=WORDS)
    assert (refused.status_code, site.asked) == (409, ["/law"])
    assert ann.get(f"{HTTP}/snapshots/{key}").status_code == 404


def test_copies_of_a_deleted_source_are_out_of_sight(ann: Any, source: Any, keep: Any) -> None:
    copy = keep(text=WORDS).json["snapshot"]["id"]
    assert ann.change("DELETE", f"{HTTP}/sources/{source['id']}", version=1).status_code == 204
    paths = [f"{HTTP}/snapshots/{copy}{end}" for end in ("", "/raw", "/changes")]
    paths.append(f"/sources/{source['id']}/copies/{copy}")
    assert [ann.get(path).status_code for path in paths] == [404, 404, 404, 404]


def test_texts_are_compared_while_no_transaction_is_open(keep: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(text=WORDS)
    open_ones = []

    def compared(old: str, new: str) -> list[Any]:
        open_ones.append(db.session.in_transaction())
        return pieces(old, new)

    monkeypatch.setattr(copies_checks, "pieces", compared)
    assert keep(text=f"{WORDS} Again.").json["changes"]["inserted"] == 1
    assert open_ones == [False]


def test_a_file_sent_again_is_one_copy(ann: Any, source: Any, upload: Any) -> None:
    key = new_id()
    first, second = (upload(PAGE.encode(), "a.html", "text/html", key) for _ in range(2))
    assert first.json == second.json
    assert upload(PAGE.encode() + b" ", "a.html", "text/html", key).status_code == 409
    assert checks(ann, source) == [("first", 1)]


def test_two_copies_at_once_get_two_numbers(app: Any, as_: Any, ann: Any, source: Any, keep: Any) -> None:
    people = [as_(name) for name in ("ann", "ben", "eve", "ann")]
    threads = [
        threading.Thread(target=keep, kwargs={"by": client, "text": f"{WORDS} {number}"})
        for number, client in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    items = ann.get(f"{HTTP}/sources/{source['id']}/snapshots").json["items"]
    assert [item["number"] for item in items] == [4, 3, 2, 1]


def test_others_read_and_write_while_a_page_is_slow(as_: Any, project: Any, site: Any, keep: Any) -> None:
    site.put("/law", PAGE)
    held, answers = site.hold("/law"), []
    thread = threading.Thread(target=lambda: answers.append(keep(fetch=True).json["outcome"]))
    thread.start()
    while not site.asked:
        time.sleep(0.01)
    begun = time.monotonic()
    put(as_("ben"), "sources", {"project": project.id, "title": "Meanwhile"})
    assert time.monotonic() - begun < 2
    held.set()
    thread.join()
    assert answers == ["first"]


def test_a_right_withdrawn_while_a_page_is_slow_counts(
    as_: Any, project: Any, people: Any, site: Any, keep: Any
) -> None:
    site.put("/law", PAGE)
    held, answers = site.hold("/law"), []
    thread = threading.Thread(target=lambda: answers.append(keep(fetch=True).status_code))
    thread.start()
    while not site.asked:
        time.sleep(0.01)
    assert as_("eve").delete(f"{HTTP}/projects/{project.id}/members/{people.ann}").status_code == 204
    held.set()
    thread.join()
    assert answers == [404]


def test_too_many_pages_at_once_are_refused_for_a_while(
    ann: Any, source: Any, keep: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(address: str) -> None:
        raise FetchRefused("busy", "Other pages are being fetched.")

    monkeypatch.setattr(incoming, "fetch", busy)
    refused = keep(fetch=True)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "5")
    assert checks(ann, source) == []


def test_too_many_files_at_once_are_refused_for_a_while(
    ann: Any, source: Any, project: Any, upload: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safely, "_turns", threading.Semaphore(0))
    monkeypatch.setattr(safely, "LONGEST_WAIT", 0.01)
    article = {"project": project.id, "text": PAGE, "media_type": "text/html"}
    refused = [
        upload(PAGE.encode(), "a.html", "text/html"),
        ann.put(f"{HTTP}/articles/{new_id()}", json=article),
    ]
    assert [(one.status_code, one.headers["Retry-After"]) for one in refused] == [(429, "5"), (429, "5")]
    assert checks(ann, source) == []


def test_a_source_without_address_cannot_be_fetched(ann: Any, project: Any) -> None:
    made = put(ann, "sources", {"project": project.id, "title": "A talk"})
    refused = ann.put(f"{HTTP}/snapshots/{new_id()}", json={"source": made["id"], "fetch": True})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/fetch")


@pytest.mark.parametrize("how", [{}, {"text": ""}, {"text": " \n "}, {"text": "a", "fetch": True}, {"fetch": False},
                                 {"text": "a", "media_type": PDF}])  # fmt: skip
def test_a_copy_comes_in_one_way(keep: Any, how: dict[str, Any]) -> None:
    assert keep(**how).status_code == 422


@pytest.mark.parametrize(
    ("raw", "name", "media_type", "status"),
    [(b"", "a.html", "text/html", 422), (b"x" * 10_000_001, "a.txt", "text/plain", 413),
     (b"GIF89a", "a.gif", "image/gif", 415),
     (b"<p>A page.</p>", "a.pdf", PDF, 415), (b"<p>A page.</p>", "a.docx", DOCX, 415),
     (b"x", "a.zip", "application/zip", 415)],
)  # fmt: skip
def test_a_file_that_cannot_be_a_copy_is_refused(
    ann: Any, source: Any, upload: Any, raw: bytes, name: str, media_type: str, status: int
) -> None:
    assert upload(raw, name, media_type).status_code == status
    assert checks(ann, source) == []


def test_a_file_of_no_stated_type_is_read_by_its_name(upload: Any) -> None:
    copy = upload(b"# The sale\n\nSold.", "sale.md", "application/octet-stream").json["snapshot"]
    assert copy["media_type"] == "text/markdown"


@pytest.mark.parametrize("change", [update(Snapshot).values(note="x"), update(Snapshot).values(raw=b"")])
def test_a_copy_cannot_be_changed(app: Any, keep: Any, change: Any) -> None:
    keep(text=WORDS)
    with app.app_context(), pytest.raises(DBAPIError, match="immutable"):
        db.session.execute(change)


def test_viewers_bring_no_copies_in_and_strangers_see_none(as_: Any, source: Any, keep: Any) -> None:
    assert keep(by=as_("dee"), text=WORDS).status_code == 403
    assert keep(by=as_("olga"), text=WORDS).status_code == 404
    assert as_("olga").get(f"{HTTP}/sources/{source['id']}/snapshots").status_code == 404


def test_a_copy_and_its_check_belong_together(app: Any, keep: Any) -> None:
    key = keep(text=WORDS).json["snapshot"]["id"]
    with app.app_context():
        row = db.session.execute(select(SourceCheck.id, SourceCheck.snapshot_id)).one()
    assert tuple(row) == (key, key)


def test_changes_are_told_by_words(ann: Any, keep: Any) -> None:
    first, second = (keep(text=WORDS.replace("12", price)).json["snapshot"]["id"] for price in ("12", "20"))
    pieces = ann.get(f"{HTTP}/snapshots/{second}/changes?from={first}").json["pieces"]
    assert [piece for piece in pieces if piece[0] != "same"] == [["deleted", "12"], ["inserted", "20"]]
    assert ann.get(f"{HTTP}/snapshots/{second}/changes").json["pieces"] == pieces
    assert ann.get(f"{HTTP}/snapshots/{first}/changes").status_code == 422
