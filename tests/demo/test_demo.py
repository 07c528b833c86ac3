"""The sample project: what it shows, and that it is made once."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from annotator.accounts.models import User
from annotator.app import Annotator
from annotator.articles.models import Article
from annotator.database import db
from annotator.demo.cli import demo_command
from annotator.demo.operations import add_sample
from annotator.projects.models import Membership, Project

API = "/api/v1"


@pytest.fixture
def sample(app: Annotator, people: SimpleNamespace) -> SimpleNamespace:
    """The sample project, made by Cleo: `id`, `article`."""
    with app.app_context():
        project = add_sample(db.session, db.session.get_one(User, people.cleo))
        db.commit()
        article = db.session.scalars(select(Article.id).where(Article.published_on == "2025-04-30")).one()
    return SimpleNamespace(id=project.id, article=article)


@pytest.fixture
def annotations(as_: Any, sample: SimpleNamespace) -> list[dict[str, Any]]:
    """The annotations of its article, as the API gives them."""
    found: list[dict[str, Any]] = (
        as_("cleo").get(f"{API}/articles/{sample.article}/annotations").json["items"]
    )
    return found


def of(claims: list[dict[str, Any]], day: str, relation: str) -> list[dict[str, Any]]:
    """The links of one relation of the claim that was made on a day."""
    claim = next(item for item in claims if item["claimed_on"] == day)
    return [link for link in claim["links"] if link["relation"] == relation]


def test_the_decree_is_contradicted_by_the_later_remark(annotations: list[dict[str, Any]]) -> None:
    link = next(
        one for one in of(annotations, "2022-10-04", "contradicts") if one["far"]["date"] == "2025-02-04"
    )
    assert (link["far"]["kind"], link["acknowledged"]) == ("statement", "unknown")
    assert (link["contradiction_kind"], link["contradiction_state"]) == ("reversal_over_time", "proposed")
    assert (link["comparison"]["order"], link["comparison"]["same_speaker"]) == ("later", True)
    assert link["comparison"]["proposal"] == "supersedes"


def test_one_contradiction_waits_for_whoever_tries_the_sample(
    as_: Any, annotations: list[dict[str, Any]]
) -> None:
    link = next(
        one for one in of(annotations, "2022-10-04", "contradicts") if one["far"]["date"] == "2025-02-04"
    )
    answer = as_("cleo").post(
        f"{API}/links/{link['id']}/decision",
        json={"answer": "accepted"},
        headers={"If-Match": f'"{link["version"]}"'},
    )
    assert (answer.status_code, answer.json["contradiction_state"]) == (200, "accepted")


def test_one_contradiction_was_accepted_by_a_second_person(annotations: list[dict[str, Any]]) -> None:
    (link,) = of(annotations, "2025-02-04", "contradicts")
    assert (link["contradiction_state"], link["decided_by"]["name"]) == ("accepted", "Sample colleague")
    assert link["proposed_by"]["name"] == "Cleo"
    assert link["explanation"]
    assert link["decision_reason"]


def test_the_colleague_cannot_sign_in(app: Annotator, sample: SimpleNamespace) -> None:
    with app.app_context():
        colleague = db.session.scalars(select(User).where(User.name == "Sample colleague")).one()
        assert (colleague.active, colleague.is_admin, colleague.password_hash) == (False, False, None)


def test_law_and_words_stand_together_with_an_assumption(annotations: list[dict[str, Any]]) -> None:
    supports = {link["far"]["kind"]: link for link in of(annotations, "2022-10-04", "supports")}
    assert supports.keys() == {"statement", "source"}
    assert supports["source"]["group"] == supports["statement"]["group"] == "The law and its words"
    assert supports["source"]["assumption"]
    assert "declares talks" in supports["source"]["passage"]["exact"]


def test_evidence_later_than_the_article_is_there(annotations: list[dict[str, Any]]) -> None:
    days = {
        link["far"]["date"]
        for link in of(annotations, "2025-02-04", "supports")
        if link["comparison"]["after_article"]
    }
    assert days == {"2025-05-11"}


def test_one_link_is_a_draft(annotations: list[dict[str, Any]]) -> None:
    drafts = [link for item in annotations for link in item["links"] if link["draft"]]
    assert [link["far"]["title"] for link in drafts] == ["Announcement of a ceasefire around Victory Day"]
    assert drafts[0]["missing"]


def test_the_same_claim_stands_in_an_earlier_article(as_: Any, annotations: list[dict[str, Any]]) -> None:
    claim = next(item for item in annotations if item["claimed_on"] == "2022-10-04")
    found = as_("cleo").get(f"{API}/annotations/{claim['id']}/claim").json["appearances"]
    assert [one["article"]["title"] for one in found] == [
        "Kyiv rules out talks with Putin",
        "A decree of 2022 stands between Kyiv and Moscow again",
    ]


def test_a_number_changed_between_two_copies_of_a_source(
    as_: Any, sample: SimpleNamespace, annotations: list[dict[str, Any]]
) -> None:
    cleo = as_("cleo")
    (source,) = cleo.get(f"{API}/projects/{sample.id}/sources?q=chronology").json["items"]
    newer, older = cleo.get(f"{API}/sources/{source['id']}/snapshots").json["items"]
    (link,) = of(annotations, "2025-02-04", "context")
    pieces = cleo.get(f"{API}/snapshots/{newer['id']}/changes?from={older['id']}").json["pieces"]
    changed = [words.strip() for kind, words in pieces if kind != "same"]
    assert (newer["outcome"], changed) == ("changed", ["845", "854"])
    assert link["passage"]["snapshot"] == older["id"]


def test_statements_have_days_months_years_and_tags(as_: Any, sample: SimpleNamespace) -> None:
    found = as_("cleo").get(f"{API}/projects/{sample.id}/statements").json["items"]
    days = sorted(row["said_on"] for row in found)
    assert (len(found), days[0], days[-1]) == (12, "2019-05-20", "2025-05-11")
    assert {len(day) for day in days} == {len("2023"), len("2022-03"), len("2022-10-04")}
    assert all(row["tags"] for row in found)


def test_one_speaker_is_listed_twice_and_noticed(as_: Any, sample: SimpleNamespace) -> None:
    found = (
        as_("cleo").get(f"{API}/projects/{sample.id}/speakers/like?name=Volodymyr Zelenskyy").json["items"]
    )
    assert {one["name"] for one in found} == {"Volodymyr Zelensky", "Volodymyr Zelenskyy"}


def test_highlights_overlap_and_nest(annotations: list[dict[str, Any]]) -> None:
    places = [(span["start"], span["end"]) for item in annotations for span in item["spans"]]
    nested = [(a, b) for a in places for b in places if a != b and a[0] <= b[0] and b[1] <= a[1]]
    crossing = [(a, b) for a in places for b in places if a[0] < b[0] < a[1] < b[1]]
    assert nested
    assert crossing
    assert len({item["kind"] for item in annotations}) >= 6


def test_article_has_every_kind_of_block(as_: Any, sample: SimpleNamespace) -> None:
    cleo = as_("cleo")
    article = cleo.get(f"{API}/articles/{sample.article}").json
    snapshot = cleo.get(f"{API}/snapshots/{article['snapshot']}").json
    assert (article["published_on"], article["publisher"]) == ("2025-04-30", "The Sample Desk")
    assert {block["kind"] for block in snapshot["blocks"]} >= {
        "heading",
        "paragraph",
        "quote",
        "list_item",
        "caption",
    }
    assert {"title", "dateline", "caption"} <= {block["role"] for block in snapshot["blocks"]}
    assert 300 <= len(snapshot["text"].split()) <= 450


def test_page_adds_it_and_makes_one_its_editor(as_: Any, app: Annotator, people: SimpleNamespace) -> None:
    cleo = as_("cleo")
    answer = cleo.post("/admin/demo")
    assert answer.status_code == 303
    assert cleo.get(answer.headers["Location"]).status_code == 200
    with app.app_context():
        assert db.session.scalars(select(Membership.role).where(Membership.user_id == people.cleo)).all() == [
            "editor"
        ]


def test_page_adds_it_once_and_for_administrators(as_: Any, sample: SimpleNamespace) -> None:
    answer = as_("cleo").post("/admin/demo")
    assert answer.status_code == 409
    assert "The sample project is here already." in answer.text
    assert as_("eve").post("/admin/demo").status_code == 403


def test_command_adds_it_once(app: Annotator, people: SimpleNamespace) -> None:
    run = app.test_cli_runner().invoke
    first, second = run(demo_command), run(demo_command)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout == second.stdout == "http://localhost:8123/projects/sample/\n"
    assert second.stderr == "The sample project is here already.\n"
    with app.app_context():
        assert len(db.session.scalars(select(Project)).all()) == 1


def test_command_works_before_anybody_is_there(app: Annotator) -> None:
    assert app.test_cli_runner().invoke(demo_command).exit_code == 0
    with app.app_context():
        assert db.session.scalars(select(User.is_admin).where(User.active)).all() == [True]
