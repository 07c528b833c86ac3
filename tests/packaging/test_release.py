"""What `make release` hands out: it can be checked, and its list of parts names what runs and nothing else."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release."""
    folder = tmp_path_factory.mktemp("release") / "dist"
    command = [sys.executable, str(ROOT / "tools/release.py"), str(folder)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return folder


@pytest.fixture(scope="session")
def parts(release: Path) -> dict[str, Any]:
    """The list of parts."""
    found: dict[str, Any] = json.loads(next(release.glob("*.cdx.json")).read_text())
    return found


def names(parts: dict[str, Any]) -> set[str]:
    return {part["name"].lower() for part in parts["components"]}


def test_a_release_holds_source_wheel_parts_and_sums(release: Path) -> None:
    kinds = ("*.tar.gz", "*.whl", "*.cdx.json", "SHA256SUMS")
    assert [len(list(release.glob(kind))) for kind in kinds] == [1, 1, 1, 1]


def test_every_file_has_the_sum_that_is_stated(release: Path) -> None:
    stated = dict(reversed(line.split("  ")) for line in (release / "SHA256SUMS").read_text().splitlines())
    files = [path for path in release.iterdir() if path.name != "SHA256SUMS"]
    assert stated == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_list_of_parts_names_the_program_and_its_libraries(parts: dict[str, Any]) -> None:
    assert (parts["bomFormat"], parts["specVersion"]) == ("CycloneDX", "1.6")
    assert {"annotator", "flask", "werkzeug", "sqlalchemy", "lxml"} <= names(parts)
    assert [part["name"] for part in parts["components"] if not part.get("version")] == []


def test_the_list_of_parts_says_what_needs_what(parts: dict[str, Any]) -> None:
    ids = {part["name"].lower(): part["bom-ref"] for part in parts["components"]}
    needs = {entry["ref"]: set(entry.get("dependsOn", ())) for entry in parts["dependencies"]}
    assert ids["flask"] in needs[ids["annotator"]]


def test_the_list_of_parts_names_no_tool_and_no_place_of_this_machine(
    parts: dict[str, Any], release: Path
) -> None:
    assert names(parts) & {"pip", "pytest", "mypy", "cyclonedx-bom", "build"} == set()
    assert [word for word in ("file:", str(ROOT), str(release)) if word in json.dumps(parts)] == []
