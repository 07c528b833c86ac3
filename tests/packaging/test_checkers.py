"""The lock file of the checkers holds for everyone: exact versions, and no address of a registry."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCKED = json.loads((ROOT / "package-lock.json").read_text())["packages"]


def test_lock_file_names_no_place_to_download_from() -> None:
    assert [name for name, entry in LOCKED.items() if "resolved" in entry] == []


def test_every_locked_package_is_known_by_its_hash() -> None:
    assert [name for name, entry in LOCKED.items() if name and "integrity" not in entry] == []


def test_checkers_are_pinned_to_one_version() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert {name: LOCKED[f"node_modules/{name}"]["version"] for name in wanted} == wanted
