"""One shape for every failure, wherever it starts: a problem document under /api/, a page elsewhere, and never more."""

import logging
import re
from pathlib import Path
from typing import Any

import pytest
from contract.requests_of import UNKNOWN, body_of, path_of, routes
from contract.world import HTTP, World
from sqlalchemy import insert, select
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import InternalServerError, RequestEntityTooLarge

from annotator import __version__
from annotator.columns import now
from annotator.database import after_commit, db
from annotator.sources import library
from annotator.sources.models import Source

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
ORIGINALS = "sandbox; default-src 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
}
ROOT = Path(__file__).parents[2]
INNER = re.compile(
    rf"Traceback|{re.escape(str(ROOT))}|/usr|site-packages|\.py\b|sqlalchemy|sqlite|psycopg|werkzeug|flask|marshmallow|{re.escape(__version__)}",
    re.IGNORECASE,
)
# What goes wrong: who, method, path, what goes with it, status, name of the problem.
SOURCE = f"{HTTP}/sources/{{source}}"
FAILURES: list[tuple[str, str, str, dict[str, Any], int, str]] = [
    ("ann", "GET", f"{HTTP}/nothing", {}, 404, "not-found"),
    ("ann", "GET", f"{HTTP}/sources/{UNKNOWN}", {}, 404, "not-found"),
    ("ann", "GET", f"{HTTP}/sources/{UNKNOWN.upper()}A", {}, 404, "not-found"),
    ("ann", "DELETE", f"{HTTP}/speakers/{UNKNOWN}", {}, 405, "method-not-allowed"),
    ("nobody", "GET", SOURCE, {}, 401, "not-signed-in"),
    ("dan", "PATCH", SOURCE, {"json": {}}, 401, "not-signed-in"),
    ("dee", "PATCH", SOURCE, {"json": {}}, 403, "not-allowed"),
    ("eve:read", "PATCH", SOURCE, {"json": {}}, 403, "not-allowed"),
    ("ann", "PATCH", SOURCE, {"json": {}, "headers": {"X-CSRF-Token": "x"}}, 403, "csrf"),
    ("ann", "PATCH", SOURCE, {"json": {}}, 428, "version-needed"),
    ("ann", "PATCH", SOURCE, {"json": {}, "headers": {"If-Match": "x"}}, 400, "bad-request"),
    ("ann", "PATCH", SOURCE, {"json": {}, "headers": {"If-Match": '"9"'}}, 412, "stale"),
    ("ann", "PATCH", SOURCE, {"json": {"title": ""}}, 422, "invalid"),
    ("ann", "PATCH", SOURCE, {"data": "x" * 1_000_001, "content_type": "application/json"}, 413, "too-large"),
    ("ann", "PATCH", SOURCE, {"data": "title=x", "content_type": "text/plain"}, 415, "wrong-type"),
    ("ann", "PATCH", SOURCE, {"data": "{", "content_type": "application/json"}, 400, "bad-request"),
    ("ann", "GET", SOURCE, {"headers": {"Host": "evil.example"}}, 400, "bad-request"),
    ("ann", "GET", f"{HTTP}/me?token=ann_{'x' * 43}", {}, 400, "bad-request"),
    ("ann", "GET", f"{HTTP}/me", {"headers": {"Authorization": "Bearer ann_x"}}, 401, "not-signed-in"),
    ("ann", "GET", f"{HTTP}/projects?limit=0", {}, 422, "invalid"),
]
PAGES: list[tuple[str, str, str, dict[str, Any], int]] = [
    ("ann", "GET", "/nothing", {}, 404), ("nobody", "GET", "/nothing", {}, 404),
    ("ann", "GET", "/<script>alert(1)</script>?x={{7*7}}", {}, 404), ("ann", "GET", "/.git/config", {}, 404),
    ("ann", "GET", "/static/../setup.cfg", {}, 404), ("ann", "GET", "/static/x/..%2f..%2fsetup.cfg", {}, 404),
    ("ann", "GET", "/metrics", {}, 404), ("ann", "GET", "/console", {}, 404), ("ann", "PUT", "/account", {}, 405),
    ("ann", "GET", "/admin/people", {}, 403), ("nobody", "POST", "/account/name", {"data": {}}, 401),
    ("ann", "POST", "/account/name", {"headers": {"Sec-Fetch-Site": "cross-site"}}, 403),
    ("ann", "GET", "/account", {"headers": {"Host": "evil.example"}}, 400),
    ("nobody", "GET", "/login", {"headers": {"Host": "evil.example"}}, 400), ("ann", "GET", "/password/none", {}, 410),
    ("ann", "POST", "/account/name", {"data": {"name": "x" * 1_100_000}}, 413),
    ("ann", "POST", "/account/name", {"data": {"name": ["a", "b"]}}, 422),
]  # fmt: skip


@pytest.mark.parametrize(
    "failure", FAILURES, ids=[f"{f[4]} {f[0]} {f[1]} {f[5]} {n}" for n, f in enumerate(FAILURES)]
)
def test_a_failure_of_the_api_is_a_problem_document(world: World, failure: Any) -> None:
    who, method, path, given, status, name = failure
    answer = world.client(who).open(path.format(**world.desk), method=method, **given)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), answer.text
    assert {"type": f"/problems/{name}", "status": status}.items() <= answer.json.items()
    assert {"type", "title", "status", "detail"} <= set(answer.json)
    assert answer.json["detail"].strip()
    assert INNER.search(answer.text) is None, answer.text


@pytest.mark.parametrize("failure", PAGES, ids=[f"{f[4]} {f[0]} {f[1]} {n}" for n, f in enumerate(PAGES)])
def test_a_failure_elsewhere_is_a_page(world: World, failure: Any) -> None:
    who, method, path, given, status = failure
    answer = world.client(who).open(path, method=method, **given)
    assert (answer.status_code, answer.content_type) == (status, "text/html; charset=utf-8")
    assert "<h1>" in answer.text
    assert "<script>alert" not in answer.text
    assert INNER.search(re.sub(r"/static/\w+/\S+", "", answer.text)) is None


def test_an_invalid_field_is_named_by_its_pointer(world: World) -> None:
    body = {"snapshot": world.desk["snapshot"], "spans": [{"start": 0, "end": 4}, {"start": "x", "end": 4}]}
    answer = world.client("ann").change(
        "PATCH", f"{HTTP}/annotations/{world.desk['annotation']}", body, version=1
    )
    assert [error["pointer"] for error in answer.json["errors"]] == ["/spans/1/start"]


def test_the_same_text_again_names_the_article_that_holds_it(world: World) -> None:
    text = world.client("ann").get(f"{HTTP}/snapshots/{world.desk['snapshot']}").json["text"]
    body = {"project": world.desk["project"], "text": text}
    answer = world.client("ann").put(f"{HTTP}/articles/{UNKNOWN}", json=body)
    known = {
        "id": world.desk["article"],
        "title": "The harbour",
        "url": f"/articles/{world.desk['article']}/",
    }
    assert (answer.status_code, answer.json["existing"]) == (409, known)
    again = world.client("ann").put(f"{HTTP}/articles/{UNKNOWN}", json={**body, "allow_same": True})
    assert again.status_code == 201


def test_every_answer_carries_the_headers(world: World) -> None:
    for path, method, rule in routes(world.app):
        world.restore()
        for who in ("nobody", "eve"):
            ids = world.desk | world.own(who)
            given = body_of(world, rule, method, ids)
            answer = world.client(who).open(
                path_of(world, rule, method, ids), method=method, buffered=True, **given
            )
            # what people brought in is kept from being a page at all
            policy = ORIGINALS if path.endswith("/raw") and answer.status_code == 200 else POLICY
            wanted = {**HEADERS, "Content-Security-Policy": policy}
            assert {name: answer.headers.get(name) for name in HEADERS} == wanted, path
            assert answer.headers.get_all("Content-Security-Policy") == [policy], path
            assert _kept_by_nobody(answer) or path.startswith("/static/"), path


def _kept_by_nobody(answer: Any) -> bool:
    return answer.headers["Cache-Control"] == "no-store" and "Cookie" in answer.headers["Vary"]


@pytest.mark.parametrize("failure", PAGES, ids=[f"{f[4]} {f[0]} {f[1]} {n}" for n, f in enumerate(PAGES)])
def test_error_pages_carry_the_headers(world: World, failure: Any) -> None:
    who, method, path, given, _ = failure
    answer = world.client(who).open(path, method=method, **given)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert _kept_by_nobody(answer)


def test_static_files_are_kept_and_old_addresses_are_not(world: World) -> None:
    build = world.app.config["BUILD"]
    kept, old = (
        world.client("nobody").get(f"/static/{name}/js/main.js", buffered=True) for name in (build, "old")
    )
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in old.headers["Cache-Control"]
    assert {name: kept.headers.get(name) for name in HEADERS} == HEADERS


def test_strict_transport_is_asked_for_over_tls_only(world: World) -> None:
    plain, secure = (
        world.client("nobody").get("/login", base_url=f"{scheme}://localhost") for scheme in ("http", "https")
    )
    assert "Strict-Transport-Security" not in plain.headers
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_no_answer_lets_another_origin_read_it(world: World) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"}
    for method in ("GET", "OPTIONS"):
        answer = world.client("ann").open(f"{HTTP}/projects", method=method, headers=asked)
        assert [name for name, _ in answer.headers if name.startswith("Access-Control")] == []


def planted(**_: Any) -> Any:
    db.session.execute(select(1))
    raise RuntimeError("a secret path /srv/annotator/x.py")


VIEWS = [
    ("sources_api.get_source", f"{HTTP}/sources/{{source}}"), ("reader.read", "/articles/{article}/"),
    ("articles.list_articles", "/projects/{slug}/"), ("account.account", "/account"), ("healthz", "/healthz"),
]  # fmt: skip


@pytest.mark.parametrize(("view", "path"), VIEWS)
def test_an_unexpected_error_says_an_id_and_no_more(
    world: World, view: str, path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(world.app.view_functions, view, planted)
    with caplog.at_level(logging.ERROR):
        answer = world.client("ann").get(path.format(**world.desk))
    mark = re.search(r"administrator: ([0-9a-f]{12})\.", answer.text)
    assert (answer.status_code, "secret" in answer.text) == (500, False)
    assert mark is not None
    assert mark[1] in caplog.text
    assert "secret path" in caplog.text
    monkeypatch.undo()
    assert world.client("ann").get(path.format(**world.desk)).status_code == 200


def test_an_error_after_the_change_leaves_nothing_of_it(
    shared_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("after the change")

    eve, path = shared_world.client("eve"), f"{HTTP}/sources/{UNKNOWN}"
    body, before = {"project": shared_world.desk["project"], "title": "A law"}, shared_world.counts()
    monkeypatch.setattr(library, "record", broken)
    assert eve.put(path, json=body).status_code == 500
    assert shared_world.counts() == before
    monkeypatch.undo()
    assert eve.get(f"{HTTP}/projects/{shared_world.desk['project']}/sources").status_code == 200


def test_a_failing_callback_after_the_commit_keeps_the_change(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    record = library.record

    def with_callbacks(session: Any, *args: Any, **given: Any) -> None:
        record(session, *args, **given)
        after_commit(session, lambda: 1 / 0)
        after_commit(session, lambda: ran.append("next"))

    monkeypatch.setattr(library, "record", with_callbacks)
    body = {"project": world.desk["project"], "title": "A law"}
    assert world.client("eve").put(f"{HTTP}/sources/{UNKNOWN}", json=body).status_code == 201
    assert (ran, world.client("eve").get(f"{HTTP}/sources/{UNKNOWN}").status_code) == (["next"], 200)


def test_callbacks_of_a_failed_request_never_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def broken(session: Any, *_: Any, **__: Any) -> None:
        after_commit(session, lambda: ran.append("ran"))
        raise InternalServerError

    monkeypatch.setattr(library, "record", broken)
    world.client("eve").put(
        f"{HTTP}/sources/{UNKNOWN}", json={"project": world.desk["project"], "title": "A law"}
    )
    assert ran == []


FULL = OperationalError("INSERT", {}, Exception("database or disk is full"))
LOCKED = OperationalError("INSERT", {}, Exception("database is locked"))


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [(FULL, 507, "disk-full"), (LOCKED, 503, "unavailable"), (RequestEntityTooLarge(), 413, "too-large")],
)
def test_a_database_that_cannot_write_is_told_plainly(
    world: World, error: Exception, status: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(library, "record", broken)
    body = {"project": world.desk["project"], "title": "A law"}
    answer = world.client("eve").put(f"{HTTP}/sources/{UNKNOWN}", json=body)
    assert (answer.status_code, answer.json["type"]) == (status, f"/problems/{name}")
    assert INNER.search(answer.text) is None


def test_line_breaks_in_an_address_make_no_header(world: World) -> None:
    for path in ("/login?next=%0d%0aSet-Cookie:x=1", "/nothing%0d%0aX-Evil:1", f"{HTTP}/%0d%0aX-Evil:1"):
        answer = world.client("nobody").get(path)
        assert "X-Evil" not in answer.headers
        assert "x=1" not in answer.headers.get("Set-Cookie", "")


def test_a_broken_rule_is_logged_by_its_name_and_never_with_the_row(
    shared_world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(session: Any, *_: Any, **__: Any) -> None:
        columns = {
            "id": UNKNOWN,
            "project_id": shared_world.desk["project"],
            "title": "Secret name",
            "tier": "x",
        }
        session.execute(insert(Source).values(created_at=now(), updated_at=now(), folded="", **columns))

    monkeypatch.setattr(library, "add", broken)
    body = {"project": shared_world.desk["project"], "title": "Secret name"}
    answer = shared_world.client("ann").put(f"{HTTP}/sources/{UNKNOWN}", json=body)
    assert (answer.status_code, "ck_sources_tier_known" in caplog.text, "Secret" in caplog.text) == (
        409,
        True,
        False,
    )
