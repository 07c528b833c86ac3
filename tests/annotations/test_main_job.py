"""The main job over HTTP: bring in, highlight, link, read again."""

from typing import Any

import pytest
from factories import TEXT

from annotator.columns import new_id


@pytest.fixture
def ann(as_: Any) -> Any:
    return as_("ann")


def bring(client: Any, project: Any, text: str = TEXT) -> dict[str, Any]:
    answer = client.put(
        f"/api/v1/articles/{new_id()}", json={"project": project.id, "text": text, "title": "The harbour"}
    )
    assert answer.status_code == 201, answer.text
    return answer.json


def mark(client: Any, article: dict[str, Any], words: str, **more: Any) -> dict[str, Any]:
    start = TEXT.index(words)
    body = {
        "article": article["id"],
        "snapshot": article["snapshot"],
        "kind": "claim",
        "spans": [{"start": start, "end": start + len(words), "exact": words}],
        **more,
    }
    answer = client.put(f"/api/v1/annotations/{new_id()}", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json


def test_a_claim_is_linked_to_a_contradicting_statement(ann: Any, as_: Any, project: Any) -> None:
    article = bring(ann, project)
    speaker = ann.put(f"/api/v1/speakers/{new_id()}", json={"project": project.id, "name": "The mayor"}).json
    claim = mark(
        ann,
        article,
        "We will never sell the harbour.",
        claimant=speaker["id"],
        claimed_on="2025-04-07",
        tags=["harbour"],
    )
    body = {
        "project": project.id,
        "speaker": speaker["id"],
        "quote": "Twelve million and it is yours",
        "said_on": "2024-03",
    }
    statement = ann.put(f"/api/v1/statements/{new_id()}", json=body).json
    link = ann.put(
        f"/api/v1/links/{new_id()}",
        json={"annotation": claim["id"], "statement": statement["id"], "relation": "contradicts"},
    )
    assert link.status_code == 201, link.text
    seen = as_("ben").get(f"/api/v1/articles/{article['id']}/annotations").json["items"]
    assert [item["spans"][0]["exact"] for item in seen] == ["We will never sell the harbour."]
    comparison = seen[0]["links"][0]["comparison"]
    assert comparison["order"] == "earlier"
    assert comparison["same_speaker"] is True
    assert comparison["distance"] == "1 year 1 month"
    assert seen[0]["tags"] == ["harbour"]
    print(seen[0]["links"][0])


def test_everything_written_is_read_again(ann: Any, project: Any) -> None:
    article = bring(ann, project)
    note = mark(ann, article, "👩🏽‍⚖️", kind="note", body="Who is **this**?")
    assert note["body_html"] == "<p>Who is <strong>this</strong>?</p>\n"
    changed = ann.change("PATCH", f"/api/v1/annotations/{note['id']}", {"body": "A judge."}, version=1)
    assert changed.status_code == 200, changed.text
    assert changed.headers["ETag"] == '"2"'
    stale = ann.change("PATCH", f"/api/v1/annotations/{note['id']}", {"body": "Nobody."}, version=1)
    assert stale.status_code == 412
    assert stale.json["current"]["body"] == "A judge."
    assert ann.change("PATCH", f"/api/v1/annotations/{note['id']}", {"body": "x"}).status_code == 428
    assert ann.change("DELETE", f"/api/v1/annotations/{note['id']}", version=2).status_code == 204
    assert ann.get(f"/api/v1/annotations/{note['id']}").status_code == 404
    back = ann.change("POST", f"/api/v1/annotations/{note['id']}/restore", version=3)
    assert back.status_code == 200, back.text
    history = ann.get(f"/api/v1/annotations/{note['id']}/history").json["items"]
    assert [row["action"] for row in history] == [
        "annotation:added",
        "annotation:changed",
        "annotation:deleted",
        "annotation:restored",
    ]
    spans = ann.get(f"/api/v1/articles/{article['id']}/spans").json["spans"]
    assert spans == [[note["id"], TEXT.index("👩"), TEXT.index("👩") + 5, "aside"]]


@pytest.mark.parametrize(
    "path", ["articles", "sources", "statements", "speakers", "annotations", "tags", "find?q=mayor"]
)
def test_every_list_of_a_project_answers(ann: Any, project: Any, path: str) -> None:
    article = bring(ann, project)
    mark(ann, article, "Nobody answered.")
    answer = ann.get(f"/api/v1/projects/{project.id}/{path}")
    assert answer.status_code == 200, answer.text


def test_the_reader_opens(ann: Any, project: Any) -> None:
    article = bring(ann, project)
    mark(ann, article, "Nobody answered.")
    answer = ann.get(f"/articles/{article['id']}/")
    assert answer.status_code == 200, answer.text
    assert "Nobody answered." in answer.text
    assert ann.get(f"/articles/{article['id']}/?view=marks").status_code == 200
