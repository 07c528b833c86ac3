"""`annotator export`, `annotator import` and `annotator article import`."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result
from exchange.rich import as_file
from factories import TEXT, make_article

from annotator.app import Annotator
from annotator.articles.cli import article_group
from annotator.articles.models import Article
from annotator.database import db
from annotator.exchange.cli import export_command, import_command
from annotator.projects.models import Project


@pytest.fixture
def run(app: Annotator) -> Any:
    def call(command: Any, *arguments: Any, data: bytes = b"") -> Result:
        return app.test_cli_runner().invoke(command, list(map(str, arguments)), input=data)

    return call


@pytest.fixture
def file(tmp_path: Path, rich: dict[str, Any]) -> Path:
    path = tmp_path / "rich.json"
    path.write_bytes(as_file(rich))
    return path


def test_import_prints_the_projects_id_alone(run: Any, file: Path, rich: dict[str, Any]) -> None:
    result = run(import_command, file)
    assert (result.exit_code, result.stdout) == (0, f"{rich['project']['id']}\n")
    assert result.stderr == ""


def test_import_takes_standard_input_and_names_who_did_it(
    run: Any, file: Path, people: Any, app: Annotator
) -> None:
    result = run(
        import_command, "-", "--actor", "cleo@example.org", "--slug", "fresh", data=file.read_bytes()
    )
    assert result.exit_code == 0, result.output
    with app.app_context():
        assert db.session.get_one(Project, result.stdout.strip()).slug == "fresh"


def test_dry_run_imports_nothing(run: Any, file: Path, rich: dict[str, Any], app: Annotator) -> None:
    result = run(import_command, "--dry-run", file)
    assert (result.exit_code, result.stdout) == (0, "")
    with app.app_context():
        assert db.session.get(Project, rich["project"]["id"]) is None


def test_refused_file_ends_with_one_and_the_list(run: Any, tmp_path: Path, rich: dict[str, Any]) -> None:
    rich["articles"][1]["title"] = ""
    rich["sources"][0]["note"] = None
    path = tmp_path / "wrong.json"
    path.write_bytes(as_file(rich))
    result = run(import_command, path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "/articles/1/title: This cannot be empty.\n/sources/0/note: " in result.stderr
    assert "Nothing was imported: 2 problems found in the file." in result.stderr


def test_second_import_says_it_is_here(run: Any, file: Path) -> None:
    run(import_command, file)
    result = run(import_command, file)
    assert result.exit_code == 1
    assert "This project is here already" in result.stderr


def test_export_writes_what_import_took(run: Any, file: Path, tmp_path: Path) -> None:
    run(import_command, file)
    target = tmp_path / "out.json"
    result = run(export_command, "--project", "talks", "--format", "native", "-o", target)
    assert (result.exit_code, result.stdout) == (0, "")
    assert (
        run(export_command, "--project", "talks").stdout.splitlines()[3:-4]
        == target.read_text().splitlines()[3:-4]
    )
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("arguments", [[], ["--project", "a", "--article", "b"]])
def test_export_needs_one_thing(run: Any, arguments: list[str]) -> None:
    assert run(export_command, *arguments).exit_code == 2


@pytest.mark.parametrize("arguments", [["--project", "none"], ["--article", "x"]])
def test_export_of_what_is_not_here_ends_with_one(run: Any, arguments: list[str]) -> None:
    assert run(export_command, *arguments).exit_code == 1


def test_article_goes_out_and_in(run: Any, app: Annotator, people: Any, project: SimpleNamespace) -> None:
    with app.app_context():
        article = make_article(db.session, project, people.ann)
        db.commit()
    data = run(export_command, "--article", article.id).stdout_bytes
    result = run(import_command, "-", "--project", project.slug, data=data)
    assert (result.exit_code, result.stdout) == (0, f"{article.id}\n")


def test_text_comes_in_as_an_article(
    run: Any, app: Annotator, project: SimpleNamespace, tmp_path: Path
) -> None:
    path = tmp_path / "harbour.txt"
    path.write_text(TEXT)
    result = run(article_group, "import", path, "--project", project.slug, "--actor", "ann@example.org")
    assert result.exit_code == 0, result.output
    with app.app_context():
        assert db.session.get_one(Article, result.stdout.strip()).project_id == project.id
    again = run(article_group, "import", path, "--project", project.slug)
    assert again.exit_code == 1
    assert "already in the project" in again.output
    assert run(article_group, "import", path, "--project", project.slug, "--allow-same").exit_code == 0
