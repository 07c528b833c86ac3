"""A claim with all that is known of it: evidence, what it lacks, appearances, comparison before a link, suggestions."""

from types import SimpleNamespace
from typing import Any

import pytest
from contract.world import HTTP, annotation, put
from links.desk import TEXT, decide, keep_copy, link, make
from sqlalchemy import update

from annotator.columns import new_id
from annotator.database import db
from annotator.projects.models import Project


@pytest.fixture
def desk(as_: Any, project: Any) -> SimpleNamespace:
    return make(as_, project)


def claim(desk: SimpleNamespace, one: Any = None) -> Any:
    answer = desk.ann.get(f"{HTTP}/annotations/{(one or desk.first)['id']}/claim")
    assert answer.status_code == 200, answer.text
    return answer.json


def elsewhere(desk: SimpleNamespace, published_on: str | None) -> Any:
    """The same words claimed in another article."""
    article = put(
        desk.ann,
        "articles",
        {"project": desk.project.id, "text": f"{TEXT} {new_id()}", "published_on": published_on},
    )
    return put(desk.ann, "annotations", annotation(article, spans=[{"start": 26, "end": 28}]))


def join(desk: SimpleNamespace, near: Any, far: Any) -> Any:
    return link(desk, annotation=near["id"], target=far["id"], relation="same_claim")


def test_a_claim_says_what_it_is_and_who_made_it(desk: SimpleNamespace) -> None:
    found = claim(desk)
    assert (found["words"], found["claimant"]["name"], found["date"]) == ("We", "The mayor", "2025-04-30")
    assert (found["evidence"], found["missing"]) == ([], ["There is no evidence yet."])
    assert [one["id"] for one in found["appearances"]] == [desk.first["id"]]


def test_evidence_comes_as_links_contradictions_first(desk: SimpleNamespace) -> None:
    made = [
        link(desk, source=desk.source["id"], relation="supports"),
        link(desk, statement=desk.statement["id"]),
    ]
    found = claim(desk)
    assert [one["id"] for one in found["evidence"]] == [made[1]["id"], made[0]["id"]]
    assert [(one["key"], one["lane"], one["on"]) for one in found["timeline"]] == [
        ("claim", "line", "2025-04-30"), (made[1]["id"], "below", "2024-03"),
    ]  # fmt: skip


def test_a_rejected_contradiction_is_no_side_of_the_dispute(desk: SimpleNamespace) -> None:
    made = link(desk, statement=desk.statement["id"])
    decide(desk.ben, made, "rejected", "No.")
    found = claim(desk)
    assert [one["key"] for one in found["timeline"]] == ["claim"]
    assert found["missing"] == ["There is no evidence yet."]


def test_links_of_one_group_come_together_with_what_must_hold(desk: SimpleNamespace) -> None:
    one, two = (
        link(desk, source=desk.source["id"], relation="supports", group="Both", assumption=words, locator="7")
        for words in ("", "the minutes are whole")
    )
    link(desk, source=desk.source["id"], relation="supports", locator="8")
    assert claim(desk)["groups"] == [
        {"name": "Both", "links": [one["id"], two["id"]], "assumptions": ["the minutes are whole"]}
    ]


def test_the_policy_of_the_project_is_what_counts(app: Any, desk: SimpleNamespace) -> None:
    asked = {
        "locator_required": True,
        "archived_copy_required": True,
        "primary_required": True,
        "independent_sources_needed": 2,
    }
    with app.app_context():
        db.session.execute(update(Project).where(Project.id == desk.project.id).values(asked))
        db.commit()
    made = link(desk, statement=desk.statement["id"], relation="supports")
    assert [sentence[:26] for sentence in made["missing"]] == [
        "The project asks for a pla",
        "The project asks for a kep",
    ]
    keep_copy(desk.ann, desk.source)
    found = claim(desk)
    assert found["missing"] == [
        "The project asks for a primary source; there is none yet.",
        "The project asks for 2 independent sources on one side; for: 1, against: 0.",
        "1 link is without a place in the source, which the project asks for.",
    ]
    assert found["independent"] == {"found": 1, "needed": 2, "supporting": 1, "contradicting": 0}


def test_the_same_claim_is_followed_from_link_to_link_and_round_in_a_ring(desk: SimpleNamespace) -> None:
    dates = ("2023", "2021-05", None)
    ring = [desk.first, *(elsewhere(desk, date) for date in dates)]
    for near, far in zip(ring, [*ring[1:], ring[0]], strict=True):
        join(desk, near, far)
    for one in ring:
        found = claim(desk, one)["appearances"]
        assert [row["id"] for row in found] == [ring[place]["id"] for place in (2, 1, 0, 3)]
        assert [row["first"] for row in found] == [True, False, False, False]
        assert [row["id"] for row in found if row["here"]] == [one["id"]]


def test_a_deleted_place_or_link_joins_nothing(desk: SimpleNamespace) -> None:
    near, between, far = desk.first, elsewhere(desk, "2020"), elsewhere(desk, "2021")
    made = join(desk, near, between)
    join(desk, between, far)
    assert len(claim(desk)["appearances"]) == 3
    desk.ann.change("DELETE", f"{HTTP}/annotations/{between['id']}", version=1)
    assert [one["id"] for one in claim(desk)["appearances"]] == [near["id"]]
    desk.ann.change("POST", f"{HTTP}/annotations/{between['id']}/restore", version=2)
    desk.ann.change("DELETE", f"{HTTP}/links/{made['id']}", version=1)
    assert len(claim(desk)["appearances"]) == 1


UNKNOWN = "00000000-0000-7000-8000-000000000000"
ENDS = ("source", "statement", "target")


@pytest.mark.parametrize("end", ENDS)
def test_the_comparison_before_a_link_is_the_one_after_it(desk: SimpleNamespace, end: str) -> None:
    things = {"source": desk.source, "statement": desk.statement, "target": desk.second}
    valid = {"valid_from": "2024", "valid_until": "2024-12-31"}
    desk.ann.change("PATCH", f"{HTTP}/statements/{desk.statement['id']}", valid, version=1)
    path = f"{HTTP}/annotations/{desk.first['id']}/comparison"
    before = desk.ann.get(path, query_string={end: things[end]["id"]}).json
    assert before == link(desk, **{end: things[end]["id"]})["comparison"]


@pytest.mark.parametrize(
    "query", [{}, {"source": UNKNOWN}, {"source": "x"}, {"source": new_id(), "target": new_id()}]
)
def test_a_comparison_needs_exactly_one_far_end_of_the_project(desk: SimpleNamespace, query: Any) -> None:
    path = f"{HTTP}/annotations/{desk.first['id']}/comparison"
    assert desk.ann.get(path, query_string=query).status_code == 422


def test_a_later_statement_is_proposed_to_supersede_and_never_set_to(desk: SimpleNamespace) -> None:
    said = {
        "project": desk.project.id,
        "speaker": desk.mayor["id"],
        "said_on": "2025-06-01",
        "quote": "It is ours.",
    }
    made = link(desk, statement=put(desk.ann, "statements", said)["id"])
    assert (made["relation"], made["comparison"]["proposal"], made["comparison"]["after_article"]) == (
        "contradicts", "supersedes", True,
    )  # fmt: skip


def test_suggestions_name_what_was_said_in_like_words_and_is_not_linked(desk: SimpleNamespace) -> None:
    words = "We will never sell the harbour."
    place = {"start": TEXT.index(words), "end": TEXT.index(words) + len(words)}
    mine = put(desk.ann, "annotations", annotation(desk.article, spans=[place], claimant=desk.mayor["id"]))
    other = put(desk.ann, "speakers", {"project": desk.project.id, "name": "The council"})
    said = {"project": desk.project.id, "said_on": "2024-03", "quote": "The harbour is for sale, we sell it."}
    by_other, by_mayor, linked = (
        put(desk.ann, "statements", {**said, "speaker": who["id"]}) for who in (other, desk.mayor, desk.mayor)
    )
    link(desk, annotation=mine["id"], statement=linked["id"])
    items = desk.ann.get(f"{HTTP}/annotations/{mine['id']}/suggestions").json["items"]
    found = [(one["id"], one["same_speaker"]) for one in items]
    assert found[0] == (by_mayor["id"], True)
    assert (by_other["id"], False) in found
    assert linked["id"] not in dict(found)
    assert (items[0]["distance"], items[0]["sentence"]) == (
        "1 year 1 month", "This statement is 1 year 1 month earlier; the same speaker.",
    )  # fmt: skip


def test_a_target_in_a_deleted_article_counts_no_more(as_: Any, desk: SimpleNamespace) -> None:
    other = elsewhere(desk, "2020")
    link(desk, target=other["id"], relation="supports")
    assert as_("eve").change("DELETE", f"{HTTP}/articles/{other['article']}", version=1).status_code == 204
    found = claim(desk)
    assert (found["evidence"][0]["far"]["deleted"], len(found["timeline"])) == (True, 1)
    assert "There is no evidence yet." in found["missing"]


def test_a_contradiction_made_elsewhere_is_seen_from_the_other_end(desk: SimpleNamespace) -> None:
    made = link(desk, annotation=desk.second["id"], target=desk.first["id"])
    found = claim(desk)
    assert [(one["link"]["id"], one["near"]["id"]) for one in found["incoming"]] == [
        (made["id"], desk.second["id"])
    ]
    assert (found["contradictions"], found["timeline"][1]["lane"]) == (1, "below")
    assert found["incoming"][0]["comparison"]["sentence"] == "Both are dated 30 April 2025; the same speaker."
