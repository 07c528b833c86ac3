"""Files that are made to gain rights, to forge, to fill memory, or to break off: taken whole, or refused whole."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import pytest
from attacks.untouched import REFUSED, untouched
from contract.world import HTTP, from_elsewhere
from exchange.rich import as_file, rich_document
from factories import make_article
from running import ROOT
from sqlalchemy import func, select

from annotator.accounts.models import User
from annotator.app import Annotator, create_app
from annotator.columns import new_id
from annotator.config import read_settings
from annotator.database import db
from annotator.journal.models import Event
from annotator.projects.models import Membership, Project
from annotator.sources.models import Source

MOST_GROWTH = 80 * 1024
"""Kibibytes: the body of 10 MB a few times, and nothing of what it would become."""


def post(client: Any, path: str, data: bytes) -> Any:
    return client.post(f"{HTTP}{path}", data=data, content_type="application/json")


def size(name: str) -> int:
    """Give how many kibibytes this process has (VmRSS) or had at most (VmHWM)."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition(f"{name}:")[2].split()[0])


@pytest.fixture
def exported(app: Annotator, as_: Any, people: Any, project: Any) -> bytes:
    """The desk's file, with an article in it."""
    with app.app_context():
        make_article(db.session, project, people.ann)
        db.commit()
    data: bytes = as_("dee").get(f"{HTTP}/projects/{project.id}/export").data
    return data


def test_e02_fifty_megabytes_are_refused_unread(app: Annotator, as_: Any, project: Any) -> None:
    with untouched(app, but=REFUSED):
        begun = time.process_time()
        for path, who in (("/import", "cleo"), (f"/projects/{project.id}/import", "eve")):
            assert post(as_(who), path, b" " * 50_000_000).status_code == 413
        assert time.process_time() - begun < 2


@pytest.mark.parametrize("part", [b"[],", b"{},", b'{"a":0},', b"[[]],"])
def test_e02_ten_megabytes_of_empty_parts_take_no_memory(app: Annotator, as_: Any, part: bytes) -> None:
    parts = part * (10_000_000 // len(part))
    data = b'{"format":"annotator-native","version":2,"articles":[' + parts + b"0]}"
    cleo = as_("cleo")
    Path("/proc/self/clear_refs").write_text("5", "utf-8")
    before, begun = size("VmRSS"), time.process_time()
    with untouched(app, but=REFUSED):
        refused = post(cleo, "/import", data)
    assert (refused.status_code, "more lists and objects" in refused.text) == (422, True)
    assert (size("VmHWM") - before < MOST_GROWTH, time.process_time() - begun < 5) == (True, True)


def test_e02_a_text_full_of_brackets_is_no_attack(app: Annotator, as_: Any) -> None:
    document = rich_document()
    document["statements"][0]["body"] = "[{" * 5_000
    assert "more lists" not in post(as_("cleo"), "/import", as_file(document)).text


def test_e03_ids_that_are_taken_are_refused_and_change_nothing(
    app: Annotator, as_: Any, exported: bytes
) -> None:
    document = orjson.loads(exported)
    document["project"] |= {"id": new_id(), "slug": "stolen"}
    with untouched(app, but=REFUSED):
        refused = post(as_("cleo"), "/import", as_file(document))
    assert refused.status_code == 422
    assert {row["detail"] for row in refused.json["errors"]} == {
        "Something else is stored here under this id."
    }


@pytest.mark.parametrize("field", ["is_admin", "email", "password_hash", "active", "role"])
def test_e03_people_bring_no_rights(app: Annotator, as_: Any, field: str) -> None:
    document = rich_document()
    document["people"][0][field] = "editor" if field == "role" else True
    with untouched(app, but=REFUSED):
        assert post(as_("cleo"), "/import", as_file(document)).status_code == 422


@pytest.mark.parametrize("part", ["memberships", "users", "roles", "api_tokens"])
def test_e03_other_lists_are_refused(app: Annotator, as_: Any, people: Any, part: str) -> None:
    document = {**rich_document(), part: [{"user": people.olga, "role": "editor"}]}
    with untouched(app, but=REFUSED):
        assert post(as_("cleo"), "/import", orjson.dumps(document)).status_code == 422


def test_e03_whoever_is_named_as_author_gains_nothing_and_forges_no_line(
    app: Annotator, as_: Any, people: Any
) -> None:
    data = as_file(rich_document())
    forged = orjson.loads(data)
    evil = forged["people"][0]["id"]
    forged = orjson.loads(orjson.dumps(forged).replace(evil.encode(), people.cleo.encode()))
    forged["people"][0]["name"] = "Not Cleo"
    assert post(as_("cleo"), "/import", as_file(forged)).status_code == 201
    with app.app_context():
        cleo = db.session.get_one(User, people.cleo)
        assert (cleo.name, cleo.is_admin, cleo.email) == ("Cleo", True, "cleo@example.org")
        assert db.session.scalar(select(func.count()).select_from(Membership)) == 0
        lines = select(Event.origin).where(Event.project_id == forged["project"]["id"])
        origins = list(db.session.scalars(lines.order_by(Event.number)))
    assert (None in origins[:-1], origins[-1], len(origins) > 1) == (False, None, True)


def large_file(sources: int) -> bytes:
    """A project of many sources, as another installation would export it."""
    document = rich_document()
    plain = next(row for row in document["sources"] if row["deleted_at"] is None and not row["url"])
    more = [{**plain, "id": new_id(), "title": f"Source {number}"} for number in range(sources)]
    return as_file({**document, "sources": [*document["sources"], *more]})


def sources_of(instance: Path) -> int:
    """Give how many sources there are; without a project there must be none."""
    app = create_app(read_settings(str(instance)))
    with app.app_context():
        projects, sources = (
            db.session.scalar(select(func.count()).select_from(kind)) for kind in (Project, Source)
        )
    app.extensions["annotator.database"].engine.dispose()
    assert (projects == 0) == (sources == 0)
    return sources or 0


def test_e04_an_import_that_is_killed_leaves_nothing_and_its_retry_one_copy(
    tmp_path: Path, sqlite_template: bytes
) -> None:
    instance, file = tmp_path / "instance", tmp_path / "large.json"
    instance.mkdir()
    (instance / "annotator.sqlite").write_bytes(sqlite_template)
    file.write_bytes(large_file(3_000))
    command = [sys.executable, "-W", "ignore", "-m", "annotator", "import", str(file)]
    environment = {**os.environ, "ANNOTATOR_INSTANCE": str(instance), "DATABASE_URL": ""}
    log = instance / "annotator.sqlite-wal"
    killed = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE)
    # the transaction has begun to spill what it writes, and has not ended
    while killed.poll() is None and not (log.exists() and log.stat().st_size > 200_000):
        time.sleep(0.005)
    killed.kill()
    said = killed.communicate(timeout=20)[1]
    assert killed.returncode == -signal.SIGKILL, said
    assert sources_of(instance) == 0
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    assert 3_000 < sources_of(instance) < 3_100
    again = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert (again.returncode, "This project is here already" in again.stderr) == (1, True)


def test_e05_the_same_project_twice_is_recognised(app: Annotator, as_: Any) -> None:
    data, cleo = as_file(rich_document()), as_("cleo")
    assert post(cleo, "/import", data).status_code == 201
    with untouched(app, but=REFUSED):
        again = post(cleo, "/import", data)
    assert (again.status_code, again.json["errors"][0]["pointer"]) == (422, "/project/id")
    assert again.json["errors"][0]["detail"].startswith("This project is here already: ")


def test_e05_the_same_article_twice_is_recognised(
    app: Annotator, as_: Any, people: Any, project: Any
) -> None:
    with app.app_context():
        article = make_article(db.session, project, people.ann)
        db.commit()
    eve = as_("eve")
    data = eve.get(f"{HTTP}/articles/{article.id}/export").data
    with untouched(app, but=REFUSED):
        again = post(eve, f"/projects/{project.id}/import", data)
    assert (again.status_code, again.json["kept"]["articles"], any(again.json["added"].values())) == (
        200,
        1,
        False,
    )


@pytest.mark.parametrize(("version", "said"), [(b"0", "is 0; this program reads the versions 1 to 2"),
                                               (b"3", "is 3; this program reads the versions 1 to 2")])  # fmt: skip
def test_e06_other_versions_are_refused_naming_both(
    app: Annotator, as_: Any, version: bytes, said: str
) -> None:
    data = as_file(rich_document()).replace(b'"version":2,', b'"version":%s,' % version, 1)
    with untouched(app, but=REFUSED):
        refused = post(as_("cleo"), "/import", data)
    assert (refused.status_code, said in refused.json["errors"][0]["detail"]) == (422, True)


def test_e06_a_wrong_checksum_is_refused(app: Annotator, as_: Any, exported: bytes) -> None:
    changed = from_elsewhere(exported).replace(b"Ministers met", b"Ministers sat", 1)
    with untouched(app, but=REFUSED):
        refused = post(as_("cleo"), "/import", changed)
    assert (refused.status_code, "/sha256" in [row["pointer"] for row in refused.json["errors"]]) == (
        422,
        True,
    )


def test_e07_an_export_of_an_import_is_the_same_byte_for_byte(app: Annotator, as_: Any, people: Any) -> None:
    document = rich_document()
    assert post(as_("cleo"), "/import", as_file(document)).status_code == 201
    key = document["project"]["id"]
    with app.app_context():
        about = {
            "user_id": people.dee,
            "role": "viewer",
            "created_at": db.session.get_one(User, people.dee).created_at,
        }
        db.session.add(Membership(project_id=key, **about))
        db.commit()
    first, second = (as_("dee").get(f"{HTTP}/projects/{key}/export").data for _ in range(2))
    lists = [
        data[data.index(b'"articles":') : data.index(b'"events":')]
        for data in (first, second, as_file(document))
    ]
    assert lists[0] == lists[1] == lists[2]


def test_e08_a_viewer_takes_out_what_she_may_read_and_leaves_one_line(
    app: Annotator, as_: Any, people: Any, project: Any
) -> None:
    dee = as_("dee")
    with untouched(app, but=REFUSED):
        assert dee.get(f"{HTTP}/projects/{project.id}/export").status_code == 200
        assert as_("olga").get(f"{HTTP}/projects/{project.id}/export").status_code == 404
    with app.app_context():
        lines = select(Event.actor_id).where(
            Event.action == "project:exported", Event.project_id == project.id
        )
        assert list(db.session.scalars(lines)) == [people.dee]
