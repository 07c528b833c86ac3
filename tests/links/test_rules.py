"""What a link may be: one far end, fields that fit its relation, a passage that stands where it says."""

from types import SimpleNamespace
from typing import Any

import pytest
from contract.world import HTTP, annotation, put

from annotator.columns import new_id
from annotator.fields import MAX_OFFSET


@pytest.fixture
def desk(as_: Any, project: Any) -> SimpleNamespace:
    """An article with two annotations, a source, a speaker and a statement, and Ann."""
    ann = as_("ann")
    text = "Ministers met on Monday 👩🏽‍⚖️.\n\nWe will never sell the harbour.\n\nNobody answered."
    article = put(ann, "articles", {"project": project.id, "text": text, "published_on": "2025-04-30"})
    spans = [
        {"start": text.index(words), "end": text.index(words) + len(words)} for words in ("We", "Nobody")
    ]
    first, second = (put(ann, "annotations", annotation(article, spans=[one])) for one in spans)
    speaker = put(ann, "speakers", {"project": project.id, "name": "The mayor"})
    source = put(ann, "sources", {"project": project.id, "title": "Minutes", "published_on": "2024"})
    about = {"project": project.id, "speaker": speaker["id"], "said_on": "2024-03", "source": source["id"]}
    statement = put(ann, "statements", {**about, "quote": "It is yours."})
    return SimpleNamespace(ann=ann, article=article, text=text, first=first, second=second, source=source,
                           speaker=speaker, statement=statement)  # fmt: skip


def link(desk: SimpleNamespace, **body: Any) -> Any:
    given = {"annotation": desk.first["id"], "relation": "contradicts", **body}
    return desk.ann.put(f"{HTTP}/links/{new_id()}", json=given)


def test_a_link_has_exactly_one_far_end(desk: SimpleNamespace) -> None:
    ends = {"source": desk.source["id"], "statement": desk.statement["id"], "target": desk.second["id"]}
    found = [link(desk, **{name: key}).json["far"] for name, key in ends.items()]
    assert [(far["kind"], far["id"]) for far in found] == list(
        zip(("source", "statement", "annotation"), ends.values(), strict=True)
    )
    for wrong in ({}, ends, {"source": ends["source"], "target": ends["target"]}, {"source": None}):
        assert link(desk, **wrong).status_code == 422, wrong
    assert link(desk, target=desk.first["id"]).status_code == 422


def test_only_a_contradiction_has_the_fields_of_one(desk: SimpleNamespace) -> None:
    fields = {"contradiction_kind": "reversal_over_time", "acknowledged": "no", "consistency": "full_flop"}
    made = link(desk, statement=desk.statement["id"], **fields).json
    assert {name: made[name] for name in fields} == fields
    for name, value in fields.items():
        refused = link(desk, statement=desk.statement["id"], relation="supports", **{name: value})
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, f"/{name}")
    path = f"{HTTP}/links/{made['id']}"
    changed = desk.ann.change("PATCH", path, {"relation": "context"}, version=1).json
    assert [changed[name] for name in fields] == [None, None, None]


def test_a_passage_is_cut_from_the_text_it_names(desk: SimpleNamespace) -> None:
    start = desk.text.index("We will")
    place = {"snapshot": desk.article["snapshot"], "start": start, "end": start + 31}
    made = link(
        desk, target=desk.second["id"], passage={**place, "exact": "We will never sell the harbour."}
    ).json
    assert made["passage"] == {**place, "exact": "We will never sell the harbour.",
                               "prefix": desk.text[max(0, start - 32) : start],
                               "suffix": desk.text[start + 31 :][:32]}  # fmt: skip
    refused = link(
        desk, target=desk.second["id"], passage={**place, "exact": "We will sell the harbour, at last"}
    )
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/passage/exact")
    outside = link(desk, target=desk.second["id"], passage={**place, "end": 1000})
    assert (outside.status_code, outside.json["errors"][0]["pointer"]) == (422, "/passage/end")
    gone = desk.ann.change("PATCH", f"{HTTP}/links/{made['id']}", {"passage": None}, version=1)
    assert (gone.status_code, gone.json["passage"]) == (200, None)


def test_the_far_end_says_enough_for_a_card(desk: SimpleNamespace) -> None:
    far = link(desk, statement=desk.statement["id"]).json["far"]
    named = {"id": desk.speaker["id"], "name": "The mayor"}
    cited = {"id": desk.source["id"], "title": "Minutes", "url": ""}
    assert {"title": "The mayor", "quote": "It is yours.", "date": "2024-03", "speaker": named, "source": cited,
            "url": None, "article": None, "version": 1, "deleted": False}.items() <= far.items()  # fmt: skip
    other = link(desk, target=desk.second["id"]).json["far"]
    assert (other["quote"], other["article"]["id"]) == ("Nobody", desk.article["id"])


def test_the_comparison_follows_a_change_of_either_end(desk: SimpleNamespace) -> None:
    made = link(desk, statement=desk.statement["id"]).json
    assert (made["comparison"]["order"], made["comparison"]["near_from"]) == ("earlier", "article")
    claim = {"claimed_on": "2023", "claimant": desk.speaker["id"]}
    desk.ann.change("PATCH", f"{HTTP}/annotations/{desk.first['id']}", claim, version=1)
    later = desk.ann.get(f"{HTTP}/links/{made['id']}").json["comparison"]
    assert (later["order"], later["near_from"], later["same_speaker"]) == ("later", "claim", True)
    desk.ann.change("PATCH", f"{HTTP}/statements/{desk.statement['id']}", {"said_on": "2023-05"}, version=1)
    assert desk.ann.get(f"{HTTP}/links/{made['id']}").json["comparison"]["order"] == "overlapping"


def test_a_link_to_a_deleted_annotation_says_so(desk: SimpleNamespace) -> None:
    made = link(desk, target=desk.second["id"]).json
    assert desk.ann.change("DELETE", f"{HTTP}/annotations/{desk.second['id']}", version=1).status_code == 204
    assert desk.ann.get(f"{HTTP}/links/{made['id']}").json["far"]["deleted"] is True
    assert link(desk, target=desk.second["id"]).status_code == 422


def test_the_links_of_a_deleted_annotation_go_and_come_with_it(desk: SimpleNamespace) -> None:
    made, path = link(desk, source=desk.source["id"]).json, f"{HTTP}/annotations/{desk.first['id']}"
    desk.ann.change("DELETE", path, version=1)
    assert desk.ann.get(f"{HTTP}/links/{made['id']}").status_code == 404
    assert desk.ann.change("DELETE", f"{HTTP}/links/{made['id']}", version=1).status_code == 404
    back = desk.ann.change("POST", f"{path}/restore", version=2).json
    assert [one["id"] for one in back["links"]] == [made["id"]]


def test_a_passage_cannot_end_at_the_farthest_place_that_can_be_written(desk: SimpleNamespace) -> None:
    place = {"snapshot": desk.article["snapshot"], "start": 5, "end": MAX_OFFSET}
    refused = link(desk, target=desk.second["id"], passage=place)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/passage/end")


def test_a_passage_of_another_article_is_refused(desk: SimpleNamespace) -> None:
    place = {"snapshot": desk.article["snapshot"], "start": 0, "end": 9}
    for end in ({"source": desk.source["id"]}, {"statement": desk.statement["id"]}):
        refused = link(desk, passage=place, **end)
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/passage/snapshot")
