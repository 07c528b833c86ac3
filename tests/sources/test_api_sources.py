"""Sources over the JSON API: what is stored comes back, and what cannot be is refused at its field."""

from typing import Any

import pytest
from contract.world import HTTP, annotation, put
from factories import TEXT
from sqlalchemy import update

from annotator.columns import new_id
from annotator.database import db
from annotator.sources.models import Source

WHOLE = {
    "title": "Про заборону", "url": "https://example.org/law?a=1", "publisher": "The Gazette",
    "authors": ["A. Writer", "Б. Автор"],
    "published_on": "2022-10", "type": "legislation", "tier": "primary", "independence_group": "state",
    "confidentiality": "internal",
    "note": "Read\nthe annex.", "doi": "10.1000/182", "interests": "Paid by the port.",
}  # fmt: skip


def test_every_field_comes_back_as_it_was_given(ann: Any, project: Any, people: Any) -> None:
    made = put(ann, "sources", {"project": project.id, **WHOLE})
    assert WHOLE.items() <= made.items()
    assert (made["version"], made["created_by"]) == (1, {"id": people.ann, "name": "Ann"})
    assert ann.get(f"{HTTP}/sources/{made['id']}").json == made


def test_a_title_is_enough(ann: Any, project: Any) -> None:
    made = put(ann, "sources", {"project": project.id, "title": "Law"})
    assert (made["type"], made["tier"], made["confidentiality"], made["authors"]) == (
        "document",
        None,
        "public",
        [],
    )


def test_each_field_can_be_changed_and_emptied(ann: Any, project: Any) -> None:
    path = f"{HTTP}/sources/{put(ann, 'sources', {'project': project.id, 'title': 'Law'})['id']}"
    for version, (name, value) in enumerate(WHOLE.items(), 1):
        assert ann.change("PATCH", path, {name: value}, version=version).json[name] == value
    emptied = {
        "url": "",
        "authors": [],
        "published_on": None,
        "tier": None,
        "note": "",
        "doi": "",
        "interests": "",
    }
    changed = ann.change("PATCH", path, emptied, version=len(WHOLE) + 1).json
    assert {name: changed[name] for name in emptied} == emptied


WRONG = [
    ("title", ""), ("title", "a\nb"), ("title", "x" * 301), ("url", "ftp://example.org"), ("url", "https://u:p@example.org"),
    ("authors", [""]), ("authors", ["x"] * 51), ("published_on", "2022-13"), ("type", "rumour"), ("tier", "fourth"),
    ("confidentiality", "secret"), ("note", "x" * 20_001), ("doi", "10.1/x"), ("doi", "https://example.org/10.1000/1"),
    ("doi", "10.1000/a b"), ("interests", "x" * 2_001), ("readers", ["x"]),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_what_cannot_be_is_refused_at_its_field(ann: Any, project: Any, field: str, value: Any) -> None:
    refused = ann.put(
        f"{HTTP}/sources/{new_id()}", json={"project": project.id, "title": "Law", field: value}
    )
    assert refused.status_code == 422
    assert refused.json["errors"][0]["pointer"].startswith(f"/{field}")


@pytest.mark.parametrize("given", ["10.1000/ABC", "doi:10.1000/abc", "https://doi.org/10.1000/ABC",
                                   "http://dx.doi.org/10.1000%2Fabc", " DOI: 10.1000/abc "])  # fmt: skip
def test_a_doi_is_kept_bare_and_in_small_letters(ann: Any, project: Any, given: str) -> None:
    made = put(ann, "sources", {"project": project.id, "title": "Paper", "doi": given})
    assert made["doi"] == "10.1000/abc"


@pytest.fixture
def some(ann: Any, project: Any) -> dict[str, str]:
    """Three sources by name: their ids."""
    about = {
        "law": {
            "type": "legislation",
            "tier": "primary",
            "independence_group": "state",
            "confidentiality": "internal",
        },
        "paper": {"type": "article-newspaper", "tier": "secondary", "independence_group": "press"},
        "post": {"type": "post"},
    }
    return {
        name: put(ann, "sources", {"project": project.id, "title": f"The {name}", **fields})["id"]
        for name, fields in about.items()
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [("", ["post", "paper", "law"]), ("?type=post", ["post"]), ("?tier=primary", ["law"]), ("?group=press", ["paper"]),
     ("?confidentiality=internal", ["law"]), ("?q=the+paper", ["paper"]), ("?tier=primary&type=post", [])],
)  # fmt: skip
def test_the_list_can_be_narrowed(
    ann: Any, project: Any, some: dict[str, str], query: str, names: Any
) -> None:
    items = ann.get(f"{HTTP}/projects/{project.id}/sources{query}").json["items"]
    assert [item["id"] for item in items] == [some[name] for name in names]


def test_a_list_is_walked_page_by_page(ann: Any, project: Any, some: dict[str, str]) -> None:
    first = ann.get(f"{HTTP}/projects/{project.id}/sources?limit=2").json
    rest = ann.get(f"{HTTP}/projects/{project.id}/sources?limit=2&cursor={first['next']}").json
    assert [item["id"] for item in [*first["items"], *rest["items"]]] == [
        some["post"],
        some["paper"],
        some["law"],
    ]
    assert rest["next"] is None


def test_unused_sources_can_be_listed_and_uses_are_counted(
    ann: Any, project: Any, some: dict[str, str]
) -> None:
    article = put(ann, "articles", {"project": project.id, "text": TEXT})
    claim = put(ann, "annotations", annotation(article))
    put(ann, "links", {"annotation": claim["id"], "source": some["law"], "relation": "supports"})
    speaker = put(ann, "speakers", {"project": project.id, "name": "The mayor"})
    said = {"project": project.id, "speaker": speaker["id"], "quote": "No.", "source": some["paper"]}
    put(ann, "statements", said)
    items = ann.get(f"{HTTP}/projects/{project.id}/sources").json["items"]
    assert [item["uses"] for item in items] == [0, 0, 1]
    unused = ann.get(f"{HTTP}/projects/{project.id}/sources?unused=true").json["items"]
    assert [item["id"] for item in unused] == [some["post"]]


def test_an_unused_source_is_deleted_and_comes_back(ann: Any, project: Any, some: dict[str, str]) -> None:
    path = f"{HTTP}/sources/{some['post']}"
    assert ann.change("DELETE", path, version=1).status_code == 204
    assert ann.get(path).status_code == 404
    assert len(ann.get(f"{HTTP}/projects/{project.id}/sources").json["items"]) == 2
    assert ann.change("POST", f"{path}/restore", version=2).json["title"] == "The post"
    assert ann.change("POST", f"{path}/restore", version=3).status_code == 409


def test_a_source_in_use_is_not_deleted_and_says_where(ann: Any, project: Any, some: dict[str, str]) -> None:
    article = put(ann, "articles", {"project": project.id, "text": TEXT})
    claim = put(ann, "annotations", annotation(article))
    link = put(ann, "links", {"annotation": claim["id"], "source": some["law"], "relation": "supports"})
    refused = ann.change("DELETE", f"{HTTP}/sources/{some['law']}", version=1)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/wrong-state")
    assert refused.json["used"] == {"links": [{"id": link["id"], "annotation": claim["id"]}]}
    assert "1 link" in refused.json["detail"]


def test_a_source_quoted_by_way_of_a_statement_names_the_link(
    app: Any, ann: Any, project: Any, some: Any
) -> None:
    speaker = put(ann, "speakers", {"project": project.id, "name": "The mayor"})
    about = {"project": project.id, "speaker": speaker["id"], "quote": "No.", "source": some["law"]}
    said = put(ann, "statements", about)
    copy = new_id()
    ann.put(f"{HTTP}/snapshots/{copy}", json={"source": some["law"], "text": "She said no."})
    claim = put(ann, "annotations", annotation(put(ann, "articles", {"project": project.id, "text": TEXT})))
    passage = {"snapshot": copy, "start": 9, "end": 11}
    ends = {"annotation": claim["id"], "statement": said["id"], "relation": "supports", "passage": passage}
    link = put(ann, "links", ends)
    refused = ann.change("DELETE", f"{HTTP}/sources/{some['law']}", version=1)
    named = [{"id": link["id"], "annotation": claim["id"]}]
    assert refused.json["used"] == {"links": named, "statements": [{"id": said["id"]}]}


LIKE = [
    ({"url": "http://www.Example.org/m/?utm_source=x#top"}, "same address"), ({"doi": "doi:10.1000/XYZ"}, "same DOI"),
    ({"title": "minutes “of” the COUNCIL"}, "same title"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "reason"), LIKE)
def test_a_source_that_is_here_already_is_noticed(ann: Any, project: Any, query: Any, reason: str) -> None:
    about = {"title": 'Minutes "of" the council', "url": "https://example.org/m", "doi": "10.1000/xyz"}
    made = put(ann, "sources", {"project": project.id, **about})
    put(ann, "sources", {"project": project.id, "title": "Minutes of the other council"})
    path = f"{HTTP}/projects/{project.id}/sources/like"
    items = ann.get(path, query_string=query).json["items"]
    assert items == [{"id": made["id"], "title": about["title"], "url": about["url"], "reason": reason}]
    assert ann.get(path, query_string={**query, "source": made["id"]}).json == {"items": []}


def test_nothing_is_like_nothing(ann: Any, project: Any) -> None:
    put(ann, "sources", {"project": project.id, "title": "Law"})
    assert ann.get(f"{HTTP}/projects/{project.id}/sources/like").json == {"items": []}


def test_a_source_from_before_the_keys_is_noticed_by_its_address(app: Any, ann: Any, project: Any) -> None:
    made = put(ann, "sources", {"project": project.id, "title": "Law", "url": "https://example.org/law"})
    with app.app_context():
        db.session.execute(update(Source).values(url_key=""))
        db.commit()
    like = f"{HTTP}/projects/{project.id}/sources/like?url=https://example.org/law"
    assert [item["id"] for item in ann.get(like).json["items"]] == [made["id"]]
    ann.change("PATCH", f"{HTTP}/sources/{made['id']}", {"note": "Read."}, version=1)
    assert len(ann.get(f"{like}/").json["items"]) == 1
