"""The table of ASVS in docs/security.md is whole, and what it names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASKED = """
1.2.1 1.2.2 1.2.3 1.2.4 1.2.9 1.2.10 1.3.1 1.3.6 1.3.7 1.3.12 1.5.1 1.5.2 1.5.3
2.2.1 2.2.2 2.2.3 2.3.1 2.3.3 2.3.4 2.4.1
3.2.1 3.2.2 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.2 3.4.3 3.4.4 3.4.5 3.4.6 3.5.1 3.5.2 3.5.3 3.7.2 4.1.1 4.1.3 4.2.1
5.1.1 5.2.1 5.2.2 5.2.3 5.2.4 5.3.2 5.3.3 5.4.1 5.4.2
6.2.1 6.2.4 6.2.5 6.2.8 6.2.9 6.2.12 6.3.1 6.3.2 6.3.3 6.3.4 6.3.8 6.4.1 6.4.3 6.4.6 6.5.1 6.5.2 6.5.3 6.5.5
7.2.1 7.2.3 7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.4.3 7.4.5 7.5.1 7.5.2 8.2.1 8.2.2 8.2.3 8.3.1 8.3.2 8.4.1
9.2.2 11.4.2 11.5.1 12.3.2 13.2.4 13.3.1 13.4.2 13.4.5
14.2.1 14.2.2 14.2.6 14.3.1 14.3.2 14.3.3 15.1.2 15.1.3 15.2.1 15.2.2 15.2.5
15.3.1 15.3.2 15.3.3 15.3.4 15.3.5 15.3.6 15.3.7 15.4.2
16.2.1 16.2.5 16.3.1 16.3.2 16.3.3 16.4.1 16.4.2 16.5.1 16.5.2 16.5.3 16.5.4
""".split()
ROW = re.compile(r"^\| (\d+\.\d+\.\d+)(?: \(3\))? \| (.+?) \| (.+) \|$", re.MULTILINE)
CASE = re.compile(r"\b([A-Z])(\d\d)\b")
DOCUMENT = (ROOT / "docs" / "security.md").read_text()
ROWS = {number: shown for number, _, shown in ROW.findall(DOCUMENT)}


def named_cases() -> set[str]:
    """The ids of attack cases in the names of tests; `s01_to_s08` stands for all between."""
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for name in re.findall(r"^\s*(?:async )?def (test_\w+)", path.read_text(), re.MULTILINE):
            for letter, first, last in re.findall(r"_([a-z])(\d\d)(?:_to_[a-z](\d\d))?(?=_|$)", name):
                found |= {f"{letter.upper()}{at:02}" for at in range(int(first), int(last or first) + 1)}
    return found


TESTED = named_cases()
EXPLAINED = set(re.findall(r"^\| ([A-Z]\d\d) \|", DOCUMENT, re.MULTILINE))


def test_every_requirement_has_its_line() -> None:
    assert sorted(ROWS) == sorted(ASKED)


@pytest.mark.parametrize("number", ASKED)
def test_what_a_line_names_exists(number: str) -> None:
    shown = ROWS[number]
    cases = {letter + digits for letter, digits in CASE.findall(shown)}
    paths = [path for path in re.findall(r"`([\w./-]+)`", shown) if "/" in path]
    assert cases | set(paths)
    assert cases <= TESTED | EXPLAINED
    assert [path for path in paths if not (ROOT / path).exists()] == []
