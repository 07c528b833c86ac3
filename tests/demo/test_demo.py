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
        article = db.session.scalars(select(Article.id)).one()
    return SimpleNamespace(id=project.id, article=article)


@pytest.fixture
def annotations(as_: Any, sample: SimpleNamespace) -> list[dict[str, Any]]:
    """The annotations of its article, as the API gives them."""
    found: list[dict[str, Any]] = (
        as_("cleo").get(f"{API}/articles/{sample.article}/annotations").json["items"]
    )
    return found


def test_the_decree_is_contradicted_by_the_later_remark(annotations: list[dict[str, Any]]) -> None:
    claim = next(item for item in annotations if item["claimed_on"] == "2022-10-04")
    link = next(link for link in claim["links"] if link["relation"] == "contradicts")
    assert claim["claimant"]["name"] == "Volodymyr Zelensky"
    assert (link["far"]["kind"], link["far"]["date"], link["acknowledged"]) == (
        "statement",
        "2025-02-04",
        "unknown",
    )
    assert link["contradiction_kind"] == "reversal_over_time"
    assert (link["comparison"]["order"], link["comparison"]["same_speaker"]) == ("later", True)
    supports = {link["far"]["kind"]: link for link in claim["links"] if link["relation"] == "supports"}
    assert supports.keys() == {"statement", "source"}
    assert supports["source"]["locator"]


def test_it_has_sources_statements_and_speakers_with_dates(as_: Any, sample: SimpleNamespace) -> None:
    cleo = as_("cleo")
    found = {
        name: cleo.get(f"{API}/projects/{sample.id}/{name}").json["items"]
        for name in ("sources", "statements")
    }
    assert len(found["sources"]) >= 2
    assert len({row["speaker"]["id"] for row in found["statements"]}) >= 2
    assert {row["said_on"] for row in found["statements"]} == {
        "2022-10-04",
        "2025-01-28",
        "2025-02-04",
        "2025-04-30",
    }


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
        assert db.session.scalars(select(User.is_admin)).all() == [True]
