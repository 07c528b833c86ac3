"""The pages of statements: everything that is known of one, adding, correcting, deleting."""

import re
from typing import Any

import pytest
from contract.world import put
from statements.conftest import Desk

WHOLE = {
    "quote": "Ніколи\nне продамо.", "role": "Mayor", "language": "uk", "translation": "We shall never sell.",
    "translator": "Ann Other", "said_on": "2025-02", "occasion": "Session 12", "medium": "speech",
    "locator_kind": "timecode", "locator": "00:12:07", "valid_from": "2022-10-04", "valid_until": "2023",
    "tags": ["harbour", "talks"],
}  # fmt: skip


def opened(client: Any, path: str) -> dict[str, str]:
    """What the form on the page would send, unchanged."""
    hidden = re.findall(
        r'<input type="hidden" name="((?:was-|version)[^"]*)" value="([^"]*)">', client.get(path).text
    )
    return {**{name.removeprefix("was-"): value for name, value in hidden}, **dict(hidden)}


@pytest.fixture
def source(desk: Desk) -> dict[str, Any]:
    """A source of the project."""
    about = {"project": desk.project.id, "title": "Minutes", "url": "https://example.org/minutes"}
    return put(desk.ann, "sources", about)


def test_the_page_says_everything_that_is_known(desk: Desk, source: dict[str, Any]) -> None:
    made = desk.said(**{**WHOLE, "source": source["id"]})
    page = desk.ann.get(f"/statements/{made['id']}/").text
    told = ("не продамо.", "We shall never sell.", "Ann Other", "Mayor", "Session 12", "Speech", "February 2025",
            "Minutes", "timecode 00:12:07", "4 October 2022", ">2023<", "harbour", "talks")  # fmt: skip
    assert [words for words in told if words not in page] == []
    assert '<blockquote lang="uk" dir="auto">' in page


def test_the_page_says_which_claims_use_it(desk: Desk) -> None:
    made = desk.said("Never.")
    link = desk.link(made)
    page = desk.ann.get(f"/statements/{made['id']}/").text
    assert f'href="/annotations/{link["annotation"]}/"' in page
    assert "Contradicts (proposed):" in page


def test_the_page_says_the_highlighted_words_where_a_claim_has_none_of_its_own(desk: Desk) -> None:
    made = desk.said("Never.")
    highlighted = desk.claim(claim_text="")
    put(desk.ann, "links", {"annotation": highlighted["id"], "statement": made["id"], "relation": "quotes"})
    page = desk.ann.get(f"/statements/{made['id']}/").text
    assert f'dir="auto">{highlighted["spans"][0]["exact"]}</a>' in page


def test_a_statement_in_use_offers_no_deleting(desk: Desk) -> None:
    made = desk.said("Never.")
    path = f"/statements/{made['id']}/"
    assert "Delete statement" in desk.ann.get(path).text
    desk.link(made)
    page = desk.ann.get(path).text
    assert ("Delete statement" in page, "A statement in use cannot be deleted." in page) == (False, True)


def test_tags_lead_to_what_else_has_them(desk: Desk) -> None:
    made = desk.said("Never.", tags=["war & peace"])
    page = desk.ann.get(f"/statements/{made['id']}/").text
    aim = f"/projects/{desk.project.slug}/statements/?tag=war%20%26%20peace"
    assert f'href="{aim}"' in page
    assert "Never." in desk.ann.get(aim).text


@pytest.mark.parametrize(("language", "shown"), [("uk", True), ("en-GB", False), ("", True)])
def test_the_list_says_the_translation_of_what_is_in_another_language(
    desk: Desk, language: str, shown: bool
) -> None:
    desk.said("Ніколи.", language=language, translation="Never & ever.", translator="Ann Other")
    page = desk.ann.get(f"/projects/{desk.project.slug}/statements/").text
    told = ("Never &amp; ever." in page, "Translation by <bdi>Ann Other</bdi>" in page)
    assert told == (shown, shown)


def test_a_name_like_a_known_one_is_answered_with_the_known_one(desk: Desk) -> None:
    desk.speaker("Volodymyr Zelensky")
    path = f"/projects/{desk.project.slug}/statements/new"
    answer = desk.ann.post(path, data={"speaker": "Volodymyr Zelenskyy", "quote": "Never."})
    assert (answer.status_code, "There is “Volodymyr Zelensky”" in answer.text) == (422, True)


def test_a_form_with_faults_still_says_what_is_there_already(desk: Desk) -> None:
    made = desk.said("We will never sell it.")
    path = f"/projects/{desk.project.slug}/statements/new"
    typed = {"speaker": "The mayor", "quote": "We will never sell it.", "said_on": "soon", "another": "true"}
    page = desk.ann.post(path, data=typed)
    assert (page.status_code, f'href="/statements/{made["id"]}/"' in page.text) == (422, True)
    assert 'name="another" value="true" checked>' in page.text


def test_a_form_that_does_not_say_what_it_read_is_refused(desk: Desk) -> None:
    made = desk.said("Never.")
    answer = desk.ann.post(f"/statements/{made['id']}/edit", data={"quote": "Always."})
    assert answer.status_code == 412


def test_the_list_finds_words_of_statement_and_speaker(desk: Desk) -> None:
    other = desk.speaker("The council")
    desk.said("Never.", said_on="2022")
    desk.said("Ever.", speaker=other["id"], said_on="2021")
    path = f"/projects/{desk.project.slug}/statements/"
    assert re.findall(r'dir="auto">([^<]+)</q>', desk.ann.get(path).text) == ["Ever.", "Never."]
    found = desk.ann.get(f"{path}?q=council").text
    assert re.findall(r'dir="auto">([^<]+)</q>', found) == ["Ever."]


def test_a_form_carries_everything_back_and_forth(desk: Desk, source: dict[str, Any]) -> None:
    made = desk.said(**{**WHOLE, "source": source["id"]})
    path = f"/statements/{made['id']}/edit"
    desk.ann.post(path, data=opened(desk.ann, path))
    assert desk.get(f"/statements/{made['id']}") == made


def test_fields_are_corrected_and_emptied(desk: Desk, source: dict[str, Any]) -> None:
    made = desk.said(**WHOLE)
    path = f"/statements/{made['id']}/edit"
    typed = {
        "source": "https://example.org/minutes",
        "said_on": "4 October 2022",
        "valid_until": "",
        "tags": "x, y",
    }
    assert desk.ann.post(path, data={**opened(desk.ann, path), **typed}).status_code == 303
    now = desk.get(f"/statements/{made['id']}")
    assert (now["source"]["id"], now["said_on"], now["valid_until"]) == (source["id"], "2022-10-04", None)
    assert (now["tags"], now["quote"]) == (["x", "y"], made["quote"])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"speaker": "Nobody"}, "No one speaker here is called"),
        ({"source": "Nowhere"}, "No one source here has this title"),
        ({"said_on": "soon"}, "Write a date as"),
        ({"quote": " "}, "Fill this in."),
    ],
)
def test_what_does_not_hold_is_shown_again(desk: Desk, typed: dict[str, str], sentence: str) -> None:
    made = desk.said("Never.")
    path = f"/statements/{made['id']}/edit"
    answer = desk.ann.post(path, data={**opened(desk.ann, path), **typed})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert desk.get(f"/statements/{made['id']}")["version"] == 1


def test_a_name_that_two_speakers_have_is_asked_back_but_not_from_the_speakers_own_page(desk: Desk) -> None:
    twin = desk.speaker("The mayor")
    path = f"/projects/{desk.project.slug}/statements/new"
    typed = {"speaker": "The mayor", "quote": "Never."}
    assert desk.ann.post(path, data=typed).status_code == 422
    assert f'name="speaker_id" value="{twin["id"]}"' in desk.ann.get(f"{path}?speaker={twin['id']}").text
    desk.ann.post(path, data={**typed, "speaker_id": twin["id"]})
    assert desk.names_of(twin) == ["Never."]


def test_a_new_speaker_comes_with_a_statement(desk: Desk) -> None:
    path = f"/projects/{desk.project.slug}/statements/new"
    typed = {"speaker": "The council", "quote": "Never.", "new_speaker": "true"}
    answer = desk.ann.post(path, data=typed)
    made = desk.get("/statements/" + answer.location.split("/")[2])
    assert made["speaker"]["name"] == "The council"


def test_a_deleted_statement_can_be_brought_back_from_the_next_page(desk: Desk) -> None:
    made = desk.said("Never.")
    answer = desk.ann.post(f"/statements/{made['id']}/delete")
    page = desk.ann.get(answer.location).text
    assert f'action="/statements/{made["id"]}/restore"' in page
    assert desk.ann.post(f"/statements/{made['id']}/restore").status_code == 303
    assert desk.ann.get(f"/statements/{made['id']}/").status_code == 200


def test_a_statement_in_use_stays_and_the_page_says_why(desk: Desk) -> None:
    made = desk.said("Never.")
    desk.link(made)
    answer = desk.ann.post(f"/statements/{made['id']}/delete")
    assert (answer.status_code, "A link in “The harbour” still uses this statement." in answer.text) == (
        409,
        True,
    )


def test_a_protected_source_is_named_to_its_readers_alone(desk: Desk, as_: Any) -> None:
    about = {"project": desk.project.id, "title": "Our man", "confidentiality": "protected"}
    source = put(desk.ann, "sources", about)
    made = desk.said("Never.", source=source["id"])
    page = as_("ben").get(f"/statements/{made['id']}/").text
    assert ("Source protected" in page, "Our man" in page) == (True, False)
    form = as_("ben").get(f"/statements/{made['id']}/edit").text
    assert "Our man" not in form


def test_words_that_look_like_markup_stay_words(desk: Desk) -> None:
    made = desk.said("<b>never</b>", occasion="<i>", tags=["<u>"])
    for path in (f"/statements/{made['id']}/", f"/speakers/{desk.mayor['id']}/"):
        page = desk.ann.get(path).text
        assert "<b>never" not in page
        assert "<i>" not in page
        assert "<u>" not in page
