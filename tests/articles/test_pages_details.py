"""Correcting an article's details, alone and at the same time as somebody else."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from factories import make_article

from annotator.database import db


@pytest.fixture
def path(app: Any, project: SimpleNamespace, people: SimpleNamespace) -> str:
    """The address of an article's details."""
    with app.app_context():
        article = make_article(db.session, project, people.ann, title="Old title", publisher="The Quay")
        db.commit()
    return f"/articles/{article.id}/details"


def opened(client: Any, path: str) -> dict[str, Any]:
    """What the form on the page would send, unchanged."""
    page = client.get(path).text
    hidden = dict(re.findall(r'<input type="hidden" name="((?:was-|version)[^"]*)" value="([^"]*)">', page))
    fields = {key.removeprefix("was-"): value for key, value in hidden.items() if key.startswith("was-")}
    return {**fields, **hidden, "assignees": hidden.get("was-assignees", "").split()}


def now(client: Any, path: str) -> dict[str, Any]:
    """The article as the API gives it."""
    return dict(client.get(f"/api/v1{path.removesuffix('/details')}").json)


def test_reviewer_corrects_the_details(as_: Callable[..., Any], path: str) -> None:
    ann = as_("ann")
    fields = {**opened(ann, path), "title": "New title", "published_on": "2025-02", "status": "in_progress"}
    answer = ann.post(path, data=fields)
    assert answer.location == f"{path}?notice=saved"
    article = now(ann, path)
    assert [article[name] for name in ("title", "published_on", "status", "publisher")] == [
        "New title",
        "2025-02",
        "in_progress",
        "The Quay",
    ]


def test_editor_assigns_and_sets_a_due_date(
    as_: Callable[..., Any], path: str, people: SimpleNamespace
) -> None:
    eve = as_("eve")
    assigned = [people.ben, people.ann]
    eve.post(path, data={**opened(eve, path), "assignees": assigned, "due_on": "2031-01-02", "priority": "2"})
    article = now(eve, path)
    assert [person["name"] for person in article["assignees"]] == ["Ann", "Ben"]
    assert (article["due_on"], article["priority"]) == ("2031-01-02", 2)
    eve.post(path, data={**opened(eve, path), "assignees": [], "due_on": ""})
    assert (now(eve, path)["assignees"], now(eve, path)["due_on"]) == ([], None)


def test_reviewer_cannot_set_what_is_the_editors(
    as_: Callable[..., Any], path: str, people: SimpleNamespace
) -> None:
    ann = as_("ann")
    sent = {**opened(ann, path), "assignees": [people.ann], "was-assignees": "", "due_on": "2031-01-02"}
    ann.post(path, data={**sent, "title": "New"})
    article = now(ann, path)
    assert (article["title"], article["assignees"], article["due_on"]) == ("New", [], None)


def test_only_an_editor_archives(as_: Callable[..., Any], path: str) -> None:
    ann, eve = as_("ann"), as_("eve")
    assert ann.post(path, data={**opened(ann, path), "status": "archived"}).status_code == 422
    assert eve.post(path, data={**opened(eve, path), "status": "archived"}).status_code == 303


def test_approved_cannot_be_chosen(as_: Callable[..., Any], path: str) -> None:
    eve = as_("eve")
    assert eve.post(path, data={**opened(eve, path), "status": "approved"}).status_code == 422
    assert now(eve, path)["status"] == "new"


def test_wrong_fields_keep_what_was_typed(as_: Callable[..., Any], path: str) -> None:
    ann = as_("ann")
    answer = ann.post(
        path, data={**opened(ann, path), "title": "", "publisher": "Mine", "published_on": "May"}
    )
    assert answer.status_code == 422
    assert all(words in answer.text for words in ("Fill this in.", 'value="Mine"', 'value="May"'))
    assert now(ann, path)["title"] == "Old title"


def test_the_same_field_changed_twice_shows_both(as_: Callable[..., Any], path: str) -> None:
    ann, ben = as_("ann"), as_("ben")
    old = opened(ann, path)
    ben.post(path, data={**opened(ben, path), "title": "Title by Ben"})
    answer = ann.post(path, data={**old, "title": "Title by Ann", "byline": "Cleo"})
    assert answer.status_code == 412
    assert all(
        words in answer.text for words in ("Title by Ann", "Title by Ben", "Ben saved", 'value="Cleo"')
    )
    assert now(ann, path)["title"] == "Title by Ben"


@pytest.mark.parametrize(("choice", "title"), [("mine", "Title by Ann"), ("theirs", "Title by Ben")])
def test_after_a_clash_the_chosen_version_is_saved(
    as_: Callable[..., Any], path: str, choice: str, title: str
) -> None:
    ann, ben = as_("ann"), as_("ben")
    ben.post(path, data={**opened(ben, path), "title": "Title by Ben"})
    anew = {**opened(ann, path), "title": "Title by Ann", "byline": "Cleo", "choose-title": choice}
    assert ann.post(path, data=anew).status_code == 303
    assert (now(ann, path)["title"], now(ann, path)["byline"]) == (title, "Cleo")


def test_different_fields_changed_at_once_are_both_kept(as_: Callable[..., Any], path: str) -> None:
    ann, ben = as_("ann"), as_("ben")
    old = opened(ann, path)
    ben.post(path, data={**opened(ben, path), "title": "Title by Ben"})
    assert ann.post(path, data={**old, "byline": "Cleo"}).status_code == 303
    assert (now(ann, path)["title"], now(ann, path)["byline"]) == ("Title by Ben", "Cleo")


def test_a_form_without_the_values_it_was_made_from_overwrites_nothing(
    as_: Callable[..., Any], path: str
) -> None:
    ann, ben = as_("ann"), as_("ben")
    ben.post(path, data={**opened(ben, path), "title": "Title by Ben"})
    assert ann.post(path, data={"version": "1", "title": "Title by Ann"}).status_code == 412


def test_viewer_sees_facts_and_no_controls(as_: Callable[..., Any], path: str) -> None:
    dee = as_("dee")
    page = dee.get(path).text
    assert ("The Quay" in page, "Delete article" in page, 'name="title"' in page) == (True, False, False)
    assert dee.post(path, data={"title": "Mine"}).status_code == 403


def test_details_list_the_captured_text(as_: Callable[..., Any], path: str) -> None:
    ann = as_("ann")
    [snapshot] = ann.get(f"/api/v1{path.removesuffix('/details')}/snapshots").json["items"]
    page = ann.get(path).text
    assert snapshot["text_sha256"][:12] in page
    assert "Pasted, plain text" in page


def test_a_deactivated_person_stays_assigned(
    as_: Callable[..., Any], path: str, people: SimpleNamespace
) -> None:
    eve = as_("eve")
    eve.change("PATCH", f"/api/v1{path.removesuffix('/details')}", {"assignees": [people.dan]}, version=1)
    assert f'value="{people.dan}" id="a-{people.dan}" checked' in eve.get(path).text
    eve.post(path, data={**opened(eve, path), "title": "New"})
    assert [person["name"] for person in now(eve, path)["assignees"]] == ["Dan"]
