"""The shape of the house, read from the syntax tree."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "annotator"
ORDER = (
    "journal",
    "accounts",
    "projects",
    "search",
    "articles",
    "sources",
    "statements",
    "annotations",
    "links",
    "exchange",
    "demo",
    "admin",
)
COMPOSERS = {"app.py", "cli.py", "refusing.py", "features.py", "tables.py", "__main__.py"}
WITHOUT_FLASK = {"models.py", "queries.py", "operations.py", "schemas.py", "policy.py"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write the full name of the module"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
            yield str(node.module)


def _calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func).rsplit(".", 1)[-1], node


def _features(path: Path) -> set[str]:
    names = {name.split(".")[1] for name in _imports(path) if name.startswith("annotator.")}
    return names & set(ORDER)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _in(folder: str) -> list[Path]:
    return [path for path in MODULES if path.is_relative_to(PACKAGE / folder)]


def test_every_feature_has_its_place_in_the_order() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/*.py")} - {"migrations"}
    assert folders <= set(ORDER)


def test_kernel_imports_no_feature() -> None:
    kernel = [path for path in PACKAGE.glob("*.py") if path.name not in COMPOSERS]
    assert {_name(path): found for path in kernel if (found := _features(path))} == {}


@pytest.mark.parametrize("feature", ORDER)
def test_feature_uses_only_what_stands_left_of_it(feature: str) -> None:
    allowed = set(ORDER[: ORDER.index(feature) + 1])
    wrong = {_name(path): found - allowed for path in _in(feature) if (found := _features(path)) - allowed}
    assert wrong == {}


def test_models_queries_operations_schemas_and_policies_know_no_flask() -> None:
    rules = [path for path in MODULES if path.name in WITHOUT_FLASK]
    assert [_name(path) for path in rules if any(name.startswith("flask") for name in _imports(path))] == []


def test_only_composers_import_composers() -> None:
    composed = {f"annotator.{name.removesuffix('.py')}" for name in COMPOSERS}
    rules = [path for path in MODULES if path.name not in COMPOSERS and "migrations" not in path.parts]
    assert [_name(path) for path in rules if composed & set(_imports(path))] == []


def test_markup_is_made_by_the_cleaner_alone() -> None:
    doors = [path for path in MODULES if re.search(r"__html__|CleanHtml\(", path.read_text())]
    makers = [ast.unparse(call) for name, call in _calls(PACKAGE / "markdown.py") if name == "CleanHtml"]
    assert [_name(path) for path in doors] == ["annotator/markdown.py"]
    assert makers == ["CleanHtml(_CLEANER.clean(html))"]


def test_no_operation_commits() -> None:
    rules = [path for path in MODULES if path.name in WITHOUT_FLASK]
    assert [_name(path) for path in rules if "commit" in {name for name, _ in _calls(path)}] == []
