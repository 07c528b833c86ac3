"""The text follows the filter of the cards: what does not fit is not painted, and a line says how much is shown."""

import pytest
from browser.reading import card, click_on, drag_over
from browser.team import Team
from playwright.sync_api import Page, expect

PAINTED = """() => [...CSS.highlights.entries()].filter(([name]) => name.startsWith("tone-"))
  .flatMap(([, ranges]) => [...ranges]).map((range) => {
    const live = document.createRange();
    live.setStart(range.startContainer, range.startOffset);
    live.setEnd(range.endContainer, range.endOffset);
    return String(live);
  }).sort()"""
ALL = ["Nobody counted them.", "The mayor", "the old bridge"]


@pytest.fixture
def reader(team: Team) -> Page:
    """The article with three annotations of two kinds."""
    for words, kind in zip(ALL, ("number", "claim", "claim"), strict=True):
        team.annotate(words, kind=kind)
    page = team.page()
    expect(page.locator("#cards .card")).to_have_count(3)
    page.get_by_text("Filter", exact=True).click()
    return page


def only_numbers(page: Page) -> None:
    """Show the annotations of one kind only."""
    page.locator("#filter-kind").select_option("number")
    expect(page.locator("#filter-line")).to_contain_text("1 of 3 shown")


def test_only_what_fits_the_filter_is_painted(reader: Page) -> None:
    assert reader.evaluate(PAINTED) == ALL
    only_numbers(reader)
    assert reader.evaluate(PAINTED) == ["Nobody counted them."]
    expect(reader.locator("#text .gutter:visible")).to_have_count(1)


def test_show_all_paints_everything_again(reader: Page) -> None:
    only_numbers(reader)
    reader.get_by_role("button", name="Show all").click()
    expect(reader.locator("#filter-line")).to_be_hidden()
    expect(reader.locator("#cards .card")).to_have_count(3)
    assert reader.evaluate(PAINTED) == ALL


def test_what_is_not_painted_is_not_hit(reader: Page) -> None:
    only_numbers(reader)
    click_on(reader, "the old bridge")
    click_on(reader, "Nobody counted")
    expect(reader.locator(".card.active")).to_have_count(1)
    expect(card(reader, "Nobody counted them.")).to_have_class("card active")


def test_what_is_written_while_a_filter_is_on_is_shown(reader: Page) -> None:
    only_numbers(reader)
    drag_over(reader, "the village")
    reader.keyboard.press("c")
    expect(reader.locator("#editor-saving")).to_have_text("Saved")
    expect(reader.locator("#filter-line")).to_contain_text("2 of 4 shown")
    assert reader.evaluate(PAINTED) == ["Nobody counted them.", "the village"]
