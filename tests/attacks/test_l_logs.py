"""L: what is nobody's business stands in no log, journal, export or error page; what was done or refused, does."""

import io
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from attacks.test_p01_table import STATED
from attacks.untouched import changed_tables, fingerprints
from contract.requests_of import body_of, path_of, routes
from contract.world import HTTP, World

from annotator import limits
from annotator.columns import now
from annotator.database import Model, db
from annotator.logs import JsonLines, TextLines

LONG = "Zq7xW2vR9tK4mB8nL3cY6dF1gH5jS0pA"
# Each kind of secret: how it looks, and the name of the field that it would be sent in.
KINDS = {
    "password": (f"correct {LONG} horse", "password"),
    "present password": (f"staple {LONG} battery", "current"),
    "API token": (f"ann_tok{LONG}xyz", "api_token"),
    "session's cookie": (f"ses{LONG}ion0123", "session"),
    "device's cookie": (f"dev{LONG}ice0123", "device"),
    "CSRF token": (f"csr{LONG}f01234567", "csrf_token"),
    "link for a password": (f"lnk{LONG}pass0123", "token"),
    "invitation": (f"inv{LONG}ite01234", "invitation"),
    "link for an address": (f"eml{LONG}chg01234", "link"),
    "step of signing in": (f"stp{LONG}step0123", "step"),
    "secret of an authenticator": ("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ", "secret"),
    "code of an authenticator": ("8675309421", "code"),
    "recovery code": (f"rec-{LONG[:9]}-{LONG[9:18]}", "recovery"),
    "code of single sign-on": (f"oid{LONG}code0123", "id_token"),
    "state of single sign-on": (f"sta{LONG}te012345", "state"),
}
VALUES = {value: kind for kind, (value, _) in KINDS.items()}
FIELDS = {name: value for value, name in KINDS.values()}
PATHS = (
    "/password/{}",
    "/invitation/{}",
    "/nothing/{}",
    f"{HTTP}/sources/{{}}",
    "/account/email/{}",
    "/login/{}",
)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that goes to the log while the test runs, in both of its forms, as talkative as it can be."""
    out, root = io.StringIO(), logging.getLogger()
    level, handlers = root.level, [logging.StreamHandler(out) for _ in range(2)]
    for handler, form in zip(handlers, (JsonLines(), TextLines()), strict=True):
        handler.setFormatter(form)
        root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.setLevel(level)
    for handler in handlers:
        root.removeHandler(handler)


def told(text: str) -> list[str]:
    """Give the kinds of secrets that stand in a text."""
    return [kind for value, kind in VALUES.items() if value in text]


def carrying(given: dict[str, Any]) -> dict[str, Any]:
    """Put every secret into a request: headers, cookies, query, and the fields of its body."""
    cookies = f"__Host-annotator={FIELDS['session']}; __Host-annotator-device={FIELDS['device']}"
    headers = {
        **given.get("headers", {}),
        "X-CSRF-Token": FIELDS["csrf_token"],
        "Referer": f"http://localhost/password/{FIELDS['token']}?code={FIELDS['code']}",
        "User-Agent": " ".join(VALUES),
        "X-Request-Id": FIELDS["token"],
    }
    return {**given, "headers": headers, "environ_overrides": {"HTTP_COOKIE": cookies}}


def with_fields(given: dict[str, Any]) -> dict[str, Any]:
    """Put every secret into the body's fields as well."""
    found = dict(given)
    for part in ("json", "data"):
        if isinstance(found.get(part), dict):
            found[part] = {**found[part], **FIELDS}
    return found


def bearing(given: dict[str, Any]) -> dict[str, Any]:
    """Put a token that works no more into the header for tokens."""
    return {
        **given,
        "headers": {**given.get("headers", {}), "Authorization": f"Bearer {FIELDS['api_token']}"},
    }


# Who sends the secrets, and how: signed in, by a dead cookie, by a dead token, with a query of them.
WAYS: list[tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = [
    ("eve", with_fields),
    ("nobody", lambda given: carrying(with_fields(given))),
    ("nobody", bearing),
    ("cleo", lambda given: {**given, "query_string": FIELDS}),
]


def send_everything(world: World) -> None:
    """Send them through every route and see that no page of an error repeats one."""
    for name, method, rule in routes(world.app):
        for who, way in WAYS:
            given = way(body_of(world, rule, method, world.desk))
            path = path_of(world, rule, method, world.desk)
            answer = world.client(who).open(path, method=method, buffered=True, **given)
            assert answer.status_code < 400 or told(answer.text) == [], (who, method, name)


def kept(world: World) -> str:
    """Give all rows of all tables, the journal's among them, as text."""
    with world.app.app_context():
        tables = Model.metadata.sorted_tables
        return "\n".join(str(tuple(row)) for table in tables for row in db.session.execute(table.select()))


def test_l02_no_secret_sent_through_any_route_is_kept_or_told(world: World, written: io.StringIO) -> None:
    assert len(KINDS) >= 12
    send_everything(world)
    assert told(written.getvalue()) == []
    assert told(kept(world)) == []
    for path in (f"/projects/{world.desk['project']}/export", f"/articles/{world.desk['article']}/export"):
        assert told(world.client("eve").get(f"{HTTP}{path}").text) == []


def test_l02_nor_when_the_secret_stands_in_the_address(world: World, written: io.StringIO) -> None:
    for path in PATHS:
        for value in VALUES:
            for method in ("GET", "POST"):
                answer = world.client("nobody").open(path.format(value), method=method)
                assert answer.status_code >= 302
    assert told(written.getvalue()) == []
    assert told(kept(world)) == []


def test_l02_nor_when_every_route_fails_with_it(
    world: World, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**given: Any) -> Any:
        raise RuntimeError(f"{VALUES} {given}")

    for name in {rule.endpoint for _, _, rule in routes(world.app)}:
        monkeypatch.setitem(world.app.view_functions, name, broken)
    send_everything(world)
    assert written.getvalue().count("unexpected error") > 100
    assert told(written.getvalue()) == []


def test_l02_real_ones_are_not_told_either(world: World, written: io.StringIO) -> None:
    real = [
        *world.tokens.values(),
        world.password_link,
        world.client("ann").token,
        world.app.config["SECRET_KEY"],
    ]
    real += [str(world.clients[name].get_cookie("__Host-annotator").value) for name in ("ann", "eve", "cleo")]
    for name, method, rule in routes(world.app):
        for who in ("eve", "cleo:admin"):
            given = body_of(world, rule, method, world.desk)
            path = path_of(world, rule, method, world.desk)
            answer = world.client(who).open(path, method=method, buffered=True, **given)
            found = [value for value in real if value in answer.text and value not in path]
            assert found == [], (who, method, name)
    assert [value for value in real if value in written.getvalue() + kept(world)] == []


def test_l02_the_measure_sees_what_is_there(written: io.StringIO) -> None:
    logging.getLogger("annotator").warning("signed in with %s", FIELDS["code"])
    assert told(written.getvalue()) == ["code of an authenticator"]


DONE = ("200", "201", "204", "303")
REFUSED = [
    (key, who) for key, row in STATED.items() for who in ("dee", "ann", "eve", "cleo") if row[who] == "403"
]


@pytest.fixture
def one_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a second go by before each thing that is counted: more than sixty a minute are not all written down."""
    began, seconds = now(), count()
    monkeypatch.setattr(limits, "now", lambda: began + timedelta(seconds=next(seconds)))


@pytest.mark.usefixtures("one_a_second")
def test_l05_every_refusal_of_a_known_person_is_one_line(world: World) -> None:
    rules = {(method, name): rule for name, method, rule in routes(world.app)}
    for (method, name), who in REFUSED:
        before = len(world.events())
        ids = world.desk | world.own(who)
        path = path_of(world, rules[method, name], method, ids)
        answer = world.client(who).open(
            path, method=method, **body_of(world, rules[method, name], method, ids)
        )
        lines = world.events()[before:]
        assert (answer.status_code, len(lines)) == (403, 1), (method, name, who)
        assert (lines[0].action, lines[0].actor_id) == ("request:refused", getattr(world.people, who))
        assert {"method": method, "route": name}.items() <= lines[0].after.items()
        assert lines[0].at.endswith("Z") if isinstance(lines[0].at, str) else lines[0].at.tzinfo is not None


# what passes by without being a change: the journal itself, counts, sessions, and steps that lead to a change
PASSING = {"events", "event_seals", "rate_counts", "sign_in_tries", "login_sessions", "sign_in_steps", "api_tokens",
           "known_devices", "totp_factors", "email_changes"}  # fmt: skip


def test_l05_every_change_is_told_with_who_and_what(world: World) -> None:
    silent = []
    for name, method, rule in routes(world.app):
        who = next((one for one in ("eve", "ann", "cleo") if STATED[method, name][one] in DONE), None)
        if who is not None and method != "GET":
            world.restore()
            before, count = fingerprints(world.app), len(world.events())
            ids = world.desk | world.own(who)
            path = path_of(world, rule, method, ids)
            world.client(who).open(path, method=method, **body_of(world, rule, method, ids))
            changed = set(changed_tables(world.app, before)) - PASSING
            lines = [line for line in world.events()[count:] if line.subject_id and line.at]
            silent += [(method, name, changed)] if changed and not lines else []
    assert silent == []
