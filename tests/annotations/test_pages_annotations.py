"""All annotations of an article on a page."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from factories import make_article

from annotator.columns import new_id
from annotator.database import db


@pytest.fixture
def article(app: Any, project: SimpleNamespace, people: SimpleNamespace) -> SimpleNamespace:
    """An article without annotations."""
    with app.app_context():
        found = make_article(db.session, project, people.ann)
        db.commit()
    return SimpleNamespace(**vars(found), path=f"/articles/{found.id}/annotations")


def annotate(client: Any, article: SimpleNamespace, words: str, kind: str = "note", **fields: Any) -> None:
    """Annotate these words of the article."""
    start = article.text.index(words)
    body = {
        "article": article.id,
        "snapshot": article.snapshot,
        "kind": kind,
        "spans": [{"start": start, "end": start + len(words)}],
        **fields,
    }
    assert client.change("PUT", f"/api/v1/annotations/{new_id()}", body).status_code == 201


def test_annotations_stand_in_the_order_of_the_text(
    as_: Callable[..., Any], article: SimpleNamespace
) -> None:
    ann = as_("ann")
    annotate(ann, article, "Nobody answered")
    annotate(ann, article, "the old hall", body="A **strong** note")
    page = as_("dee").get(article.path).text
    assert page.index("the old hall") < page.index("Nobody answered")
    assert "<strong>strong</strong>" in page


@pytest.mark.parametrize(
    "query",
    ["q=twice", "kind=claim", "state=in_progress", "tag=money", "kind=claim&state=&tag=money&q="],
)
def test_filters_leave_only_what_fits(as_: Callable[..., Any], article: SimpleNamespace, query: str) -> None:
    ann = as_("ann")
    annotate(ann, article, "12 million", "claim", state="in_progress", tags=["money"], body="Seen twice")
    annotate(ann, article, "Nobody answered")
    page = ann.get(f"{article.path}?{query}").text
    assert ("12 million" in page, "Nobody answered" in page, "1 of 2 annotations fit" in page) == (
        True,
        False,
        True,
    )


def test_filter_by_author(as_: Callable[..., Any], article: SimpleNamespace, people: SimpleNamespace) -> None:
    annotate(as_("ann"), article, "Nobody answered")
    annotate(as_("ben"), article, "12 million")
    page = as_("dee").get(f"{article.path}?author={people.ben}").text
    assert ("12 million" in page, "Nobody answered" in page) == (True, False)
    assert f'<option value="{people.ann}">Ann</option>' in page


def test_more_annotations_lie_behind_a_link(as_: Callable[..., Any], article: SimpleNamespace) -> None:
    ann = as_("ann")
    annotate(ann, article, "the old hall", tags=["x"])
    annotate(ann, article, "Nobody answered", tags=["x"])
    first = ann.get(f"{article.path}?limit=1&tag=x").text
    address = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = ann.get(article.path + address).text
    assert ("the old hall" in second, "Nobody answered" in second) == (False, True)


def test_a_page_without_annotations_says_what_to_do(
    as_: Callable[..., Any], article: SimpleNamespace
) -> None:
    assert "press C for a claim" in as_("ann").get(article.path).text
    assert "Nobody has annotated this article." in as_("dee").get(article.path).text


def test_nothing_fits_offers_all_annotations(as_: Callable[..., Any], article: SimpleNamespace) -> None:
    annotate(as_("ann"), article, "Nobody answered")
    assert "Show all annotations" in as_("ann").get(f"{article.path}?q=whale").text


def test_a_kind_that_does_not_exist_is_told(as_: Callable[..., Any], article: SimpleNamespace) -> None:
    assert as_("ann").get(f"{article.path}?kind=lost").status_code == 422


def test_outsider_sees_no_annotations(as_: Callable[..., Any], article: SimpleNamespace) -> None:
    assert as_("olga").get(article.path).status_code == 404
