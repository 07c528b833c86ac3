"""H: hosts, headers and errors, on every route."""

import logging
import re
from typing import Any

import pytest
from attacks.untouched import untouched
from contract.requests_of import body_of, path_of, routes
from contract.test_errors import HEADERS, INNER
from contract.world import HTTP, World
from sqlalchemy import select

from annotator.accounts.models import User
from annotator.database import db

EVIL = "evil.example"
FORWARDED = ("X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-Original-URL", "X-Rewrite-URL")
CRLF = (
    "%0d%0aX-Evil:%201",
    "%0aX-Evil: 1",
    "\r\nX-Evil: 1",
    "%E5%98%8D%E5%98%8AX-Evil:1",
    "\u560d\u560aX-Evil:1",
)
TARGETS = [
    "//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "javascript:alert(1)",
    "http://localhost@evil.example", "\\\\evil.example", "/\t/evil.example", "///evil.example", "data:text/html,x",
    "/%5cevil.example/..", " //evil.example", "\u2028//evil.example",
]  # fmt: skip
NOT_THERE = [
    "/console", "/__debugger__?cmd=resource", "/.git/config", "/.git/HEAD", "/.env", "/instance/secret_key",
    "/static/../setup.cfg", "/static/x/../../annotator/app.py", "/static/x/..%2f..%2fsetup.cfg",
    "/server-status", "/debug", "/phpinfo.php", "/actuator/env", "/docs/", "/swagger", "/annotator.sqlite",
]  # fmt: skip


def every(world: World, who: str = "eve") -> Any:
    """Every route and method with a request that somebody with the right would send: `(rule, path, arguments)`."""
    for _, method, rule in routes(world.app):
        ids = world.desk | world.own(who)
        given = {"method": method, "buffered": True, **body_of(world, rule, method, ids)}
        yield rule, path_of(world, rule, method, ids), given


def test_h01_another_host_is_refused_everywhere(world: World) -> None:
    with untouched(world.app, but=("login_sessions",)):
        for rule, path, given in every(world):
            sent = {**given, "headers": {**given.get("headers", {}), "Host": EVIL}}
            answer = world.client("eve").open(path, **sent)
            assert (answer.status_code, EVIL in answer.text) == (400, False), rule.rule


def test_h01_a_forwarded_host_counts_for_nothing_without_a_proxy(world: World) -> None:
    forged = {"Forwarded": f"host={EVIL}", **dict.fromkeys(FORWARDED, EVIL)}
    for rule, path, given in every(world, "cleo"):
        answer = world.client("cleo").open(
            path, **{**given, "headers": {**given.get("headers", {}), **forged}}
        )
        assert EVIL not in answer.text + answer.headers.get("Location", ""), rule.rule


@pytest.mark.parametrize("words", CRLF)
def test_h02_line_breaks_make_no_header(world: World, words: str) -> None:
    paths = [f"/login?next=/{words}", f"/nothing{words}", f"{HTTP}/sources/{words}", f"/?notice={words}"]
    for path in paths:
        for who in ("nobody", "eve"):
            answer = world.client(who).get(path)
            assert [name for name, value in answer.headers if "evil" in name.lower()] == [], path
            assert [name for name, value in answer.headers if "\n" in value or "\r" in value] == [], path


def test_h02_nor_does_a_file_name(world: World) -> None:
    path = f"{HTTP}/snapshots/01900000-0000-7000-8000-00000000000b/file"
    query = {"source": world.desk["source"], "name": "a\r\nX-Evil: 1.txt"}
    eve = world.client("eve")
    made = eve.put(path, query_string=query, data=b"Words.", content_type="text/plain")
    assert made.status_code in (201, 422)
    raw = eve.get(path.removesuffix("/file") + "/raw")
    assert "X-Evil" not in raw.headers


def test_h03_no_answer_may_stand_in_a_frame(world: World) -> None:
    for rule, path, given in every(world):
        answer = world.client("eve").open(path, **given)
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy or policy.startswith("sandbox"), rule.rule
        assert answer.headers["X-Frame-Options"] == "DENY", rule.rule


@pytest.mark.parametrize("target", TARGETS)
def test_h04_nobody_is_led_to_another_site(world: World, target: str) -> None:
    for who in ("eve", "cleo"):
        answer = world.client(who).get("/login", query_string={"next": target})
        place = answer.headers["Location"]
        assert (answer.status_code, place.startswith("/")) == (303, True)
        assert re.match(r"/[/\\\s]", place) is None


def test_h05_the_same_headers_on_what_is_refused(world: World) -> None:
    for who in ("nobody", "dee", "olga", "dan"):
        for rule, path, given in every(world, "dee"):
            answer = world.client(who).open(path, **given)
            named = {name: answer.headers.get(name) for name in HEADERS}
            if not (rule.rule.endswith("/raw") and answer.status_code == 200):
                assert named == HEADERS, (who, rule.rule)


@pytest.mark.parametrize("status", [404, 405, 413, 415])
def test_h06_no_refusal_tells_of_the_program(world: World, status: int) -> None:
    sent: dict[int, tuple[str, dict[str, Any]]] = {
        404: ("nothing", {"method": "GET"}),
        405: ("me", {"method": "DELETE"}),
        413: ("projects/x", {"method": "GET"}),
        415: (
            f"sources/{world.desk['source']}",
            {"method": "PATCH", "data": "x", "content_type": "text/plain"},
        ),
    }
    path, given = sent[status]
    if status == 413:
        path = f"sources/{world.desk['source']}"
        given = {"method": "PATCH", "data": b"x" * 1_100_000, "content_type": "application/json"}
    answer = world.client("ann").open(f"{HTTP}/{path}", **given)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert INNER.search(answer.text) is None
    assert [name for name in ("Server", "X-Powered-By", "Via") if name in answer.headers] == []


def planted(**_: Any) -> Any:
    db.session.execute(select(User).with_for_update())
    db.session.add(User(id="x" * 36, email="half@example.org", name="Half done"))
    raise RuntimeError("planted in /srv/annotator/secret.py")


def test_h07_an_error_in_any_route_is_one_500_with_an_id(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    names = sorted({rule.endpoint for _, _, rule in routes(world.app)})
    for name in names:
        monkeypatch.setitem(world.app.view_functions, name, planted)
    with untouched(world.app, but=("login_sessions",)), caplog.at_level(logging.ERROR):
        for rule, path, given in every(world):
            caplog.clear()
            answer = world.client("eve").open(path, **given)
            marks = re.findall(r"administrator: ([0-9a-f]{12,})", answer.text)
            assert (answer.status_code, len(marks)) == (500, 1), (rule.rule, answer.text)
            lines = [record for record in caplog.records if marks[0] in record.getMessage()]
            assert (len(lines), "planted" in answer.text) == (1, False), rule.rule


def test_h07_and_the_next_request_is_as_if_nothing_had_been(
    shared_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{HTTP}/sources/{shared_world.desk['source']}"
    with monkeypatch.context() as broken:
        broken.setitem(shared_world.app.view_functions, "sources_api.get_source", planted)
        assert [shared_world.client("eve").get(path).status_code for _ in range(40)] == [500] * 40
    assert shared_world.client("eve").get(path).status_code == 200


def test_h08_no_cache_between_keeps_what_is_private(world: World) -> None:
    for rule, path, given in every(world):
        answer = world.client("eve").open(path, **given)
        if not rule.rule.startswith("/static"):
            assert answer.headers["Cache-Control"] == "no-store", rule.rule
            assert "Cookie" in answer.headers["Vary"], rule.rule


@pytest.mark.parametrize("path", NOT_THERE)
@pytest.mark.parametrize("who", ["nobody", "ann", "cleo"])
def test_h12_there_is_no_way_behind_the_pages(world: World, path: str, who: str) -> None:
    answer = world.client(who).get(path)
    assert answer.status_code == 404
    assert INNER.search(re.sub(r"/static/\w+/\S+", "", answer.text)) is None


def test_h12_no_debugger_is_on(world: World) -> None:
    assert (world.app.debug, world.app.testing) == (False, False)


def test_no_route_answers_with_a_stream_of_events(world: World) -> None:
    for rule, path, given in every(world):
        sent = {
            **given,
            "headers": {**given.get("headers", {}), "Accept": "text/event-stream", "Last-Event-ID": "1"},
        }
        assert world.client("eve").open(path, **sent).mimetype != "text/event-stream", rule.rule
