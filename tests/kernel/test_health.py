"""The checks of health, one by one, and what machines and terminals are told."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, text

from annotator import health_machine, health_pages, health_settings, mailing, migrating
from annotator.app import Annotator
from annotator.cli import group
from annotator.columns import new_id, now
from annotator.config import read_settings
from annotator.database import db
from annotator.health import Asked, Check, Site, State, examine
from annotator.journal.models import Event

HERE = "https://desk.example.org"


@pytest.fixture
def site(app: Annotator, tmp_path: Path) -> Site:
    """A site in a folder of its own, on the test's database."""
    settings = replace(read_settings(str(tmp_path / "site")), base_url=HERE, proxies=1)
    return Site(settings, app.extensions["annotator.database"].engine, Asked(HERE, forwarded=True))


def with_settings(site: Site, **changes: Any) -> Site:
    return replace(site, settings=replace(site.settings, **changes))


def test_all_is_well_with_a_fresh_site(site: Site) -> None:
    states = {check.name: check.state for check in examine(site, health_machine.CHECKS)}
    assert states.pop("Backups") is State.UNKNOWN
    assert states.pop("Mail") is State.NOTICE
    assert set(states.values()) == {State.GOOD}


def test_a_key_that_others_may_read_is_wrong(site: Site) -> None:
    key = Path(site.settings.instance) / "secret_key"
    key.chmod(0o640)
    assert health_settings.secret_key(site).state is State.WRONG
    key.unlink()
    assert health_settings.secret_key(site).state is State.GOOD


def test_a_folder_that_every_account_may_read_is_wrong(site: Site) -> None:
    folder = Path(site.settings.instance)
    (folder / "annotator.sqlite").touch(0o644)
    assert health_settings.files(site).state is State.GOOD
    folder.chmod(0o755)
    found = health_settings.files(site)
    assert (found.state, "annotator.sqlite" in found.sentence) == (State.WRONG, True)


@pytest.mark.parametrize(
    ("base", "state"),
    [("", State.NOTICE), ("http://desk.example.org", State.WRONG), ("http://localhost:8123", State.GOOD)],
)
def test_the_way_in_must_be_https(site: Site, base: str, state: State) -> None:
    assert health_settings.https(with_settings(site, base_url=base)).state is state


@pytest.mark.parametrize(
    ("count", "forwarded", "state"),
    [(0, True, State.WRONG), (1, False, State.WRONG), (0, False, State.NOTICE), (1, True, State.GOOD)],
)
def test_the_number_of_proxies_must_fit_what_comes_in(
    site: Site, *, count: int, forwarded: bool, state: State
) -> None:
    asked = replace(with_settings(site, proxies=count), asked=Asked(HERE, forwarded))
    assert health_settings.proxy(asked).state is state


@pytest.mark.parametrize(
    ("base", "came_by", "state"),
    [
        (HERE, "http://desk.example.org", State.WRONG),
        (f"{HERE}/desk", HERE, State.WRONG),
        (HERE, HERE, State.GOOD),
        ("", "http://localhost", State.GOOD),
    ],
)
def test_forms_must_come_by_the_sites_address(site: Site, base: str, came_by: str, state: State) -> None:
    asked = replace(with_settings(site, base_url=base), asked=Asked(came_by, forwarded=True))
    assert health_settings.origin(asked).state is state


def test_a_schema_of_another_program_is_wrong(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "current", lambda _: "0001")
    assert health_machine.schema(site).state is State.WRONG


@pytest.mark.parametrize(
    ("free", "state"), [(50_000_000, State.WRONG), (500_000_000, State.NOTICE), (5_000_000_000, State.GOOD)]
)
def test_a_disk_that_gets_full_is_told(
    site: Site, free: int, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert health_machine.disk(site).state is state


def test_a_clock_that_went_back_is_wrong(site: Site, session: Any) -> None:
    line = {"action": "x:y", "subject_kind": "user", "subject_id": new_id()}
    session.execute(insert(Event).values(at=now() + timedelta(hours=1), **line))
    db.commit()
    assert health_machine.clock(site).state is State.WRONG


@pytest.mark.parametrize(("trouble", "state"), [("TimeoutError", State.WRONG), ("", State.GOOD)])
def test_a_mail_server_that_refuses_is_wrong(
    site: Site, trouble: str, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "trouble", lambda _: trouble)
    assert health_machine.mail(with_settings(site, smtp_url="smtp://localhost:1")).state is state


def test_a_mail_server_that_is_not_there_is_noticed(site: Site) -> None:
    assert mailing.trouble(replace(site.settings, smtp_url="smtp://127.0.0.1:1")) == "ConnectionRefusedError"


def broken(_: Site) -> Check:
    raise ZeroDivisionError("secret words")


def test_a_check_that_fails_itself_is_wrong_and_the_others_go_on(site: Site) -> None:
    found = examine(site, [broken, health_machine.disk])
    assert [check.state for check in found] == [State.WRONG, State.GOOD]
    assert "secret words" not in found[0].sentence


@pytest.fixture(autouse=True)
def asked_first(app: Annotator) -> None:
    """Let no test see what another has been told."""
    app.extensions[health_pages.KEPT] = health_pages.Kept()


def test_readyz_says_yes_without_telling_more(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\nDatabase: good\nSchema: good\nDisk: good\n")
    assert client.get("/readyz", headers={"Accept": "application/json"}).json["ready"] is True


def test_readyz_says_no_and_why(client: FlaskClient, session: Any) -> None:
    session.execute(text("ALTER TABLE rate_counts RENAME TO away"))
    db.commit()
    answer = client.get("/readyz", headers={"Accept": "application/json"})
    session.execute(text("ALTER TABLE away RENAME TO rate_counts"))
    db.commit()
    assert (answer.status_code, answer.json["ready"]) == (503, False)
    assert answer.json["checks"][0] == {
        "name": "Database",
        "state": "wrong",
        "sentence": "The database does not answer, or takes no change.",
    }


def test_readyz_leaves_nothing_behind(client: FlaskClient, session: Any) -> None:
    client.get("/readyz")
    assert session.scalar(text("SELECT count(*) FROM rate_counts")) == 0


def test_readyz_tells_no_figure(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=50_000_000))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text.endswith("Disk: wrong: The disk is nearly full.\n")


def test_readyz_is_looked_at_once_for_many_who_ask(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Site] = []

    def look(site: Site) -> Check:
        looked.append(site)
        return Check("Database", State.GOOD, "")

    monkeypatch.setattr(health_pages, "READY", (look,))
    assert [client.get("/readyz").status_code for _ in range(3)] == [200] * 3
    assert len(looked) == 1
    monkeypatch.setattr(health_pages, "monotonic", lambda: monotonic() + health_pages.SECONDS)
    client.get("/readyz")
    assert len(looked) == 2


def test_readyz_waits_for_nobody_who_writes(app: Annotator, client: FlaskClient, session: Any) -> None:
    session.execute(insert(Event).values(at=now(), action="x:y", subject_kind="user", subject_id=new_id()))
    began = monotonic()
    assert client.get("/readyz").status_code == 200
    assert monotonic() - began < 5


def doctor(app: Annotator) -> Any:
    return app.test_cli_runner().invoke(group, ["doctor"])


def test_the_doctor_exits_with_1_when_something_is_wrong(
    app: Annotator, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = doctor(app)
    assert (ended.exit_code, "Database: " in ended.output) == (0, True)
    monkeypatch.setattr(migrating, "current", lambda _: "0001")
    ended = doctor(app)
    assert (ended.exit_code, ended.output.splitlines()[0].startswith("wrong")) == (1, True)
    assert "What to do: Stop the program" in ended.output


ADMIN = Callable[[str], Any]


def test_the_page_shows_what_is_wrong_first(as_: ADMIN, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "current", lambda _: "0001")
    page = as_("cleo").get("/admin/health").text
    assert page.index("<h2>Schema</h2>") < page.index("<h2>HTTPS</h2>") < page.index("<h2>Disk</h2>")
    assert "1 of 13 checks found something wrong" in page


def test_the_page_notices_a_proxy_that_the_settings_do_not_know(as_: ADMIN) -> None:
    page = as_("cleo").get("/admin/health", headers={"X-Forwarded-For": "203.0.113.7"}).text
    assert ("PROXIES is 0" in page, "203.0.113.7" in page) == (True, False)


def test_the_page_counts_what_to_look_at(as_: ADMIN, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Check("Mail", State.NOTICE, "Mail waits."), Check("Clock", State.UNKNOWN, "Not known.")]
    monkeypatch.setattr("annotator.admin.health.examine", lambda *_: found)
    page = as_("cleo").get("/admin/health").text
    assert ("2 things to look at." in page, "Nothing is wrong" in page) == (True, False)
