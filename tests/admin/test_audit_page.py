"""The journal of the site: found by person, action, thing, project and day; taken out; never what a project holds."""

import csv
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from factories import make_article
from sqlalchemy import insert

from annotator.accounts.models import User
from annotator.accounts.operations import change_user, make_password_link, make_token
from annotator.app import Annotator
from annotator.cli import group
from annotator.columns import new_id, now
from annotator.database import db
from annotator.identity import Scope
from annotator.journal import audit, words
from annotator.journal.models import Event
from annotator.journal.operations import record
from annotator.journal.sealing import read_head, seal
from annotator.journal.tags import Action
from annotator.permissions import Role
from annotator.projects.models import Project
from annotator.projects.operations import set_member

As = Callable[[str], Any]
FORMULAS = ("=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1")


@pytest.fixture
def work(app: Annotator, people: SimpleNamespace, project: SimpleNamespace) -> SimpleNamespace:
    """Eve changes a role and brings in an article with telling words; Cleo renames Ben and makes a link."""
    with app.app_context():
        desk, ben = db.session.get_one(Project, project.id), db.session.get_one(User, people.ben)
        set_member(db.session, desk, ben, Role.VIEWER, actor=people.eve)
        article = make_article(db.session, project, people.eve, title="Unsaid title")
        change_user(db.session, ben, email="ben@example.org", name="Benjamin", actor=people.cleo)
        link = make_password_link(db.session, ben, actor=people.cleo)
        _, token = make_token(db.session, ben, name="script", scope=Scope.READ, actor=people.ben)
        db.commit()
        return SimpleNamespace(**vars(project), article=article.id, link=link, token=token, ben=ben.id)


def shown(as_: As, **filters: str) -> Any:
    return as_("cleo").get("/api/v1/audit", query_string=filters).json["items"]


def test_lines_are_shown_newest_first_in_words(as_: As, work: SimpleNamespace) -> None:
    page = as_("cleo").get("/admin/audit").text.partition('<ol class="journal"')[2]
    assert (
        page.index("Made an API token")
        < page.index("Changed a person")
        < page.index("Changed a member&#39;s role")
    )
    assert ("reviewer</span>" in page, "Benjamin" in page) == (True, True)


def test_what_a_project_holds_is_named_by_its_fields_alone(as_: As, work: SimpleNamespace) -> None:
    line = shown(as_, thing=work.article, action="article:added")[0]
    assert (line["before"], line["after"], line["subject"]["name"]) == (None, None, None)
    assert "title" in line["fields_changed"]
    for path in ("/admin/audit", "/admin/audit/export?format=csv", "/admin/audit/export?format=json"):
        assert "Unsaid title" not in as_("cleo").get(path).text


def test_a_protected_source_is_not_named(as_: As, work: SimpleNamespace) -> None:
    body = {"project": work.id, "title": "Our man", "confidentiality": "protected"}
    assert as_("eve").put(f"/api/v1/sources/{new_id()}", json=body).status_code == 201
    assert {line["action"] for line in shown(as_, action="source")} >= {"source:added"}
    assert "Our man" not in as_("cleo").get("/admin/audit").text + as_("cleo").get("/api/v1/audit").text


def test_links_and_tokens_are_nowhere_to_be_seen(as_: As, work: SimpleNamespace) -> None:
    paths = ("/admin/audit", "/api/v1/audit", "/admin/audit/export?format=csv")
    texts = "".join(as_("cleo").get(path).text for path in paths)
    assert (work.link in texts, work.token in texts, "Made a link to set a password" in texts) == (
        False,
        False,
        True,
    )


@pytest.mark.parametrize("name", ["password", "totp_secret", "token_hash", "recovery_codes", "key"])
def test_a_value_that_could_let_somebody_in_is_hidden_even_if_it_were_there(
    as_: As, session: Any, people: SimpleNamespace, name: str
) -> None:
    line = {"at": now(), "action": "user:changed", "subject_kind": "user", "subject_id": people.ben}
    session.execute(insert(Event).values(**line, after={name: "planted"}))
    db.commit()
    assert shown(as_)[0]["after"] == {name: "(hidden)"}
    assert "planted" not in as_("cleo").get("/admin/audit").text


@pytest.mark.parametrize(
    ("filters", "actions"),
    [
        ({"action": "member"}, {"member:changed"}),
        ({"action": "user:changed"}, {"user:changed"}),
        ({"action": "user:chang"}, set()),
        ({"person": "EVE@"}, {"member:changed", "article:added", "snapshot:captured"}),
        ({"person": "nobody there"}, set()),
        ({"since": "2020-01-01", "until": "2020-12-31"}, set()),
        ({"until": "2020-12-31"}, set()),
        ({"thing": "not an id"}, set()),
        ({"project": "%"}, set()),
    ],
)
def test_filters_narrow_the_lines(
    as_: As, work: SimpleNamespace, filters: dict[str, str], actions: set[str]
) -> None:
    assert {line["action"] for line in shown(as_, **filters)} == actions
    assert as_("cleo").get("/admin/audit", query_string=filters).status_code == 200


def test_lines_are_found_by_thing_project_and_day(
    as_: As, work: SimpleNamespace, people: SimpleNamespace
) -> None:
    today = now().date().isoformat()
    assert {line["article"] for line in shown(as_, thing=work.article)} == {work.article}
    assert {line["project"]["id"] for line in shown(as_, project=work.id)} == {work.id}
    assert people.eve in {line["actor"]["id"] for line in shown(as_, person=people.eve)}
    assert len(shown(as_, since=today, until=today)) == len(shown(as_))


def test_person_finds_the_refused_sign_ins_against_them(
    as_: As, app: Annotator, people: SimpleNamespace
) -> None:
    with app.app_context():
        record(db.session, Action.SIGN_IN_FAILED, db.session.get_one(User, people.ben), actor=None)
        record(db.session, Action.SIGN_IN_FAILED, db.session.get_one(User, people.eve), actor=None)
        db.commit()
    found = [shown(as_, person=whom, action="session:refused") for whom in (people.ben, "ben@example")]
    assert [[line["subject"]["id"] for line in lines] for lines in found] == [[people.ben]] * 2


def test_ways_of_signing_in_and_out_are_said_in_words(
    as_: As, app: Annotator, people: SimpleNamespace
) -> None:
    with app.app_context():
        ben = db.session.get_one(User, people.ben)
        record(db.session, Action.SIGNED_IN, ben, actor=ben.id, after={"method": "password+recovery"})
        record(db.session, Action.SIGNED_OUT, ben, actor=ben.id)
        record(db.session, Action.SIGNED_OUT, ben, actor=people.cleo, after={"sessions": 2})
        db.commit()
    page = as_("cleo").get("/admin/audit", query_string={"person": ben.id}).text
    assert "Password and recovery code" in page
    assert page.index("<strong>Sessions ended</strong>") < page.index("<strong>Signed out</strong>")


@pytest.mark.parametrize(
    "asked", ["since=2025-02-30", "since=2025-02-02&until=2025-02-01", "person=a&person=b", "thing=%00"]
)
def test_wrong_filters_are_told(as_: As, people: SimpleNamespace, asked: str) -> None:
    assert as_("cleo").get(f"/admin/audit?{asked}").status_code == 422
    assert as_("cleo").get(f"/admin/audit/export?{asked}").status_code == 422
    assert as_("cleo").get(f"/api/v1/audit?{asked}").status_code == 422


def test_pages_follow_each_other_without_gap_or_repeat(as_: As, work: SimpleNamespace) -> None:
    found, cursor = [], None
    while True:
        page = as_("cleo").get(
            "/api/v1/audit", query_string={"limit": 2, **({"cursor": cursor} if cursor else {})}
        )
        found += [line["number"] for line in page.json["items"]]
        cursor = page.json["next"]
        if cursor is None:
            break
    assert found == sorted({line["number"] for line in shown(as_)}, reverse=True)


def test_an_export_holds_the_filtered_lines_and_leaves_one(as_: As, work: SimpleNamespace) -> None:
    answer = as_("cleo").get("/admin/audit/export?format=csv&action=member")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert ([row["action"] for row in rows], "\r\n" in answer.text) == (["member:changed"], True)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=annotator-journal-")
    line = shown(as_)[0]
    assert (line["action"], line["after"]) == (
        "audit:exported", {"format": "csv", "filters": {"action": "member"}},
    )  # fmt: skip


def test_an_export_as_json_holds_what_the_api_gives(as_: As, work: SimpleNamespace) -> None:
    lines = shown(as_)
    assert as_("cleo").get("/admin/audit/export?format=json").json[: len(lines)] == lines[::-1]


def test_an_export_of_nothing_is_an_empty_list(as_: As, people: SimpleNamespace) -> None:
    assert as_("cleo").get("/admin/audit/export?format=json&person=xylophone").json == []
    assert as_("cleo").get("/admin/audit/export?format=xml").status_code == 404


def test_a_long_export_is_read_in_parts(
    as_: As, work: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = as_("cleo").get("/admin/audit/export?format=json&until=2100-01-01").json
    monkeypatch.setattr(audit, "BATCH", 2)
    assert as_("cleo").get("/admin/audit/export?format=json").json[: len(whole)] == whole


@pytest.mark.parametrize("name", FORMULAS)
def test_e01_no_cell_of_the_journal_is_a_formula(
    app: Annotator, as_: As, people: SimpleNamespace, name: str
) -> None:
    with app.app_context():
        db.session.get_one(User, people.ben).name = name
        line = {"action": name, "subject_kind": name, "subject_id": new_id(), "actor_id": people.ben}
        db.session.execute(insert(Event).values(at=now(), **line))
        db.commit()
    text = as_("cleo").get("/admin/audit/export?format=csv").text
    row = next(row for row in csv.reader(io.StringIO(text, newline="")) if row[6] == f"'{name}")
    assert [cell for cell in row if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert row[3] == f"'{name}"


def test_the_command_writes_the_same_lines_and_leaves_one(
    app: Annotator, as_: As, work: SimpleNamespace
) -> None:
    ended = app.test_cli_runner().invoke(group, ["audit", "export", "--action", "member", "--format", "csv"])
    assert (ended.exit_code, "member:changed" in ended.output) == (0, True)
    assert (shown(as_)[0]["action"], shown(as_)[0]["actor"]) == ("audit:exported", None)
    refused = app.test_cli_runner().invoke(group, ["audit", "export", "--since", "yesterday"])
    assert (refused.exit_code, "since: Give a day as 2025-04-30." in refused.output) == (1, True)


@pytest.mark.parametrize("action", Action)
def test_every_action_has_words(action: Action) -> None:
    assert action in words.ACTIONS
    assert action.value.partition(":")[0] in words.RESOURCES


def test_what_this_program_does_not_know_is_shown_by_its_own_name() -> None:
    assert words.action_words("moon:landed-on") == "Moon landed on"
    assert (words.kind_words("moon"), words.field_words("far_side")) == ("Moon", "Far side")


def test_history_that_was_imported_is_marked_and_its_words_are_not_shown(
    as_: As, session: Any, people: SimpleNamespace
) -> None:
    line = {"at": now(), "action": "user:changed", "subject_kind": "user", "subject_id": people.ben}
    session.execute(insert(Event).values(**line, origin="elsewhere", after={"name": "planted"}))
    db.commit()
    assert (shown(as_)[0]["imported"], shown(as_)[0]["after"]) == (True, None)
    assert "Imported" in as_("cleo").get("/admin/audit").text


def test_the_page_shows_the_head_to_be_noted(app: Annotator, as_: As, work: SimpleNamespace) -> None:
    with app.app_context():
        seal(db.session)
        db.commit()
        head = str(read_head(db.session)).rpartition(" ")[0]
    assert head in as_("cleo").get("/admin/audit").text
