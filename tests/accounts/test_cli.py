"""`annotator user` and `annotator token`."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from annotator.accounts.cli import token_group, user_group
from annotator.app import Annotator

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def run(app: Annotator) -> Any:
    runner = app.test_cli_runner()

    def call(group: Any, *arguments: str, typed: str = "") -> tuple[int, str]:
        result = runner.invoke(group, list(arguments), input=typed)
        return result.exit_code, result.output.strip()

    return call


def test_added_person_gets_a_link_alone_on_a_line(run: Any, client: FlaskClient) -> None:
    code, link = run(user_group, "add", "fay@example.org", "--name", "Fay")
    assert code == 0
    assert client.get(link.removeprefix("http://localhost:8123")).status_code == 200


def test_password_from_standard_input_works(run: Any, client: FlaskClient) -> None:
    code, _ = run(
        user_group,
        "add",
        "fay@example.org",
        "--name",
        "Fay",
        "--admin",
        "--password-stdin",
        typed="seven quiet bells\n",
    )
    assert code == 0
    form = {"email": "fay@example.org", "password": "seven quiet bells"}
    assert client.post("/login", data=form, headers=SAME).status_code == 303


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (
            ("ann@example.org", "--name", "Ann"),
            "",
            "Error: email: Somebody with this e-mail address is here already.",
        ),
        (("nowhere", "--name", "Fay"), "", "Error: email: Give an e-mail address, such as ann@example.org."),
        (("fay@example.org", "--name", " "), "", "Error: name: Fill this in."),
        (
            ("fay@example.org", "--name", "Fay", "--password-stdin"),
            "short\n",
            "Error: password: Use at least 8 characters.",
        ),
    ],
)
def test_wrong_person_is_refused_with_a_sentence(
    run: Any, people: SimpleNamespace, arguments: tuple[str, ...], typed: str, said: str
) -> None:
    assert run(user_group, "add", *arguments, typed=typed) == (1, said)


def test_list_shows_people_with_tabs_between(run: Any, people: SimpleNamespace) -> None:
    _, output = run(user_group, "list")
    lines = output.splitlines()
    assert lines[0] == "ann@example.org\tAnn\t-\tactive"
    assert lines[3] == "dan@example.org\tDan\t-\tdeactivated"
    assert lines[2] == "cleo@example.org\tCleo\tadmin\tactive"


def test_deactivate_and_activate(run: Any, people: SimpleNamespace) -> None:
    assert run(user_group, "deactivate", "ann@example.org") == (0, "")
    assert "ann@example.org" in run(user_group, "list", "--show", "deactivated")[1]
    assert run(user_group, "activate", "ann@example.org") == (0, "")
    assert "ann@example.org" not in run(user_group, "list", "--show", "deactivated")[1]


def test_last_administrator_cannot_be_deactivated(run: Any, people: SimpleNamespace) -> None:
    code, output = run(user_group, "deactivate", "cleo@example.org")
    assert code == 1
    assert "last active administrator" in output


def test_unknown_person_is_named(run: Any) -> None:
    code, output = run(user_group, "reset-password", "nobody@example.org")
    assert code == 1
    assert "nobody@example.org" in output


def test_token_is_printed_alone_and_works(run: Any, client: FlaskClient, people: SimpleNamespace) -> None:
    _, token = run(token_group, "add", "ann@example.org", "--name", "export", "--scope", "read")
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json["id"] == people.ann


def test_token_is_listed_without_its_value_and_revoked(
    run: Any, client: FlaskClient, people: SimpleNamespace
) -> None:
    _, token = run(token_group, "add", "ann@example.org", "--name", "export", "--scope", "read")
    _, line = run(token_group, "list", "ann@example.org")
    token_id, scope, name, *_ = line.split("\t")
    assert (scope, name, token in line) == ("read", "export", False)
    assert run(token_group, "revoke", "ann@example.org", token_id)[0] == 0
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
