"""`annotator project`."""

from types import SimpleNamespace
from typing import Any

import pytest

from annotator.app import Annotator
from annotator.projects.cli import project_group


@pytest.fixture
def run(app: Annotator) -> Any:
    runner = app.test_cli_runner()

    def call(*arguments: str) -> tuple[int, str]:
        result = runner.invoke(project_group, list(arguments))
        return result.exit_code, result.output.strip()

    return call


def test_new_project_prints_its_short_name(run: Any) -> None:
    assert run("add", "Night desk") == (0, "night-desk")
    assert run("add", "Night desk", "--slug", "night") == (0, "night")
    lines = run("list")[1].splitlines()
    assert sorted(lines) == ["night\tNight desk\topen", "night-desk\tNight desk\topen"]


@pytest.mark.parametrize(("slug", "said"), [("Desk!", "small letters"), ("desk", "Another project")])
def test_wrong_short_name_is_refused(run: Any, project: SimpleNamespace, slug: str, said: str) -> None:
    code, output = run("add", "Other", "--slug", slug)
    assert code == 1
    assert said in output


def test_member_gets_a_role_and_loses_it(as_: Any, run: Any, project: SimpleNamespace) -> None:
    olga = as_("olga")
    assert run("member", "desk", "olga@example.org", "viewer") == (0, "")
    assert olga.get(f"/api/v1/projects/{project.id}").json["role"] == "viewer"
    assert run("member", "desk", "olga@example.org", "none") == (0, "")
    assert olga.get(f"/api/v1/projects/{project.id}").status_code == 404


@pytest.mark.parametrize(
    "arguments", [("nowhere", "ann@example.org", "viewer"), ("desk", "nobody@example.org", "viewer")]
)
def test_unknown_project_or_person_is_named(
    run: Any, project: SimpleNamespace, arguments: tuple[str, ...]
) -> None:
    code, output = run("member", *arguments)
    assert code == 1
    assert "annotator" in output
