"""Who may read a protected source: named by a reader, never none, and by the command line when all have left."""

from types import SimpleNamespace
from typing import Any

import pytest
from contract.world import HTTP, put
from sqlalchemy import select

from annotator.cli import group
from annotator.columns import new_id
from annotator.database import db
from annotator.journal.models import Event

REFUSED = "This source is protected. Only its named readers can change it."


@pytest.fixture
def hidden(ann: Any, project: SimpleNamespace) -> str:
    """The path of a source that Ann protects."""
    made = put(ann, "sources", {"project": project.id, "title": "Our man", "confidentiality": "protected"})
    return f"{HTTP}/sources/{made['id']}"


def readers(client: Any, path: str) -> list[str]:
    return [person["name"] for person in client.get(path).json["readers"]]


def test_who_protects_a_source_becomes_its_reader(ann: Any, hidden: str) -> None:
    assert readers(ann, hidden) == ["Ann"]
    assert ann.get(hidden).json["protected"] is True


def test_others_see_that_there_is_one_and_nothing_else(as_: Any, project: Any, hidden: str) -> None:
    found = as_("ben").get(hidden).json
    told = {name: value for name, value in found.items() if value not in ("", None, [], 0)}
    assert told == {
        "id": hidden.split("/")[-1],
        "version": 1,
        "project": project.id,
        "title": "Source protected",
        "confidentiality": "protected",
        "protected": True,
    }


def test_a_reader_names_another_one_who_then_reads(ann: Any, as_: Any, people: Any, hidden: str) -> None:
    change = {"readers": [people.ann, people.ben]}
    assert ann.change("PATCH", hidden, change, version=1).json["version"] == 2
    assert readers(as_("ben"), hidden) == ["Ann", "Ben"]
    assert readers(as_("eve"), hidden) == []


def test_a_reader_can_be_taken_out_again(ann: Any, as_: Any, people: Any, hidden: str) -> None:
    ann.change("PATCH", hidden, {"readers": [people.ann, people.ben]}, version=1)
    as_("ben").change("PATCH", hidden, {"readers": [people.ben]}, version=2)
    assert (readers(ann, hidden), readers(as_("ben"), hidden)) == ([], ["Ben"])


@pytest.mark.parametrize("who", [[], ["dan"], ["olga"]])
def test_an_active_member_must_remain_a_reader(ann: Any, people: Any, hidden: str, who: list[str]) -> None:
    refused = ann.change("PATCH", hidden, {"readers": [getattr(people, name) for name in who]}, version=1)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/readers")
    assert readers(ann, hidden) == ["Ann"]


def test_only_a_protected_source_has_readers(ann: Any, project: Any, people: Any) -> None:
    body = {"project": project.id, "title": "Law", "readers": [people.ann]}
    assert ann.put(f"{HTTP}/sources/{new_id()}", json=body).status_code == 422


def test_a_source_made_public_again_has_no_readers_left(ann: Any, as_: Any, hidden: str) -> None:
    ann.change("PATCH", hidden, {"confidentiality": "internal"}, version=1)
    assert as_("ben").get(hidden).json["title"] == "Our man"
    assert as_("ben").change("PATCH", hidden, {"confidentiality": "protected"}, version=2).status_code == 200
    assert (readers(as_("ben"), hidden), readers(ann, hidden)) == (["Ben"], [])


CHANGES = [
    ("PATCH", "", {"title": "New"}),
    ("PATCH", "", {"readers": []}),
    ("DELETE", "", None),
    ("POST", "/restore", None),
]


@pytest.mark.parametrize(("method", "more", "body"), CHANGES)
@pytest.mark.parametrize("who", ["ben", "eve"])
def test_who_is_no_reader_changes_nothing(
    as_: Any, hidden: str, who: str, method: str, more: str, body: Any
) -> None:
    refused = as_(who).change(method, f"{hidden}{more}", body, version=1)
    assert (refused.status_code, refused.json["detail"]) == (403, REFUSED)


def test_who_is_no_reader_brings_no_copy_in(as_: Any, hidden: str) -> None:
    body = {"source": hidden.split("/")[-1], "text": "Words."}
    refused = as_("eve").put(f"{HTTP}/snapshots/{new_id()}", json=body)
    assert (refused.status_code, refused.json["detail"]) == (403, REFUSED)
    assert as_("eve").get(f"{hidden}/snapshots").status_code == 404
    assert as_("eve").get(f"{hidden}/checks").status_code == 404


def test_the_journal_says_who_was_named(app: Any, people: Any, ann: Any, hidden: str) -> None:
    ann.change("PATCH", hidden, {"readers": [people.ann, people.ben]}, version=1)
    with app.app_context():
        query = (
            select(Event.action, Event.after)
            .where(Event.action.like("source:reader%"))
            .order_by(Event.number)
        )
        lines = [tuple(row) for row in db.session.execute(query)]
    assert lines == [
        ("source:reader-added", {"reader": people.ann}),
        ("source:reader-added", {"reader": people.ben}),
    ]


def command(app: Any, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(group, ["source", "reader", *arguments])


def test_the_command_line_names_a_reader_and_the_journal_says_so(app: Any, as_: Any, hidden: str) -> None:
    key = hidden.split("/")[-1]
    ended = command(app, key, "eve@example.org")
    assert (ended.exit_code, ended.output) == (0, "eve@example.org may read the source now.\n")
    assert readers(as_("eve"), hidden) == ["Ann", "Eve"]
    with app.app_context():
        line = db.session.scalars(select(Event).order_by(Event.number.desc())).first()
        assert line is not None
        assert (line.action, line.actor_id, line.subject_id) == ("source:reader-added", None, key)


@pytest.mark.parametrize(
    ("key", "email", "words"),
    [("x", "eve@example.org", "no source has the id"), ("", "olga@example.org", "Only members"),
     ("", "nobody@example.org", "nobody here")],
)  # fmt: skip
def test_the_command_line_says_what_is_wrong(app: Any, hidden: str, key: str, email: str, words: str) -> None:
    ended = command(app, key or hidden.split("/")[-1], email)
    assert ended.exit_code == 1
    assert words in ended.output


def test_the_form_protects_and_names_readers(ann: Any, as_: Any, people: Any, project: Any) -> None:
    form = {"title": "Our man", "type": "interview", "confidentiality": "protected", "was-readers": "true"}
    page = ann.post(
        f"/projects/{project.slug}/sources/new", data={**form, "readers": [people.ann, people.ben]}
    )
    path = page.headers["Location"].partition("?")[0]
    assert readers(as_("ben"), f"{HTTP}{path.rstrip('/')}") == ["Ann", "Ben"]
    assert "Our man" in as_("ben").get(path).text
    assert "Our man" not in as_("eve").get(path).text
    assert as_("eve").get(f"{path}edit").status_code == 403


def test_who_leaves_the_project_and_comes_back_is_no_reader_any_more(
    as_: Any, ann: Any, people: Any, project: Any, hidden: str
) -> None:
    ann.change("PATCH", hidden, {"readers": [people.ann, people.ben]}, version=1)
    member = f"{HTTP}/projects/{project.id}/members/{people.ben}"
    assert as_("eve").delete(member).status_code == 204
    assert as_("eve").put(member, json={"role": "reviewer"}).status_code in (200, 201)
    assert (as_("ben").get(hidden).json["title"], readers(ann, hidden)) == ("Source protected", ["Ann"])


def test_what_a_statement_said_of_a_protected_source_stays_hidden_when_it_is_moved_to_another(
    as_: Any, ann: Any, project: Any, hidden: str
) -> None:
    about = {
        "project": project.id,
        "speaker": put(ann, "speakers", {"project": project.id, "name": "X"})["id"],
    }
    said = {**about, "quote": "Never.", "source": hidden.split("/")[-1], "locator": "the third drawer"}
    path = f"{HTTP}/statements/{put(ann, 'statements', said)['id']}"
    assert ann.change("PATCH", path, {"source": None, "locator": ""}, version=1).status_code == 200
    page = path.removeprefix(HTTP) + "/"
    assert ("third drawer" in as_("ben").get(page).text, "third drawer" in ann.get(page).text) == (
        False,
        True,
    )
