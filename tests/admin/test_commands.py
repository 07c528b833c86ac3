"""`annotator user|invite|policy|project`: all that the pages do, from a terminal."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from annotator import mailing
from annotator.accounts.proof_models import ExternalIdentity, TotpFactor
from annotator.app import Annotator
from annotator.cli import group
from annotator.columns import new_id, now
from annotator.database import db

Run = Callable[..., tuple[int, str]]
BASE = "http://localhost:8123"


@pytest.fixture
def run(app: Annotator, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `annotator ...`; gives exit code and what it printed."""
    monkeypatch.delenv("PORT", raising=False)
    runner = app.test_cli_runner()

    def call(words: str, *more: str) -> tuple[int, str]:
        result = runner.invoke(group, [*words.split(), *more])
        return result.exit_code, result.output.strip()

    return call


def test_person_is_renamed_and_moved(run: Run, people: SimpleNamespace) -> None:
    assert run("user rename ann@example.org", "Ann Author") == (0, "")
    assert run("user email ann@example.org new@example.org") == (0, "")
    assert run("user list --find author") == (0, "new@example.org\tAnn Author\t-\tactive")


def test_administrator_is_made_and_withdrawn_but_the_last(run: Run, people: SimpleNamespace) -> None:
    assert run("user admin ann@example.org") == (0, "")
    assert run("user unadmin cleo@example.org") == (0, "")
    code, said = run("user unadmin ann@example.org")
    assert (code, "last active administrator" in said) == (1, True)


def test_role_is_set_and_the_last_editor_stays(
    run: Run, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    assert run("user role olga@example.org desk viewer") == (0, "")
    code, said = run("user role eve@example.org desk none")
    assert (code, "last editor of Desk" in said) == (1, True)
    assert run("project remove-member desk eve@example.org --leave-without-editor") == (0, "")
    _, members = run("project members desk")
    assert ("olga@example.org\tOlga\tviewer\tactive" in members, "eve@" in members) == (True, False)


def test_last_editor_is_deactivated_when_that_is_said(
    run: Run, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    assert run("user deactivate eve@example.org")[0] == 1
    assert run("user deactivate eve@example.org --leave-without-editor") == (0, "")


def test_person_is_shown_for_people_and_for_programs(
    run: Run, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    _, lines = run("user show eve@example.org")
    assert "role\tdesk\teditor\tlast editor" in lines
    shown = json.loads(run("user show eve@example.org --json")[1])
    assert (shown["id"], shown["state"], shown["last_sign_in"]) == (people.eve, "active", "never")


def test_sessions_end_and_are_counted(run: Run, as_: Callable[[str], FlaskClient]) -> None:
    ann = as_("ann")
    assert run("user end-sessions ann@example.org") == (0, "1")
    assert ann.get("/api/v1/me").status_code == 401


def test_second_factor_is_reset(app: Annotator, run: Run, people: SimpleNamespace) -> None:
    with app.app_context():
        db.session.add(TotpFactor(user_id=people.ann, secret="x", created_at=now(), confirmed_at=now()))
        db.commit()
    assert run("user reset-factor ann@example.org") == (0, "")
    code, said = run("user reset-factor ann@example.org")
    assert (code, "Ann has no second factor" in said) == (1, True)


def test_identity_at_the_provider_is_taken_away(app: Annotator, run: Run, people: SimpleNamespace) -> None:
    with app.app_context():
        mine = {"user_id": people.ann, "issuer": "https://id.example.org", "subject": "ann-1"}
        db.session.add(ExternalIdentity(id=new_id(), created_at=now(), **mine))
        db.commit()
    assert run("user unbind ann@example.org") == (0, "")
    code, said = run("user unbind ann@example.org")
    assert (code, "not joined to an identity" in said) == (1, True)


def test_invited_person_gets_a_link_alone_on_a_line(
    run: Run, client: FlaskClient, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    code, link = run("invite add fay@example.org --name Fay --role desk:editor")
    assert (code, client.get(link.removeprefix(BASE)).status_code) == (0, 200)
    email, state, *_, roles, admin = run("invite list")[1].split("\t")
    assert (email, state, roles, admin) == ("fay@example.org", "open", "desk:editor", "-")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("invite add nowhere", "such as ann@example.org"),
        ("invite add ann@example.org", "here already"),
        ("invite add fay@example.org --role desk:owner", "the roles are editor, reviewer, viewer"),
        ("invite add fay@example.org --role nowhere:editor", "annotator project list"),
        ("invite resend fay@example.org", "annotator invite list"),
        ("invite revoke fay@example.org", "annotator invite list"),
        ("user rename nobody@example.org Nobody", "annotator user list"),
        ("user email ann@example.org ben@example.org", "here already"),
        ("project remove-member desk olga@example.org", "annotator project members desk"),
        ("policy second-factor nobody admin", "cannot stand beside"),
        ("user reset-password ann@example.org --mail", "sends no mail"),
    ],
)
def test_error_says_what_to_do(
    run: Run, people: SimpleNamespace, project: SimpleNamespace, words: str, why: str
) -> None:
    code, said = run(words)
    assert (code, why in said) == (1, True)


def test_invitation_is_renewed_and_revoked(run: Run, client: FlaskClient, people: SimpleNamespace) -> None:
    _, old = run("invite add fay@example.org")
    _, new = run("invite resend fay@example.org")
    assert [client.get(link.removeprefix(BASE)).status_code for link in (old, new)] == [410, 200]
    run("invite revoke fay@example.org")
    assert client.get(new.removeprefix(BASE)).status_code == 410
    assert json.loads(run("invite list --state revoked --json")[1])[0]["email"] == "fay@example.org"


def test_list_is_tried_then_done(
    run: Run, people: SimpleNamespace, project: SimpleNamespace, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email,projects\nfay@example.org,desk:viewer\nolga@example.org,desk:viewer\n")
    dry = run("invite import --dry-run", str(file))
    assert dry == (0, "2\tfay@example.org\tinvite\n3\tolga@example.org\troles")
    code, said = run("invite import --give-roles", str(file))
    assert (code, said.startswith(f"fay@example.org\t{BASE}/invitation/")) == (0, True)
    assert "olga@example.org" in run("project members desk")[1]


def test_list_with_a_problem_is_refused_as_a_whole(run: Run, people: SimpleNamespace, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email,projects\nfay@example.org,\ngus@example.org,nowhere:viewer\n")
    code, said = run("invite import", str(file))
    assert (code, "1 line has a problem" in said, run("invite list")[1]) == (1, True, "")
    assert run("invite import --skip-wrong", str(file))[0] == 0
    assert run("invite list")[1].startswith("fay@example.org\topen")


def test_link_is_mailed_unless_it_is_asked_for(
    run: Run, people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(mailing, "possible", lambda: True)
    monkeypatch.setattr(mailing, "send", lambda to, *_, **__: sent.append(to))
    assert run("invite add fay@example.org") == (0, "mailed")
    assert run("invite resend fay@example.org --link")[1].startswith(BASE)
    assert run("user reset-password ann@example.org --mail") == (0, "mailed")
    assert sent == ["fay@example.org", "ann@example.org"]


def test_second_factor_is_demanded_and_who_has_none_is_listed(
    run: Run, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    assert run("policy second-factor editor admin") == (0, "2")
    assert run("policy show")[1].split() == ["admin", "editor"]
    assert run("policy missing")[1] == "cleo@example.org\tCleo\neve@example.org\tEve"
    assert run("policy second-factor nobody") == (0, "0")


def test_project_is_archived_and_reopened(
    run: Run, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    run("project archive desk")
    archived = run("project list")[1]
    run("project reopen desk")
    assert (archived, run("project list")[1]) == ("desk\tDesk\tarchived", "desk\tDesk\topen")
