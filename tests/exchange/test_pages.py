"""The pages that take files out and bring them in."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from exchange.rich import as_file
from factories import make_article
from flask.testing import FlaskClient

from annotator.app import Annotator
from annotator.database import db


def send(client: Any, path: str, data: bytes | None, **fields: str) -> Any:
    form: dict[str, Any] = {**fields, "csrf_token": client.token}
    if data is not None:
        form["file"] = (BytesIO(data), "file.json")
    return client.post(path, data=form, content_type="multipart/form-data")


def test_whole_project_comes_in_by_the_page(as_: Any, rich: dict[str, Any]) -> None:
    answer = send(as_("cleo"), "/admin/import", as_file(rich))
    assert answer.status_code == 200, answer.text
    assert "The file is imported" in answer.text
    assert (
        "5 articles, 31 sources, 13 snapshots, 5 checks of sources, 4 speakers, 3 merges of speakers"
        in answer.text
    )
    assert f"/admin/projects/{rich['project']['id']}" in answer.text


def test_page_lists_what_is_wrong_and_where(as_: Any, rich: dict[str, Any]) -> None:
    rich["articles"][1]["title"] = ""
    answer = send(as_("cleo"), "/admin/import", as_file(rich))
    assert answer.status_code == 422
    assert "<code>/articles/1/title</code>" in answer.text
    assert "Nothing was imported" in answer.text


@pytest.mark.parametrize("data", [b"", b"{}", b"annotator-native"])
def test_page_says_that_another_file_is_none_of_ours(as_: Any, data: bytes) -> None:
    answer = send(as_("cleo"), "/admin/import", data)
    assert answer.status_code == 422
    assert "no file of the format annotator-native" in answer.text


def test_page_asks_for_a_file(as_: Any) -> None:
    answer = send(as_("cleo"), "/admin/import", None)
    assert answer.status_code == 422
    assert "Choose the file that an export gave." in answer.text


def test_page_takes_another_short_name(as_: Any, rich: dict[str, Any]) -> None:
    assert send(as_("cleo"), "/admin/import", as_file(rich), slug="Not so").status_code == 422
    assert "Талки" in send(as_("cleo"), "/admin/import", as_file(rich), slug="so").text


def test_articles_file_is_imported_once(
    app: Annotator, as_: Any, people: Any, project: SimpleNamespace
) -> None:
    with app.app_context():
        article = make_article(db.session, project, people.ann)
        db.commit()
    data = as_("eve").get(f"/articles/{article.id}/export").data
    answer = send(as_("eve"), f"/projects/{project.slug}/import", data)
    assert answer.status_code == 200
    assert "Everything in this file is here already" in answer.text
    assert "1 article, 1 snapshot" in answer.text


@pytest.mark.parametrize(("who", "status"), [("eve", 200), ("ann", 403), ("olga", 404)])
def test_editors_see_the_import_page(as_: Any, project: SimpleNamespace, who: str, status: int) -> None:
    assert as_(who).get(f"/projects/{project.slug}/import").status_code == status


@pytest.mark.parametrize(("who", "status"), [("cleo", 200), ("eve", 403)])
def test_administrators_see_the_sites_import_page(as_: Any, who: str, status: int) -> None:
    assert as_(who).get("/admin/import").status_code == status


def test_signed_out_are_asked_to_sign_in(client: FlaskClient, project: SimpleNamespace) -> None:
    answer = client.get(f"/projects/{project.slug}/export")
    assert answer.status_code == 302
    assert "/login?next=" in answer.headers["Location"]
