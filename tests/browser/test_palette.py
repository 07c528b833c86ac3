"""The palette offers what fits, compares both ends, knows what is there already, and fetches copies."""

from collections.abc import Callable
from typing import Any

import pytest
from browser.evidence import CLAIM, kept, line, open_line
from browser.team import Team
from playwright.sync_api import Page, Route, expect

LATER = "The old bridge may open again for lorries."
UNREACHABLE = "https://127.0.0.1/decree"


@pytest.fixture
def velk(team: Team) -> dict[str, Any]:
    """A speaker with a claim in the article and a later statement of like words that is not linked."""
    speaker = team.put("speakers", name="Mira Velk")
    said = team.put("statements", speaker=speaker["id"], quote=LATER, said_on="2025-02", medium="interview")
    team.annotate(CLAIM, claimant=speaker["id"], claimed_on="2022-10-04")
    return {"speaker": speaker, "said": said}


def open_palette(page: Page) -> None:
    """Open the palette for the first annotation of the article."""
    page.locator("#cards .card h3 button").first.click()
    page.keyboard.press("l")
    expect(page.locator("#palette-search")).to_be_focused()


def new_source(page: Page, address: str) -> None:
    """Write a new source by its address and link it as support."""
    open_palette(page)
    page.keyboard.type(address)
    page.get_by_role("option", name="New source").click()
    page.locator("#source-title").fill("The decree")
    page.locator("[data-step=source] button.primary").click()
    page.locator("#palette-relations").get_by_role("button", name="Supports").click()
    expect(page.locator("#palette-linked")).to_contain_text("Supports")
    page.locator("#palette-close").click()


def test_what_may_be_of_use_is_offered_before_anything_is_typed(team: Team, velk: dict[str, Any]) -> None:
    page = team.page()
    open_palette(page)
    first = page.get_by_role("group", name="Perhaps of use").get_by_role("option").first
    expect(first).to_contain_text(LATER)
    expect(first).to_contain_text("This statement is 2 years 4 months later; the same speaker.")


def test_the_same_speaker_stands_first_while_words_are_typed(team: Team, velk: dict[str, Any]) -> None:
    other = team.put("speakers", name="Jon Ash")
    team.put("statements", speaker=other["id"], quote="Lorries are heavy.", said_on="2026")
    page = team.page()
    open_palette(page)
    page.keyboard.type("lorries")
    expect(page.get_by_role("option", name="Jon Ash 2026")).to_be_visible()
    same = page.get_by_role("group", name="By the same speaker")
    expect(same.get_by_role("option")).to_contain_text([LATER])
    expect(page.locator("#palette-results [role=option]").first).to_contain_text("Mira Velk")


def test_both_ends_are_compared_before_the_link_is_saved(team: Team, velk: dict[str, Any]) -> None:
    page = team.page()
    open_palette(page)
    page.get_by_role("option", name=LATER).click()
    compared = page.locator("#palette-compared")
    expect(compared).to_contain_text("2 years 4 months later; the same speaker")
    expect(compared).to_contain_text("It is later than the article.")
    expect(compared).to_contain_text("“Supersedes” is proposed, key U. You decide.")
    assert team.annotations()[0]["links"] == []


def test_the_proposed_relation_is_one_key_and_never_chosen_by_itself(
    team: Team, velk: dict[str, Any]
) -> None:
    page = team.page()
    open_palette(page)
    page.get_by_role("option", name=LATER).click()
    expect(page.locator("#palette-relations [data-proposed]")).to_have_text("Supersedes U")
    expect(page.locator("#palette-relations button").first).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator("#palette-linked")).to_contain_text("Supersedes")
    assert team.annotations()[0]["links"][0]["relation"] == "supersedes"


def test_a_contradiction_is_explained_and_waits_for_a_second_person(team: Team, velk: dict[str, Any]) -> None:
    page = team.page()
    open_palette(page)
    page.get_by_role("option", name=LATER).click()
    page.keyboard.press("c")
    page.get_by_label("Explanation").fill("Open is not closed.")
    page.get_by_label("Kind of contradiction").select_option("reversal_over_time")
    page.keyboard.press("Control+Enter")
    item = line(page, "Mira Velk")
    expect(item.locator("[data-part=decided]")).to_have_text("Proposed by Ann. Waits for a second person.")
    expect(item.locator("[data-part=explanation]")).to_have_text("Open is not closed.")
    expect(item.locator("[data-part=later]")).to_have_text("Later than the article")


def test_a_rejected_contradiction_says_by_whom_and_why(team: Team, velk: dict[str, Any]) -> None:
    link = team.link(team.annotations()[0], "contradicts", statement=velk["said"]["id"])
    answer = {"answer": "rejected", "reason": "Another bridge."}
    team.call("POST", f"/links/{link['id']}/decision", answer, by="ben", version=link["version"])
    page = team.page()
    decided = open_line(page, "Mira Velk").locator("[data-part=decided]")
    expect(decided).to_have_text("Rejected by Ben: Another bridge.")


def test_a_source_that_is_there_already_is_taken_instead(team: Team) -> None:
    known = team.put("sources", title="The decree of May", url="https://example.org/decree")
    team.annotate(CLAIM)
    page = team.page()
    open_palette(page)
    page.keyboard.type("https://example.org/decree#top")
    page.get_by_role("option", name="New source").click()
    page.get_by_role("button", name="Use it: The decree of May (same address)").click()
    page.locator("#palette-relations").get_by_role("button", name="Supports").click()
    expect(page.locator("#palette-linked")).to_contain_text("The decree of May")
    assert team.annotations()[0]["links"][0]["far"]["id"] == known["id"]
    assert team.call("GET", f"/projects/{team.project}/sources?total=true")["total"] == 1


def test_a_statement_that_is_there_already_is_taken_instead(team: Team, velk: dict[str, Any]) -> None:
    page = team.page()
    open_palette(page)
    page.get_by_role("option", name="New statement").last.click()
    page.locator("#statement-speaker").fill("Mira Velk")
    page.locator("#statement-quote").fill("the old bridge may open again for lorries")
    page.get_by_role("button", name="Use it: Mira Velk: “").click()
    expect(page.locator("#palette-far")).to_contain_text(LATER)


def test_a_new_source_is_saved_though_its_page_cannot_be_had(team: Team) -> None:
    team.annotate(CLAIM)
    page = team.page()
    new_source(page, UNREACHABLE)
    item = line(page)
    expect(item.locator("[data-part=copy]")).to_contain_text("No copy: ")
    expect(item.get_by_role("button", name="Try again")).to_be_visible()
    far = team.annotations()[0]["links"][0]["far"]
    assert (far["title"], far["url"], far["copy"]) == ("The decree", UNREACHABLE, None)


def test_the_words_are_pasted_where_the_page_could_not_be_had(team: Team) -> None:
    team.annotate(CLAIM)
    page = team.page()
    new_source(page, UNREACHABLE)
    line(page).get_by_role("button", name="Paste its words").click()
    expect(page.get_by_label("The words of the source")).to_be_focused()
    page.keyboard.type("The bridge is closed.")
    page.get_by_role("button", name="Keep as a copy").click()
    expect(page.locator("#copy-text .words")).to_have_text("The bridge is closed.")
    page.keyboard.press("Escape")
    expect(line(page).locator("[data-part=copy]")).to_contain_text("Copy kept, ")


def test_a_copy_on_its_way_is_named_and_shown_when_it_has_come(team: Team) -> None:
    source = team.put("sources", title="The decree", url=UNREACHABLE)
    team.link(team.annotate(CLAIM), "supports", source=source["id"])
    page = team.page()
    waiting: list[Route] = []
    page.route("**/api/v1/snapshots/*", lambda route: waiting.append(route))
    open_line(page).get_by_role("button", name="Fetch a copy").click()
    expect(line(page).locator("[data-part=copy]")).to_have_text("Fetching a copy…")
    body = {"source": source["id"], "text": "The bridge is closed."}
    waiting[0].continue_(post_data=body)
    expect(line(page).locator("[data-part=copy]")).to_contain_text("Copy kept, ")


def test_nothing_is_lost_when_the_network_goes_while_a_copy_is_fetched(team: Team) -> None:
    source = team.put("sources", title="The decree", url=UNREACHABLE)
    team.link(team.annotate(CLAIM), "supports", source=source["id"])
    page = team.page(expect=("ERR_INTERNET_DISCONNECTED",))
    open_line(page)
    page.context.set_offline(True)
    line(page).get_by_role("button", name="Fetch a copy").click()
    expect(line(page).locator("[data-part=copy]")).to_have_text("Fetching a copy…")
    page.context.set_offline(False)
    expect(line(page).locator("[data-part=copy]")).to_contain_text("No copy: ")


def test_a_protected_source_is_only_named_as_one_to_those_who_may_not_read_it(team: Team) -> None:
    given = kept(team, confidentiality="protected")
    page = team.page("ben")
    item = open_line(page, "Source protected")
    for part in ("passage", "missing", "copy"):
        expect(item.locator(f"[data-part={part}]")).to_be_hidden()
    for act in ("passage", "edit-far", "fetch-copy"):
        expect(item.locator(f"[data-act={act}]")).to_be_hidden()
    expect(page.locator("body")).not_to_contain_text("Town hall")
    assert given.source["title"] not in page.content()


def test_a_protected_source_is_marked_for_those_who_may_read_it(team: Team) -> None:
    kept(team, confidentiality="protected")
    page = team.page()
    expect(open_line(page).locator("[data-part=protected]")).to_have_text("Protected source")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_suggestions_and_the_comparison_are_accessible(
    team: Team, velk: dict[str, Any], axe: Callable[..., None], scheme: str
) -> None:
    page = team.page(color_scheme=scheme, reduced_motion="reduce")
    open_palette(page)
    expect(page.get_by_role("group", name="Perhaps of use")).to_be_visible()
    axe(page, "#palette")
    page.get_by_role("option", name=LATER).click()
    expect(page.locator("#palette-compared")).to_contain_text("later")
    axe(page, "#palette")


def test_what_is_typed_before_the_palette_has_come_is_kept(team: Team, velk: dict[str, Any]) -> None:
    page = team.page()
    held: list[Route] = []
    page.route("**/js/reader/palette.js", lambda route: held.append(route))
    page.locator("#cards .card h3 button").first.click()
    page.keyboard.press("l")
    page.keyboard.type("bridge again d")
    held[0].continue_()
    expect(page.locator("#palette-results [role=option]").first).to_be_visible()
    expect(page.locator("#palette-search")).to_have_value("bridge again d")
    assert len(team.annotations()) == 1


def test_a_speaker_who_is_there_already_is_taken_instead(team: Team, velk: dict[str, Any]) -> None:
    page = team.page()
    open_palette(page)
    page.get_by_role("option", name="New statement").last.click()
    page.locator("#statement-speaker").fill("Mira Velck")
    page.get_by_role("button", name="Use it: Mira Velk (").click()
    expect(page.locator("#statement-speaker")).to_have_value("Mira Velk")
    page.locator("#statement-quote").fill("Quite another thing was said.")
    page.locator("[data-step=statement] button.primary").click()
    expect(page.locator("#palette-relations")).to_be_visible()
    assert team.call("GET", f"/projects/{team.project}/speakers?total=true")["total"] == 1
