"""No library is older than floors.tsv allows: what is installed here, and what setup.cfg lets people install."""

import configparser
import csv
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
ROWS = list(csv.DictReader((ROOT / "tests/gates/floors.tsv").read_text().splitlines(), delimiter="\t"))
FLOORS = {row["package"]: Version(row["minimum"]) for row in ROWS}


def too_old(installed: Mapping[str, str]) -> list[str]:
    """Name what is installed below its floor."""
    return [name for name, least in FLOORS.items() if name in installed and Version(installed[name]) < least]


def too_low(requirements: Iterable[Requirement]) -> list[str]:
    """Name what may be installed below its floor."""
    return [wanted.name for wanted in requirements if _lowest(wanted) < FLOORS.get(wanted.name, Version("0"))]


def _lowest(wanted: Requirement) -> Version:
    return max(
        (Version(one.version) for one in wanted.specifier if one.operator == ">="), default=Version("0")
    )


def present() -> dict[str, str]:
    return {canonicalize_name(found.metadata["Name"]): found.version for found in metadata.distributions()}


def required() -> dict[str, list[Requirement]]:
    """Give what each part of setup.cfg asks for."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    parts = {"": settings["options"]["install_requires"], **settings["options.extras_require"]}
    return {part: [Requirement(line) for line in words.split("\n") if line] for part, words in parts.items()}


def test_nothing_installed_is_older_than_its_floor() -> None:
    assert too_old(present()) == []


def test_setup_lets_nothing_in_that_is_older_than_its_floor() -> None:
    assert too_low(wanted for part in required().values() for wanted in part) == []


def test_every_requirement_of_the_program_says_how_old_it_may_be() -> None:
    parts = required()
    running = [*parts[""], *parts["oidc"], *parts["postgres"]]
    assert [wanted.name for wanted in running if _lowest(wanted) == Version("0")] == []


def test_every_floor_is_about_something_installed_and_says_why() -> None:
    known = present()
    assert [row for row in ROWS if row["package"] not in known or not row["why"]] == []
    assert len(FLOORS) == len(ROWS)


@pytest.mark.parametrize(
    ("name", "version"), [("flask", "3.1.2"), ("lxml", "6.0.4"), ("werkzeug", "3.1.6rc1")]
)
def test_a_planted_old_version_is_refused(name: str, version: str) -> None:
    assert too_old({**present(), name: version}) == [name]


@pytest.mark.parametrize("wanted", ["werkzeug>=3.1.5", "waitress", "jinja2<4,>=3.1"])
def test_a_planted_low_requirement_is_refused(wanted: str) -> None:
    assert too_low([Requirement(wanted)]) == [Requirement(wanted).name]
