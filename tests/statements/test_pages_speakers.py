"""The pages of speakers: lists, narrowing, correcting alone and at the same time as somebody else, merging."""

import re
from typing import Any

import pytest
from contract.world import HTTP
from statements.conftest import Desk


def shown(desk: Desk, path: str) -> str:
    answer = desk.ann.get(path)
    assert answer.status_code == 200, path
    return str(answer.text)


def test_the_list_says_how_much_and_when_each_said(desk: Desk) -> None:
    for said_on in ("2025-02", "2022-10-04", None):
        desk.said("Word.", said_on=said_on)
    page = shown(desk, f"/projects/{desk.project.slug}/speakers/")
    assert "3 statements" in page
    first, last = re.findall(r'<time datetime="[^"]+">([^<]+)</time>', page)
    assert (first, last) == ("4 October 2022", "February 2025")


def test_the_list_is_found_in_by_name_and_pages_by_cursor(desk: Desk) -> None:
    for number in range(52):
        desk.speaker(f"Speaker {number:02}")
    page = shown(desk, f"/projects/{desk.project.slug}/speakers/")
    assert page.count('<li>\n<div class="lead">') == 50
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    rest = shown(desk, f"/projects/{desk.project.slug}/speakers/{following[1].replace('&amp;', '&')}")
    assert re.findall(r'dir="auto">([^<]+)</a></h2>', rest) == ["Speaker 50", "Speaker 51", "The mayor"]
    found = shown(desk, f"/projects/{desk.project.slug}/speakers/?q=mayor")
    assert re.findall(r'dir="auto">([^<]+)</a></h2>', found) == ["The mayor"]


def test_what_was_said_stands_in_order_of_time_with_its_precision(desk: Desk) -> None:
    for quote, said_on in (
        ("Last.", "2025-02"),
        ("First.", "2022-10-04"),
        ("Undated.", None),
        ("Second.", "2023"),
    ):
        desk.said(quote, said_on=said_on)
    page = shown(desk, f"/speakers/{desk.mayor['id']}/")
    assert re.findall(r'dir="auto">([^<]+)</q>', page) == ["First.", "Second.", "Last.", "Undated."]
    assert page.count("data-mark") == 3
    assert "<title>2023: Second.</title>" in page
    assert '<span class="quiet">date unknown</span>' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=harbour", ["One."]), ("tag=talks", ["One."]), ("since=2024", ["Two."]), ("until=2022-12", ["One."])],
)
def test_what_was_said_is_narrowed(desk: Desk, query: str, found: list[str]) -> None:
    desk.said("One.", said_on="2022-10-04", tags=["talks"], occasion="Harbour day")
    desk.said("Two.", said_on="2025-02")
    page = shown(desk, f"/speakers/{desk.mayor['id']}/?{query}")
    assert re.findall(r'dir="auto">([^<]+)</q>', page) == found
    assert page.count("data-mark") == 1


def test_a_date_that_is_none_is_answered_with_a_sentence(desk: Desk) -> None:
    answer = desk.ann.get(f"/speakers/{desk.mayor['id']}/?since=yesterday")
    assert (answer.status_code, "Write a date as" in answer.text) == (422, True)


def test_a_row_says_how_it_is_used(desk: Desk) -> None:
    made = desk.said("Never.")
    for relation in ("contradicts", "contradicts", "supports", "context"):
        desk.link(made, relation)
    told = "supports 1 claim, contradicts 2 claims, gives context to 1 claim"
    assert told in shown(desk, f"/speakers/{desk.mayor['id']}/")


def test_a_statement_that_is_only_quoted_is_used(desk: Desk) -> None:
    desk.link(desk.said("Never."), "quotes")
    page = shown(desk, f"/speakers/{desk.mayor['id']}/")
    assert ("quotes 1 claim" in page, "not used yet" in page) == (True, False)


def test_a_rejected_contradiction_contradicts_nothing(desk: Desk, as_: Any) -> None:
    link = desk.link(desk.said("Never."))
    body = {"answer": "rejected", "reason": "Said of another harbour."}
    as_("ben").change("POST", f"{HTTP}/links/{link['id']}/decision", body, version=link["version"])
    page = shown(desk, f"/speakers/{desk.mayor['id']}/")
    assert ("1 contradiction rejected" in page, "contradicts 1 claim" in page) == (True, False)


def test_words_in_another_language_come_with_their_translation(desk: Desk) -> None:
    desk.said("Ніколи.", language="uk", translation="Never.", said_on="2024")
    page = shown(desk, f"/speakers/{desk.mayor['id']}/")
    assert "<title>2024: Ніколи. (Never.)</title>" in page
    assert "<bdi>Never.</bdi>" in page


def test_everybody_finds_the_picture_of_the_dispute(desk: Desk, as_: Any) -> None:
    assert f'href="/speakers/{desk.mayor["id"]}/dispute"' in shown(desk, f"/speakers/{desk.mayor['id']}/")
    assert "/dispute" in as_("dee").get(f"/speakers/{desk.mayor['id']}/").text


def test_the_likeliest_speakers_are_offered_first_for_a_merge(desk: Desk) -> None:
    for name in ("Andriy Sybiha", "The council", "Zelensky, Volodymyr"):
        desk.speaker(name)
    twin = desk.speaker("Volodymyr Zelenskyy")
    page = shown(desk, f"/speakers/{twin['id']}/merge")
    names = re.findall(r'<h2><a [^>]*dir="auto">([^<]+)</a>( <span class="badge">Similar name)?', page)
    assert names[0] == ("Zelensky, Volodymyr", ' <span class="badge">Similar name')
    assert [name for name, likely in names if likely] == ["Zelensky, Volodymyr"]


def test_the_rows_page_by_cursor_and_each_point_is_drawn(desk: Desk) -> None:
    for number in range(53):
        desk.said(f"Word {number}.", said_on="2024-05-01" if number else None)
    page = shown(desk, f"/speakers/{desk.mayor['id']}/")
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    assert "53 statements" in page
    rest = shown(desk, f"/speakers/{desk.mayor['id']}/{following[1].replace('&amp;', '&')}")
    assert rest.count('id="said-') - rest.count('id="said-title') - rest.count('id="said-desc') == 3 + 1


def test_other_names_go_one_a_line(desk: Desk) -> None:
    answer = desk.ann.post(
        f"/projects/{desk.project.slug}/speakers/new",
        data={"name": "Council", "kind": "state_body", "also_known_as": "Рада\r\n\r\n The council \r\nРада"},
    )
    made = desk.get("/speakers/" + answer.location.split("/")[2])
    assert (made["also_known_as"], made["kind"]) == (["Рада", "The council"], "state_body")


def opened(client: Any, path: str) -> dict[str, str]:
    """What the form on the page would send, unchanged."""
    hidden = re.findall(
        r'<input type="hidden" name="((?:was-|version)[^"]*)" value="([^"]*)">', client.get(path).text
    )
    return {**{name.removeprefix("was-"): value for name, value in hidden}, **dict(hidden)}


def test_two_who_correct_different_fields_both_keep_theirs(desk: Desk, as_: Any) -> None:
    path = f"/speakers/{desk.mayor['id']}/edit"
    ben, mine = as_("ben"), opened(desk.ann, path)
    ben.post(path, data={**opened(ben, path), "description": "By Ben."})
    assert desk.ann.post(path, data={**mine, "same_as": "https://example.org/Q1"}).status_code == 303
    made = desk.get(f"/speakers/{desk.mayor['id']}")
    assert (made["description"], made["same_as"]) == ("By Ben.", "https://example.org/Q1")


def test_two_who_correct_one_field_choose_what_counts(desk: Desk, as_: Any) -> None:
    path = f"/speakers/{desk.mayor['id']}/edit"
    ben, mine = as_("ben"), opened(desk.ann, path)
    ben.post(path, data={**opened(ben, path), "description": "By Ben."})
    asked = desk.ann.post(path, data={**mine, "description": "By Ann."})
    assert asked.status_code == 412
    assert re.findall(r"<bdi>(By \w+\.)</bdi>", asked.text) == ["By Ann.", "By Ben."]
    again = {**opened(ben, path), "description": "By Ann.", "choose-description": "theirs"}
    desk.ann.post(path, data=again)
    assert desk.get(f"/speakers/{desk.mayor['id']}")["description"] == "By Ben."


def test_what_does_not_hold_is_shown_again(desk: Desk) -> None:
    path = f"/speakers/{desk.mayor['id']}/edit"
    answer = desk.ann.post(path, data={**opened(desk.ann, path), "same_as": "Q42"})
    assert (answer.status_code, 'value="Q42"' in answer.text) == (422, True)


def test_the_history_tells_what_each_person_changed(desk: Desk) -> None:
    path = f"/speakers/{desk.mayor['id']}/edit"
    desk.ann.post(path, data={**opened(desk.ann, path), "name": "The mayoress"})
    page = shown(desk, path)
    assert "<del>The mayor</del> → <ins>The mayoress</ins>" in page


def test_merging_shows_first_what_will_move(desk: Desk) -> None:
    twin = desk.speaker("Mira Velk", same_as="https://example.org/Q1")
    desk.said("Mine.", speaker=twin["id"])
    desk.claim(claimant=twin["id"])
    page = shown(desk, f"/speakers/{twin['id']}/merge?into={desk.mayor['id']}")
    assert "1 statement and 1 claim will be those of" in page
    assert "<bdi>Mira Velk</bdi></li>" in page


def test_two_addresses_that_differ_are_pointed_out(desk: Desk) -> None:
    twin = desk.speaker("Mira Velk", same_as="https://example.org/Q1")
    other = desk.speaker("The council", same_as="https://example.org/Q2")
    assert "Look again" in shown(desk, f"/speakers/{twin['id']}/merge?into={other['id']}")


def test_a_merge_on_the_page_leads_to_the_kept_speaker_with_its_undoing(desk: Desk) -> None:
    twin = desk.speaker("Mira Velk")
    sent = {"into": desk.mayor["id"], "version": "1"}
    answer = desk.ann.post(f"/speakers/{twin['id']}/merge", data=sent)
    assert answer.location.startswith(f"/speakers/{desk.mayor['id']}/")
    assert f'action="/speakers/{twin["id"]}/unmerge"' in shown(desk, answer.location)
    back = desk.ann.post(f"/speakers/{twin['id']}/unmerge", data={"version": "2"})
    assert back.location == f"/speakers/{twin['id']}/?notice=merge-undone"
    assert "Taken back" in shown(desk, f"/projects/{desk.project.slug}/speakers/merges")


@pytest.mark.parametrize(("version", "status"), [("2", 412), ("", 412)])
def test_a_merge_of_an_older_state_is_not_made(desk: Desk, version: str, status: int) -> None:
    twin = desk.speaker("Mira Velk")
    answer = desk.ann.post(
        f"/speakers/{twin['id']}/merge", data={"into": desk.mayor["id"], "version": version}
    )
    assert (answer.status_code, "Nothing was merged" in answer.text) == (status, True)
    assert desk.get(f"/speakers/{twin['id']}")["merged_into"] is None


@pytest.mark.parametrize("version", ["1", ""])
def test_a_merge_is_not_taken_back_from_an_older_page(desk: Desk, version: str) -> None:
    twin = desk.speaker("Mira Velk")
    desk.merge(twin, desk.mayor)
    answer = desk.ann.post(f"/speakers/{twin['id']}/unmerge", data={"version": version})
    assert (answer.status_code, "Nothing was taken back" in answer.text) == (412, True)
    assert desk.get(f"/speakers/{twin['id']}")["merged_into"] == desk.mayor["id"]


def test_a_viewer_sees_speakers_and_no_way_to_change_them(desk: Desk, as_: Any) -> None:
    desk.said("Never.")
    page = as_("dee").get(f"/speakers/{desk.mayor['id']}/").text
    assert "Never." in page
    assert "Add statement" not in page
    assert f"/speakers/{desk.mayor['id']}/edit" not in page
