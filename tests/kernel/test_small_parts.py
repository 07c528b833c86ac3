"""If-Match, cursors, ids and times, and what `annotator permissions` prints."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Integer, String, Text, column

from annotator.cli import group
from annotator.columns import ID_LENGTH, UtcTime, as_time, from_time, new_id
from annotator.concurrency import asked_version, check_version, digest
from annotator.errors import AnnotatorError, BadRequest, Invalid, Stale, VersionNeeded
from annotator.fields import ID
from annotator.paging import decode, encode

VERSIONS: list[tuple[str | None, Any]] = [
    ('"3"', 3), ('W/"3"', 3), (' "12" ', 12), ('"0"', 0), (None, VersionNeeded), ("3", BadRequest), ("*", BadRequest),
    ('"-1"', BadRequest), ('"x"', BadRequest), ('"1","2"', BadRequest), ('"' + "9" * 16 + '"', BadRequest),
    ("", BadRequest),
    ('"٣"', BadRequest),
]  # fmt: skip


def outcome(action: Any) -> Any:
    try:
        return action()
    except AnnotatorError as error:
        return type(error)


@pytest.mark.parametrize(("header", "expected"), VERSIONS, ids=str)
def test_if_match_is_a_version_in_quotes(app: Any, header: str | None, expected: Any) -> None:
    environ = {} if header is None else {"HTTP_IF_MATCH": header.encode().decode("latin-1")}
    with app.test_request_context(environ_overrides=environ):
        assert outcome(asked_version) == expected


def test_a_stale_version_carries_the_present_state(app: Any) -> None:
    with app.test_request_context(headers={"If-Match": '"1"'}):
        check_version(SimpleNamespace(version=1), dict)
        with pytest.raises(Stale) as caught:
            check_version(SimpleNamespace(version=2), lambda: {"title": "New"})
    assert (caught.value.more, caught.value.headers) == ({"current": {"title": "New"}}, {"ETag": '"2"'})


def test_the_same_content_has_the_same_digest_in_any_order() -> None:
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1}) != digest({"a": 1, "b": [3]})


COLUMNS = (column("at", UtcTime()), column("id", String(ID_LENGTH)))
KEY = "01a203fc-ac5c-7211-b7dc-2f0a6b9fa113"
AT = "2026-11-22T15:13:48.123456Z"
CURSORS: list[Any] = [
    [], [AT], [AT, KEY, 1], ["x", KEY], [AT, "x"], [1, KEY], [AT, 7], [None, None], ["2026-11-22", KEY],
    ["2026-11-22T15:13:48", KEY], [[AT], KEY], {"a": 1, "b": 2}, "text", 7, None, [AT, KEY.upper()],
    ["9999-12-31T23:59:59.999999-23:59", KEY], ["0001-01-01T00:00:00+23:59", KEY],
]  # fmt: skip


def test_a_cursor_comes_back_as_what_it_was_made_of() -> None:
    key = new_id()
    assert decode(encode([AT, key]), COLUMNS) == [from_time(AT), key]
    numbers = (column("start", Integer), column("name", Text))
    assert decode(encode([7, "Ä"]), numbers) == [7, "Ä"]


@pytest.mark.parametrize("values", CURSORS, ids=str)
def test_a_cursor_of_something_else_is_refused(values: Any) -> None:
    with pytest.raises(Invalid):
        decode(encode(values), COLUMNS)


@pytest.mark.parametrize(
    "values", [[True, "a"], [2**40, "a"], ["1", "a"], [1.5, "a"], [1, "a\0"], [1, 2]], ids=str
)
def test_a_cursor_of_other_kinds_is_refused(values: Any) -> None:
    with pytest.raises(Invalid):
        decode(encode(values), (column("start", Integer), column("name", Text)))


@pytest.mark.parametrize("cursor", ["", "x", "%", "====", "é", "\0", "W10", "a" * 499, "eyJhIjox"])
def test_garbage_is_no_cursor(cursor: str) -> None:
    with pytest.raises(Invalid):
        decode(cursor, COLUMNS)


def test_ids_are_version_7_and_rise_with_time() -> None:
    ids = [new_id() for _ in range(200)]
    assert all(ID.fullmatch(key) and key[14] == "7" for key in ids)
    assert len(set(ids)) == 200
    assert [key[:13] for key in ids] == sorted(key[:13] for key in ids)


def test_times_are_written_in_utc_with_six_digits() -> None:
    there = datetime(2026, 11, 22, 17, 13, 48, 5, tzinfo=timezone(timedelta(hours=2)))
    assert as_time(there) == "2026-11-22T15:13:48.000005Z"
    assert from_time("2026-11-22T15:13:48.000005Z") == there.astimezone(UTC)
    assert (as_time(None), as_time(AT)) == (None, AT)


def test_a_naive_time_never_reaches_the_database(session: Any) -> None:
    with pytest.raises(ValueError, match="must be aware"):
        UtcTime().process_bind_param(datetime(2026, 1, 1), session.get_bind().dialect)  # noqa: DTZ001


PERMISSIONS = """\
public:read	everybody
account:self	everybody signed in
project:read	editor, reviewer, viewer
content:add	editor, reviewer
content:change	editor, reviewer
project:manage	editor
people:manage	admin
site:manage	admin
"""


def test_the_command_prints_who_may_do_what(tmp_path: Any) -> None:
    printed = CliRunner().invoke(group, ["permissions"], env={"ANNOTATOR_INSTANCE": str(tmp_path)})
    assert (printed.exit_code, printed.output) == (0, PERMISSIONS)


def test_an_unsafe_setting_is_told_on_the_command_line(tmp_path: Any) -> None:
    env = {"ANNOTATOR_INSTANCE": str(tmp_path), "ANNOTATOR_SECRET_KEY": "dev", "PATH": ""}
    command = [sys.executable, "-m", "annotator", "db", "check"]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "too short or well known" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_db_check_tells_whether_the_database_fits(tmp_path: Any) -> None:
    env, runner = {"ANNOTATOR_INSTANCE": str(tmp_path)}, CliRunner()
    before = runner.invoke(group, ["db", "check"], env=env)
    assert (before.exit_code, "annotator db upgrade" in before.output) == (1, True)
    assert runner.invoke(group, ["db", "upgrade"], env=env).exit_code == 0
    assert runner.invoke(group, ["db", "check"], env=env).exit_code == 0
    assert runner.invoke(group, ["db", "downgrade", "base"], env=env).output == "base\n"
