"""What a hostile client can put into the log: one line for each record, cut, without signs that move a terminal."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from factories import SignedIn
from flask.testing import FlaskClient

from annotator import logs
from annotator.app import Annotator

HOSTILE = {
    "line breaks": "one\r\ntwo\nthree",
    "terminal": "\x1b[31mred\x1b]0;title\x07\x9b2J",
    "direction": "\u202eabc\u2066def\u200b",
    "surrogate": "\ud800",
    "a megabyte": "x " * 500_000,
    "an address": "write to ann@example.org now",
    "a token": f"ann_{'Ab3-' * 11}",
    "a database": "postgresql://desk:hunter2hunter2@db/desk",
}
KINDS = ("json", "text")


@pytest.fixture(params=KINDS)
def written(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """What was logged since the test began, as the program writes it to standard error."""
    root, stream = logging.getLogger(), io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines() if request.param == "json" else logs.TextLines())
    level = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield stream.getvalue
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("kind", [logs.JsonLines, logs.TextLines])
@pytest.mark.parametrize("name", HOSTILE)
def test_l01_hostile_words_become_one_clean_line(kind: type[logging.Formatter], name: str) -> None:
    # made by hand: the machinery of the tests keeps what is logged, and falls over such words itself
    record = logging.LogRecord("annotator", logging.INFO, "", 1, "name: %s", (HOSTILE[name],), None)
    line = kind().format(record)
    assert (line.isprintable(), len(line) < 3_000) == (True, True)
    assert [words for words in ("ann@example.org", "hunter2", "Ab3-Ab3-") if words in line] == []


def test_l01_names_paths_and_headers_of_requests_are_not_in_the_log(
    client: FlaskClient, written: Callable[[], str]
) -> None:
    headers = {
        "User-Agent": "planted\x1b[31m",
        "X-Request-Id": "planted",
        "Referer": "http://planted.example/",
    }
    for path in ("/planted%0d%0aline?planted=1", f"/{'planted' * 9_000}", "/password/planted%1b[31m"):
        client.get(path, headers=headers)
    client.open("/login", method="PLANTED")
    client.post("/login", data={"email": "planted@example.org", "password": "planted planted"})
    assert "GET none 404" in written()
    assert "planted" not in written().lower()


def test_l01_a_message_whose_values_do_not_fit_is_written_as_it_is() -> None:
    record = logging.LogRecord("annotator", logging.INFO, "", 1, "100 % of %s and %s", ("one",), None)
    assert json.loads(logs.JsonLines().format(record))["message"] == "100 % of %s and %s"


def fail(*_: Any, **__: Any) -> Any:
    password = "planted words"
    raise RuntimeError(f"somebody typed {password}")


def test_l02_what_an_exception_says_is_not_in_the_log_but_where_it_happened_is(
    app: Annotator,
    as_: Callable[[str], SignedIn],
    written: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.view_functions, "projects.home", fail)
    answer = as_("ann").get("/")
    mark = answer.headers["X-Request-Id"]
    assert (answer.status_code, mark in answer.text) == (500, True)
    assert (mark in written(), "RuntimeError" in written(), "fail" in written()) == (True, True, True)
    assert "planted words" not in written() + answer.text


def test_every_answer_names_its_request_and_each_request_has_its_own_id(client: FlaskClient) -> None:
    marks = [
        client.get(path).headers["X-Request-Id"] for path in ("/healthz", "/nowhere", "/login", "/api/v1/me")
    ]
    assert len(set(marks)) == 4
    assert all(len(mark) == 12 for mark in marks)


@pytest.mark.parametrize("written", ["json"], indirect=True)
def test_a_line_of_a_request_says_route_status_and_time(
    client: FlaskClient, written: Callable[[], str]
) -> None:
    answer = client.get("/password/abc?next=/x")
    line = json.loads(written().splitlines()[-1])
    assert {name: line[name] for name in ("level", "logger", "method", "route", "status", "request")} == {
        "level": "INFO", "logger": "annotator.requests", "method": "GET", "route": "/password/<token>",
        "status": answer.status_code, "request": answer.headers["X-Request-Id"],
    }  # fmt: skip
    assert 0 < line["ms"] < 60_000


@pytest.mark.parametrize(
    "path", ["/console", "/debug", "/.git/config", "/static/../annotator/app.py", "/metrics/"]
)
def test_h12_debuggers_and_repositories_are_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
