"""Bringing an article in with the page's script, and correcting it."""

from collections.abc import Callable

import pytest
from browser.team import Team
from playwright.sync_api import FilePayload, Page, expect

TEXT = "# Ferry sold\n\nBy Cleo Marsh\n\n3 May 2024\n\nThe town sold its ferry twice."
PASTE = """(area, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "Ferry sold");
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
  area.value = "Ferry sold";
  area.dispatchEvent(new Event("input", { bubbles: true }));
}"""


@pytest.fixture
def new(team: Team) -> Page:
    """The page on which text comes in, before Ann."""
    return team.page(path=f"/projects/{team.slug}/articles/new")


def recognised(page: Page) -> None:
    """Wait until the page has said what it recognised."""
    expect(page.locator("#recognised-line")).to_contain_text("read as")


def test_details_are_filled_in_and_say_where_they_were_found(new: Page, axe: Callable[..., None]) -> None:
    new.get_by_label("Text of the article").fill(TEXT)
    recognised(new)
    expect(new.get_by_label("Title")).to_have_value("Ferry sold")
    expect(new.get_by_label("Published on")).to_have_value("2024-05-03")
    expect(new.locator("#found-title")).to_have_text("Found in: heading")
    axe(new)


def test_what_a_person_typed_is_never_overwritten(new: Page) -> None:
    new.get_by_label("Byline").fill("Ann Other")
    new.get_by_label("Text of the article").fill(TEXT)
    recognised(new)
    expect(new.get_by_label("Byline")).to_have_value("Ann Other")


def test_details_of_an_earlier_text_do_not_go_off_with_another(new: Page) -> None:
    new.get_by_label("Text of the article").fill(TEXT)
    recognised(new)
    new.get_by_label("Text of the article").fill("# Bridge built\n\nIt stands.")
    new.get_by_role("main").get_by_role("button", name="Add article").click()
    expect(new).to_have_title("Bridge built · Annotator")


def test_the_same_text_is_offered_to_be_opened(new: Page, team: Team) -> None:
    new.get_by_label("Text of the article").fill(team.article["text"])
    expect(new.get_by_role("heading", name="This text is already here")).to_be_visible()
    new.get_by_role("link", name="Open it").click()
    expect(new).to_have_url(team.article["url"])


def test_headings_and_links_of_what_was_copied_can_be_kept(new: Page) -> None:
    area = new.get_by_label("Text of the article")
    area.evaluate(PASTE, '<h1>Ferry sold</h1><p>See <a href="https://example.org/">this</a>.</p>')
    new.get_by_role("button", name="Keep headings and links").click()
    expect(new.locator("#recognised-line")).to_contain_text("read as HTML")
    expect(new.locator("#found-title")).to_have_text("Found in: heading")
    new.get_by_role("button", name="Use the plain text").click()
    expect(area).to_have_value("Ferry sold")


def test_a_file_takes_the_place_of_the_text_until_it_is_taken_out(new: Page) -> None:
    area = new.get_by_label("Text of the article")
    area.fill("Something else.")
    file: FilePayload = {
        "name": "a.html",
        "mimeType": "text/html",
        "buffer": b"<h1>Bridge</h1><p>It stands.</p>",
    }
    new.get_by_label("Or choose a file").set_input_files(file)
    expect(new.get_by_label("Title")).to_have_value("Bridge")
    expect(area).to_be_disabled()
    new.get_by_role("button", name="Take the file out").click()
    expect(area).to_have_value("Something else.")
    expect(area).to_be_enabled()


def test_saved_details_leave_no_unsaved_change(team: Team, axe: Callable[..., None]) -> None:
    page = team.page(path=f"/articles/{team.article['id']}/details")
    page.get_by_label("Publisher").fill("The Quay")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(page.locator("#unsaved")).to_be_hidden()
    axe(page)
