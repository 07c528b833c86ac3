"""Every case of cases.tsv is tried by a test with its id in the name, or docs/security.md says why none is."""

import ast
import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = list(csv.DictReader((ROOT / "tests/attacks/cases.tsv").read_text().splitlines(), delimiter="\t"))
CASES = {row["id"] for row in ROWS}
ID = r"[acehjlopqsux]\d\d"
RANGE = re.compile(rf"_({ID})_to_({ID})(?=_|$)")
SINGLE = re.compile(rf"_({ID})(?=_|$)")
WITHOUT = re.compile(r"^\| ([A-Z]\d\d) \| (.+) \|$", re.MULTILINE)


def cases_of(name: str) -> set[str]:
    """Give the ids in a test's name: `test_s20_to_s23_...` stands for four, `test_a01_and_a02_...` for two."""
    found = {match[1].upper() for match in SINGLE.finditer(name)}
    for first, last in RANGE.findall(name):
        found |= {f"{first[0].upper()}{number:02}" for number in range(int(first[1:]), int(last[1:]) + 1)}
    return found


def named_in(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node.name


def without_a_test() -> dict[str, str]:
    """Give the cases that docs/security.md says are not tried, with the reason."""
    return dict(WITHOUT.findall((ROOT / "docs/security.md").read_text(encoding="utf-8")))


def test_every_case_is_tried_or_its_absence_explained() -> None:
    tried = {case for name in named_in((ROOT / "tests").rglob("*.py")) for case in cases_of(name)}
    assert sorted(CASES - tried - set(without_a_test())) == []


def test_no_case_is_both_tried_and_explained_away() -> None:
    tried = {case for name in named_in((ROOT / "tests").rglob("*.py")) for case in cases_of(name)}
    assert sorted(set(without_a_test()) & tried) == []


def test_the_named_in_attacks_name_known_cases_alone() -> None:
    named = {case for name in named_in((ROOT / "tests/attacks").glob("*.py")) for case in cases_of(name)}
    assert sorted((named | set(without_a_test())) - CASES) == []


def test_every_case_is_listed_once_and_says_what_it_is() -> None:
    assert (len(ROWS), len(CASES)) == (152, 152)
    assert [row["id"] for row in ROWS if len(row["what"].split()) < 3] == []


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        ("test_a09_one_code_signs_in_once", {"A09"}),
        ("test_s20_to_s23_redirects_are_refused", {"S20", "S21", "S22", "S23"}),
        ("test_j01_and_j06_numbers", {"J01", "J06"}),
        ("test_u13", {"U13"}),
        ("test_a_page_of_b12_things_and_u1", set()),
    ],
)
def test_names_are_read_as_people_read_them(name: str, cases: set[str]) -> None:
    assert cases_of(name) == cases
