"""The manuals say what the program has: commands, settings, keys, decisions; and no file that is not there."""

import re
from pathlib import Path

import click
import pytest

from annotator.cli import group
from annotator.wording import KINDS, RELATIONS

ROOT = Path(__file__).parents[2]
MANUALS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/adr/*.md")])
FOREIGN = {"openapi"}  # the group that flask-smorest adds


def _words(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _commands(part: click.Group, before: str) -> list[str]:
    found = []
    for name, command in part.commands.items():
        if name in FOREIGN:
            continue
        whole = f"{before} {name}"
        found += _commands(command, whole) if isinstance(command, click.Group) else [whole]
    return found


def test_every_command_is_in_the_manual() -> None:
    manual = _words("docs/administration.md")
    assert [command for command in _commands(group, "annotator") if command not in manual] == []


def test_every_key_of_a_kind_is_in_the_manual() -> None:
    manual = _words("docs/user-manual.md")
    missing = [words for _, words, key in KINDS if f"`{key.upper()}` {words.lower()}" not in manual]
    assert missing == []


def test_every_key_of_a_relation_is_in_the_manual() -> None:
    manual = _words("docs/user-manual.md")
    assert [words for _, words, key in RELATIONS if f"`{key.upper()}` | {words} |" not in manual] == []


def test_every_key_of_the_reader_is_in_the_manual() -> None:
    manual = _words("docs/user-manual.md")
    scripts = "".join(path.read_text() for path in (ROOT / "static/js").rglob("*.js"))
    keys = set(re.findall(r'bind\("[^"]+", "([^"]+)"', scripts))
    shown = {key: key.upper() if len(key) == 1 else key.replace("Escape", "Esc") for key in keys}
    assert [key for key in keys if f"`{shown[key]}`" not in manual] == []


@pytest.mark.parametrize("path", MANUALS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_of_the_manuals_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_every_decision_that_the_code_names_is_there() -> None:
    named = {
        number
        for path in (ROOT / "annotator").rglob("*.py")
        for number in re.findall(r"docs/adr/(\d{4})", path.read_text(encoding="utf-8"))
    }
    there = {path.name[:4] for path in (ROOT / "docs/adr").glob("*.md")}
    assert named - there == set()


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs/adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
