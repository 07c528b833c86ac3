"""The rules of tools/rules: each sees what is planted and lets pass what is well done."""

from pathlib import Path

import pytest
from gates.planted import BAD_CODE, BAD_SCRIPTS, BAD_TEMPLATES, GOOD_CODE, GOOD_SCRIPTS, GOOD_TEMPLATES

from tools.rules.__main__ import judged, main, of_python
from tools.rules.allowed import ADDRESSES, ALLOWED
from tools.rules.words import script, template


def cases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(rule, words) for rule, found in table.items() for words in found]


@pytest.mark.parametrize(("rule", "source"), cases(BAD_CODE))
def test_a_planted_fault_in_code_is_seen(rule: str, source: str) -> None:
    assert rule in {fault.rule for fault in of_python(source, "a.py")}


@pytest.mark.parametrize(("rule", "source"), cases(GOOD_CODE))
def test_good_code_passes(rule: str, source: str) -> None:
    assert [fault for fault in of_python(source, "a.py") if fault.rule == rule] == []


@pytest.mark.parametrize(("rule", "words"), cases(BAD_TEMPLATES))
def test_a_planted_fault_in_a_template_is_seen(rule: str, words: str) -> None:
    assert rule in {fault.rule for fault in template(words, "a.html")}


@pytest.mark.parametrize("words", GOOD_TEMPLATES)
def test_a_good_template_passes(words: str) -> None:
    assert list(template(words, "a.html")) == []


@pytest.mark.parametrize("words", BAD_SCRIPTS)
def test_a_planted_fault_in_a_script_is_seen(words: str) -> None:
    assert [fault.rule for fault in script(words, "a.js")] != []


@pytest.mark.parametrize("words", GOOD_SCRIPTS)
def test_a_good_script_passes(words: str) -> None:
    assert list(script(words, "a.js")) == []


def test_the_command_names_file_and_line_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "annotator").mkdir()
    (tmp_path / "annotator/a.py").write_text("\n\nopen(x)\n")
    assert main(tmp_path) == 1
    assert "annotator/a.py:3: files: " in capsys.readouterr().out


def test_the_command_sees_templates_and_scripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, words in (("templates/a/b.html", "\n{{ x|safe }}"), ("static/js/a/b.js", "eval(x)")):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(words)
    assert main(tmp_path) == 1
    said = capsys.readouterr().out
    assert ("templates/a/b.html:2: markup" in said, "static/js/a/b.js:1: script" in said) == (True, True)


def test_a_stated_reason_lets_pass_that_place_alone() -> None:
    found = [fault for name in ("a.py", "b.py") for fault in of_python("def f(): open(x)", name)]
    assert [fault.path for fault in judged(found, {"files": {"a.py:f": "a reason"}})] == ["b.py"]


def test_a_reason_that_nothing_needs_is_a_fault() -> None:
    assert [fault.place for fault in judged([], {"files": {"a.py:f": "a reason"}})] == ["a.py:f"]


def test_every_exception_says_why() -> None:
    reasons = [*ADDRESSES.values(), *(reason for places in ALLOWED.values() for reason in places.values())]
    assert [reason for reason in reasons if len(reason.split()) < 3] == []


def test_s30_what_reaches_the_network_is_imported_by_the_guard_the_listener_and_the_operators_own_services() -> (
    None
):
    places = {place.split()[0] for place in ALLOWED["network"]}
    services = {
        place for place in places if place.startswith(("annotator/mailing.py", "annotator/accounts/oidc/"))
    }
    assert places - services == {"annotator/fetching.py", "annotator/cli.py"}


def test_s30_the_listener_connects_to_nothing() -> None:
    source = (Path(__file__).parents[2] / "annotator/cli.py").read_text()
    assert [
        name for name in ("connect(", "connect_ex", "create_connection", "sendto") if name in source
    ] == []
