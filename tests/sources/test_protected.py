"""A protected source is told to its readers alone: a word planted in all there is of it reaches nobody else.

Every route that can be read is asked, by everybody, with the ids of what names the source.
"""

import io
import zipfile
from typing import Any

import pytest
from contract.requests_of import path_of, routes
from contract.world import HTTP, World, put

from annotator.columns import new_id

MARK = "zyxmarker"
STRANGERS = ("ben", "eve", "dee", "cleo")
FIELDS = {
    "title": f"A {MARK} title", "url": f"https://{MARK}.example/a", "publisher": f"The {MARK} press",
    "authors": [f"A. {MARK}"], "independence_group": f"{MARK} group", "interests": f"{MARK} gains",
    "note": f"Note: {MARK}", "doi": f"10.1000/{MARK}", "type": "interview", "published_on": "2022-10-04",
}  # fmt: skip


class Hidden:
    """A world with a protected source of Ann's in it, whose every field, copy, link and citation says the mark."""

    def __init__(self, world: World) -> None:
        self.world, desk = world, world.desk
        world.client("cleo").post(f"/admin/projects/{desk['project']}/join")
        self.ann = ann = world.client("ann")
        source = put(ann, "sources", {"project": desk["project"], "confidentiality": "protected", **FIELDS})
        copies = [
            self._copy(source, words) for words in (f"It says {MARK} here.", f"Now it says {MARK} there.")
        ]
        start = len("Now it says ")
        passage = {"snapshot": copies[1], "start": start, "end": start + len(MARK)}
        about = {"annotation": desk["annotation"], "relation": "contradicts", "source": source["id"]}
        more = {name: f"{name} {MARK}" for name in ("locator", "note", "assumption", "explanation")}
        link = put(ann, "links", {**about, **more, "locator_kind": "section", "passage": passage})
        said = {
            "project": desk["project"],
            "speaker": desk["speaker"],
            "quote": "It was so.",
            "source": source["id"],
        }
        statement = put(ann, "statements", {**said, "locator_kind": "section", "locator": f"Part {MARK}"})
        put(
            ann,
            "links",
            {"annotation": desk["annotation"], "relation": "supports", "statement": statement["id"]},
        )
        ann.change("PATCH", f"{HTTP}/statements/{statement['id']}", {"locator": f"Chapter {MARK}"}, version=1)
        ann.change("PATCH", f"{HTTP}/sources/{source['id']}", {"note": f"Another {MARK}"}, version=1)
        self.ids = desk | {
            "source": source["id"],
            "snapshot": copies[1],
            "copy": copies[1],
            "link": link["id"],
            "statement": statement["id"],
        }

    def _copy(self, source: dict[str, Any], words: str) -> str:
        query = {"source": source["id"], "name": f"{MARK}.txt"}
        path = f"{HTTP}/snapshots/{new_id()}/file"
        answer = self.ann.put(path, query_string=query, data=words.encode(), content_type="text/plain")
        assert answer.status_code == 201, answer.text
        return str(answer.json["snapshot"]["id"])

    def told(self, who: str) -> dict[str, str]:
        """The routes that say the mark to a person, of all that can be read, with the ids that lead to the source."""
        found = {}
        for path, method, rule in routes(self.world.app):
            if method == "GET":
                for ids in (self.ids, {**self.world.desk, "source": self.ids["source"]}):
                    answer = self.world.client(who).get(path_of(self.world, rule, method, ids), buffered=True)
                    assert answer.status_code < 500, path
                    if MARK.encode() in unpacked(answer.data):
                        found[path] = answer.text[:2000]
        return found

    def finds(self, who: str, path: str, **query: str) -> bool:
        """Whether a search finds the source for a person."""
        answer = self.world.client(who).get(path.format(**self.ids), query_string=query)
        assert answer.status_code == 200, answer.text
        return f"{self.ids['source']}" in answer.text


def unpacked(data: bytes) -> bytes:
    """The bytes, and what lies in them where they are an archive."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"\n".join([data, *(archive.read(name) for name in archive.namelist())])


@pytest.fixture
def hidden(app: Any) -> Hidden:
    return Hidden(World(app))


def test_nobody_but_the_reader_is_told_anything(hidden: Hidden) -> None:
    assert {who: hidden.told(who) for who in STRANGERS} == {who: {} for who in STRANGERS}


def test_its_reader_is_told(hidden: Hidden) -> None:
    told = set(hidden.told("ann"))
    assert told >= {
        f"{HTTP}/sources/<id:source_id>",
        f"{HTTP}/sources/<id:source_id>/snapshots",
        f"{HTTP}/snapshots/<id:snapshot_id>",
        f"{HTTP}/snapshots/<id:snapshot_id>/raw",
        f"{HTTP}/snapshots/<id:snapshot_id>/changes",
        f"{HTTP}/links/<id:link_id>",
        f"{HTTP}/statements/<id:statement_id>",
        "/projects/<slug:project_slug>/sources/",
        "/sources/<id:source_id>/",
        "/sources/<id:source_id>/copies/<id:snapshot_id>",
        "/sources/<id:source_id>/changes",
        "/sources/<id:source_id>/history",
    }


LIKE = f"{HTTP}/projects/{{project}}/sources/like"
LIST, FIND = (f"{HTTP}/projects/{{project}}/{name}" for name in ("sources", "find"))
FOUND = [
    (LIST, {"q": MARK}), (LIST, {"type": "interview"}), (LIST, {"group": f"{MARK} group"}), (FIND, {"q": MARK}),
    (FIND, {"q": ""}),
    (LIKE, {"url": FIELDS["url"]}), (LIKE, {"doi": FIELDS["doi"]}), (LIKE, {"title": FIELDS["title"]}),
    ("/projects/{slug}/sources/", {"q": MARK}), ("/projects/{slug}/sources/", {"type": "interview"}),
]  # fmt: skip


def test_no_search_and_no_filter_finds_it_for_others(hidden: Hidden) -> None:
    finders = [
        (who, path, query) for path, query in FOUND for who in STRANGERS if hidden.finds(who, path, **query)
    ]
    assert finders == []


def test_filters_find_it_for_its_reader(hidden: Hidden) -> None:
    unfound = [
        (path, query)
        for path, query in FOUND
        if "/find" not in path and not hidden.finds("ann", path, **query)
    ]
    assert unfound == []


def test_the_log_says_nothing_of_it(hidden: Hidden, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    body = {"source": hidden.ids["source"], "fetch": True}
    assert hidden.ann.put(f"{HTTP}/snapshots/{new_id()}", json=body).json["outcome"] == "failed"
    assert "could not be fetched" in caplog.text
    assert MARK not in caplog.text


def test_a_failed_fetch_names_no_address_in_its_reason(hidden: Hidden) -> None:
    body = {"source": hidden.ids["source"], "fetch": True}
    answer = hidden.ann.put(f"{HTTP}/snapshots/{new_id()}", json=body)
    assert MARK not in answer.json["detail"]
