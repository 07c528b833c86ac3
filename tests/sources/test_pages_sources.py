"""The pages of sources, as plain pages: adding, finding, bringing copies in, looking at them, deleting."""

import io
from typing import Any

import pytest
from articles.ingest.pdf_files import column, pdf
from contract.world import HTTP, annotation, put
from factories import TEXT

from annotator.articles import incoming
from annotator.fetched import FetchRefused

WORDS = "The harbour was sold for 12 million."
PAGE = f"<html><body><article><h1>Sale</h1><p>{WORDS}</p></article></body></html>"


@pytest.fixture
def library(project: Any) -> str:
    return f"/projects/{project.slug}/sources/"


def add(client: Any, library: str, **fields: Any) -> Any:
    known = {"title": "Law", "type": "legislation", "confidentiality": "public", **fields}
    return client.post(f"{library}new", data=known)


def at(answer: Any) -> tuple[str, str]:
    """The page that an answer leads to, and its notice."""
    path, _, notice = answer.headers["Location"].partition("?notice=")
    return path, notice


def test_an_empty_library_says_what_to_do(ann: Any, as_: Any, library: str) -> None:
    assert "No sources yet" in ann.get(library).text
    assert f'href="{library}new"' in ann.get(library).text
    assert f'href="{library}new"' not in as_("dee").get(library).text


def test_a_source_is_added_with_all_its_fields(ann: Any, library: str) -> None:
    fields = {
        "authors": "A. Writer\r\nБ. Автор",
        "tier": "primary",
        "published_on": "4 October 2022",
        "doi": "doi:10.1000/1",
    }
    path, notice = at(add(ann, library, publisher="The Gazette", interests="The port", **fields))
    text = ann.get(path).text
    assert notice == "source-added"
    for words in (
        "The Gazette",
        "A. Writer, Б. Автор",
        "4 October 2022",
        "Primary",
        "https://doi.org/10.1000/1",
        "The port",
    ):
        assert words in text


def test_what_is_wrong_stands_at_its_field(ann: Any, library: str) -> None:
    answer = add(ann, library, title="", url="ftp://x")
    assert answer.status_code == 422
    assert 'id="f-title-error"' in answer.text
    assert 'id="f-url-error"' in answer.text


def test_a_copy_is_fetched_at_once_when_asked(ann: Any, library: str, site: Any) -> None:
    url = site.put("/law", PAGE)
    path, notice = at(add(ann, library, url=url, capture="true"))
    assert notice == "copy-first"
    assert "Copy 1" in ann.get(path).text


def test_the_source_is_saved_even_when_its_page_cannot_be_had(ann: Any, library: str, site: Any) -> None:
    path, notice = at(add(ann, library, url="http://news.example/nothing", capture="true"))
    text = ann.get(path).text
    assert notice == "copy-gone"
    assert "The page is gone" in text
    assert "Add a file or the words of the page as a copy." in text


def test_a_busy_fetcher_leaves_the_source(ann: Any, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(address: str) -> None:
        raise FetchRefused("busy", "Other pages are being fetched.")

    monkeypatch.setattr(incoming, "fetch", busy)
    path, notice = at(add(ann, library, url="http://news.example/law", capture="true"))
    assert notice == "copy-busy"
    assert ann.get(path).status_code == 200


def test_a_double_is_shown_and_can_be_added_all_the_same(ann: Any, library: str) -> None:
    path, _ = at(add(ann, library, url="https://example.org/law"))
    answer = add(ann, library, title="Another", url="http://www.example.org/law/")
    assert answer.status_code == 409
    assert f'href="{path}"' in answer.text
    assert "same address" in answer.text
    assert (
        add(ann, library, title="Another", url="http://www.example.org/law/", allow_same="true").status_code
        == 303
    )


FIND = [
    ("q=law", True),
    ("type=legislation", True),
    ("tier=primary", False),
    ("unused=true", True),
    ("q=zzz", False),
]


@pytest.mark.parametrize(("query", "there"), FIND)
def test_sources_are_found(ann: Any, library: str, query: str, there: bool) -> None:
    path, _ = at(add(ann, library))
    text = ann.get(f"{library}?{query}").text
    assert (f'href="{path}"' in text, "Nothing fits" in text) == (there, not there)


@pytest.fixture
def page(ann: Any, source: Any) -> str:
    return f"/sources/{source['id']}/"


def bring(client: Any, page: str, way: str, **more: Any) -> Any:
    return client.post(f"{page}copies", data={"way": way, **more}, content_type="multipart/form-data")


def test_a_copy_comes_in_by_each_way(ann: Any, page: str, site: Any) -> None:
    site.put("/law", PAGE)
    assert at(bring(ann, page, "fetch")) == (page, "copy-first")
    assert at(bring(ann, page, "text", text=f"Sale\n\n{WORDS}")) == (page, "copy-unchanged")
    file = (io.BytesIO(pdf([column([WORDS])])), "sale.pdf")
    assert at(bring(ann, page, "file", file=file)) == (page, "copy-changed")
    assert "sale.pdf" in ann.get(page).text


WRONG = [("file", {}, "Choose a file."), ("text", {}, "Paste the words of the copy."),
         ("", {}, "Choose how the copy comes in."),
         ("file", {"file": (io.BytesIO(b"x"), "a.pdf")}, "This is not a PDF file"),
         ("file", {"file": (io.BytesIO(b""), "a.txt")}, "the file is empty")]  # fmt: skip


@pytest.mark.parametrize(("way", "more", "words"), WRONG)
def test_what_cannot_be_a_copy_is_told(ann: Any, page: str, way: str, more: Any, words: str) -> None:
    fresh = {name: (io.BytesIO(file.getvalue()), title) for name, (file, title) in more.items()}
    answer = bring(ann, page, way, **fresh)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_copy_shows_its_text_its_proof_and_its_pages(ann: Any, page: str) -> None:
    file = (io.BytesIO(pdf([column(["The first page."]), column([WORDS])])), "sale.pdf")
    bring(ann, page, "file", file=file)
    copy = ann.get(f"{HTTP}{page}snapshots").json["items"][0]
    text = ann.get(f"{page}copies/{copy['id']}").text
    for words in ("Page 1", "Page 2", WORDS, copy["raw_sha256"], copy["text_sha256"], "sale.pdf"):
        assert words in text


def test_passages_are_marked_and_lead_to_their_claims(ann: Any, project: Any, page: str, keep: Any) -> None:
    copy = keep(text=WORDS).json["snapshot"]["id"]
    claim = put(ann, "annotations", annotation(put(ann, "articles", {"project": project.id, "text": TEXT})))
    passage = {"snapshot": copy, "start": 4, "end": 11}
    about = {
        "annotation": claim["id"],
        "source": page.split("/")[2],
        "relation": "supports",
        "passage": passage,
    }
    put(ann, "links", about)
    text = ann.get(f"{page}copies/{copy}").text
    assert 'class="tone-supported">harbour</mark>' in text
    assert f'href="/annotations/{claim["id"]}/"' in text
    assert f'href="/annotations/{claim["id"]}/"' in ann.get(page).text


def test_what_changed_is_shown(ann: Any, page: str, keep: Any) -> None:
    first, second = (keep(text=WORDS.replace("12", price)).json["snapshot"]["id"] for price in ("12", "20"))
    text = ann.get(f"{page}changes?from={first}&to={second}").text
    assert "<del>12</del><ins>20</ins>" in text
    assert "1 word in, 1 out" in text
    assert "Both copies have the same text" in ann.get(f"{page}changes?from={first}&to={first}").text


@pytest.mark.parametrize("query", ["", "?from=x", "?from=00000000-0000-7000-8000-000000000000"])
def test_there_is_nothing_to_compare_with_one_copy(ann: Any, page: str, keep: Any, query: str) -> None:
    keep(text=WORDS)
    assert ann.get(f"{page}changes{query}").status_code == 404


def test_a_copy_without_text_says_why(ann: Any, page: str, upload: Any) -> None:
    copy = upload(b"<p> </p>", "a.html", "text/html").json["snapshot"]
    text = ann.get(f"{page}copies/{copy['id']}").text
    assert "No words were found in it." in text
    assert f"/api/v1/snapshots/{copy['id']}/raw" in text


def test_a_source_is_edited_and_its_history_says_so(ann: Any, page: str) -> None:
    assert 'value="Law"' in ann.get(f"{page}edit").text
    form = {
        "version": "1",
        "title": "The law",
        "type": "report",
        "confidentiality": "internal",
        "authors": "A\nB",
    }
    assert at(ann.post(f"{page}edit", data=form)) == (page, "saved")
    history = ann.get(f"{page}history").text
    assert "<del>Law</del>" in history
    assert "<bdi>A, B</bdi>" in history


def test_an_edit_of_an_older_version_keeps_both(ann: Any, page: str) -> None:
    ann.change("PATCH", f"{HTTP}{page.rstrip('/')}", {"title": "Theirs"}, version=1)
    form = {"version": "1", "title": "Mine", "type": "report", "confidentiality": "public"}
    answer = ann.post(f"{page}edit", data=form)
    assert answer.status_code == 422
    assert "Stored now: Theirs" in answer.text
    assert 'value="Mine"' in answer.text
    assert 'name="version" value="2"' in answer.text


def test_an_unused_source_is_deleted_and_brought_back(ann: Any, library: str, page: str) -> None:
    gone = ann.post(f"{page}delete")
    assert "Undo" in ann.get(gone.headers["Location"]).text
    assert ann.get(page).status_code == 404
    assert at(ann.post(f"{page}restore")) == (page, "source-restored")


def test_a_source_in_use_stays(ann: Any, project: Any, page: str) -> None:
    claim = put(ann, "annotations", annotation(put(ann, "articles", {"project": project.id, "text": TEXT})))
    put(ann, "links", {"annotation": claim["id"], "source": page.split("/")[2], "relation": "supports"})
    assert "A source in use cannot be deleted" in ann.get(page).text
    refused = ann.post(f"{page}delete")
    assert refused.status_code == 409
    assert "1 link" in refused.text


def test_viewers_see_no_way_to_change(as_: Any, page: str, keep: Any) -> None:
    keep(text=WORDS)
    text = as_("dee").get(page).text
    assert ("Check again" in text, "Delete source" in text, "Add a copy" in text) == (False, False, False)


def test_a_form_without_version_is_taken_for_an_old_one(ann: Any, page: str) -> None:
    answer = ann.post(f"{page}edit", data={"title": "Another"})
    assert answer.status_code == 422
    assert "Stored now: Law" in answer.text


def test_a_protected_source_says_so_to_its_readers(ann: Any, library: str) -> None:
    path, _ = at(add(ann, library, confidentiality="protected"))
    badge = '<span class="badge no-dot">Protected</span>'
    assert [badge in ann.get(where).text for where in (path, library)] == [True, True]
