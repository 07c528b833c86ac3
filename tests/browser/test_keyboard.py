"""The main job by keyboard alone: no test here touches the mouse."""

from collections.abc import Callable

import pytest
from browser.reading import card
from browser.team import Team
from playwright.sync_api import Page, expect

SENTENCES = ("The mayor signed a decree on 3 May 2022.", "It closes the old bridge to lorries.")


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other, as a hand does."""
    for key in keys:
        page.keyboard.press(key)


@pytest.fixture
def reader(team: Team) -> Page:
    """The article before Ann, ready for keys."""
    page = team.page()
    expect(page.locator("#cards-none")).to_be_visible()
    return page


def write_claim(page: Page, words: str) -> None:
    """Highlight the first sentence as a claim with a note."""
    press(page, "j")
    expect(page.get_by_role("toolbar", name="Selected words")).to_be_visible()
    press(page, "c")
    expect(page.locator("#editor-body")).to_be_focused()
    page.keyboard.type(words)
    press(page, "Control+Enter")
    expect(page.locator("#editor")).to_be_hidden()


def test_highlight_link_save_by_keyboard_alone(team: Team, reader: Page) -> None:
    write_claim(reader, "Is it *in force*?")
    press(reader, "l")
    expect(reader.locator("#palette-search")).to_be_focused()
    reader.keyboard.type("It may open again.")
    expect(reader.get_by_role("option", name="New statement")).to_have_attribute("aria-selected", "true")
    press(reader, "Enter")
    expect(reader.locator("#statement-speaker")).to_be_focused()
    reader.keyboard.type("Mira Velk")
    press(reader, "Tab", "Tab")
    reader.keyboard.type("2025-02")
    press(reader, "Control+Enter")
    expect(reader.locator("#palette-relations")).to_be_visible()
    press(reader, "c")
    expect(reader.locator("#palette-linked")).to_contain_text("Contradicts")
    press(reader, "Escape")
    expect(reader.locator("#palette")).to_be_hidden()
    (annotation,) = team.annotations()
    far = annotation["links"][0]["far"]
    assert (annotation["body"], annotation["spans"][0]["exact"]) == ("Is it *in force*?", SENTENCES[0])
    assert (far["quote"], far["date"], far["speaker"]["name"]) == (
        "It may open again.",
        "2025-02",
        "Mira Velk",
    )


def test_sentences_are_walked_and_taken_together_by_key(team: Team, reader: Page) -> None:
    press(reader, "j", "j", "k", "Shift+J")
    expect(reader.locator("#heard")).to_contain_text("Sentence 2 of")
    press(reader, "w")
    expect(card(reader, " ".join(SENTENCES))).to_be_visible()


def test_words_are_found_and_highlighted_by_key(team: Team, reader: Page) -> None:
    press(reader, "f")
    expect(reader.locator("#find-words")).to_be_focused()
    reader.keyboard.type("the council")
    expect(reader.locator(".find-list button")).to_have_count(2)
    press(reader, "ArrowDown", "ArrowDown", "Enter")
    expect(reader.get_by_role("toolbar", name="Selected words")).to_be_visible()
    press(reader, "q")
    expect(reader.locator("#editor-saving")).to_have_text("Saved")
    second = team.article["text"].rindex("the council")
    assert team.annotations()[0]["spans"][0]["start"] == second


def test_ends_are_changed_by_key(team: Team, reader: Page) -> None:
    write_claim(reader, "A note.")
    press(reader, "m", "Shift+J", "Enter")
    expect(card(reader, " ".join(SENTENCES))).to_be_visible()
    assert team.annotations()[0]["spans"][0]["exact"] == " ".join(SENTENCES)


def test_delete_is_undone_by_key(team: Team, reader: Page) -> None:
    write_claim(reader, "A note.")
    press(reader, "d")
    expect(reader.locator("#cards .card")).to_have_count(0)
    undo = reader.get_by_role("button", name="Undo")
    tab_to(reader, "#status button")
    expect(undo).to_be_focused()
    press(reader, "Enter")
    expect(card(reader, SENTENCES[0])).to_be_visible()
    assert team.annotations()[0]["body"] == "A note."


def tab_to(page: Page, selector: str) -> None:
    """Go on with Tab until the element has the focus; at most through the whole page."""
    for _ in range(80):
        if page.evaluate("(selector) => document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press("Tab")


def test_annotations_are_walked_by_key_in_the_order_of_the_text(team: Team) -> None:
    for words in ("Nobody counted them.", "The mayor", "The council had asked"):
        team.annotate(words)
    page = team.page()
    expect(page.locator("#cards .card")).to_have_count(3)
    for key, words in (
        ("n", "The mayor"),
        ("n", "The council had asked"),
        ("n", "Nobody counted them."),
        ("p", "The council had asked"),
    ):
        press(page, key)
        expect(card(page, words)).to_have_class("card active")


def test_question_mark_lists_the_keys_and_escape_closes_them(reader: Page, axe: Callable[..., None]) -> None:
    press(reader, "?")
    keys = reader.get_by_role("dialog", name="Keys")
    for words in ("Next sentence", "Next annotation", "Find text to annotate", "Link", "Delete"):
        expect(keys.get_by_text(words, exact=True).first).to_be_visible()
    axe(reader)
    press(reader, "Escape")
    expect(keys).to_be_hidden()


def test_single_letters_can_be_switched_off(reader: Page) -> None:
    press(reader, "?")
    tab_to(reader, "#keys-single")
    press(reader, "Space", "Escape", "j")
    expect(reader.locator("#heard")).to_be_empty()
