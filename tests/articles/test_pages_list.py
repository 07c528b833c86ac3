"""The queue of articles."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from factories import make_article

from annotator.articles.models import Article
from annotator.columns import new_id
from annotator.database import db

LIST = "/projects/desk/"


@pytest.fixture
def articles(app: Any, project: SimpleNamespace, people: SimpleNamespace) -> list[SimpleNamespace]:
    """Three articles with a word of its own each."""
    with app.app_context():
        words = ("herring", "mackerel", "salmon")
        found = [
            make_article(db.session, project, people.ann, f"{word} is in.\n\nMore.", title=f"About {word}")
            for word in words
        ]
        db.commit()
    return found


def test_list_shows_title_publisher_and_date(
    as_: Callable[..., Any], app: Any, project: SimpleNamespace, people: SimpleNamespace
) -> None:
    with app.app_context():
        make_article(
            db.session, project, people.ann, title="Harbour", publisher="The Quay", published_on="2025-02"
        )
        db.commit()
    page = as_("dee").get(LIST).text
    assert all(words in page for words in ("Harbour", "The Quay", "February 2025", "0 annotations"))


def test_list_finds_by_words_of_the_text(as_: Callable[..., Any], articles: list[SimpleNamespace]) -> None:
    page = as_("ann").get(f"{LIST}?q=MACKEREL").text
    assert "About mackerel" in page
    assert "About herring" not in page


def test_list_finds_by_status_and_assignee(
    as_: Callable[..., Any], app: Any, articles: list[SimpleNamespace], people: SimpleNamespace
) -> None:
    eve = as_("eve")
    eve.change("PATCH", f"/api/v1/articles/{articles[0].id}", {"assignees": [people.ben]}, version=1)
    eve.change("PATCH", f"/api/v1/articles/{articles[1].id}", {"status": "in_review"}, version=1)
    assert "About herring" in eve.get(f"{LIST}?assignee={people.ben}").text
    page = eve.get(f"{LIST}?status=in_review&q=&tag=").text
    assert ("About mackerel" in page, "About herring" in page) == (True, False)


def test_list_finds_by_tag(as_: Callable[..., Any], articles: list[SimpleNamespace]) -> None:
    ann = as_("ann")
    body = {
        "article": articles[2].id,
        "snapshot": articles[2].snapshot,
        "kind": "note",
        "spans": [{"start": 0, "end": 6}],
        "tags": ["fish"],
    }
    assert ann.change("PUT", f"/api/v1/annotations/{new_id()}", body).status_code == 201
    page = ann.get(f"{LIST}?tag=fish").text
    assert ("About salmon" in page, "About herring" in page) == (True, False)
    assert '<option value="fish">' in page


def test_older_leads_to_the_next_page_with_the_filters(
    as_: Callable[..., Any], articles: list[SimpleNamespace]
) -> None:
    ann = as_("ann")
    first = ann.get(f"{LIST}?limit=2&q=more").text
    address = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = ann.get(LIST + address).text
    assert "q=more" in address
    assert ("About herring" in second, "About salmon" in second) == (True, False)


def test_a_filter_that_does_not_hold_is_told(
    as_: Callable[..., Any], articles: list[SimpleNamespace]
) -> None:
    answer = as_("ann").get(f"{LIST}?status=lost")
    assert answer.status_code == 422
    assert "Please look at this again" in answer.text


def test_nothing_fits_offers_all_articles(as_: Callable[..., Any], articles: list[SimpleNamespace]) -> None:
    page = as_("ann").get(f"{LIST}?q=whale").text
    assert "Nothing fits" in page
    assert "Show all articles" in page


@pytest.mark.parametrize(("name", "offered"), [("ann", True), ("dee", False)])
def test_empty_list_offers_to_add_to_those_who_may(
    as_: Callable[..., Any], project: SimpleNamespace, name: str, offered: bool
) -> None:
    page = as_(name).get(LIST).text
    assert "No articles yet" in page
    assert ("articles/new" in page) is offered


def test_outsider_sees_no_list(as_: Callable[..., Any], project: SimpleNamespace) -> None:
    assert as_("olga").get(LIST).status_code == 404


def test_markup_in_a_title_is_text(
    as_: Callable[..., Any], app: Any, project: SimpleNamespace, people: SimpleNamespace
) -> None:
    with app.app_context():
        make_article(db.session, project, people.ann, title="<script>x</script>")
        db.commit()
    assert "&lt;script&gt;x&lt;/script&gt;" in as_("ann").get(LIST).text


def test_editor_deletes_and_brings_back(
    as_: Callable[..., Any], app: Any, articles: list[SimpleNamespace]
) -> None:
    eve, path = as_("eve"), f"/articles/{articles[0].id}"
    gone = eve.post(f"{path}/delete")
    page = eve.get(gone.location).text
    assert (gone.status_code, "Undo" in page, eve.get(f"{path}/details").status_code) == (303, True, 404)
    assert eve.post(f"{path}/restore").status_code == 303
    with app.app_context():
        assert db.session.get_one(Article, articles[0].id).deleted_at is None


def test_reviewer_cannot_delete(as_: Callable[..., Any], articles: list[SimpleNamespace]) -> None:
    assert as_("ann").post(f"/articles/{articles[0].id}/delete").status_code == 403


def test_nothing_is_deleted_in_an_archived_project(
    as_: Callable[..., Any], articles: list[SimpleNamespace]
) -> None:
    eve = as_("eve")
    eve.post("/projects/desk/archive")
    assert eve.post(f"/articles/{articles[0].id}/delete").status_code == 409
