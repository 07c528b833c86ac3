"""Annotations on and in one another: each can be reached by a click, and each opens its own card."""

import pytest
from browser.reading import card, click_on
from browser.team import Team
from playwright.sync_api import Page, expect

WHOLE = "It closes the old bridge to lorries."
PART = "the old bridge"
ACROSS = "3 May 2022. It closes the old"
TWICE = "the council had"


def entries(page: Page) -> list[str]:
    """The words in the list of what lies under the pointer."""
    expect(page.locator("#pick")).to_be_visible()
    return page.locator("#pick q").all_text_contents()


@pytest.mark.parametrize("words", [WHOLE, PART, ACROSS])
def test_nested_and_overlapping_highlights_are_each_reachable(team: Team, words: str) -> None:
    for one in (WHOLE, PART, ACROSS):
        team.annotate(one)
    page = team.page()
    expect(page.locator("#cards .card")).to_have_count(3)
    click_on(page, "old")
    assert set(entries(page)) == {WHOLE, PART, ACROSS}
    page.locator("#pick button").filter(has=page.get_by_text(words, exact=True)).click()
    expect(card(page, words)).to_have_class("card active")


def test_the_shortest_highlight_comes_first(team: Team) -> None:
    team.annotate(WHOLE)
    team.annotate(PART)
    page = team.page()
    click_on(page, PART)
    assert entries(page) == [PART, WHOLE]


def test_the_same_words_twice_are_two_annotations(team: Team) -> None:
    first, second = team.annotate(TWICE, kind="wording"), team.annotate(TWICE, kind="claim", by="ben")
    page = team.page()
    click_on(page, TWICE)
    assert entries(page) == [TWICE, TWICE]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".card.active")).to_have_count(1)
    opened = page.locator(".card.active").get_attribute("data-id")
    click_on(page, TWICE)
    page.locator("#pick button").first.click()
    expect(page.locator(f"#card-{opened}.active")).to_have_count(0)
    assert {opened, page.locator(".card.active").get_attribute("data-id")} == {first["id"], second["id"]}


def test_a_highlight_alone_opens_at_once(team: Team) -> None:
    team.annotate(PART)
    page = team.page()
    click_on(page, PART)
    expect(card(page, PART)).to_have_class("card active")


def test_an_annotation_of_two_places_is_one_card_reached_from_both(team: Team) -> None:
    team.annotate("The mayor", "she said")
    page = team.page()
    for words in ("The mayor", "she said"):
        click_on(page, words)
        expect(card(page, "The mayor … she said")).to_have_class("card active")
        page.keyboard.press("Escape")
        expect(page.locator(".card.active")).to_have_count(0)
