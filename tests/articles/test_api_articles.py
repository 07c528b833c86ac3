"""Articles over the JSON API: bringing in, what is recognised, what may be changed by whom, snapshots."""

import hashlib
from typing import Any

import pytest
from contract.world import HTTP

from annotator.columns import new_id

PAGE = """<html lang="de"><head><title>Der Hafen</title>
<link rel="canonical" href="https://example.org/hafen">
<meta property="article:published_time" content="2024-05-03T10:00:00Z"></head>
<body><article><h1>Der Hafen</h1><p>Niemand <b>antwortete</b>.</p><script>alert(1)</script></article></body>
</html>"""


@pytest.fixture
def ann(as_: Any) -> Any:
    return as_("ann")


def bring(client: Any, project: Any, **body: Any) -> Any:
    return client.put(
        f"{HTTP}/articles/{new_id()}", json={"project": project.id, "text": "Some words.", **body}
    )


def test_what_a_page_says_of_itself_is_recognised(ann: Any, project: Any) -> None:
    given = {"text": PAGE, "media_type": "text/html"}
    told = ann.post(f"{HTTP}/projects/{project.id}/recognise", json=given).json
    made = bring(ann, project, **given).json
    expected = {
        "title": "Der Hafen",
        "url": "https://example.org/hafen",
        "published_on": "2024-05-03",
        "language": "de",
    }
    assert {name: told[name] for name in expected} == expected
    assert {name: made[name] for name in expected} == expected
    assert "alert(1)" not in ann.get(f"{HTTP}/snapshots/{made['snapshot']}").json["text"]


def test_what_is_given_counts_before_what_is_recognised(ann: Any, project: Any) -> None:
    given = {"title": "Mine", "published_on": "2020", "language": "en", "url": ""}
    made = bring(ann, project, text=PAGE, media_type="text/html", **given).json
    assert {name: made[name] for name in given} == given


def test_a_text_without_a_title_is_named_by_its_first_line(ann: Any, project: Any) -> None:
    made = bring(
        ann, project, text="First line\nand more.\n\nAnother paragraph.", media_type="text/plain"
    ).json
    assert made["title"].startswith("First line")
    assert bring(ann, project, text="x" * 5000).json["title"] == "x" * 200 + "…"


@pytest.mark.parametrize("text", ["", " \n\t ", "<script>1</script>"])
def test_a_text_without_words_is_refused(ann: Any, project: Any, text: str) -> None:
    refused = bring(ann, project, text=text, media_type="text/html" if "<" in text else "text/plain")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/text")


def test_the_snapshot_proves_what_was_captured(ann: Any, project: Any, people: Any) -> None:
    text = "Words 👩🏽‍⚖️ and more.\r\nAnother line."
    made = bring(ann, project, text=text, media_type="text/plain").json
    snapshot = ann.get(f"{HTTP}/snapshots/{made['snapshot']}").json
    assert snapshot["raw_sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert snapshot["text"] == text.replace("\r\n", "\n")
    assert snapshot["text_sha256"] == hashlib.sha256(snapshot["text"].encode()).hexdigest()
    assert (snapshot["characters"], snapshot["number"], snapshot["method"]) == (
        len(snapshot["text"]),
        1,
        "paste",
    )
    assert snapshot["captured_by"] == {"id": people.ann, "name": "Ann"}
    listed = ann.get(f"{HTTP}/articles/{made['id']}/snapshots").json["items"]
    assert listed == [{name: value for name, value in snapshot.items() if name in listed[0]}]
    assert "text" not in listed[0]


def test_blocks_and_sentences_are_places_in_the_text(ann: Any, project: Any) -> None:
    made = bring(ann, project, text="# Heading\n\nOne. Two.\n\n> Quoted.", media_type="text/markdown").json
    snapshot = ann.get(f"{HTTP}/snapshots/{made['snapshot']}").json
    found = [(block["kind"], snapshot["text"][block["start"] : block["end"]]) for block in snapshot["blocks"]]
    assert found == [("heading", "Heading"), ("paragraph", "One. Two."), ("quote", "Quoted.")]
    words = [snapshot["text"][start:end].strip() for start, end in snapshot["sentences"]]
    assert {"One.", "Two.", "Quoted."} <= set(words)


@pytest.mark.parametrize(
    "field", [{"due_on": "2026-01-31"}, {"priority": 3}, {"assignees": []}, {"status": "archived"}]
)
def test_only_editors_plan_and_archive(as_: Any, ann: Any, project: Any, field: dict[str, Any]) -> None:
    path = f"{HTTP}/articles/{bring(ann, project).json['id']}"
    assert ann.change("PATCH", path, {"title": "New", **field}, version=1).status_code == 403
    assert ann.get(path).json["title"] != "New"
    changed = as_("eve").change("PATCH", path, field, version=1)
    assert (changed.status_code, {name: changed.json[name] for name in field}) == (200, field)


@pytest.mark.parametrize(("field", "wrong"),
[("status", "approved"), ("priority", 4), ("priority", -1), ("due_on", "2026-02-30"),
                                              ("title", " "), ("url", "javascript:alert(1)"),
                                              ("direction", "up")])  # fmt: skip
def test_values_that_cannot_be_are_refused(as_: Any, project: Any, field: str, wrong: Any) -> None:
    eve = as_("eve")
    path = f"{HTTP}/articles/{bring(eve, project).json['id']}"
    refused = eve.change("PATCH", path, {field: wrong}, version=1)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, f"/{field}")


def test_assignees_are_members_and_named_once(as_: Any, project: Any, people: Any) -> None:
    eve = as_("eve")
    path = f"{HTTP}/articles/{bring(eve, project).json['id']}"
    changed = eve.change("PATCH", path, {"assignees": [people.ben, people.ann, people.ben]}, version=1)
    assert [person["name"] for person in changed.json["assignees"]] == ["Ann", "Ben"]
    refused = eve.change("PATCH", path, {"assignees": [people.olga]}, version=2)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/assignees")


def test_a_deleted_article_makes_room_for_the_same_text(as_: Any, project: Any) -> None:
    eve = as_("eve")
    first = bring(eve, project).json
    assert bring(eve, project).status_code == 409
    assert eve.change("DELETE", f"{HTTP}/articles/{first['id']}", version=1).status_code == 204
    assert bring(eve, project).status_code == 201


def test_a_large_article_comes_in_and_a_larger_one_does_not(ann: Any, project: Any) -> None:
    made = bring(ann, project, text="word " * 400_000)
    assert (made.status_code, made.json["characters"]) == (201, 2_000_000)
    assert bring(ann, project, text="word " * 3_300_000).status_code == 413
