"""For each route and method a request that a person with the right would send: its path and what goes with it."""

import io
from collections.abc import Mapping
from typing import Any

from contract.world import HTTP, World, annotation, span
from werkzeug.routing import Rule

from annotator.app import Annotator
from annotator.columns import new_id

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
UNKNOWN = "00000000-0000-7000-8000-000000000000"
CONDITIONAL = {f"{HTTP}/links/<id:link_id>/{verb}" for verb in ("passage", "decision")}
QUERIES: dict[tuple[str, str], Any] = {
    ("GET", f"{HTTP}/annotations/<id:annotation_id>/comparison"): lambda i: {"statement": i["statement"]},
    ("GET", f"{HTTP}/projects/<id:project_id>/speakers/like"): lambda i: {"name": "The mayor"},
    ("PUT", f"{HTTP}/articles/<id:article_id>/file"): lambda i: {"project": i["project"], "name": "a.txt"},
    ("PUT", f"{HTTP}/snapshots/<id:snapshot_id>/file"): lambda i: {"source": i["source"], "name": "a.txt"},
}
GONE = {"articles_api.restore_article", "articles.details.restore"}
Ids = Mapping[str, str]


def routes(app: Annotator) -> list[tuple[str, str, Rule]]:
    """Every route with each of its methods: `(rule, method, the rule itself)`."""
    found = [
        (rule.rule, method, rule)
        for rule in app.url_map.iter_rules()
        for method in METHODS
        if method in (rule.methods or ())
    ]
    return sorted(found, key=lambda row: (row[0], METHODS.index(row[1])))


def path_of(world: World, rule: Rule, method: str, ids: Ids) -> str:
    """The path with ids of a project; a thing to be created gets a new one, a thing to be restored is deleted."""
    values: dict[str, Any] = {}
    for name in rule.arguments:
        values[name] = _value(world, rule, method, name, ids)
    with world.app.test_request_context():
        adapter = world.app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, values, method=method)


def _value(world: World, rule: Rule, method: str, name: str, ids: Ids) -> str:
    thing = name.removesuffix("_id")
    if rule.rule in (f"{HTTP}/{thing}s/<id:{name}>", f"{HTTP}/{thing}s/<id:{name}>/file") and method == "PUT":
        return new_id()
    if rule.rule.endswith("/restore"):
        return ids[f"gone_{thing}"]
    if thing in ("statement", "source") and (method == "DELETE" or rule.rule.endswith("/delete")):
        return ids[f"free_{thing}"]
    if thing == "snapshot" and rule.rule.endswith(("/changes", "/copies/<id:snapshot_id>")):
        return ids["copy"]
    if rule.rule.endswith("/unmerge"):
        return ids[f"merged_{thing}"]
    special = {
        "build": lambda: world.app.config["BUILD"],
        "filename": lambda: "js/main.js",
        "token": lambda: _link(world, rule),
        "verb": lambda: "deactivate",
        "user_id": lambda: world.people.ben,
        "session_id": lambda: ids.get("session", UNKNOWN),
        "token_id": lambda: ids.get("token", UNKNOWN),
        "passkey_id": lambda: ids.get("passkey", UNKNOWN),
        "invitation_id": lambda: world.invitation,
        "project_slug": lambda: ids["slug"],
    }
    return str(special[name]()) if name in special else ids[thing]


def _link(world: World, rule: Rule) -> str:
    return world.invitation_link if rule.rule.startswith("/invitation/") else world.password_link


def body_of(world: World, rule: Rule, method: str, ids: Ids) -> dict[str, Any]:
    """The arguments for the client: JSON or form, and the version a change is based on."""
    found: dict[str, Any] = {}
    if method in ("PATCH", "DELETE") and "user_id" not in rule.arguments:
        found["headers"] = {"If-Match": '"1"'}
    if method == "POST" and rule.rule in CONDITIONAL:
        found["headers"] = {"If-Match": '"1"'}
    if (method, rule.rule) in QUERIES:
        found["query_string"] = QUERIES[method, rule.rule](ids)
    if rule.rule.startswith(HTTP) and rule.rule.endswith(("/restore", "/unmerge")):
        found["headers"] = {"If-Match": '"2"'}
    if rule.rule == f"{HTTP}/speakers/<id:speaker_id>/merge":
        found["headers"] = {"If-Match": '"1"'}
    if (method, rule.rule) in FILES:
        return {**found, **FILES[method, rule.rule](world)}
    makers = JSON if rule.rule.startswith("/api/") else FORMS
    made = makers.get((method, rule.rule))
    if made is not None:
        found["json" if makers is JSON else "data"] = made(world, ids)
    return found


def _articles(slug: str) -> dict[str, Any]:
    return {"project": slug, "text": f"Another text {new_id()}.", "title": "Another"}


JSON: dict[tuple[str, str], Any] = {
    ("POST", f"{HTTP}/session"): lambda w, i: {"email": "ann@example.org", "password": "not the one"},
    ("PATCH", f"{HTTP}/projects/<id:project_id>"): lambda w, i: {"description": "New."},
    ("PUT", f"{HTTP}/projects/<id:project_id>/members/<id:user_id>"): lambda w, i: {"role": "viewer"},
    ("POST", f"{HTTP}/projects/<id:project_id>/recognise"): lambda w, i: {"text": "Words."},
    ("PUT", f"{HTTP}/articles/<id:article_id>"): lambda w, i: _articles(i["project"]),
    ("PATCH", f"{HTTP}/articles/<id:article_id>"): lambda w, i: {"title": "New"},
    ("PUT", f"{HTTP}/sources/<id:source_id>"): lambda w, i: {"project": i["project"], "title": "Law"},
    ("PATCH", f"{HTTP}/sources/<id:source_id>"): lambda w, i: {"title": "New"},
    ("PUT", f"{HTTP}/snapshots/<id:snapshot_id>"): lambda w, i: {"source": i["source"], "text": "Words."},
    ("PUT", f"{HTTP}/speakers/<id:speaker_id>"): lambda w, i: {"project": i["project"], "name": "Nobody"},
    ("PATCH", f"{HTTP}/speakers/<id:speaker_id>"): lambda w, i: {"name": "New"},
    ("PUT", f"{HTTP}/statements/<id:statement_id>"): lambda w, i: {
        "project": i["project"],
        "speaker": i["speaker"],
        "quote": "Words.",
        "source": i["source"],
    },
    ("PATCH", f"{HTTP}/statements/<id:statement_id>"): lambda w, i: {"quote": "New."},
    ("POST", f"{HTTP}/speakers/<id:speaker_id>/merge"): lambda w, i: {"into": i["twin"]},
    ("PUT", f"{HTTP}/annotations/<id:annotation_id>"): lambda w, i: annotation(
        {"id": i["article"], "snapshot": i["snapshot"]}, claimant=i["speaker"]
    ),
    ("PATCH", f"{HTTP}/annotations/<id:annotation_id>"): lambda w, i: {
        "body": "New.",
        "snapshot": i["snapshot"],
        "spans": [span()],
    },
    ("PUT", f"{HTTP}/links/<id:link_id>"): lambda w, i: {
        "annotation": i["annotation"],
        "target": i["target"],
        "relation": "supports",
    },
    ("PATCH", f"{HTTP}/links/<id:link_id>"): lambda w, i: {"note": "New."},
    ("POST", f"{HTTP}/links/<id:link_id>/passage"): lambda w, i: {
        "snapshot": i["snapshot"],
        "words": "nobody ANSWERED",
    },
    ("POST", f"{HTTP}/links/<id:link_id>/decision"): lambda w, i: {"answer": "accepted"},
}
SOURCE = {"title": "A law of our own", "type": "legislation", "confidentiality": "public"}
PERSON = {"name": "Faith", "email": "faith@example.org"}
FORMS: dict[tuple[str, str], Any] = {
    ("POST", "/login"): lambda w, i: {"email": "ann@example.org", "password": "not the one"},
    ("POST", "/password/<token>"): lambda w, i: {"password": "four words are good"},
    ("POST", "/forgotten"): lambda w, i: {"email": "ann@example.org"},
    ("POST", "/account/email"): lambda w, i: {"email": "new@example.org"},
    ("POST", "/account/language"): lambda w, i: {"locale": "en", "time_zone": "Europe/Berlin"},
    ("POST", "/account/name"): lambda w, i: {"name": "New"},
    ("POST", "/account/password"): lambda w, i: {"current": "not the one", "password": "four words are good"},
    ("POST", "/login/passkey"): lambda w, i: {"step": "none", "passkey": "{}"},
    ("POST", "/login/second-factor"): lambda w, i: {"code": "123456"},
    ("POST", "/confirm/passkey"): lambda w, i: {"step": "none", "passkey": "{}"},
    ("POST", "/account/second-factor/app/confirm"): lambda w, i: {"code": "123456"},
    ("POST", "/account/passkeys"): lambda w, i: {"name": "Phone", "step": "none", "passkey": "{}"},
    ("POST", "/account/passkeys/<id:passkey_id>/rename"): lambda w, i: {"name": "Phone"},
    ("POST", "/account/tokens"): lambda w, i: {"purpose": "Script", "scope": "read", "days": "7"},
    ("POST", "/invitation/<token>"): lambda w, i: {"name": "Hal", "password": "four words are good"},
    ("POST", "/admin/invitations"): lambda w, i: PERSON,
    ("POST", "/admin/invitations/many"): lambda w, i: {"text": "email,name\nfaith@example.org,Faith"},
    ("POST", "/admin/people/bulk"): lambda w, i: {"action": "sessions", "person": w.people.ben},
    ("POST", "/admin/policy"): lambda w, i: {"second_factor_for": ["viewer"], "version": "1"},
    ("POST", "/admin/people/<id:user_id>"): lambda w, i: PERSON,
    ("POST", "/admin/people/<id:user_id>/roles"): lambda w, i: {"project": i["project"], "role": "viewer"},
    ("POST", "/admin/projects"): lambda w, i: {"name": "Third"},
    ("POST", "/admin/projects/<id:project_id>/members"): lambda w, i: {
        "user": w.people.ben,
        "role": "viewer",
    },
    ("POST", "/projects/<slug:project_slug>/settings"): lambda w, i: {"name": "Desk", "language": "en"},
    ("POST", "/projects/<slug:project_slug>/members"): lambda w, i: {"user": w.people.ben, "role": "viewer"},
    ("POST", "/projects/<slug:project_slug>/articles/new"): lambda w, i: {
        "text": "Other words.",
        "title": "New",
    },
    ("POST", "/projects/<slug:project_slug>/sources/new"): lambda w, i: SOURCE,
    ("POST", "/sources/<id:source_id>/edit"): lambda w, i: {**SOURCE, "version": "1"},
    ("POST", "/sources/<id:source_id>/copies"): lambda w, i: {"way": "text", "text": "Words."},
    ("POST", "/projects/<slug:project_slug>/speakers/new"): lambda w, i: {"name": "Nobody yet"},
    ("POST", "/speakers/<id:speaker_id>/edit"): lambda w, i: {"name": "New", "was-name": "The mayor"},
    ("POST", "/speakers/<id:speaker_id>/merge"): lambda w, i: {"into": i["twin"], "version": "1"},
    ("POST", "/speakers/<id:speaker_id>/unmerge"): lambda w, i: {"version": "2"},
    ("POST", "/projects/<slug:project_slug>/statements/new"): lambda w, i: {
        "speaker": "The mayor",
        "quote": "Other words.",
    },
    ("POST", "/statements/<id:statement_id>/edit"): lambda w, i: {"role": "New", "was-role": ""},
    ("POST", "/annotations/<id:annotation_id>/links"): lambda w, i: {
        "kind": "statement",
        "id": i["statement"],
        "relation": "context",
    },
    ("POST", "/links/<id:link_id>/"): lambda w, i: {
        "relation": "supports",
        "note": "New.",
        "version": "1",
    },
    ("POST", "/links/<id:link_id>/passage"): lambda w, i: {
        "snapshot": i["snapshot"],
        "words": "nobody ANSWERED",
        "version": "1",
    },
    ("POST", "/links/<id:link_id>/decision"): lambda w, i: {"answer": "accepted", "version": "1"},
    ("POST", "/links/<id:link_id>/supersedes"): lambda w, i: {"version": "1"},
    ("POST", "/articles/<id:article_id>/details"): lambda w, i: {"title": "New", "was-title": "The harbour"},
}


def _as_body(name: str) -> Any:
    return lambda world: {"data": world.files[name], "content_type": "application/json"}


def _as_text(world: World) -> dict[str, Any]:
    return {"data": f"Words of a file {new_id()}.".encode(), "content_type": "text/plain"}


def _as_upload(name: str) -> Any:
    return lambda world: {"data": {"file": (io.BytesIO(world.files[name]), "file.json")}}


# What takes a whole file of ours: a project from elsewhere, an article whose things are here already.
FILES: dict[tuple[str, str], Any] = {
    ("PUT", f"{HTTP}/articles/<id:article_id>/file"): _as_text,
    ("PUT", f"{HTTP}/snapshots/<id:snapshot_id>/file"): _as_text,
    ("POST", f"{HTTP}/import"): _as_body("elsewhere"),
    ("POST", f"{HTTP}/projects/<id:project_id>/import"): _as_body("article"),
    ("POST", "/admin/import"): _as_upload("elsewhere"),
    ("POST", "/projects/<slug:project_slug>/import"): _as_upload("article"),
}
