"""What the palette and the lists find: words in every script, signs that mean something to LIKE, filters, pages."""

from typing import Any

import pytest
from contract.world import HTTP, annotation, put
from factories import TEXT, make_project

from annotator.columns import new_id

# What stands in the text, and what somebody types to find it.
WORDS = [
    ("The Harbour is sold", "harbour SOLD"), ("Гавань продано за 12 млн", "ГАВАНЬ млн"),
    ("我们绝不会出售港口", "出售港口"),
    ("لن نبيع الميناء أبدا", "الميناء"), ("לעולם לא נמכור", "נמכור"), ("100% of it", "100%"),
    ("under_score here", "under_score"),
    (r"a back\slash", r"back\slash"), ("it's “quoted”", 'it’s "quoted"'), ("it’s curly", "it's curly"),
    ("Straße nach Köln", "STRASSE köln"),
    ("ﬁnal ﬁgure", "final figure"), ("naïve café", "café naïve"), ('say "yes" now', '"yes"'),
    ("x'; DROP TABLE users; --", "'; DROP"),
]  # fmt: skip


@pytest.fixture
def ann(as_: Any) -> Any:
    return as_("ann")


def titles(client: Any, project: Any, things: str, **query: Any) -> list[str]:
    answer = client.get(f"{HTTP}/projects/{project.id}/{things}", query_string=query)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json["items"]]


def test_articles_are_found_by_words_of_their_text_in_every_script(ann: Any, project: Any) -> None:
    for number, (text, _) in enumerate(WORDS):
        put(ann, "articles", {"project": project.id, "text": text, "title": f"No. {number}"})
    found = [titles(ann, project, "articles", q=typed) for _, typed in WORDS]
    assert found == [[f"No. {number}"] for number in range(len(WORDS))]


def test_sources_and_the_palette_find_the_same_words(ann: Any, project: Any) -> None:
    for number, (text, _) in enumerate(WORDS):
        put(ann, "sources", {"project": project.id, "title": f"No. {number}", "note": text})
    for number, (_, typed) in enumerate(WORDS):
        assert titles(ann, project, "sources", q=typed) == [f"No. {number}"]
        results = ann.get(f"{HTTP}/projects/{project.id}/find", query_string={"q": typed}).json["results"]
        assert [(one["kind"], one["title"]) for one in results] == [("source", f"No. {number}")]


@pytest.mark.parametrize("sign", ["%", "_", "\\", "%%", "'", '"', "*", "(", "OR 1=1", "\u200b", "a AND b"])
def test_signs_that_mean_something_elsewhere_are_plain_text(ann: Any, project: Any, sign: str) -> None:
    put(ann, "sources", {"project": project.id, "title": "Plain words"})
    expected = [] if sign.strip("\u200b") else ["Plain words"]
    assert titles(ann, project, "sources", q=sign) == expected


def test_every_word_must_stand_somewhere(ann: Any, project: Any) -> None:
    put(
        ann,
        "articles",
        {"project": project.id, "text": "One and two.", "title": "First", "publisher": "The Desk"},
    )
    assert titles(ann, project, "articles", q="two first desk") == ["First"]
    assert titles(ann, project, "articles", q="two third") == []
    assert titles(ann, project, "articles", q="  ") == ["First"]


def test_articles_are_found_by_status_tag_and_assignee(ann: Any, as_: Any, project: Any, people: Any) -> None:
    first, second = (
        put(ann, "articles", {"project": project.id, "text": text, "title": text}) for text in ("One", "Two")
    )
    change = {"status": "in_progress", "assignees": [people.ben]}
    assert as_("eve").change("PATCH", f"{HTTP}/articles/{first['id']}", change, version=1).status_code == 200
    mark = annotation(second, spans=[{"start": 0, "end": 3}], tags=["Harbour"])
    made = put(ann, "annotations", mark)
    assert titles(ann, project, "articles", status="in_progress") == ["One"]
    assert titles(ann, project, "articles", assignee=people.ben) == ["One"]
    assert titles(ann, project, "articles", assignee=people.ann) == []
    assert titles(ann, project, "articles", tag="Harbour") == ["Two"]
    ann.change("DELETE", f"{HTTP}/annotations/{made['id']}", version=1)
    assert titles(ann, project, "articles", tag="Harbour") == []
    assert ann.get(f"{HTTP}/projects/{project.id}/tags").json == {"tags": []}


def test_statements_are_found_by_their_words_and_their_speakers_names(ann: Any, project: Any) -> None:
    speaker = put(
        ann, "speakers", {"project": project.id, "name": "Мер міста", "also_known_as": ["The mayor"]}
    )
    other = put(ann, "speakers", {"project": project.id, "name": "Nobody"})
    for who, quote in ((speaker, "Never."), (other, "Always.")):
        put(ann, "statements", {"project": project.id, "speaker": who["id"], "quote": quote})
    path = f"{HTTP}/projects/{project.id}/statements"
    for query, quotes in (({"q": "mayor never"}, ["Never."]), ({"q": "мер"}, ["Never."]),
    ({"q": "always"}, ["Always."]),
                          ({"speaker": other["id"]}, ["Always."]), ({"q": "mayor always"}, [])):  # fmt: skip
        assert [item["quote"] for item in ann.get(path, query_string=query).json["items"]] == quotes, query
    found = ann.get(f"{HTTP}/projects/{project.id}/find", query_string={"q": "mayor"}).json["results"]
    assert [one["kind"] for one in found] == ["statement", "speaker"]


def test_the_palette_gives_annotations_of_the_open_article_first(ann: Any, project: Any) -> None:
    texts = ("A claim here.", "A claim there.")
    articles = [put(ann, "articles", {"project": project.id, "text": text, "title": text}) for text in texts]
    for article in articles:
        put(ann, "annotations", annotation(article, spans=[{"start": 2, "end": 7}]))
    for article in articles:
        query = {"q": "claim", "article": article["id"]}
        first = ann.get(f"{HTTP}/projects/{project.id}/find", query_string=query).json["results"][0]
        assert (first["kind"], first["article"], first["title"]) == ("annotation", article["id"], "claim")


def test_nothing_of_another_project_is_found(
    ann: Any, app: Any, session: Any, project: Any, people: Any
) -> None:
    other = make_project(session, people, "other")
    session.commit()
    for one in (project, other):
        put(ann, "sources", {"project": one.id, "title": f"Harbour of {one.slug}"})
        put(ann, "speakers", {"project": one.id, "name": f"Harbour of {one.slug}"})
    found = ann.get(f"{HTTP}/projects/{project.id}/find?q=harbour").json["results"]
    assert {one["title"] for one in found} == {"Harbour of desk"}


@pytest.fixture
def marked(ann: Any, as_: Any, project: Any) -> dict[str, Any]:
    """The usual text with five annotations of several kinds, by Ann and Ben."""
    article = put(ann, "articles", {"project": project.id, "text": TEXT})
    words = ["Ministers", "Monday", "The mayor", "12 million", "Nobody answered."]
    kinds = ["claim", "quote", "claim", "number", "note"]
    for number, (word, kind) in enumerate(zip(words, kinds, strict=True)):
        client = as_("ben") if number == 4 else ann
        more = {"state": "not_checkable", "reason": "An aside"} if number == 3 else {}
        put(
            client,
            "annotations",
            annotation(article, word, kind=kind, body=f"Note {number}", tags=[f"t{number}"], **more),
        )
    return article


FILTERS = [
    ({}, [0, 1, 2, 3, 4]), ({"kind": "claim"}, [0, 2]), ({"state": "not_checkable"}, [3]), ({"tag": "t1"}, [1]),
    ({"q": "note 4"}, [4]), ({"q": "MINISTERS"}, [0]), ({"q": "t2"}, [2]), ({"kind": "claim", "q": "mayor"}, [2]),
    ({"kind": "legal"}, []), ({"from": 0, "to": 9}, [0]), ({"from": 9}, [1, 2, 3, 4]), ({"to": 0}, []),
    ({"from": TEXT.index("Monday") + 5, "to": TEXT.index("The mayor") + 1}, [1, 2]), ({"from": len(TEXT)}, []),
    ({"from": len(TEXT) - 1}, [4]), ({"from": 5, "to": 5}, [0]),
]  # fmt: skip


def test_annotations_are_found_by_every_filter(ann: Any, marked: dict[str, Any]) -> None:
    for query, expected in FILTERS:
        items = ann.get(f"{HTTP}/articles/{marked['id']}/annotations", query_string=query).json["items"]
        assert [int(item["body"].split()[1]) for item in items] == expected, query


def test_annotations_are_found_by_author(ann: Any, marked: dict[str, Any], people: Any) -> None:
    path = f"{HTTP}/articles/{marked['id']}/annotations"
    assert [item["body"] for item in ann.get(f"{path}?author={people.ben}").json["items"]] == ["Note 4"]
    assert ann.get(f"{path}?author={new_id()}").json["items"] == []


def all_pages(client: Any, path: str, limit: int) -> list[str]:
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = client.get(
            path, query_string={"limit": limit, "total": "true"} | ({"cursor": cursor} if cursor else {})
        )
        assert answer.status_code == 200, answer.text
        assert answer.json["total"] == 7
        found += [item["id"] for item in answer.json["items"]]
        cursor = answer.json["next"]
    return found


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_pages_hold_everything_once_and_in_order(ann: Any, project: Any, limit: int) -> None:
    article = put(ann, "articles", {"project": project.id, "text": TEXT})
    speaker = put(ann, "speakers", {"project": project.id, "name": "0"})
    for number in range(7):
        put(ann, "sources", {"project": project.id, "title": "Same"})
        put(ann, "annotations", annotation(article, "Nobody" if number % 2 else "Monday"))
        put(ann, "statements", {"project": project.id, "speaker": speaker["id"], "quote": "Same"})
        if number:
            put(ann, "articles", {"project": project.id, "text": f"No. {number}"})
            put(ann, "speakers", {"project": project.id, "name": "Same"})
    paths = [
        f"projects/{project.id}/{things}"
        for things in ("sources", "annotations", "statements", "articles", "speakers")
    ]
    for path in (*paths, f"articles/{article['id']}/annotations"):
        whole = [item["id"] for item in ann.get(f"{HTTP}/{path}?limit=200").json["items"]]
        assert all_pages(ann, f"{HTTP}/{path}", limit) == whole, path
        assert len(set(whole)) == 7


def test_what_comes_in_while_somebody_pages_is_neither_lost_nor_doubled(ann: Any, project: Any) -> None:
    made = [put(ann, "sources", {"project": project.id, "title": str(number)})["id"] for number in range(4)]
    path = f"{HTTP}/projects/{project.id}/sources?limit=2"
    first = ann.get(path).json
    put(ann, "sources", {"project": project.id, "title": "new"})
    second = ann.get(f"{path}&cursor={first['next']}").json
    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None


@pytest.mark.parametrize(("limit", "kinds"), [(1, 1), (4, 4), (9, 4)])
def test_the_palette_gives_no_more_than_asked_for_and_some_of_each_kind(
    ann: Any, project: Any, limit: int, kinds: int
) -> None:
    article = put(ann, "articles", {"project": project.id, "text": TEXT})
    for number in range(3):
        speaker = put(ann, "speakers", {"project": project.id, "name": f"Monday {number}"})
        put(ann, "sources", {"project": project.id, "title": f"Monday {number}"})
        put(ann, "statements", {"project": project.id, "speaker": speaker["id"], "quote": "Monday"})
        put(ann, "annotations", annotation(article, "Monday"))
    query = {"q": "monday", "limit": limit}
    found = ann.get(f"{HTTP}/projects/{project.id}/find", query_string=query).json["results"]
    assert (len(found), len({one["kind"] for one in found})) == (limit, kinds)
