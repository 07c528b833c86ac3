"""What a person does in the reader: selecting, choosing, walking; with mouse, keyboard and finger."""

from collections.abc import Callable
from typing import Any

import pytest
from browser.reading import click_on, place_of
from browser.team import People, Team
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

TEXT = (
    "The mayor said that the harbour was sold in October. Nobody had asked her. She smiled.\n\n"
    "A second paragraph follows, with a 🇺🇦 flag. It ends here."
)


@pytest.fixture
def team(staff: People, new_page: Callable[..., Page]) -> Team:
    """A project with a short article, without annotations."""
    return Team(staff, new_page, TEXT)


@pytest.fixture
def reader(team: Team) -> Page:
    """The article, open before Ann."""
    return team.page()


def drag(page: Page, first: str, last: str) -> None:
    """Select with the mouse from the beginning of the first words to the end of the last."""
    begin, end = place_of(page, first), place_of(page, last)
    page.mouse.move(begin["left"] + 0.5, begin["top"])
    page.mouse.down()
    page.mouse.move(end["right"] - 0.5, end["bottom"], steps=6)
    page.mouse.up()


def bar(page: Page) -> Any:
    """The action bar."""
    return page.get_by_role("toolbar", name="Selected words")


def about(page: Page) -> str:
    """The words that the editor is about."""
    editor = page.locator("#editor-about")
    editor.wait_for()
    return editor.inner_text().strip("“” ")


def test_words_dragged_over_become_an_annotation(reader: Page, team: Team) -> None:
    drag(reader, "the harbour", "in October")
    bar(reader).get_by_role("button", name="Claim").click()
    assert about(reader) == "the harbour was sold in October"
    reader.get_by_role("button", name="Save Ctrl Enter").click()
    expect(reader.locator("#cards > li")).to_have_count(1)
    items = team.annotations()
    assert items[0]["spans"][0]["exact"] == "the harbour was sold in October"


def test_a_triple_click_takes_the_paragraph_without_its_break(reader: Page) -> None:
    reader.locator("#b0").click(click_count=3, position={"x": 40, "y": 12})
    bar(reader).wait_for()
    reader.keyboard.press("q")
    assert about(reader) == TEXT.split("\n\n")[0]


def test_a_selection_over_two_paragraphs_keeps_the_break(reader: Page, team: Team) -> None:
    drag(reader, "She smiled", "flag")
    reader.keyboard.press("t")
    about(reader)
    reader.keyboard.press("Control+Enter")
    expect(reader.locator("#cards > li")).to_have_count(1)
    items = team.annotations()
    assert items[0]["spans"][0]["exact"] == TEXT[TEXT.index("She") : TEXT.index("flag") + 4]


def test_select_all_means_the_article_and_no_more(reader: Page) -> None:
    reader.keyboard.press("Control+a")
    bar(reader).wait_for()
    reader.keyboard.press("t")
    assert " ".join(about(reader).split()) == " ".join(TEXT.split())


def test_sentences_are_chosen_by_keys_and_refined_by_arrows(reader: Page) -> None:
    reader.keyboard.press("j")
    reader.keyboard.press("j")
    assert reader.evaluate("() => getSelection().toString()") == "Nobody had asked her."
    reader.keyboard.press("Shift+J")
    for _ in "smiled.":
        reader.keyboard.press("Shift+ArrowLeft")
    reader.keyboard.press("o")
    assert about(reader) == "Nobody had asked her. She"


def test_the_other_end_moves_after_a_swap(reader: Page) -> None:
    reader.keyboard.press("j")
    reader.keyboard.press("x")
    for _ in "The ":
        reader.keyboard.press("Shift+ArrowRight")
    reader.keyboard.press("c")
    assert about(reader) == "mayor said that the harbour was sold in October."


def test_enter_goes_to_the_bar_and_escape_drops_the_selection(reader: Page) -> None:
    reader.keyboard.press("j")
    reader.keyboard.press("Enter")
    expect(bar(reader).get_by_role("button", name="Claim")).to_be_focused()
    reader.keyboard.press("ArrowRight")
    expect(bar(reader).get_by_role("button", name="Quote")).to_be_focused()
    reader.keyboard.press("Escape")
    expect(bar(reader)).to_be_hidden()
    assert reader.evaluate("() => getSelection().isCollapsed")


def test_one_annotation_under_the_pointer_opens_its_card(reader: Page, team: Team) -> None:
    team.annotate("harbour was sold", body="Sold twice.")
    reader.reload()
    click_on(reader, "harbour was")
    expect(reader.locator("#panel").get_by_text("Sold twice.")).to_be_visible()


def test_several_are_offered_shortest_first_and_chosen_by_keys(reader: Page, team: Team) -> None:
    for words in ("The mayor said that the harbour", "harbour", "the harbour was sold"):
        team.annotate(words, body=f"About {words}.")
    reader.reload()
    click_on(reader, "harbour")
    entries = reader.locator("#pick button")
    expect(entries.locator("q")).to_have_text(
        ["harbour", "the harbour was sold", "The mayor said that the harbour"]
    )
    expect(entries.nth(0)).to_be_focused()
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("Enter")
    expect(reader.locator("#panel").get_by_text("About the harbour was sold.")).to_be_visible()


def test_clicking_again_at_the_same_point_takes_the_next(reader: Page, team: Team) -> None:
    for words in ("harbour", "the harbour was"):
        team.annotate(words)
    reader.reload()
    click_on(reader, "harbour")
    expect(reader.locator("#pick button").nth(0)).to_be_focused()
    click_on(reader, "harbour")
    expect(reader.locator("#pick button").nth(1)).to_be_focused()


def test_the_margin_hits_nothing(reader: Page, team: Team) -> None:
    team.annotate("It ends here.")
    reader.reload()
    end = place_of(reader, "It ends here.")
    reader.mouse.click(end["right"] + 60, end["bottom"])
    expect(reader.locator(".card.active")).to_have_count(0)
    reader.mouse.click(end["right"] - 3, end["bottom"])
    expect(reader.locator(".card.active")).to_have_count(1)


def test_an_annotated_link_is_offered_not_followed(team: Team) -> None:
    words = '<p>As the <a href="https://office.example/x">statistical office</a> says.</p>'
    team.article = team.bring_in(words, media_type="text/html")
    team.annotate("statistical")
    page = team.page()
    click_on(page, "statistical")
    expect(page.get_by_role("link", name="Open link office.example")).to_be_visible()
    assert page.url == team.article["url"]


def test_the_margin_button_says_what_the_paragraph_has(reader: Page, team: Team) -> None:
    team.annotate("mayor")
    team.annotate("Nobody", kind="note")
    reader.reload()
    button = reader.get_by_role("button", name="2 annotations in this paragraph: 1 open, 1 aside")
    assert button.bounding_box()["width"] >= 24
    expect(reader.locator("#b0")).to_have_attribute("aria-details", "gb0")
    button.click()
    expect(reader.locator("#pick button")).to_have_count(2)


def test_text_is_found_and_selected_from_the_dialog(reader: Page) -> None:
    reader.keyboard.press("f")
    reader.get_by_label("Words of the article").fill("SOLD   in october")
    expect(reader.locator("#find li")).to_have_count(1)
    reader.keyboard.press("Enter")
    bar(reader).wait_for()
    assert reader.evaluate("() => getSelection().toString()") == "sold in October"


def test_next_and_before_walk_the_annotations(reader: Page, team: Team) -> None:
    team.annotate("mayor", body="First.")
    team.annotate("flag", body="Second.")
    reader.reload()
    reader.keyboard.press("n")
    expect(reader.locator("#panel").get_by_text("First.")).to_be_visible()
    reader.keyboard.press("n")
    expect(reader.locator("#panel").get_by_text("Second.")).to_be_visible()
    reader.keyboard.press("p")
    expect(reader.locator("#panel").get_by_text("First.")).to_be_visible()


def test_annotations_that_begin_at_one_place_are_all_walked(reader: Page, team: Team) -> None:
    for words in ("The mayor", "The mayor said", "The mayor said that"):
        team.annotate(words, body=f"About {words}.")
    reader.reload()
    for words in ("The mayor", "The mayor said", "The mayor said that"):
        reader.get_by_role("button", name="Next annotation").click()
        expect(reader.locator("#panel").get_by_text(f"About {words}.", exact=True)).to_be_visible()


def test_a_key_can_be_pressed_in_the_dialog_of_keys(reader: Page) -> None:
    reader.keyboard.press("?")
    reader.locator("#key-list").get_by_role("button", name="Next sentence").click()
    bar(reader).wait_for()
    assert reader.evaluate("() => getSelection().toString()") == TEXT.split(". ")[0] + "."


def test_the_first_annotation_of_a_paragraph_moves_no_word_on_a_phone(team: Team) -> None:
    page = team.page(size="phone", has_touch=True, is_mobile=True)
    before = place_of(page, "A second paragraph")
    team.annotate("harbour")
    page.reload()
    page.get_by_role("button", name="1 annotation in this paragraph").wait_for()
    assert place_of(page, "A second paragraph") == before


def test_moved_ends_are_saved_and_painted(reader: Page, team: Team) -> None:
    team.annotate("harbour")
    reader.reload()
    click_on(reader, "harbour")
    reader.get_by_role("button", name="Change ends").click()
    bar(reader).get_by_text("New words for this highlight").wait_for()
    drag(reader, "harbour", "October")
    bar(reader).get_by_role("button", name="Use these words").click()
    expect(reader.locator("#cards .card.active .words")).to_have_text("“harbour was sold in October”")
    assert reader.evaluate(
        "() => [...CSS.highlights.get('lane-0')].map((part) => part.endOffset - part.startOffset)"
    ) == [27]
    assert team.annotations()[0]["spans"][0]["exact"] == "harbour was sold in October"


def test_a_finger_picks_a_sentence_and_finds_the_bar_at_the_bottom(team: Team) -> None:
    page = team.page(size="phone", has_touch=True, is_mobile=True)
    page.get_by_role("button", name="Tap a sentence").tap()
    there = place_of(page, "asked")
    page.touchscreen.tap(there["left"] + 4, there["top"])
    bar(page).wait_for()
    box = bar(page).bounding_box()
    assert box["y"] + box["height"] == page.viewport_size["height"]
    assert all(button.bounding_box()["height"] >= 44 for button in bar(page).get_by_role("button").all())
    assert page.evaluate("() => getSelection().toString()") == "Nobody had asked her."


@pytest.mark.parametrize("view", ["live", "marks"])
def test_the_reader_has_no_accessibility_findings(
    reader: Page, team: Team, axe: Callable[..., None], view: str
) -> None:
    team.annotate("The mayor said that the harbour")
    team.annotate("the harbour was sold", body="Twice.")
    reader.goto(f"{team.article['url']}?view={view}")
    expect(reader.locator("#cards > li")).to_have_count(2)
    reader.keyboard.press("j")
    bar(reader).wait_for()
    axe(reader)


def test_opening_a_card_or_the_editor_does_not_move_the_text(team: Team) -> None:
    team.article = team.bring_in("\n\n".join(f"Paragraph {number} of many." for number in range(60)))
    team.annotate("Paragraph 4 of", body="A note to read.")
    page = team.page()
    click_on(page, "Paragraph 4 of")
    expect(page.locator("#panel").get_by_text("A note to read.")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("c")
    about(page)
    assert page.evaluate("() => scrollY") == 0


def test_a_viewer_walks_the_sentences_but_is_offered_no_change(team: Team) -> None:
    page = team.page("dee")
    page.keyboard.press("j")
    page.keyboard.press("c")
    assert page.evaluate("() => getSelection().toString()").startswith("The mayor said")
    expect(bar(page)).to_be_hidden()
    expect(page.locator("#editor")).to_have_count(0)
