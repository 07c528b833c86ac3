"""A copy beside the article: opened, chosen, brought in where there is none, and closed again."""

from collections.abc import Callable

import pytest
from articles.ingest.pdf_files import pdf
from browser.evidence import (
    CLAIM,
    Kept,
    kept,
    line,
    open_copy,
    open_line,
    paste,
    select_in_copy,
    upload,
    use,
)
from browser.team import Team
from playwright.sync_api import Page, expect

AFTER_EMOJI = "the old bridge is closed to lorries"


@pytest.fixture
def given(team: Team) -> Kept:
    """A claim that is linked to a source with a copy, and no words chosen yet."""
    return kept(team)


def test_the_article_does_not_move_when_a_copy_opens_and_closes(given: Kept) -> None:
    page = given.team.page()
    places = [page.locator("#text").bounding_box()]
    open_copy(page)
    places.append(page.locator("#text").bounding_box())
    page.keyboard.press("Escape")
    expect(page.locator("#copy")).to_be_hidden()
    places.append(page.locator("#text").bounding_box())
    assert places[1:] == places[:-1]


def test_the_pane_ends_where_the_window_ends_whether_or_not_the_header_is_in_sight(given: Kept) -> None:
    page = given.team.page()
    open_copy(page)
    ends = "() => [innerHeight, document.querySelector('#copy > footer').getBoundingClientRect().bottom]"
    places = [page.evaluate(ends)]
    page.evaluate("() => document.scrollingElement.scrollTo(0, 1000)")
    places.append(page.evaluate(ends))
    assert [height for height, _ in places] == [bottom for _, bottom in places]


def test_escape_goes_back_to_the_link(given: Kept) -> None:
    page = given.team.page()
    open_copy(page)
    page.keyboard.press("Escape")
    expect(line(page).locator("[data-act=passage]")).to_be_focused()


def test_keys_of_the_card_rest_while_a_copy_is_read(given: Kept) -> None:
    page = given.team.page()
    open_copy(page)
    for key in ("d", "e", "l"):
        page.keyboard.press(key)
    expect(page.locator("#copy")).to_be_visible()
    assert len(given.team.annotations()) == 1


def test_the_passage_of_an_older_copy_is_opened_there(given: Kept) -> None:
    place = {"snapshot": given.snapshot, "start": 0, "end": 10}
    given.team.call("PATCH", f"/links/{given.link['id']}", {"passage": place}, version=1)
    newer = paste(given.team, given.source, "Another text altogether.")
    page = given.team.page()
    text = open_copy(page)
    expect(text).to_contain_text("Section one")
    expect(page.locator(".copy-chosen")).to_have_text("Passage: “The decree”")
    page.get_by_label("Copy", exact=True).select_option(newer["id"])
    expect(text).to_contain_text("Another text altogether.")
    expect(page.locator(".copy-chosen")).to_have_text("The passage stands in copy 1: “The decree”")


def test_words_are_pasted_where_no_copy_is_kept(team: Team) -> None:
    source = team.put("sources", title="The letter")
    team.link(team.annotate(CLAIM), "supports", source=source["id"])
    page = team.page()
    open_line(page, "The letter").locator("[data-act=passage]").click()
    expect(page.locator("#copy")).to_contain_text("No copy of this source is kept yet.")
    page.get_by_text("Paste the words of the source").click()
    page.get_by_label("The words of the source").fill("The bridge is closed. Nobody may pass.")
    page.get_by_role("button", name="Keep as a copy").click()
    select_in_copy(page, "Nobody may pass.")
    use(page)
    page.keyboard.press("Escape")
    expect(line(page, "The letter").locator("[data-part=copy]")).to_contain_text("Copy kept, ")
    assert team.annotations()[0]["links"][0]["passage"]["exact"] == "Nobody may pass."


def test_a_file_is_chosen_where_no_copy_is_kept(team: Team) -> None:
    source = team.put("sources", title="The letter")
    team.link(team.annotate(CLAIM), "supports", source=source["id"])
    page = team.page()
    open_line(page, "The letter").locator("[data-act=passage]").click()
    letter = {"name": "letter.html", "mimeType": "text/html", "buffer": b"<p>It is <b>closed</b>.</p>"}
    page.get_by_label("Or choose a file").set_input_files(files=[letter])
    expect(page.locator("#copy-text strong")).to_have_text("closed")


def test_a_reader_sees_the_copy_and_changes_nothing(given: Kept) -> None:
    page = given.team.page("dee")
    button = open_line(page).locator("[data-act=passage]")
    expect(button).to_have_text("See the copy")
    button.click()
    expect(page.locator("#copy-text")).to_contain_text("Section one")
    expect(page.get_by_role("button", name="Use these words")).to_be_hidden()


def test_another_annotation_is_reached_while_a_copy_is_open(given: Kept) -> None:
    given.team.annotate("Nobody counted them.")
    page = given.team.page()
    open_copy(page)
    page.locator("#text .gutter:visible").last.click()
    expect(page.locator("#copy")).to_be_hidden()
    expect(page.locator(".card.active")).to_contain_text("Nobody counted them.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_copy_beside_the_article_is_accessible(
    given: Kept, axe: Callable[[Page], None], scheme: str, size: str
) -> None:
    page = given.team.page(size=size, color_scheme=scheme, reduced_motion="reduce")
    page.evaluate("document.getElementById('panel-open').click()")
    open_copy(page)
    select_in_copy(page, AFTER_EMOJI)
    expect(page.get_by_role("button", name="Use these words")).to_be_enabled()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True


def test_a_copy_that_was_closed_while_it_loaded_says_nothing(given: Kept) -> None:
    page = given.team.page()
    button = open_line(page).locator("[data-act=passage]")
    page.route("**/api/v1/snapshots/*", lambda route: None)
    button.click()
    page.get_by_role("button", name="Close Esc", exact=True).last.click()
    expect(page.locator("#copy")).to_be_hidden()
    expect(page.locator("#status")).to_be_empty()
    expect(button).to_be_focused()


def test_a_copy_without_a_text_says_so_and_leaves_the_others_to_choose_from(given: Kept) -> None:
    upload(given.team, given.source, "scan.pdf", "application/pdf", pdf([[]]))
    page = given.team.page()
    text = open_copy(page)
    choice = page.get_by_label("Copy", exact=True)
    choice.select_option(index=0)
    expect(text).to_contain_text("No text could be made of this copy.")
    choice.select_option(index=1)
    expect(text).to_contain_text("Section one")


def test_pasted_words_outlive_a_closed_pane(team: Team) -> None:
    source = team.put("sources", title="The letter")
    team.link(team.annotate(CLAIM), "supports", source=source["id"])
    page = team.page()
    open_line(page, "The letter").locator("[data-act=paste-copy]").click()
    page.get_by_label("The words of the source").fill("Not kept yet.")
    page.get_by_role("button", name="Close Esc", exact=True).last.click()
    line(page, "The letter").locator("[data-act=passage]").click()
    expect(page.get_by_label("The words of the source")).to_have_value("Not kept yet.")


def test_scripts_in_a_copy_are_words(team: Team) -> None:
    given = kept(team)
    evil = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>{{7*7}}'
    paste(team, given.source, f"{evil} and words.")
    page = team.page()
    expect(open_copy(page)).to_have_text(f"{evil} and words.")
    assert page.evaluate("() => !window.hurt && !document.querySelector('#copy img, #copy script')") is True
