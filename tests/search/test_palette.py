"""The palette by our terms: other forms, the speaker first, suggestions for a claim, addresses; what never shows."""

from types import SimpleNamespace
from typing import Any

import pytest
from contract.world import HTTP, annotation, put
from factories import TEXT, make_project

from annotator.annotations.models import Annotation
from annotator.columns import new_id
from annotator.links.finding import find
from annotator.links.suggesting import suggest, words_of
from annotator.sources.models import Source


@pytest.fixture
def ann(as_: Any) -> Any:
    return as_("ann")


@pytest.fixture
def desk(ann: Any, project: Any) -> SimpleNamespace:
    """Two speakers who spoke of the harbour, the mayor first, and a claim of the mayor's in an article."""
    mayor, other = (put(ann, "speakers", {"project": project.id, "name": name}) for name in ("Ada", "Bo"))
    quotes = [
        (mayor, "We never sell the harbour."),
        (other, "Selling the harbour is our plan."),
        (other, "Rain."),
    ]
    said = [
        put(
            ann,
            "statements",
            {"project": project.id, "speaker": who["id"], "quote": quote, "said_on": "2024-03"},
        )
        for who, quote in quotes
    ]
    article = put(ann, "articles", {"project": project.id, "text": TEXT, "title": "Quay", "language": "en"})
    claim = put(ann, "annotations", annotation(article, claimant=mayor["id"]))
    return SimpleNamespace(mayor=mayor, other=other, said=said, article=article, claim=claim)


def asked(client: Any, project: Any, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(f"{HTTP}/projects/{project.id}/find", query_string=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json["results"]
    return found


def ids(results: list[dict[str, Any]], kind: str) -> list[str]:
    return [one["id"] for one in results if one["kind"] == kind]


def test_the_newest_of_a_kind_stand_first_unless_a_speaker_is_known(
    ann: Any, project: Any, desk: Any
) -> None:
    first, second, _ = (row["id"] for row in desk.said)
    assert ids(asked(ann, project, q="sells harbour"), "statement") == [second, first]
    assert ids(asked(ann, project, q="sells harbour", annotation=desk.claim["id"]), "statement") == [
        first,
        second,
    ]


def test_results_name_the_speaker_and_whether_it_is_the_same(ann: Any, project: Any, desk: Any) -> None:
    results = asked(ann, project, q="harbour", annotation=desk.claim["id"])
    assert [(one["speaker"], one["same_speaker"]) for one in results] == [
        ({"id": desk.mayor["id"], "name": "Ada"}, True),
        ({"id": desk.other["id"], "name": "Bo"}, False),
    ]
    alone = asked(ann, project, q="Ada")[0]
    assert (alone["speaker"]["name"], alone["same_speaker"]) == ("Ada", None)


def test_opening_a_claim_offers_what_was_said_in_like_words(ann: Any, project: Any, desk: Any) -> None:
    first, second, _ = (row["id"] for row in desk.said)
    results = asked(ann, project, annotation=desk.claim["id"])
    assert [one["id"] for one in results] == [first, second]


def test_a_claim_of_another_project_suggests_nothing_of_it(
    ann: Any, session: Any, people: Any, desk: Any
) -> None:
    other = make_project(session, people, "other")
    session.commit()
    put(ann, "sources", {"project": other.id, "title": "Minutes", "url": ""})
    assert [one["title"] for one in asked(ann, other, annotation=desk.claim["id"])] == ["Minutes"]
    assert asked(ann, other, q="harbour") == []


def test_some_words_are_enough_where_all_fit_nothing(ann: Any, project: Any, desk: Any) -> None:
    results = asked(ann, project, q="dredging the harbour again")
    assert set(ids(results, "statement")) == {desk.said[0]["id"], desk.said[1]["id"]}


def test_the_last_word_may_be_but_begun(ann: Any, project: Any, desk: Any) -> None:
    assert ids(asked(ann, project, q="plan harb"), "statement") == [desk.said[1]["id"]]
    assert asked(ann, project, q="arbour") == []


def test_a_pasted_address_finds_its_source_first(ann: Any, project: Any) -> None:
    address = "https://example.org/minutes?page=2"
    for url in (address, f"{address}&all=1"):
        put(ann, "sources", {"project": project.id, "title": url, "url": url})
    results = asked(ann, project, q=f" {address} ")
    assert [one["title"] for one in results] == [address, f"{address}&all=1"]


def test_annotations_of_a_deleted_article_are_not_found(ann: Any, as_: Any, project: Any, desk: Any) -> None:
    assert ids(asked(ann, project, q="never sell"), "annotation") == [desk.claim["id"]]
    gone = as_("eve").change("DELETE", f"{HTTP}/articles/{desk.article['id']}", version=1)
    assert gone.status_code == 204
    assert ids(asked(ann, project, q="never sell"), "annotation") == []
    assert ids(asked(ann, project), "annotation") == []
    assert len(asked(ann, project, annotation=desk.claim["id"])) > 0


@pytest.mark.parametrize("typed", ["minutes", "https://example.org/m", ""])
def test_a_protected_source_is_shown_in_no_way(session: Any, project: Any, ann: Any, typed: str) -> None:
    made = put(ann, "sources", {"project": project.id, "title": "Minutes", "url": "https://example.org/m"})
    session.get_one(Source, made["id"]).confidentiality = "protected"
    session.commit()
    assert asked(ann, project, q=typed) == []
    assert find(session, project.id, typed) == []


def test_suggestions_put_the_same_speaker_first_and_leave_out_what_is_excluded(
    session: Any, project: Any, desk: Any
) -> None:
    row = session.get_one(Annotation, desk.claim["id"])
    text = words_of(session, row)
    first, second, _ = (row["id"] for row in desk.said)
    found = suggest(session, project.id, text=text, language="en", speaker=desk.mayor["id"], exclude=[row.id])
    assert [(one.key, one.kind, one.same_speaker) for one in found] == [
        (first, "statement", True),
        (second, "statement", False),
    ]
    rest = suggest(session, project.id, text=text, language="en", exclude=[row.id, first])
    assert [one.key for one in rest] == [second]


def test_nothing_unlike_is_suggested(session: Any, project: Any, desk: Any) -> None:
    assert suggest(session, project.id, text="Volcanoes erupt", language="en", speaker=desk.mayor["id"]) == []
    assert suggest(session, new_id(), text="harbour", language="en") == []
