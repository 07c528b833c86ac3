"""What an annotation may be: states and their reasons, tags, people, tones; and its history."""

from typing import Any

import pytest
from contract.world import HTTP, annotation, put
from factories import TEXT

from annotator.columns import new_id


@pytest.fixture
def ann(as_: Any) -> Any:
    return as_("ann")


@pytest.fixture
def article(ann: Any, project: Any) -> dict[str, Any]:
    return put(ann, "articles", {"project": project.id, "text": TEXT})


def make(client: Any, article: dict[str, Any], **more: Any) -> Any:
    return client.put(f"{HTTP}/annotations/{new_id()}", json=annotation(article, **more))


def test_not_checkable_needs_a_reason_and_nothing_else_has_one(ann: Any, article: dict[str, Any]) -> None:
    refused = make(ann, article, state="not_checkable")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/reason")
    assert make(ann, article, state="not_checkable", reason="").status_code == 422
    made = make(ann, article, state="not_checkable", reason="A forecast").json
    assert (made["state"], made["reason"], made["tone"]) == ("not_checkable", "A forecast", "aside")
    opened = ann.change("PATCH", f"{HTTP}/annotations/{made['id']}", {"state": "open"}, version=1).json
    assert (opened["state"], opened["reason"], opened["tone"]) == ("open", None, "open")


@pytest.mark.parametrize("state", ["submitted", "approved", "done"])
def test_states_that_follow_from_verdicts_cannot_be_chosen(
    ann: Any, article: dict[str, Any], state: str
) -> None:
    assert make(ann, article, state=state).status_code == 422
    made = make(ann, article).json
    assert (
        ann.change("PATCH", f"{HTTP}/annotations/{made['id']}", {"state": state}, version=1).status_code
        == 422
    )


@pytest.mark.parametrize(
    ("kind", "tone"), [("claim", "open"), ("quote", "open"), ("opinion", "aside"), ("note", "aside")]
)
def test_the_tone_follows_from_kind_and_state(
    ann: Any, article: dict[str, Any], kind: str, tone: str
) -> None:
    made = make(ann, article, kind=kind).json
    assert made["tone"] == tone
    assert ann.get(f"{HTTP}/articles/{article['id']}/spans").json["spans"][0][3] == tone


def test_tags_are_trimmed_and_kept_once_in_their_order(ann: Any, article: dict[str, Any]) -> None:
    made = make(ann, article, tags=["b", " a ", "b", "e\u0301", "\u00e9"]).json
    assert made["tags"] == ["b", "a", "\u00e9"]
    path = f"{HTTP}/annotations/{made['id']}"
    assert ann.change("PATCH", path, {"tags": ["a", "b"]}, version=1).json["tags"] == ["a", "b"]
    assert ann.change("PATCH", path, {"tags": [""]}, version=2).status_code == 422
    assert ann.change("PATCH", path, {"tags": ["x" * 101]}, version=2).status_code == 422
    assert ann.change("PATCH", path, {"tags": []}, version=2).json["tags"] == []


def test_a_reviewer_takes_work_and_only_an_editor_gives_it(
    as_: Any, ann: Any, article: dict[str, Any], people: Any
) -> None:
    made = make(ann, article, assignee=people.ann).json
    assert made["assignee"] == {"id": people.ann, "name": "Ann"}
    path = f"{HTTP}/annotations/{made['id']}"
    assert ann.change("PATCH", path, {"assignee": people.ben}, version=1).status_code == 403
    assert make(ann, article, assignee=people.ben).status_code == 403
    given = as_("eve").change("PATCH", path, {"assignee": people.ben}, version=1)
    assert (given.status_code, given.json["assignee"]["name"]) == (200, "Ben")
    assert ann.change("PATCH", path, {"assignee": None}, version=2).status_code == 403
    kept = ann.change("PATCH", path, {"assignee": people.ben, "body": "Mine to write."}, version=2)
    assert (kept.status_code, kept.json["assignee"]["name"]) == (200, "Ben")
    assert as_("ben").change("PATCH", path, {"assignee": None}, version=3).json["assignee"] is None
    assert as_("eve").change("PATCH", path, {"assignee": people.olga}, version=4).status_code == 422


def test_a_note_of_brackets_is_refused_before_it_is_rendered(ann: Any, article: dict[str, Any]) -> None:
    assert make(ann, article, body="[a][" * 200).status_code == 422


def test_a_note_becomes_safe_html_when_it_is_written(ann: Any, article: dict[str, Any]) -> None:
    made = make(ann, article, body="**Bold** <script>alert(1)</script> [x](javascript:alert(1))").json
    assert "<strong>Bold</strong>" in made["body_html"]
    assert "<script" not in made["body_html"]
    assert "<a " not in made["body_html"]
    emptied = ann.change("PATCH", f"{HTTP}/annotations/{made['id']}", {"body": ""}, version=1).json
    assert (emptied["body"], emptied["body_html"]) == ("", "")


def test_the_history_says_who_changed_what(as_: Any, ann: Any, article: dict[str, Any]) -> None:
    made = make(ann, article, body="One").json
    path = f"{HTTP}/annotations/{made['id']}"
    as_("ben").change("PATCH", path, {"body": "Two", "tags": ["t"]}, version=1)
    added, changed = as_("dee").get(f"{path}/history").json["items"]
    assert (added["action"], added["actor"]["name"], added["before"]) == ("annotation:added", "Ann", None)
    assert (changed["actor"]["name"], changed["before"]) == ("Ben", {"body": "One", "tags": []})
    assert changed["after"] == {"body": "Two", "tags": ["t"]}


def test_new_places_need_the_text_they_count_on(ann: Any, article: dict[str, Any]) -> None:
    made = make(ann, article).json
    path = f"{HTTP}/annotations/{made['id']}"
    refused = ann.change("PATCH", path, {"spans": [{"start": 0, "end": 5}]}, version=1)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/snapshot")
    body = {"snapshot": article["snapshot"], "spans": [{"start": 0, "end": 5}]}
    assert ann.change("PATCH", path, body, version=1).json["spans"][0]["exact"] == TEXT[:5]
    assert ann.get(f"{HTTP}/articles/{article['id']}/spans").json["spans"] == [[made["id"], 0, 5, "open"]]


@pytest.mark.parametrize(
    ("query", "found"), [("kind=note", 1), ("tag=money", 1), ("q=zebra", 0), ("state=open", 2), ("", 2)]
)
def test_what_a_page_is_painted_from_follows_the_filter(
    ann: Any, article: dict[str, Any], query: str, found: int
) -> None:
    make(ann, article, kind="note")
    make(ann, article, tags=["money"])
    assert len(ann.get(f"{HTTP}/articles/{article['id']}/spans?{query}").json["spans"]) == found


def test_annotations_of_a_deleted_article_go_and_come_with_it(
    as_: Any, ann: Any, article: dict[str, Any]
) -> None:
    made, eve = make(ann, article).json, as_("eve")
    assert eve.change("DELETE", f"{HTTP}/articles/{article['id']}", version=1).status_code == 204
    assert ann.get(f"{HTTP}/annotations/{made['id']}").status_code == 404
    assert ann.get(f"{HTTP}/snapshots/{article['snapshot']}").status_code == 404
    assert ann.get(f"{HTTP}/projects/{article['project']}/annotations").json["items"] == []
    assert make(ann, article).status_code == 404
    assert eve.change("POST", f"{HTTP}/articles/{article['id']}/restore", version=2).status_code == 200
    assert ann.get(f"{HTTP}/annotations/{made['id']}").status_code == 200


@pytest.mark.parametrize(
    "key", ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"]
)
def test_an_id_that_bodies_and_cursors_would_not_take_makes_nothing(
    ann: Any, article: dict[str, Any], key: str
) -> None:
    assert ann.put(f"{HTTP}/annotations/{key}", json=annotation(article)).status_code == 404
    assert ann.get(f"{HTTP}/articles/{article['id']}/annotations").json["items"] == []
