"""The pages of a claim, a link and a dispute: what they show, and what their forms do without script."""

import re
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from contract.test_query_counts import counted
from contract.world import HTTP, put
from links.desk import decide, keep_copy, link, make

from annotator.links import disputes
from annotator.links.sides import in_sentences


@pytest.fixture
def desk(as_: Any, project: Any) -> SimpleNamespace:
    return make(as_, project)


def text(answer: Any) -> str:
    """What a page says, without its markup."""
    assert answer.status_code in (200, 412, 422), answer.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def send(client: Any, path: str, **fields: Any) -> Any:
    return client.post(path, data={"csrf_token": client.token, **fields})


def current(desk: SimpleNamespace, one: Any) -> Any:
    return desk.ann.get(f"{HTTP}/links/{one['id']}").json


def test_a_claims_page_shows_words_claimant_evidence_and_what_is_missing(desk: SimpleNamespace) -> None:
    link(desk, statement=desk.statement["id"])
    link(desk, source=desk.source["id"], relation="supports")
    found = text(desk.dee.get(f"/annotations/{desk.first['id']}/"))
    assert "drafts do not count." in found
    for words in ("We", "The mayor", "30 April 2025", "It is yours.", "March 2024", "Proposed", "Draft",
                  "1 link is without words and without a place", "1 year 1 month earlier"):  # fmt: skip
        assert words in found, words


def test_evidence_of_one_group_stands_together_with_its_assumption(desk: SimpleNamespace) -> None:
    for number in (1, 2):
        about = {"group": "Both", "assumption": "she is the mayor", "locator": str(number)}
        link(desk, source=desk.source["id"], relation="supports", **about)
    page = text(desk.dee.get(f"/annotations/{desk.first['id']}/"))
    assert "These two together: Both provided that she is the mayor" in page


def test_a_links_page_shows_both_ends_and_the_sentence_between_them(desk: SimpleNamespace) -> None:
    valid = {"valid_from": "2026", "role": "Mayor", "occasion": "Council"}
    desk.ann.change("PATCH", f"{HTTP}/statements/{desk.statement['id']}", valid, version=1)
    made = link(desk, statement=desk.statement["id"])
    page = desk.dee.get(f"/links/{made['id']}/")
    assert "<mark>We</mark> will never sell the harbour." in page.text
    for words in (
        "It is yours.",
        "Mayor",
        "Council",
        "March 2024",
        "from 2026",
        made["comparison"]["sentence"],
    ):
        assert words in text(page), words


def test_evidence_later_than_the_article_is_flagged(desk: SimpleNamespace) -> None:
    later = put(
        desk.ann, "sources", {"project": desk.project.id, "title": "Later", "published_on": "2025-05-01"}
    )
    made = link(desk, source=later["id"], relation="supports")
    assert "later than the article" in text(desk.dee.get(f"/links/{made['id']}/"))
    assert "later than the article" in text(desk.dee.get(f"/annotations/{desk.first['id']}/"))


def test_a_form_changes_the_link_and_an_older_one_keeps_what_was_typed(desk: SimpleNamespace) -> None:
    made = link(desk, statement=desk.statement["id"])
    fields = {
        "relation": "contradicts",
        "explanation": "Both cannot be.",
        "locator": "7",
        "locator_kind": "page",
    }
    assert send(desk.ben, f"/links/{made['id']}/", version=1, **fields).status_code == 303
    found = current(desk, made)
    assert {name: found[name] for name in fields} == fields
    refused = send(desk.ann, f"/links/{made['id']}/", version=1, relation="contradicts", note="Mine")
    assert (refused.status_code, "Mine" in refused.text) == (412, True)
    assert current(desk, made)["note"] == ""


def test_what_only_a_contradiction_has_is_dropped_with_it(desk: SimpleNamespace) -> None:
    made = link(desk, statement=desk.statement["id"], consistency="full_flop", explanation="Why.")
    fields = {"relation": "context", "consistency": "full_flop", "explanation": "Why."}
    assert send(desk.ann, f"/links/{made['id']}/", version=1, **fields).status_code == 303
    found = current(desk, made)
    assert (found["relation"], found["consistency"], found["explanation"]) == ("context", None, "")


def test_supersedes_is_offered_and_used_by_a_button_alone(desk: SimpleNamespace) -> None:
    said = {
        "project": desk.project.id,
        "speaker": desk.mayor["id"],
        "said_on": "2025-06-01",
        "quote": "It is ours.",
    }
    later = link(desk, statement=put(desk.ann, "statements", said)["id"])
    earlier = link(desk, statement=desk.statement["id"])
    assert "Use “supersedes”" in desk.ann.get(f"/links/{later['id']}/").text
    assert "Use “supersedes”" not in desk.ann.get(f"/links/{earlier['id']}/").text
    assert send(desk.ann, f"/links/{later['id']}/supersedes", version=1).status_code == 303
    assert current(desk, later)["relation"] == "supersedes"


def test_words_in_several_places_show_a_field_to_choose(desk: SimpleNamespace) -> None:
    copy, made = keep_copy(desk.ann, desk.source), link(desk, source=desk.source["id"], relation="supports")
    path, fields = f"/links/{made['id']}/passage", {"snapshot": copy["id"], "words": "the harbour is"}
    refused = send(desk.ann, path, version=1, **fields)
    assert (refused.status_code, "Which place" in refused.text) == (422, True)
    assert send(desk.ann, path, version=1, which="2", **fields).status_code == 303
    assert current(desk, made)["passage"]["exact"] == "The harbour is"


def test_the_proposer_sees_why_somebody_else_decides(desk: SimpleNamespace) -> None:
    made = link(desk, statement=desk.statement["id"])
    path = f"/links/{made['id']}/"
    assert "You proposed it, so somebody else decides." in desk.ann.get(path).text
    refused = send(desk.ann, f"{path}decision", version=1, answer="accepted")
    assert (refused.status_code, current(desk, made)) == (422, made)
    assert "You proposed this contradiction." in refused.text
    assert "You proposed it" not in desk.ben.get(path).text


def test_a_second_person_decides_by_form(desk: SimpleNamespace) -> None:
    made = link(desk, statement=desk.statement["id"])
    path = f"/links/{made['id']}/decision"
    refused = send(desk.ben, path, version=1, answer="rejected", reason="")
    assert (refused.status_code, "Say why this is rejected." in refused.text) == (422, True)
    assert send(desk.ben, path, version=1, answer="rejected", reason="Two harbours.").status_code == 303
    assert "Rejected by Ben" in text(desk.dee.get(f"/links/{made['id']}/"))


def test_a_viewer_gets_no_forms(desk: SimpleNamespace) -> None:
    made = link(desk, statement=desk.statement["id"], note="A note.")
    pages = [
        desk.dee.get(path).text for path in (f"/links/{made['id']}/", f"/annotations/{desk.first['id']}/")
    ]
    assert [page.count('method="post"') for page in pages] == [1, 1]  # to sign out
    assert "A note." in pages[0]


def test_a_suggestion_is_linked_and_one_that_is_gone_is_not(desk: SimpleNamespace) -> None:
    path = f"/annotations/{desk.first['id']}/links"
    fields = {"kind": "statement", "id": desk.statement["id"], "relation": "supports"}
    made = send(desk.ann, path, **fields)
    assert re.fullmatch(r"/links/[-0-9a-f]{36}/\?notice=link-added", made.location)
    gone = send(desk.ann, path, **{**fields, "id": "00000000-0000-7000-8000-000000000000"})
    assert gone.location == f"/annotations/{desk.first['id']}/?notice=link-refused"
    assert send(desk.ann, path, **{**fields, "relation": "sort of"}).status_code == 422


def test_the_picture_of_a_dispute_has_its_sides_and_a_table(desk: SimpleNamespace) -> None:
    made = link(desk, statement=desk.statement["id"])
    link(desk, source=desk.source["id"], relation="supports", locator="7")
    for path in (f"/annotations/{desk.first['id']}/dispute", f"/speakers/{desk.mayor['id']}/dispute"):
        page = desk.dee.get(path)
        assert f'href="/links/{made["id"]}/"' in page.text
        assert ("<svg" in page.text, "Supports" in text(page), "Contradicts" in text(page)) == (
            True,
            True,
            True,
        )


def test_a_speakers_dispute_names_the_claim_that_each_link_is_about(desk: SimpleNamespace) -> None:
    link(desk, statement=desk.statement["id"])
    assert "Contradicts “We”" in text(desk.dee.get(f"/speakers/{desk.mayor['id']}/dispute"))


def test_a_speakers_dispute_has_both_their_claims_and_what_they_said(desk: SimpleNamespace) -> None:
    other = put(desk.ann, "speakers", {"project": desk.project.id, "name": "The council"})
    said = {"project": desk.project.id, "speaker": other["id"], "said_on": "2023", "quote": "It is theirs."}
    link(desk, statement=put(desk.ann, "statements", said)["id"])
    assert "It is theirs." in text(desk.dee.get(f"/speakers/{desk.mayor['id']}/dispute"))
    assert "It is theirs." in text(desk.dee.get(f"/speakers/{other['id']}/dispute"))


def test_a_long_dispute_says_how_many_links_it_leaves_out(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disputes, "MOST", 1)
    for _ in range(3):
        link(desk, statement=desk.statement["id"])
    assert "2 older links are not shown." in desk.dee.get(f"/speakers/{desk.mayor['id']}/dispute").text


def test_a_rejected_contradiction_is_not_drawn(desk: SimpleNamespace) -> None:
    decide(desk.ben, link(desk, statement=desk.statement["id"]), "rejected", "No.")
    page = desk.dee.get(f"/annotations/{desk.first['id']}/dispute")
    assert ("Nothing to draw yet" in page.text, "<svg" in page.text) == (True, False)


def test_pages_ask_the_database_as_much_for_one_link_as_for_ten(app: Any, desk: SimpleNamespace) -> None:
    one = link(desk, statement=desk.statement["id"])
    paths = (f"/annotations/{desk.first['id']}/", f"/annotations/{desk.first['id']}/dispute", f"/links/{one['id']}/",
             f"/speakers/{desk.mayor['id']}/dispute", f"{HTTP}/annotations/{desk.first['id']}/claim")  # fmt: skip
    counts = []
    for _ in range(2):
        counts.append([_asked(app, desk.dee, path) for path in paths])
        for number in range(9):
            link(desk, statement=desk.statement["id"], locator=str(number))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 32


def _asked(app: Any, client: Any, path: str) -> int:
    with counted(SimpleNamespace(app=app)) as sent:  # type: ignore[arg-type]
        assert client.get(path).status_code == 200
    return len(sent)


WORDS = "One is here. Two is there. Three went away. Four stayed."
SENTENCES = [[0, 12], [13, 26], [27, 43], [44, 56]]
# spans, and what is shown of the text with the marked words in brackets
SHOWN = [
    ([(13, 16)], "[Two] is there."), ([(0, 3), (7, 11)], "[One] is [here]."),
    ([(8, 15)], "One is h[ere. Tw]o is there."), ([(0, 3), (44, 48)], "[One] is here. … [Four] stayed."),
    ([(13, 20), (17, 26)], "[Two is ][there.]"), ([(12, 13)], "[ ]"), ([(44, 56)], "[Four stayed.]"), ([], ""),
]  # fmt: skip


@pytest.mark.parametrize(("spans", "shown"), SHOWN)
def test_spans_are_marked_in_the_sentences_they_stand_in(spans: list[tuple[int, int]], shown: str) -> None:
    pieces = in_sentences(WORDS, SENTENCES, spans)
    assert "".join(f"[{piece.words}]" if piece.marked else piece.words for piece in pieces) == shown


def test_a_form_without_a_version_is_taken_as_an_older_one(desk: SimpleNamespace) -> None:
    made = link(desk, statement=desk.statement["id"])
    assert send(desk.ben, f"/links/{made['id']}/decision", answer="accepted").status_code == 412
    assert current(desk, made)["contradiction_state"] == "proposed"


def test_words_that_went_from_the_newest_copy_are_flagged(desk: SimpleNamespace) -> None:
    first = keep_copy(desk.ann, desk.source)
    made = link(desk, statement=desk.statement["id"], passage={"snapshot": first["id"], "start": 0, "end": 7})
    paths = (f"/links/{made['id']}/", f"/annotations/{desk.first['id']}/")
    assert ["from copy 1" in text(desk.dee.get(path)) for path in paths] == [False, False]
    keep_copy(desk.ann, desk.source, "Another text.")
    flag = "from copy 1; these words are not in copy 2"
    assert [flag in text(desk.dee.get(path)) for path in paths] == [True, True]


def test_translation_and_kind_are_shown_to_a_viewer(desk: SimpleNamespace) -> None:
    about = {"translation": "C’est à vous.", "translator": "Lea Roux"}
    desk.ann.change("PATCH", f"{HTTP}/statements/{desk.statement['id']}", about, version=1)
    made = link(desk, statement=desk.statement["id"], contradiction_kind="numeric", acknowledged="no")
    for path in (f"/links/{made['id']}/", f"/annotations/{desk.first['id']}/"):
        page = text(desk.dee.get(path))
        assert [words in page for words in ("C’est à vous. Translation by Lea Roux",
                "Numbers differ · change acknowledged: no")] == [True, True], path  # fmt: skip


def test_what_is_linked_here_from_elsewhere_stands_on_the_claims_page(desk: SimpleNamespace) -> None:
    made = link(desk, annotation=desk.second["id"], target=desk.first["id"])
    page = text(desk.dee.get(f"/annotations/{desk.first['id']}/"))
    assert ("Elsewhere linked here" in page, "1 contradiction" in page) == (True, True)
    far = desk.dee.get(f"/links/{made['id']}/").text
    assert far.count("will never sell the harbour.") == 1
    assert "“ We ” contradicts “ Nobody ”" in text(desk.dee.get(f"/links/{made['id']}/"))
