"""X: what a browser is given. What it does with it is tried in tests/browser/test_x_scripts.py."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from contract.requests_of import body_of, path_of, routes
from contract.test_errors import ORIGINALS, POLICY
from contract.world import HTTP, World, annotation, put
from text.test_note_markup import PAYLOADS

from annotator.accounts.schemas import Name
from annotator.articles.rendering import block_views
from annotator.columns import new_id
from annotator.markdown import clean

EVIL = "\"><img src=x onerror=alert(1)>'</title></textarea></script><script>alert(1)</script>{{7*7}}${7*7}<%=7*7%>"
SCHEMES = (
    "javascript:alert(1)", "data:text/html,x", "vbscript:x", " java\tscript:x", "JAVASCRIPT:x", "blob:x",
    "file:///x", "\u0001javascript:x", "https:\\\\evil.example", "http://ann@evil.example/", "//evil.example",
)  # fmt: skip
INLINE = {"a", "span", "bdi", "strong", "em", "code", "sup", "sub", "mark"}
BIDI = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u202c\u2069"
UNSEEN = "\u200b\u2060\ufeff\U000e0041\U000e007f"


class Found(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.elements.append((tag, dict(attrs)))


def hostile(text: str) -> list[Any]:
    """Give the elements of a page that somebody else's words would have made."""
    return [
        (tag, attributes)
        for tag, attributes in Found(text).elements
        if any(name.startswith("on") for name in attributes)
        or (tag == "script" and "src" not in attributes and attributes.get("type") != "application/json")
        or (tag == "img" and attributes.get("src") == "x")
        or "style" in attributes
        or any(
            re.match(r"\s*(javascript|data|vbscript):", value or "", re.I) for value in attributes.values()
        )
    ]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_x01_nothing_is_left_of_what_is_pasted_as_html(world: World, payload: str) -> None:
    about = {
        "project": world.desk["project"],
        "title": "A law",
        "media_type": "text/html",
        "allow_same": True,
    }
    text = f"<article><p>Words before.</p>{payload}<p>Words after {new_id()}.</p></article>"
    made = world.client("eve").put(f"{HTTP}/articles/{new_id()}", json={**about, "text": text})
    assert made.status_code == 201, made.text
    page = world.client("eve").get(f"/articles/{made.json['id']}/").text
    words = "".join(found[1] for found in re.findall(r'<(p|h\d) id="b[^>]*>(.*?)</\1>', page, re.DOTALL))
    assert "Words before." in words
    assert hostile(page) == []
    assert {tag for tag, _ in Found(words).elements} <= INLINE


def test_x01_cleaning_again_changes_nothing() -> None:
    assert len(PAYLOADS) >= 50
    assert [payload for payload in PAYLOADS if clean(clean(payload)) != clean(payload)] == []


def fill_with(world: World, words: str) -> dict[str, str]:
    """Put words into every field of text there is, of every kind of thing."""
    eve, about, line = world.client("eve"), {"project": world.desk["project"]}, words[:60]
    said = {"publisher": words, "authors": words, "notes": words}
    article = put(eve, "articles", {**about, "text": f"{words} {new_id()}", "title": words, "byline": words})
    speaker = put(
        eve, "speakers", {**about, "name": f"{words} 1", "description": words, "also_known_as": [line]}
    )
    source = put(eve, "sources", {**about, "title": words, "publisher": said["publisher"]})
    statement = put(eve, "statements", {**about, "speaker": speaker["id"], "quote": words, "tags": [line]})
    place = {"article": article["id"], "snapshot": article["snapshot"], "kind": "claim"}
    near = put(eve, "annotations", {**place, "spans": [{"start": 0, "end": 5}], "body": words, "tags": [line],
                                    "claim_text": words, "claimant": speaker["id"]})  # fmt: skip
    link = put(eve, "links", {"annotation": near["id"], "relation": "contradicts", "statement": statement["id"],
                              "note": words})  # fmt: skip
    eve.change(
        "PATCH", f"{HTTP}/projects/{world.desk['project']}", {"name": words, "description": words}, version=1
    )
    world.client("ann").post("/account/name", data={"name": words})
    names = {
        "article": article,
        "speaker": speaker,
        "source": source,
        "statement": statement,
        "annotation": near,
    }
    return {**world.desk, **{name: row["id"] for name, row in names.items()}, "link": link["id"]}


def test_x03_whatever_is_typed_is_words_on_every_page(world: World) -> None:
    ids = fill_with(world, EVIL)
    seen = 0
    for name, method, rule in routes(world.app):
        if method == "GET" and not name.startswith(("/api/v1", "/static")):
            for who in ("eve", "cleo"):
                given = body_of(world, rule, method, ids)
                answer = world.client(who).get(path_of(world, rule, method, ids), buffered=True, **given)
                if answer.mimetype == "text/html":
                    assert hostile(answer.text) == [], name
                    seen += "onerror=alert" in answer.text
    assert seen >= 20


def test_x03_templates_in_words_are_not_worked_out(world: World) -> None:
    ids = fill_with(world, "x{{7*'7'}}${7*7}<%= 7*7 %>#{7*7}")
    for path in (f"/articles/{ids['article']}/", f"/sources/{ids['source']}/", f"/links/{ids['link']}/"):
        assert "7777777" not in world.client("eve").get(path).text


@pytest.mark.parametrize("address", SCHEMES)
def test_x04_an_address_leads_to_the_web_or_is_refused(world: World, address: str) -> None:
    eve, about = world.client("eve"), {"project": world.desk["project"]}
    bodies = {
        "articles": {**about, "text": f"Words {new_id()}.", "title": "x", "url": address},
        "sources": {**about, "title": "x", "url": address},
        "speakers": {**about, "name": "x", "same_as": address},
        "statements": {**about, "speaker": world.desk["speaker"], "quote": "x", "url": address},
    }
    found = {
        name: eve.put(f"{HTTP}/{name}/{new_id()}", json=body).status_code for name, body in bodies.items()
    }
    assert found == dict.fromkeys(bodies, 422)


def test_x04_links_to_elsewhere_give_nothing_away(world: World) -> None:
    for name, method, rule in routes(world.app):
        if method == "GET" and not name.startswith(("/api", "/static")):
            given = body_of(world, rule, method, world.desk)
            page = world.client("eve").get(path_of(world, rule, method, world.desk), buffered=True, **given)
            if page.mimetype == "text/html":
                leading = [
                    found
                    for tag, found in Found(page.text).elements
                    if tag == "a" and "://" in (found.get("href") or "")
                ]
                assert {found["rel"] for found in leading} <= {"noopener noreferrer nofollow"}, name


FILES = [
    ("x.html", "text/html", b"<script>alert(1)</script><p>Words that are long enough to be read.</p>"),
    ("x.txt", "text/plain", b"<script>alert(1)</script> words"),
    ("x.md", "text/markdown", b"<svg onload=alert(1)> words"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "body"), FILES)
def test_x05_what_came_in_goes_out_as_a_download_that_runs_nothing(
    world: World, name: str, kind: str, body: bytes
) -> None:
    eve, key = world.client("eve"), new_id()
    query = {"source": world.desk["source"], "name": name}
    path = f"{HTTP}/snapshots/{key}"
    assert eve.put(f"{path}/file", query_string=query, data=body, content_type=kind).status_code == 201
    raw = eve.get(f"{path}/raw", buffered=True)
    assert raw.headers["Content-Disposition"].startswith("attachment")
    assert (raw.mimetype, raw.headers["X-Content-Type-Options"]) == (kind, "nosniff")
    assert raw.headers["Content-Security-Policy"] == ORIGINALS


NO_DOCUMENTS = {
    "x.svg": "image/svg+xml", "x.js": "text/javascript", "x.xml": "application/xml", "x.pdf": "application/pdf",
}  # fmt: skip


@pytest.mark.parametrize("name", NO_DOCUMENTS)
def test_x05_what_is_no_document_is_not_taken(world: World, name: str) -> None:
    query = {"source": world.desk["source"], "name": name}
    path = f"{HTTP}/snapshots/{new_id()}/file"
    body = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    answer = world.client("eve").put(path, query_string=query, data=body, content_type=NO_DOCUMENTS[name])
    assert answer.status_code in (415, 422)


@pytest.mark.parametrize(
    "payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}"]
)
def test_x07_what_stands_in_an_address_is_not_run(world: World, payload: str) -> None:
    eve = world.client("eve")
    for path in (
        "/nothing/",
        f"/projects/{world.desk['slug']}/?q=",
        "/?notice=",
        "/admin/people?q=",
        "/login?next=",
    ):
        page = eve.get(path + payload)
        assert hostile(page.text) == [], path
    for path in ("nothing/", f"projects/{world.desk['project']}/find?q=", "projects?limit="):
        answer = eve.get(f"{HTTP}/{path}{payload}")
        assert answer.mimetype in ("application/json", "application/problem+json")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_x08_json_in_a_page_ends_no_script(world: World) -> None:
    ids = fill_with(world, "</script><!--<script>]]>&amp;")
    page = world.client("eve").get(f"/articles/{ids['article']}/").text
    islands = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert len(islands) >= 1
    assert [words for words in islands if re.search("[<>\u2028\u2029]", words)] == []
    assert json.loads(islands[0])


def test_x10_every_answer_has_the_policy_once(world: World) -> None:
    for who in ("nobody", "eve", "cleo"):
        for name, method, rule in routes(world.app):
            ids = world.desk
            given = body_of(world, rule, method, ids)
            answer = world.client(who).open(
                path_of(world, rule, method, ids), method=method, buffered=True, **given
            )
            expected = ORIGINALS if name.endswith("/raw") and answer.status_code == 200 else POLICY
            assert answer.headers.get_all("Content-Security-Policy") == [expected], name
            assert "unsafe" not in expected


@pytest.mark.parametrize("sign", [*BIDI, *UNSEEN, "\u00ad", "\u061c", "\u200e", "\u200f"])
def test_x11_no_person_has_a_name_with_signs_that_hide_or_turn(sign: str) -> None:
    with pytest.raises(Exception, match="cannot be seen"):
        Name().deserialize(f"An{sign}n")


@pytest.mark.parametrize("sign", [*BIDI, *UNSEEN])
def test_x11_a_text_keeps_them_and_they_stand_alone(sign: str) -> None:
    text = f"He paid 12{sign}00 in all."
    pieces = block_views(text, [{"kind": "paragraph", "start": 0, "end": len(text)}], [])[0].pieces
    assert "".join(piece.text for piece in pieces) == text
    assert [(piece.text, piece.sign) for piece in pieces if piece.sign] == [(sign, f"U+{ord(sign):04X}")]


def test_x11_flags_and_families_are_no_hidden_signs() -> None:
    text = "Here 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f and 👩‍👩‍👧 and می‌خواهم."
    pieces = block_views(text, [{"kind": "paragraph", "start": 0, "end": len(text)}], [])[0].pieces
    assert [piece.text for piece in pieces] == [text]


def test_x11_the_page_marks_each_where_it_stands(world: World) -> None:
    about = {"project": world.desk["project"], "title": "x"}
    made = put(world.client("eve"), "articles", {**about, "text": "He paid \u202e00\u202c in all."})
    page = world.client("eve").get(f"/articles/{made['id']}/").text
    assert page.count('<bdi class="hidden-sign" title="A hidden sign, U+202') == 2


def test_x11_names_that_may_hold_them_are_set_apart(world: World) -> None:
    turned = f"{BIDI[3]}gnp.x"
    place = {"id": world.desk["article"], "snapshot": world.desk["snapshot"]}
    assert put(world.client("eve"), "annotations", annotation(place, tags=[turned]))["tags"] == [turned]
    source = put(world.client("eve"), "sources", {"project": world.desk["project"], "title": turned})
    page = world.client("eve").get(f"/sources/{source['id']}/").text
    title = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert title is not None
    assert turned in title[1]
