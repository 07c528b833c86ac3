"""Bringing articles in by file and by address over the JSON API, and taking the originals out again."""

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from articles.ingest.docx_files import docx, paragraph, run
from articles.ingest.pdf_files import column, pdf
from contract.world import HTTP, put
from factories import SignedIn
from sources.website import Website, running

from annotator.articles.ingest import DOCX, PDF
from annotator.articles.originals import clean_name
from annotator.columns import new_id

WORDS = "The harbour was sold for 12 million."
PAGE = f"<html><head><title>The sale</title></head><body><article><p>{WORDS}</p></article></body></html>"


@pytest.fixture
def ann(as_: Any) -> SignedIn:
    found: SignedIn = as_("ann")
    return found


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Website]:
    with running(monkeypatch) as found:
        yield found


@pytest.fixture
def upload(ann: SignedIn, project: Any) -> Callable[..., Any]:
    """`upload(b"...", "a.pdf", PDF)` brings a file in as an article; gives the answer."""

    def bring(raw: bytes, name: str, media_type: str, key: str = "", **more: Any) -> Any:
        query = {"project": project.id, "name": name, **more}
        path = f"{HTTP}/articles/{key or new_id()}/file"
        return ann.put(path, query_string=query, data=raw, headers={"Content-Type": media_type})

    return bring


FILES = [
    (PAGE.encode(), "sale.html", "text/html"), (f"# The sale\n\n{WORDS}".encode(), "sale.md", "text/markdown"),
    (WORDS.encode(), "sale.txt", "text/plain; charset=utf-8"), (pdf([column([WORDS])]), "sale.pdf", PDF),
    (docx(paragraph(run(WORDS))), "sale.docx", DOCX),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "name", "media_type"), FILES)
def test_a_file_becomes_an_article_and_stays_as_it_was(
    ann: SignedIn, upload: Any, raw: bytes, name: str, media_type: str
) -> None:
    made = upload(raw, name, media_type)
    assert made.status_code == 201, made.text
    snapshot = ann.get(f"{HTTP}/snapshots/{made.json['snapshot']}").json
    assert WORDS in snapshot["text"]
    assert (snapshot["method"], snapshot["filename"]) == ("upload", name)
    assert ann.get(f"{HTTP}/snapshots/{made.json['snapshot']}/raw").data == raw


def test_a_page_becomes_an_article(ann: SignedIn, project: Any, site: Website) -> None:
    url = site.put("/sale", PAGE)
    made = put(ann, "articles", {"project": project.id, "url": url, "fetch": True})
    assert (made["title"], made["url"]) == ("The sale", url)
    snapshot = ann.get(f"{HTTP}/snapshots/{made['snapshot']}").json
    assert (snapshot["method"], snapshot["status_code"], snapshot["final_url"]) == ("fetch", 200, url)


def test_a_page_that_cannot_be_had_is_told_at_its_address(ann: SignedIn, project: Any, site: Website) -> None:
    body = {"project": project.id, "url": "http://news.example/nothing", "fetch": True}
    refused = ann.put(f"{HTTP}/articles/{new_id()}", json=body)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/url")


@pytest.mark.parametrize("body", [{"fetch": True}, {"fetch": True, "url": "https://example.org", "text": "Words."}, {},
                                  {"fetch": False, "url": "https://example.org"}])  # fmt: skip
def test_an_article_comes_in_one_way(ann: SignedIn, project: Any, body: dict[str, Any]) -> None:
    assert ann.put(f"{HTTP}/articles/{new_id()}", json={"project": project.id, **body}).status_code == 422


def test_the_same_file_again_is_one_article(upload: Any) -> None:
    key = new_id()
    first, second = (upload(PAGE.encode(), "sale.html", "text/html", key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert upload(PAGE.encode(), "sale.html", "text/html").status_code == 409
    assert upload(PAGE.encode(), "sale.html", "text/html", allow_same="true").status_code == 201


REFUSED = [
    (b"", "a.txt", "text/plain", 422), (b" ", "a.txt", "text/plain", 422),
    (b"x" * 10_000_001, "a.txt", "text/plain", 413),
    (b"GIF89a", "a.gif", "image/gif", 415), (b"words", "a.pdf", PDF, 415), (b"MZ\x90\x00", "a.pdf", "", 415),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "name", "media_type", "status"), REFUSED)
def test_a_file_that_is_no_article_is_refused(
    upload: Any, raw: bytes, name: str, media_type: str, status: int
) -> None:
    assert upload(raw, name, media_type).status_code == status


def bomb() -> bytes:
    """A Word document of some kilobytes that unpacks to more than any memory should take."""
    packed = io.BytesIO()
    plain = zipfile.ZipFile(io.BytesIO(docx(paragraph(run(WORDS)))))
    with plain, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in plain.namelist():
            archive.writestr(name, b"a" * 200_000_000 if name == "word/document.xml" else plain.read(name))
    return packed.getvalue()


def test_a_bomb_is_refused_and_the_server_lives(ann: SignedIn, project: Any, upload: Any) -> None:
    begun = time.monotonic()
    refused = upload(bomb(), "report.docx", DOCX)
    assert (refused.status_code, time.monotonic() - begun < 20) == (422, True)
    assert ann.get(f"{HTTP}/projects/{project.id}/articles").json["items"] == []
    assert upload(WORDS.encode(), "a.txt", "text/plain").status_code == 201


def test_an_original_goes_out_so_that_no_page_opens_it(ann: SignedIn, upload: Any) -> None:
    made = upload(PAGE.encode(), "Der “Verkauf”;\r\n.html", "text/html")
    assert made.status_code == 422
    made = upload(PAGE.encode(), "Der “Verkauf”; von.html", "text/html").json
    headers = ann.get(f"{HTTP}/snapshots/{made['snapshot']}/raw").headers
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert (headers["X-Content-Type-Options"], headers["Content-Type"]) == ("nosniff", "text/html")
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"Der-Verkauf--von.html\"; filename*=UTF-8''Der%20%E2%80%9CVerkauf%E2%80%9D-%20von.html"
    )


NAMES = [
    ("law.pdf", PDF, "law.pdf"), ("../../etc/passwd", "text/plain", "passwd.txt"),
    ("C:\\x\\law.docx", DOCX, "law.docx"),
    ("CON.pdf", PDF, "copy.pdf"), ("...", "text/html", "copy.html"), ("", "text/plain", "copy.txt"),
    ("x" * 500 + ".html", "text/html", "x" * 80 + ".html"), ("law.exe", PDF, "law.exe.pdf"),
    ("a\u202efdp.exe", PDF, "afdp.exe.pdf"), ('a"b;c.html', "text/html", "a-b-c.html"), ("Закон.pdf", PDF, "Закон.pdf"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "media_type", "cleaned"), NAMES)
def test_a_name_is_cleaned(given: str, media_type: str, cleaned: str) -> None:
    assert clean_name(given, media_type, "copy") == cleaned


def test_a_page_is_brought_in_by_the_form(ann: SignedIn, project: Any, site: Website) -> None:
    url, path = site.put("/sale", PAGE), f"/projects/{project.slug}/articles/new"
    made = ann.post(path, data={"url": url, "fetch": "true"})
    assert "The sale" in ann.get(made.headers["Location"]).text
    refused = ann.post(path, data={"url": f"{url}/gone", "fetch": "true"})
    assert (refused.status_code, "The page is gone" in refused.text) == (422, True)
    assert "Give the address of the page." in ann.post(path, data={"fetch": "true"}).text


def test_files_of_an_office_are_brought_in_by_the_form(ann: SignedIn, project: Any) -> None:
    path = f"/projects/{project.slug}/articles/new"
    made = ann.post(path, data={"file": (io.BytesIO(pdf([column([WORDS])])), "sale.pdf"), "title": "Sale"})
    assert made.status_code == 303
    refused = ann.post(path, data={"file": (io.BytesIO(b"GIF89a"), "sale.docx")})
    assert (refused.status_code, "This is not a Word document" in refused.text) == (422, True)
