"""One-time links, API tokens and the site's own key under attack."""

import logging
import sqlite3
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from attacks.untouched import REFUSED, untouched
from contract.requests_of import body_of, path_of, routes
from contract.world import HTTP, World
from factories import make_project
from flask.testing import FlaskClient
from mailserver import Mailbox
from sqlalchemy import event, insert, inspect, select, text

from annotator.accounts import operations, tokens
from annotator.accounts.models import User
from annotator.app import Annotator
from annotator.columns import now
from annotator.config import ConfigError, read_settings
from annotator.database import db
from annotator.identity import Scope
from annotator.projects.models import Membership

SAME = {"Sec-Fetch-Site": "same-origin"}
NEW = {"password": "seven quiet bells"}


def link_of(app: Annotator, user_id: str) -> str:
    """A new one-time link to set this person's password."""
    with app.app_context():
        user = db.session.get_one(User, user_id)
        token = operations.make_password_link(db.session, user, actor=None)
        db.commit()
    return f"/password/{token}"


def token_of(app: Annotator, user_id: str, **more: Any) -> dict[str, str]:
    """The header of a new API token of this person."""
    with app.app_context():
        user = db.session.get_one(User, user_id)
        given = {"name": "script", "scope": Scope.WRITE, "actor": user_id, **more}
        _, value = tokens.make_token(db.session, user, **given)
        db.commit()
    return {"Authorization": f"Bearer {value}"}


@pytest.mark.parametrize("key", ["dev", "secret", "x" * 31, "a" * 64, "abcabc" * 12])
def test_a07_the_program_does_not_start_with_a_key_that_can_be_guessed(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        read_settings(str(tmp_path), secret_key=key)


def test_a07_an_empty_key_file_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        read_settings(str(tmp_path))


def test_a07_the_first_start_makes_a_key_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = read_settings(str(tmp_path)).secret_key, read_settings(str(tmp_path)).secret_key
    assert (first == second, len(first) >= 43) == (True, True)
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a08_there_is_nobody_after_installation_and_the_first_link_works_once(
    app: Annotator, client: FlaskClient
) -> None:
    with app.app_context():
        assert db.session.scalars(select(User)).all() == []
        link = f"/password/{operations.ensure_first_admin(db.session)}"
        db.commit()
        assert db.session.scalars(select(User.password_hash)).all() == [None]
    about = {"name": "Cleo", "email": "cleo@example.org", **NEW}
    assert client.post(link, data=about, headers=SAME).status_code == 303
    other = app.test_client()
    assert [other.get(link).status_code, other.post(link, data=about, headers=SAME).status_code] == [410, 410]


def test_a11_known_and_unknown_get_one_answer_for_the_same_work(
    app: Annotator, client: FlaskClient, mailbox: Mailbox, password: str
) -> None:
    engine, answers = app.extensions["annotator.database"].engine, []
    for email in ("ann@example.org", "nix@example.org"):
        sent: list[str] = []
        event.listen(engine, "before_cursor_execute", note := lambda *given, sent=sent: sent.append(given[2]))
        answer = client.post("/forgotten", data={"email": email}, headers=SAME)
        event.remove(engine, "before_cursor_execute", note)
        counted = [line for line in sent if line.startswith("INSERT INTO rate_counts")]
        answers.append((answer.status_code, answer.text.replace(email, ""), counted))
        mailbox.wait()
    assert answers[0] == answers[1]
    assert [len(mailbox.mails(email)) for email in ("ann@example.org", "nix@example.org")] == [1, 0]


def test_a20_a_link_works_once(app: Annotator, client: FlaskClient, people: SimpleNamespace) -> None:
    link = link_of(app, people.ann)
    assert client.post(link, data=NEW, headers=SAME).status_code == 303
    with untouched(app):
        assert app.test_client().post(link, data=NEW, headers=SAME).status_code == 410


def test_a20_a_link_ends_with_another_password(
    app: Annotator, as_: Any, client: FlaskClient, people: SimpleNamespace, password: str
) -> None:
    link = link_of(app, people.ann)
    as_("ann").post("/account/password", data={"current": password, **NEW})
    with untouched(app):
        assert client.post(link, data={"password": "other quiet bells"}, headers=SAME).status_code == 410


def test_a20_a_link_ends_after_an_hour(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, password: str
) -> None:
    link = link_of(app, people.ann)
    with untouched(app), time_machine.travel(now() + timedelta(minutes=61)):
        assert client.post(link, data=NEW, headers=SAME).status_code == 410


def test_a20_a_link_cut_short_or_of_somebody_deactivated_is_nothing(
    app: Annotator, as_: Any, client: FlaskClient, people: SimpleNamespace
) -> None:
    link, cut = link_of(app, people.ann), link_of(app, people.ben)[:-1]
    as_("cleo").post(f"/admin/people/{people.ann}/deactivate")
    with untouched(app):
        assert client.post(cut, data=NEW, headers=SAME).status_code == 410
        assert client.post(link, data=NEW, headers=SAME).status_code == 410


def test_a20_a_link_sets_the_password_of_its_person_whoever_is_signed_in(
    app: Annotator, as_: Any, people: SimpleNamespace, password: str
) -> None:
    link, ben = link_of(app, people.ann), as_("ben")
    ben.post(link, data={**NEW, "user": people.ben, "email": "ben@example.org"})
    with app.app_context():
        hashes = {row.id: row.password_hash for row in db.session.scalars(select(User))}
    assert hashes[people.ben] is None
    assert ben.get("/api/v1/me").json["id"] == people.ann


def test_a23_a_token_in_the_address_is_refused_and_not_logged(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    value = token_of(app, people.ann)["Authorization"].removeprefix("Bearer ")
    with caplog.at_level(logging.DEBUG), untouched(app):
        for name in ("token", "access_token", "x"):
            assert client.get(f"/api/v1/me?{name}={value}").status_code == 400
            assert client.get(f"/account?{name}={value}").status_code == 400
    assert value not in caplog.text


def test_a24_a_token_is_nowhere_but_in_the_answer_that_made_it(
    app: Annotator, as_: Any, project: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    ann, form = as_("ann"), {"purpose": "nightly", "scope": "read", "days": "7"}
    with caplog.at_level(logging.DEBUG):
        page = ann.post("/account/tokens", data=form).text
        value = "ann_" + page.partition('value="ann_')[2].partition('"')[0]
        ann.get("/api/v1/me", headers={"Authorization": f"Bearer {value}"})
        pages = [ann.get(path).text for path in ("/account", f"/api/v1/projects/{project.id}/export")]
    engine = app.extensions["annotator.database"].engine
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        rows = [str(connection.execute(text(f'SELECT * FROM "{name}"')).all()) for name in names]
    assert len(value) > 40
    assert [one for one in (*pages, *rows, caplog.text) if value[4:] in one] == []


def test_a24_the_database_file_and_its_copy_hold_the_hash_alone(world: World, tmp_path: Path) -> None:
    value = world.tokens["eve:write"]
    file = Path(world.app.config["SETTINGS"].database_url.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as there, sqlite3.connect(tmp_path / "copy.sqlite") as copy:
        there.backup(copy)
    copy.close()
    there.close()
    found = [*file.parent.glob(f"{file.name}*"), tmp_path / "copy.sqlite"]
    assert [one.name for one in found if value.encode() in one.read_bytes()] == []


OPEN_TO_ALL = ("/login", "/logout", "/password/", "/forgotten", "/email/", "/invitation/", f"{HTTP}/session")


def test_a25_a_token_to_read_changes_nothing_by_any_route(kept_world: World) -> None:
    found = {}
    for path, method, rule in routes(kept_world.app):
        if method in ("GET", "HEAD", "OPTIONS") or path.startswith(OPEN_TO_ALL):
            continue
        kept_world.restore()
        given = body_of(kept_world, rule, method, kept_world.desk)
        address = path_of(kept_world, rule, method, kept_world.desk | kept_world.own("eve"))
        answer = kept_world.client("eve:read").open(address, method=method, buffered=True, **given)
        found[method, path] = answer.status_code
    assert len(found) > 80
    assert {key: status for key, status in found.items() if status not in (403, 404)} == {}


def test_a25_a_token_of_one_project_finds_nothing_of_another(kept_world: World) -> None:
    kept_world.restore()
    with kept_world.app.app_context():
        about = {"user_id": kept_world.people.eve, "role": "editor", "created_at": now()}
        db.session.execute(insert(Membership).values(project_id=kept_world.other["project"], **about))
        db.commit()
    headers = token_of(kept_world.app, kept_world.people.eve, project_id=kept_world.desk["project"])
    client = kept_world.app.test_client()
    found = {}
    for path, method, rule in routes(kept_world.app):
        if path.startswith(HTTP) and "<id:" in path:
            given = body_of(kept_world, rule, method, kept_world.other)
            given["headers"] = {**given.get("headers", {}), **headers}
            address = path_of(kept_world, rule, method, kept_world.other)
            found[method, path] = client.open(address, method=method, buffered=True, **given).status_code
    assert len(found) > 40
    assert {key: status for key, status in found.items() if status != 404} == {}


def test_a25_a_token_of_one_project_does_not_even_list_another(
    app: Annotator, client: FlaskClient, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    with app.app_context():
        second = make_second(people)
    one = token_of(app, people.eve, project_id=project.id)
    named = [row["id"] for row in client.get("/api/v1/projects", headers=one).json["items"]]
    assert named == [project.id]
    everything = client.get("/api/v1/projects", headers=token_of(app, people.eve)).json["items"]
    assert {row["id"] for row in everything} == {project.id, second}


def make_second(people: SimpleNamespace) -> str:
    """Another project with the same people; gives its id."""
    second = make_project(db.session, people, "second")
    db.commit()
    return str(second.id)


def test_a25_a_token_is_made_for_ones_own_projects_alone(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    form = {"purpose": "x", "scope": "read", "days": "7", "project": project.id}
    with untouched(app, but=REFUSED):
        assert as_("olga").post("/account/tokens", data=form).status_code == 422
    assert as_("eve").post("/account/tokens", data=form).status_code == 200


def test_a25_a_token_that_manages_the_site_is_of_no_single_project(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    as_("eve").post(f"/projects/{project.slug}/members", data={"user": people.cleo, "role": "editor"})
    form = {"purpose": "x", "scope": "admin", "days": "7", "project": project.id}
    with untouched(app, but=REFUSED):
        assert as_("cleo").post("/account/tokens", data=form).status_code == 422
