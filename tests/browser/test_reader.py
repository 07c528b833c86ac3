"""What a person does in the reader: selecting, choosing, walking; with mouse, keyboard and finger."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from running import RunningServer

from browser.desk import Article, Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("reader")]

TEXT = (
    "The mayor said that the harbour was sold in October. Nobody had asked her. She smiled.\n\n"
    "A second paragraph follows, with a 🇺🇦 flag. It ends here."
)
PLACE = """(words) => {
  for (const block of document.querySelectorAll("[data-o]")) {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.data.indexOf(words);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + words.length);
      const box = range.getClientRects()[0];
      return { left: box.left + 1, right: box.right - 1, y: box.top + box.height / 2 };
    }
  }
}"""


@pytest.fixture(scope="module")
def desk(live_server: RunningServer) -> Desk:
    """Ann's desk."""
    return Desk(live_server)


@pytest.fixture
def article(desk: Desk) -> Article:
    """A short article without annotations."""
    return desk.article(TEXT)


@pytest.fixture
def reader(page: Page, desk: Desk, article: Article) -> Iterator[Page]:
    """The article, open before Ann."""
    desk.sign_in(page)
    page.goto(article.address)
    return page


def place(page: Page, words: str) -> dict[str, float]:
    """Where words of the text are on the screen."""
    found: Any = page.evaluate(PLACE, words)
    return dict(found)


def drag(page: Page, first: str, last: str) -> None:
    """Select with the mouse from the beginning of the first words to the end of the last."""
    begin, end = place(page, first), place(page, last)
    page.mouse.move(begin["left"], begin["y"])
    page.mouse.down()
    page.mouse.move(end["right"], end["y"], steps=6)
    page.mouse.up()


def click(page: Page, words: str) -> None:
    """Click on the first of these words."""
    there = place(page, words)
    page.mouse.click(there["left"] + 3, there["y"])


def bar(page: Page) -> Any:
    """The action bar."""
    return page.get_by_role("toolbar", name="Selected words")


def about(page: Page) -> str:
    """The words that the editor is about."""
    editor = page.locator("#editor-about")
    editor.wait_for()
    return editor.inner_text().strip("“” ")


def test_words_dragged_over_become_an_annotation(reader: Page, desk: Desk, article: Article) -> None:
    drag(reader, "the harbour", "in October")
    bar(reader).get_by_role("button", name="Claim").click()
    assert about(reader) == "the harbour was sold in October"
    reader.get_by_role("button", name="Save Ctrl Enter").click()
    expect(reader.locator("#cards > li")).to_have_count(1)
    items = desk.call("GET", f"/articles/{article.id}/annotations")["items"]
    assert items[0]["spans"][0]["exact"] == "the harbour was sold in October"


def test_a_triple_click_takes_the_paragraph_without_its_break(reader: Page, article: Article) -> None:
    reader.locator("#b0").click(click_count=3, position={"x": 40, "y": 12})
    bar(reader).wait_for()
    reader.keyboard.press("q")
    assert about(reader) == article.text.split("\n\n")[0]


def test_a_selection_over_two_paragraphs_keeps_the_break(reader: Page, desk: Desk, article: Article) -> None:
    drag(reader, "She smiled", "flag")
    reader.keyboard.press("t")
    about(reader)
    reader.keyboard.press("Control+Enter")
    expect(reader.locator("#cards > li")).to_have_count(1)
    items = desk.call("GET", f"/articles/{article.id}/annotations")["items"]
    assert items[0]["spans"][0]["exact"] == article.text[article.text.index("She") : article.text.index("flag") + 4]


def test_select_all_means_the_article_and_no_more(reader: Page, article: Article) -> None:
    reader.keyboard.press("Control+a")
    bar(reader).wait_for()
    reader.keyboard.press("t")
    assert " ".join(about(reader).split()) == " ".join(article.text.split())


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


def test_one_annotation_under_the_pointer_opens_its_card(reader: Page, desk: Desk, article: Article) -> None:
    desk.words(article, "harbour was sold", body="Sold twice.")
    reader.reload()
    click(reader, "harbour was")
    expect(reader.locator("#panel").get_by_text("Sold twice.")).to_be_visible()


def test_several_are_offered_shortest_first_and_chosen_by_keys(reader: Page, desk: Desk, article: Article) -> None:
    for words in ("The mayor said that the harbour", "harbour", "the harbour was sold"):
        desk.words(article, words, body=f"About {words}.")
    reader.reload()
    click(reader, "harbour")
    entries = reader.locator("#pick button")
    expect(entries.locator("q")).to_have_text(["harbour", "the harbour was sold", "The mayor said that the harbour"])
    expect(entries.nth(0)).to_be_focused()
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("Enter")
    expect(reader.locator("#panel").get_by_text("About the harbour was sold.")).to_be_visible()


def test_clicking_again_at_the_same_point_takes_the_next(reader: Page, desk: Desk, article: Article) -> None:
    for words in ("harbour", "the harbour was"):
        desk.words(article, words)
    reader.reload()
    click(reader, "harbour")
    expect(reader.locator("#pick button").nth(0)).to_be_focused()
    there = place(reader, "harbour")
    reader.evaluate("() => document.querySelector('#pick').style.setProperty('left', '0px')")
    reader.mouse.click(there["left"] + 3, there["y"])
    expect(reader.locator("#pick button").nth(1)).to_be_focused()


def test_the_margin_hits_nothing(reader: Page, desk: Desk, article: Article) -> None:
    desk.words(article, "It ends here.")
    reader.reload()
    end = place(reader, "It ends here.")
    reader.mouse.click(end["right"] + 60, end["y"])
    expect(reader.locator(".card.active")).to_have_count(0)
    reader.mouse.click(end["right"] - 3, end["y"])
    expect(reader.locator(".card.active")).to_have_count(1)


def test_an_annotated_link_is_offered_not_followed(page: Page, desk: Desk) -> None:
    article = desk.article('<p>As the <a href="https://office.example/x">statistical office</a> says.</p>', html=True)
    desk.words(article, "statistical")
    desk.sign_in(page)
    page.goto(article.address)
    click(page, "statistical")
    expect(page.get_by_role("link", name="Open link office.example")).to_be_visible()
    assert page.url == article.address


def test_the_margin_button_says_what_the_paragraph_has(reader: Page, desk: Desk, article: Article) -> None:
    desk.words(article, "mayor")
    desk.words(article, "Nobody", kind="note")
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


def test_next_and_before_walk_the_annotations(reader: Page, desk: Desk, article: Article) -> None:
    desk.words(article, "mayor", body="First.")
    desk.words(article, "flag", body="Second.")
    reader.reload()
    reader.keyboard.press("n")
    expect(reader.locator("#panel").get_by_text("First.")).to_be_visible()
    reader.keyboard.press("n")
    expect(reader.locator("#panel").get_by_text("Second.")).to_be_visible()
    reader.keyboard.press("p")
    expect(reader.locator("#panel").get_by_text("First.")).to_be_visible()


def test_moved_ends_are_saved_and_painted(reader: Page, desk: Desk, article: Article) -> None:
    name = desk.words(article, "harbour")
    reader.reload()
    click(reader, "harbour")
    reader.get_by_role("button", name="Change ends").click()
    bar(reader).get_by_text("New words for this highlight").wait_for()
    drag(reader, "harbour", "October")
    bar(reader).get_by_role("button", name="Use these words").click()
    reader.wait_for_function("() => [...CSS.highlights.get('lane-0')].some((part) => part.endOffset - part.startOffset === 27)")
    assert desk.call("GET", f"/annotations/{name}")["spans"][0]["exact"] == "harbour was sold in October"


def test_a_finger_picks_a_sentence_and_finds_the_bar_at_the_bottom(
    new_page: Callable[..., Page], desk: Desk, article: Article
) -> None:
    page = new_page("phone", has_touch=True, is_mobile=True)
    desk.sign_in(page)
    page.goto(article.address)
    page.get_by_role("button", name="Tap a sentence").tap()
    there = place(page, "asked")
    page.touchscreen.tap(there["left"] + 4, there["y"])
    bar(page).wait_for()
    box = bar(page).bounding_box()
    assert box["y"] + box["height"] == page.viewport_size["height"]
    assert all(button.bounding_box()["height"] >= 44 for button in bar(page).get_by_role("button").all())
    assert page.evaluate("() => getSelection().toString()") == "Nobody had asked her."


@pytest.mark.parametrize("view", ["live", "marks"])
def test_the_reader_has_no_accessibility_findings(
    reader: Page, desk: Desk, article: Article, axe: Callable[..., None], view: str
) -> None:
    desk.words(article, "The mayor said that the harbour")
    desk.words(article, "the harbour was sold", body="Twice.")
    reader.goto(f"{article.address}?view={view}")
    expect(reader.locator("#cards > li")).to_have_count(2)
    reader.keyboard.press("j")
    bar(reader).wait_for()
    axe(reader)
