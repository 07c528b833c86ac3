"""P: what somebody may not see or do stays so, whichever way they ask for it. P01 is test_p01_table.py."""

import re
from typing import Any

import pytest
from attacks.untouched import REFUSED, untouched
from contract.requests_of import FORMS, JSON, UNKNOWN, body_of, path_of, routes
from contract.world import HTTP, World, annotation, put, span
from sqlalchemy import select

from annotator.accounts.models import User
from annotator.database import db

MARK = "Quokkapolis"
TWO_THINGS = re.compile(r"<id:(?!user_id|session_id|token_id)\w+>")
NOT_THE_CLIENTS = ("id", "project_id", "author", "role", "is_admin", "version", "created_at", "state")
HIDDEN = ("Our man", "ann@example.org", "ben@example.org", "127.0.0.1", "password_hash", "token_hash")


def reading(world: World, who: str, ids: dict[str, str], queries: tuple[str, ...] = ("",)) -> Any:
    """Every page and answer that can be had by GET: `(path, answer)`."""
    for name, method, rule in routes(world.app):
        if method == "GET" and not name.startswith("/static"):
            path, given = path_of(world, rule, method, ids), body_of(world, rule, method, ids)
            for query in queries:
                sent = {**given, "query_string": query} if query else given
                yield f"{path}?{query}", world.client(who).get(path, buffered=True, **sent)


def test_p02_a_child_of_another_project_is_not_found_under_the_parent(world: World) -> None:
    mixed = [(world.desk, world.other), (world.other, world.desk)]
    found = [
        row for row in routes(world.app) if len(TWO_THINGS.findall(row[0])) > 1 and "/admin/" not in row[0]
    ]
    assert len(found) >= 1
    with untouched(world.app, but=REFUSED):
        for path, method, rule in found:
            for parent, child in mixed:
                ids = {**child, "source": parent["source"], "article": parent["article"]}
                answer = world.client("eve").open(path_of(world, rule, method, ids), method=method)
                assert answer.status_code == 404, (method, path)


def test_p02_the_other_way_round_too(world: World) -> None:
    path = f"/sources/{world.other['source']}/copies/{world.desk['copy']}"
    assert [world.client(who).get(path).status_code for who in ("eve", "olga")] == [404, 404]


def marked(world: World) -> None:
    """Put a word into everything that the desk has."""
    eve, about = world.client("eve"), {"project": world.desk["project"]}
    article = put(
        eve, "articles", {**about, "text": f"{MARK} is sold. {MARK} is far.", "title": f"{MARK} sold"}
    )
    place = {"article": article["id"], "snapshot": article["snapshot"], "kind": "claim"}
    near = put(
        eve, "annotations", {**place, "spans": [{"start": 0, "end": 11}], "body": MARK, "tags": [MARK]}
    )
    speaker = put(eve, "speakers", {**about, "name": MARK})
    source = put(eve, "sources", {**about, "title": MARK})
    put(eve, "statements", {**about, "speaker": speaker["id"], "quote": MARK, "tags": [MARK]})
    put(
        eve, "links", {"annotation": near["id"], "relation": "supports", "source": source["id"], "note": MARK}
    )


def test_p05_no_list_search_or_export_tells_an_outsider_anything(world: World) -> None:
    marked(world)
    queries = ("", f"q={MARK}", f"q={MARK[:4]}&total=true", f"name={MARK}", f"title={MARK}", f"quote={MARK}")
    for ids in (world.other, world.desk):
        for path, answer in reading(world, "olga", ids, queries):
            echoed = answer.text.replace(
                f'value="{MARK}"', ""
            )  # what she asked for herself stands in the field
            assert MARK not in re.sub(rf"[?&;]\w+={MARK}\S*|“{MARK}”", "", echoed), path


def test_p05_counts_do_not_grow_by_what_an_outsider_may_not_see(world: World) -> None:
    paths = [
        f"{HTTP}/projects/{world.other['project']}/{name}?total=true" for name in ("articles", "sources")
    ]
    before = [world.client("olga").get(path).json["total"] for path in paths]
    marked(world)
    assert [world.client("olga").get(path).json["total"] for path in paths] == before


@pytest.mark.parametrize("name", NOT_THE_CLIENTS)
def test_p06_no_body_takes_what_is_not_the_clients_to_say(world: World, name: str) -> None:
    known = {rule.rule: schema_names(world, rule) for _, _, rule in routes(world.app)}
    with untouched(world.app, but=REFUSED):
        for path, method, rule in routes(world.app):
            if (method, path) in JSON and name not in known[path] and not path.endswith("/session"):
                given = body_of(world, rule, method, world.desk)
                sent = {**given, "json": {**given["json"], name: given["json"].get(name, 1)}}
                answer = world.client("eve").open(
                    path_of(world, rule, method, world.desk), method=method, **sent
                )
                assert (answer.status_code, f"/{name}" in answer.text) == (422, True), (
                    method,
                    path,
                    answer.text,
                )


def schema_names(world: World, rule: Any) -> set[str]:
    """Give the fields of the bodies that a path's operations take, from the OpenAPI document."""
    document = world.client("nobody").get(f"{HTTP}/openapi.json").json
    path = document["paths"].get(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(HTTP)), {})
    path = path or document["paths"].get(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), {})
    bodies = [path[verb].get("requestBody") for verb in ("put", "post", "patch") if verb in path]
    schemas = re.findall(r"'#/components/schemas/(\w+)'", str(bodies))
    return {name for key in schemas for name in document["components"]["schemas"][key].get("properties", {})}


def test_p06_no_form_takes_them_either(world: World) -> None:
    def rights() -> list[Any]:
        with world.app.app_context():
            people = db.session.execute(select(User.id, User.is_admin, User.active).order_by(User.id)).all()
            return [tuple(row) for row in people]

    before = rights()
    for path, method, rule in routes(world.app):
        if (method, path) in FORMS and not path.startswith(("/admin/people", "/login", "/password")):
            ids = world.desk | world.own("eve")
            more = {
                "id": UNKNOWN,
                "is_admin": "true",
                "active": "",
                "created_at": "x",
                "user_id": world.people.eve,
            }
            data = {**more, **FORMS[method, path](world, ids)}
            assert world.client("eve").post(path_of(world, rule, method, ids), data=data).status_code < 500, (
                path
            )
    # whoever accepts the invitation comes in as just what it says
    new = [row for row in rights() if row not in before]
    assert [row[1:] for row in new] == [(False, True)]
    assert [row for row in rights() if row in before] == before


# Who asks for what on a contradiction that Eve proposed, and what comes of it.
DECISIONS = [
    ("eve", {"answer": "accepted"}, 403), ("dee", {"answer": "accepted"}, 403), ("olga", {"answer": "accepted"}, 404),
    ("cleo", {"answer": "accepted"}, 404), ("ann", {"answer": "approved"}, 422), ("ann", {"answer": "accepted"}, 200),
]  # fmt: skip


def proposed(world: World) -> str:
    """A contradiction that Eve proposes and nobody has decided; gives its path."""
    eve, place = world.client("eve"), {"id": world.desk["article"], "snapshot": world.desk["snapshot"]}
    near = put(eve, "annotations", annotation(place, "Nobody answered."))
    far = {"statement": world.desk["statement"], "passage": {"snapshot": world.desk["snapshot"], **span()}}
    made = put(
        eve, "links", {"annotation": near["id"], "relation": "contradicts", "statement": far["statement"]}
    )
    return f"{HTTP}/links/{made['id']}/decision"


@pytest.mark.parametrize(("who", "body", "status"), DECISIONS)
def test_p07_only_a_second_person_decides(world: World, who: str, body: dict[str, str], status: int) -> None:
    answer = world.client(who).change("POST", proposed(world), body, version=1)
    assert answer.status_code == status, answer.text


def test_p07_no_reviewer_gives_a_verdict_by_a_state(world: World) -> None:
    path = f"{HTTP}/annotations/{world.desk['annotation']}"
    for state in ("submitted", "approved"):
        assert world.client("ann").change("PATCH", path, {"state": state}, version=1).status_code == 422


def test_p08_an_editor_does_not_make_herself_administrator(world: World) -> None:
    with untouched(world.app, but=(*REFUSED, "api_tokens")):
        for who in ("eve", "eve:write"):
            answer = world.client(who).post(f"/admin/people/{world.people.eve}/grant-admin")
            assert answer.status_code == 403


@pytest.mark.parametrize("verb", ["withdraw-admin", "deactivate"])
def test_p08_the_last_administrator_stays(world: World, verb: str) -> None:
    with untouched(world.app, but=REFUSED):
        assert world.client("cleo").post(f"/admin/people/{world.people.cleo}/{verb}").status_code in (
            409,
            422,
        )


ARTICLE = ("", "/annotations", "/details", "/export")


def test_p09_what_is_deleted_is_not_there(world: World) -> None:
    gone, key = world.desk["gone_article"], world.desk["article"]
    paths = [(f"/articles/{gone}{end}", f"/articles/{UNKNOWN}{end}") for end in ("/", *ARTICLE[1:])]
    paths += [
        (f"{HTTP}/articles/{gone}{end}", f"{HTTP}/articles/{UNKNOWN}{end}")
        for end in ("", "/spans", "/export")
    ]
    for path, unknown in paths:
        answers = [world.client("eve").get(one) for one in (path, unknown)]
        assert [answer.status_code for answer in answers] == [404, 404], path
    body = annotation({"id": gone, "snapshot": world.desk["snapshot"]})
    assert world.client("eve").put(f"{HTTP}/annotations/{UNKNOWN}", json=body).status_code == 404
    assert world.client("eve").get(f"{HTTP}/articles/{key}").status_code == 200


def test_p09_what_is_archived_is_read_and_not_written(world: World) -> None:
    eve, desk = world.client("eve"), world.desk
    eve.change("PATCH", f"{HTTP}/projects/{desk['project']}", {"archived": True}, version=1)
    assert [eve.get(f"/articles/{desk['article']}{end or '/'}").status_code for end in ARTICLE] == [200] * 4
    with untouched(world.app, but=REFUSED):
        assert (
            eve.change("PATCH", f"{HTTP}/articles/{desk['article']}", {"title": "x"}, version=1).status_code
            == 409
        )
        assert eve.post(f"/articles/{desk['article']}/delete").status_code == 409


@pytest.mark.parametrize("path", ["/raw", "", "/changes"])
def test_p10_a_file_of_another_project_is_as_one_that_is_not_there(world: World, path: str) -> None:
    found = [
        world.client("eve").get(f"{HTTP}/snapshots/{key}{path}") for key in (world.other["copy"], UNKNOWN)
    ]
    assert [answer.status_code for answer in found] == [404, 404]
    assert found[0].data == found[1].data


def test_p11_a_viewer_is_told_no_addresses_and_no_protected_source(world: World) -> None:
    assert "Our man" in world.client("ann").get(f"/projects/{world.desk['slug']}/sources/").text
    for path, answer in reading(world, "dee", world.desk, ("", "q=man&total=true")):
        # what a link for a password says is for whoever holds it, signed in or not
        assert path.startswith("/password/") or [words for words in HIDDEN if words in answer.text] == [], (
            path
        )
