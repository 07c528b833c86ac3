"""No text makes a regular expression of ours slow: 100 KB of anything takes less than 100 ms of processor time."""

import json
import re
import subprocess
import time
from collections import deque

import pytest
from attacks.patterns import (
    ROOT,
    SIZE,
    Pattern,
    compilations,
    compiled,
    fitting,
    hostile,
    in_scripts,
    units,
    written_in_place,
)

from annotator.articles.passages import places_of

PATTERNS = {**compiled(), **written_in_place()}
MOST = 0.1


def seconds(pattern: Pattern, way: str, text: str) -> float:
    """Give the processor time that a pattern takes, used as the program uses it."""
    subject = text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text
    given = (type(subject)(), subject) if way == "sub" else (subject,)
    begun = time.process_time()
    found = getattr(pattern, way)(*given)
    if way == "finditer":
        deque(found, maxlen=0)
    return time.process_time() - begun


@pytest.mark.parametrize("source", sorted(PATTERNS), ids=lambda source: ascii(source)[1:60])
def test_q05_no_text_makes_a_pattern_slow(source: str) -> None:
    pattern, ways = PATTERNS[source]
    fits = fitting(pattern)
    for unit in units(source, fits):
        for text in hostile(unit, fits):
            for way in ways:
                # the faster of two: the machine may have been at something else
                slow = seconds(pattern, way, text) > MOST and seconds(pattern, way, text) > MOST
                assert not slow, (way, unit)


def test_q05_every_pattern_of_the_program_was_tried() -> None:
    assert len(compiled()) >= compilations() - 4
    assert len(written_in_place()) >= 5


def test_q05_a_slow_pattern_would_be_found() -> None:
    slow = re.compile(r"(\d+\s*)+x")
    assert seconds(slow, "search", "1" * 22) > 10 * seconds(slow, "search", "1" * 15)


def test_q05_no_text_makes_an_expression_of_the_scripts_slow() -> None:
    tried = [(source, flags, units(source)) for source, flags in in_scripts()]
    assert len(tried) > 20
    program = ["node", str(ROOT / "tests/attacks/patterns.mjs")]
    ended = subprocess.run(program, input=json.dumps(tried), capture_output=True, text=True, check=True)
    assert json.loads(ended.stdout) == []


def test_q05_words_of_a_search_within_a_text_stay_words() -> None:
    for words in ("(a+)+$", "a a a a a", "a* b*", "\\", "[", "a{1,9}" * 40):
        begun = time.process_time()
        places_of("a " * (SIZE // 2), words)
        assert time.process_time() - begun < 20 * MOST, words
