"""The article without JavaScript, and on paper: the server marks the words and lists the cards."""

import pytest
from browser.team import Team
from playwright.sync_api import Page, expect

WORDS = ("the old bridge", "Nobody counted them.")


@pytest.fixture
def marked(team: Team) -> Team:
    """A project whose article has two annotations with notes."""
    for one in WORDS:
        team.annotate(one, body=f"About {one}")
    return team


@pytest.fixture
def plain(marked: Team) -> Page:
    """The article in a browser that runs no script."""
    return marked.page(java_script_enabled=False)


def test_article_is_read_without_script(plain: Page) -> None:
    expect(plain.locator("#text")).to_contain_text("Lorries now drive through the village.")
    expect(plain.locator("#bar")).to_be_hidden()


def test_marks_and_cards_are_reached_without_script(plain: Page) -> None:
    plain.get_by_role("link", name="Marked text").click()
    expect(plain.locator("#text mark")).to_have_text(list(WORDS))
    expect(plain.locator(".marked-cards .card")).to_contain_text([f"About {one}" for one in WORDS])


def test_all_annotations_are_reached_without_script(plain: Page) -> None:
    plain.get_by_role("link", name="All annotations of this article").click()
    expect(plain.locator(".card")).to_contain_text([f"About {one}" for one in WORDS])


def test_mark_names_the_card_that_belongs_to_it(marked: Team) -> None:
    page = marked.page(path=f"/articles/{marked.article['id']}/?view=marks", java_script_enabled=False)
    name = page.locator("#text mark").first.get_attribute("aria-details")
    expect(page.locator(f"#{name}")).to_contain_text(f"About {WORDS[0]}")


def test_print_shows_words_marks_and_cards_and_no_tools(marked: Team) -> None:
    page = marked.page(path=f"/articles/{marked.article['id']}/?view=marks")
    page.emulate_media(media="print")
    for hidden in ("header.top", ".article-tools", "#panel", "#bar", "#panel-open"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator("#text mark").first).to_be_visible()
    expect(page.locator(".marked-cards .card").first).to_be_visible()
