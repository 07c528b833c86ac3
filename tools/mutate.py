"""`python tools/mutate.py [PART ...]` changes the program's guards in small ways and counts what the tests notice.

Each part is one guard with a quick selection of tests. mutmut works in a copy of the tree, one change at a time,
and this prints the share that was noticed and each change that was not; the exit status is 1 below LEAST.
"""

import configparser
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEAST = 90
COPIED = ("annotator", "docs", "static", "templates", "tests", "tools")
FILES = ("setup.cfg", "pyproject.toml", "CHANGELOG.md", "README.md", "LICENSE", "Makefile", "SECURITY.md")


@dataclass(frozen=True)
class Part:
    """A guard: its modules, and the tests that are to notice any change to them."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


PARTS = {
    "permissions": Part(("permissions",), ("tests/kernel/test_rights.py", "tests/kernel/test_permit.py")),
    "writing": Part(("concurrency", "creating"), ("tests/kernel/test_write_door.py",)),
    "json": Part(("jsondoor",), ("tests/kernel/test_json_parsing.py", "tests/kernel/test_json_reading.py")),
    "addresses": Part(("addresses",), ("tests/fetching/test_addresses.py",)),
    "fetching": Part(
        ("fetching",),
        (
            "tests/fetching/test_answers.py",
            "tests/fetching/test_connecting.py",
            "tests/fetching/test_tls.py",
            "tests/fetching/test_slow_and_large.py",
        ),
    ),
}


@dataclass
class Outcome:
    """How many changes there were, how many were noticed, and the names of the others."""

    changes: int
    noticed: int
    missed: list[str]
    seconds: float

    @property
    def score(self) -> float:
        """The share that was noticed, in per cent."""
        return 100 * self.noticed / self.changes if self.changes else 0


def copy_tree(folder: Path, part: Part) -> None:
    """Copy what mutmut needs, and tell it what to change and what to run."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copyfile(ROOT / name, folder / name)
    settings = configparser.ConfigParser()
    settings.read(folder / "setup.cfg")
    settings["mutmut"] = {
        "source_paths": "annotator",
        "only_mutate": "\n".join(["", *(f"annotator/{name}.py" for name in part.modules)]),
        "also_copy": "\n".join(["", *(name for name in (*COPIED[1:], *FILES))]),
        "pytest_add_cli_args_test_selection": "\n".join(["", *part.tests]),
        "pytest_add_cli_args": "\n".join(["", "-p", "no:cacheprovider", "-p", "no:schemathesis"]),
        "use_git_change_detection": "false",
    }
    with (folder / "setup.cfg").open("w") as file:
        settings.write(file)


def mutate(part: Part) -> Outcome:
    """Run one part in a folder of its own."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="annotator-mutants-") as name:
        folder = Path(name)
        copy_tree(folder, part)
        program = Path(sys.executable).with_name("mutmut")
        ended = subprocess.run(
            [program, "run", "--max-children", "1"], cwd=folder, capture_output=True, text=True, check=False
        )
        found = results(folder)
        if not any(found.values()):
            sys.exit(f"mutmut found nothing to do:\n{ended.stdout[-4000:]}\n{ended.stderr[-4000:]}")
        missed = [shown(program, folder, key) for key, code in found.items() if code == 0]
    noticed = len(found) - len(missed)
    return Outcome(len(found), noticed, missed, time.monotonic() - began)


def results(folder: Path) -> dict[str, int]:
    """Give the exit status of the tests for each change: 0 means that nothing noticed; None and 33 too."""
    found: dict[str, int] = {}
    for file in (folder / "mutants/annotator").rglob("*.meta"):
        for key, code in json.loads(file.read_text())["exit_code_by_key"].items():
            found[key] = 0 if code in (None, 33, 5) else code
    return found


def shown(program: Path, folder: Path, key: str) -> str:
    """Give what a change was, as a difference."""
    ended = subprocess.run([program, "show", key], cwd=folder, capture_output=True, text=True, check=False)
    lines = [
        line
        for line in ended.stdout.splitlines()
        if line.startswith(("+", "-")) and line[:3] not in ("+++", "---")
    ]
    return "\n".join([key, *(f"    {line}" for line in lines)])


def main(names: list[str]) -> int:
    """Run the parts (all, if none is named) and print the scores; 1 when one is below the least."""
    scores = []
    for name in names or list(PARTS):
        found = mutate(PARTS[name])
        scores.append(found.score)
        print(*found.missed, sep="\n")
        print(
            f"{name}: {found.noticed} of {found.changes} noticed, {found.score:.1f} % ({found.seconds:.0f} s)",
            flush=True,
        )
    return int(min(scores) < LEAST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
