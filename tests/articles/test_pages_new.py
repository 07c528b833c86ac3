"""Bringing an article in by a page."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from factories import make_article

from annotator.database import db

NEW = "/projects/desk/articles/new"
MARKDOWN = (
    "# Ferry sold\n\nBy Cleo Marsh\n\n3 May 2024\n\nThe town sold its [ferry](https://example.org/a) twice."
)


def send(client: Any, file: tuple[bytes, str] | None = None, **fields: str) -> Any:
    """The form, sent as a browser does."""
    data: dict[str, Any] = {"text": "", "title": "", "direction": "", "media_type": "", **fields}
    if file:
        data["file"] = (io.BytesIO(file[0]), file[1])
    return client.post(NEW, data=data, content_type="multipart/form-data")


def brought_in(client: Any, answer: Any) -> dict[str, Any]:
    """The article that the answer leads to, as the API gives it."""
    path, _, query = answer.location.partition("?")
    assert query == "notice=article-added"
    return dict(client.get(f"/api/v1{path.rstrip('/')}").json)


def test_fields_left_empty_are_recognised(as_: Callable[..., Any], project: SimpleNamespace) -> None:
    ann = as_("ann")
    article = brought_in(ann, send(ann, text=MARKDOWN))
    assert [article[name] for name in ("title", "byline", "published_on")] == [
        "Ferry sold",
        "Cleo Marsh",
        "2024-05-03",
    ]


def test_what_a_person_typed_is_kept(as_: Callable[..., Any], project: SimpleNamespace) -> None:
    ann = as_("ann")
    article = brought_in(ann, send(ann, text=MARKDOWN, title="Two sales", published_on="2024"))
    assert (article["title"], article["published_on"]) == ("Two sales", "2024")


def test_what_a_person_emptied_stays_empty(as_: Callable[..., Any], project: SimpleNamespace) -> None:
    ann = as_("ann")
    fields: dict[str, Any] = {"recognised": "true", "title": "Ferry", "byline": "", "published_on": ""}
    article = brought_in(ann, send(ann, text=MARKDOWN, **fields))
    assert (article["byline"], article["published_on"]) == ("", None)


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"<h1>Ferry</h1><p>Sold twice.</p>", "a.html", "text/html"),
        (b"# Ferry\n\nSold twice.", "a.md", "text/markdown"),
        ("Ferry\n\nSold twice \u2013 today.".encode("utf-16"), "a.txt", "text/plain"),
    ],
)
def test_a_file_comes_in(
    as_: Callable[..., Any], project: SimpleNamespace, content: bytes, name: str, media_type: str
) -> None:
    ann = as_("ann")
    article = brought_in(ann, send(ann, file=(content, name)))
    [snapshot] = ann.get(f"/api/v1/articles/{article['id']}/snapshots").json["items"]
    assert (article["title"], snapshot["method"], snapshot["media_type"]) == ("Ferry", "upload", media_type)


def test_a_person_says_how_the_text_is_written(as_: Callable[..., Any], project: SimpleNamespace) -> None:
    ann = as_("ann")
    article = brought_in(ann, send(ann, text=MARKDOWN, media_type="text/plain"))
    assert article["title"].startswith("# Ferry")


def test_wrong_fields_keep_what_was_typed(as_: Callable[..., Any], project: SimpleNamespace) -> None:
    answer = send(as_("ann"), text="Some <b>words</b>.", url="ftp://x", title="Mine", published_on="May")
    assert answer.status_code == 422
    kept = ("Some &lt;b&gt;words&lt;/b&gt;.", 'value="ftp://x"', 'value="Mine"', "Write a date as")
    assert all(words in answer.text for words in kept)


def test_a_file_must_be_chosen_again_after_an_error(
    as_: Callable[..., Any], project: SimpleNamespace
) -> None:
    answer = send(as_("ann"), file=(b"Ferry.", "a.txt"), url="nowhere")
    assert answer.status_code == 422
    assert "choose the file again" in answer.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": "  "}, "or choose a file"),
        ({"text": "Words", "file": (b"Words", "a.txt")}, "pasted text and a file"),
        ({"file": (b"", "a.txt")}, "No words were found"),
    ],
)
def test_what_cannot_come_in_is_told(
    as_: Callable[..., Any], project: SimpleNamespace, fields: dict[str, Any], sentence: str
) -> None:
    answer = send(as_("ann"), **fields)
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.fixture
def here(app: Any, project: SimpleNamespace, people: SimpleNamespace) -> SimpleNamespace:
    """An article that is in the project already."""
    with app.app_context():
        found = make_article(db.session, project, people.ben, title="Already here")
        db.commit()
    return found


def test_the_same_text_is_told_with_the_way_to_it(as_: Callable[..., Any], here: SimpleNamespace) -> None:
    answer = send(as_("ann"), text=here.text, title="Anew")
    assert answer.status_code == 409
    found = (f'href="/articles/{here.id}/"', "Already here", "Bring it in once more", 'value="Anew"')
    assert all(words in answer.text for words in found)


def test_the_same_text_comes_in_once_more_when_asked_for(
    as_: Callable[..., Any], here: SimpleNamespace
) -> None:
    ann = as_("ann")
    assert brought_in(ann, send(ann, text=here.text, allow_same="true"))["id"] != here.id


def test_nul_in_pasted_text_is_no_error(as_: Callable[..., Any], project: SimpleNamespace) -> None:
    ann = as_("ann")
    assert send(ann, text="A word\0 and more of them.").status_code == 303


@pytest.mark.parametrize(("name", "status"), [("dee", 403), ("olga", 404), ("cleo", 404)])
def test_who_may_not_add_cannot(
    as_: Callable[..., Any], project: SimpleNamespace, name: str, status: int
) -> None:
    assert (as_(name).get(NEW).status_code, send(as_(name), text="Words").status_code) == (status, status)


def test_nobody_adds_to_an_archived_project(as_: Callable[..., Any], project: SimpleNamespace) -> None:
    as_("eve").post("/projects/desk/archive")
    assert send(as_("ann"), text="Words").status_code == 409


def test_a_form_sent_several_times_at_once_brings_the_text_in_once(
    as_: Callable[..., Any], project: SimpleNamespace
) -> None:
    clients = [as_("ann") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: send(one, text=MARKDOWN), clients))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
