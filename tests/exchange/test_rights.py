"""Who may take things out and bring them in, and what an import can never give."""

import importlib
import io
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from exchange.rich import as_file
from factories import TEXT, make_article
from sqlalchemy import event, func, select

from annotator.accounts.models import User
from annotator.app import Annotator
from annotator.columns import new_id
from annotator.database import db
from annotator.journal.models import Event
from annotator.projects.models import Membership

API = "/api/v1"


@pytest.fixture
def article(app: Annotator, people: SimpleNamespace, project: SimpleNamespace) -> SimpleNamespace:
    with app.app_context():
        made = make_article(db.session, project, people.ann)
        db.commit()
    return made


def mark(client: Any, article: SimpleNamespace, words: str) -> str:
    start, key = TEXT.index(words), new_id()
    spans = [{"start": start, "end": start + len(words)}]
    body = {"article": article.id, "snapshot": article.snapshot, "kind": "claim", "spans": spans}
    assert client.put(f"{API}/annotations/{key}", json=body).status_code == 201
    return key


def link(client: Any, near: str, **far: str) -> str:
    key = new_id()
    answer = client.put(f"{API}/links/{key}", json={"annotation": near, "relation": "same_claim", **far})
    assert answer.status_code == 201, answer.text
    return key


def post(client: Any, path: str, data: bytes) -> Any:
    """Send a file; what begins like an archive is sent as one."""
    kind = "application/zip" if data.startswith(b"PK") else "application/json"
    return client.post(path, data=data, content_type=kind)


@pytest.mark.parametrize(("who", "status"), [("dee", 200), ("eve", 200), ("cleo", 404), ("olga", 404)])
@pytest.mark.parametrize("path", ["/projects/{p}/export", "/articles/{a}/export"])
def test_members_alone_export(as_: Any, article: Any, project: Any, who: str, status: int, path: str) -> None:
    answer = as_(who).get(API + path.format(p=project.id, a=article.id))
    assert answer.status_code == status


def test_export_is_a_download_with_a_clean_name(as_: Any, project: Any, article: SimpleNamespace) -> None:
    answer = as_("dee").get(f"/articles/{article.id}/export")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=annotator-the-harbour-")
    assert answer.mimetype == "application/json"
    assert as_("dee").get(f"/projects/{project.slug}/export").json["project"]["slug"] == "desk"


def test_each_export_leaves_one_line_that_is_not_exported(app: Annotator, as_: Any, project: Any) -> None:
    first = as_("dee").get(f"{API}/projects/{project.id}/export").json
    second = as_("dee").get(f"{API}/projects/{project.id}/export").json
    assert first["events"] == second["events"]
    with app.app_context():
        lines = select(func.count()).where(Event.action == "project:exported", Event.subject_id == project.id)
        assert db.session.scalar(lines) == 2


def test_file_holds_names_but_no_addresses_and_no_roles(as_: Any, project: Any, article: Any) -> None:
    answer = as_("dee").get(f"{API}/projects/{project.id}/export")
    assert {"name": "Ann", "id": answer.json["articles"][0]["created_by"]} in answer.json["people"]
    assert "@example.org" not in answer.text
    assert "Olga" not in answer.text


def test_queries_of_an_export_do_not_grow_with_it(
    app: Annotator, as_: Any, project: Any, article: Any
) -> None:
    ann, asked = as_("ann"), []
    engine = app.extensions["annotator.database"].engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    counts = []
    for words in ("Nobody answered.", "Ministers", "The mayor", "in the old hall"):
        mark(ann, article, words)
        asked.clear()
        assert ann.get(f"{API}/projects/{project.id}/export").json["counts"]["annotations"] == len(counts) + 1
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_articles_file_leaves_links_to_other_articles_out_and_says_so(
    app: Annotator, as_: Any, people: Any, project: Any, article: SimpleNamespace
) -> None:
    with app.app_context():
        other = make_article(db.session, project, people.ann, TEXT + " Then all left.")
        db.commit()
    ann = as_("ann")
    near, beside, far = (
        mark(ann, article, "Ministers"),
        mark(ann, article, "The mayor"),
        mark(ann, other, "Nobody"),
    )
    inside = link(ann, near, target=beside)
    outside = [link(ann, near, target=far), link(ann, far, target=beside)]
    found = ann.get(f"{API}/articles/{article.id}/export").json
    assert [row["id"] for row in found["links"]] == [inside]
    assert found["left_out"] == {"links": 2}
    assert not {row["subject"] for row in found["events"]} & {far, *outside}


@pytest.mark.parametrize(("who", "status"), [("cleo", 201), ("eve", 403), ("olga", 403)])
def test_administrators_alone_import_projects(as_: Any, rich: Any, who: str, status: int) -> None:
    assert post(as_(who), f"{API}/import", as_file(rich)).status_code == status


def test_import_gives_nobody_a_right(app: Annotator, as_: Any, people: Any, rich: dict[str, Any]) -> None:
    ann, ben = (
        next(row["id"] for row in rich["people"] if row["name"].startswith(name)) for name in ("Ann", "Ben")
    )
    data = as_file(orjson.loads(orjson.dumps(rich).replace(ann.encode(), people.eve.encode())))
    assert post(as_("cleo"), f"{API}/import", data).status_code == 201
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Membership)) == 0
        stub = db.session.get_one(User, ben)
        assert (stub.name, stub.email, stub.active, stub.is_admin, stub.password_hash) == (
            "Ben",
            None,
            False,
            False,
            None,
        )
        assert db.session.get_one(User, people.eve).name == "Eve"
    assert as_("cleo").get(f"{API}/projects/{rich['project']['id']}").status_code == 404


def test_imported_lines_are_marked_and_the_import_is_not(
    app: Annotator, as_: Any, rich: Any, people: Any
) -> None:
    data = as_file(rich)
    post(as_("cleo"), f"{API}/import", data)
    with app.app_context():
        lines = db.session.execute(
            select(Event.origin, Event.action, Event.actor_id)
            .where(Event.project_id == rich["project"]["id"])
            .order_by(Event.number)
        ).all()
    assert {line.origin for line in lines[:-1]} == {orjson.loads(data)["sha256"]}
    assert lines[-1] == (None, "project:imported", people.cleo)


def test_refused_file_answers_with_pointers(as_: Any, rich: dict[str, Any]) -> None:
    rich["articles"][1]["title"] = ""
    answer = post(as_("cleo"), f"{API}/import", as_file(rich))
    assert answer.status_code == 422
    assert answer.json["type"] == "/problems/invalid"
    assert answer.json["errors"] == [{"pointer": "/articles/1/title", "detail": "This cannot be empty."}]


def test_body_of_another_type_is_refused(as_: Any) -> None:
    assert as_("cleo").post(f"{API}/import", data=b"x", content_type="text/plain").status_code == 415


def test_file_beyond_the_limit_is_refused(as_: Any) -> None:
    assert post(as_("cleo"), f"{API}/import", b" " * 16_000_001).status_code == 413


def test_another_short_name_can_be_chosen(as_: Any, project: Any, rich: dict[str, Any]) -> None:
    rich["project"]["slug"] = project.slug
    refused = post(as_("cleo"), f"{API}/import", as_file(rich))
    assert [row["pointer"] for row in refused.json["errors"]] == ["/project/slug"]
    taken = post(as_("cleo"), f"{API}/import?slug=fresh", as_file(rich))
    assert taken.json["project"] == {"id": rich["project"]["id"], "slug": "fresh", "name": "Талки"}


def exported(client: Any, article: SimpleNamespace) -> bytes:
    data: bytes = client.get(f"{API}/articles/{article.id}/export").data
    return data


def test_article_that_is_here_as_in_the_file_is_kept(
    as_: Any, project: Any, article: SimpleNamespace
) -> None:
    mark(as_("ann"), article, "Nobody answered.")
    answer = post(as_("eve"), f"{API}/projects/{project.id}/import", exported(as_("eve"), article))
    assert answer.status_code == 200, answer.text
    assert not any(answer.json["added"].values())
    kept = {name: number for name, number in answer.json["kept"].items() if number}
    assert kept == {"articles": 1, "snapshots": 1, "annotations": 1}


def test_article_that_was_changed_since_is_not_touched(
    as_: Any, project: Any, article: SimpleNamespace
) -> None:
    data, eve = exported(as_("eve"), article), as_("eve")
    eve.change("PATCH", f"{API}/articles/{article.id}", {"title": "Another"}, version=1)
    answer = post(eve, f"{API}/projects/{project.id}/import", data)
    assert answer.status_code == 422
    assert answer.json["errors"] == [
        {
            "pointer": "/articles/0",
            "detail": "This article is here already, but not as in the file (version 2 here, 1 in the file).",
        }
    ]


def test_article_of_another_project_here_is_refused(
    app: Annotator, as_: Any, people: Any, article: SimpleNamespace, rich: dict[str, Any]
) -> None:
    rich["project"]["archived_at"] = None
    post(as_("cleo"), f"{API}/import", as_file(rich))
    with app.app_context():
        db.session.add(Membership(project_id=rich["project"]["id"], user_id=people.eve, role="editor",
                                  created_at=db.session.get_one(User, people.eve).created_at))  # fmt: skip
        db.commit()
    answer = post(as_("eve"), f"{API}/projects/{rich['project']['id']}/import", exported(as_("eve"), article))
    assert {row["detail"] for row in answer.json["errors"]} == {
        "Something else is stored here under this id."
    }


@pytest.mark.parametrize(
    ("who", "status"), [("eve", 200), ("ann", 403), ("dee", 403), ("olga", 404), ("cleo", 404)]
)
def test_editors_alone_import_articles(as_: Any, project: Any, article: Any, who: str, status: int) -> None:
    answer = post(as_(who), f"{API}/projects/{project.id}/import", exported(as_("eve"), article))
    assert answer.status_code == status


def test_archived_project_takes_no_article(as_: Any, project: Any, article: SimpleNamespace) -> None:
    data, eve = exported(as_("eve"), article), as_("eve")
    assert (
        eve.change("PATCH", f"{API}/projects/{project.id}", {"archived": True}, version=1).status_code == 200
    )
    assert post(eve, f"{API}/projects/{project.id}/import", data).status_code == 409


def test_file_of_a_project_does_not_go_into_another(as_: Any, project: Any, rich: dict[str, Any]) -> None:
    answer = post(as_("eve"), f"{API}/projects/{project.id}/import", as_file(rich))
    assert [row["pointer"] for row in answer.json["errors"]] == ["/scope"]


@pytest.mark.parametrize("door", ["api", "pages"])
def test_others_write_while_a_file_is_read(
    as_: Any, project: Any, article: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    ben, file = as_("ben"), as_("eve").get(f"{API}/articles/{article.id}/export").data
    module = importlib.import_module(f"annotator.exchange.{door}")
    read_file, meanwhile = module.read_file, []

    def reading(*args: Any, **more: Any) -> Any:
        body = {"project": project.id, "title": "Meanwhile"}
        with ThreadPoolExecutor() as others:
            answer = others.submit(ben.put, f"{API}/sources/{new_id()}", json=body)
            meanwhile.append(answer.result().status_code)
        return read_file(*args, **more)

    monkeypatch.setattr(module, "read_file", reading)
    sent = {
        "api": (f"{API}/projects/{project.id}/import", {"data": file, "content_type": "application/json"}),
        "pages": (f"/projects/{project.slug}/import", {"data": {"file": (io.BytesIO(file), "a.json")}}),
    }
    path, body = sent[door]
    assert (as_("eve").post(path, **body).status_code, meanwhile) == (200, [201])
