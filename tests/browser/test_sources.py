"""The library of sources with its script: doubles noticed, copies brought in with the time shown, what changed."""

from collections.abc import Callable
from typing import Any

import pytest
from browser.team import Team
from playwright.sync_api import FilePayload, Page, Route, expect

WORDS = "The bridge costs 12 million. Nobody asked why."


def page_of(price: str = "12") -> FilePayload:
    """An HTML file that says what the bridge costs."""
    words = WORDS.replace("12", price)
    raw = f"<html><body><article><h1>The bridge</h1><p>{words}</p></article></body></html>".encode()
    return {"name": "bridge.html", "mimeType": "text/html", "buffer": raw}


@pytest.fixture
def library(team: Team) -> Page:
    """The library, before Ann."""
    return team.page(path=f"/projects/{team.slug}/sources/")


def upload(page: Page, price: str = "12") -> None:
    """Bring the file in as a copy of the source on the page."""
    if not page.get_by_label("File", exact=True).is_visible():
        page.get_by_text("Add a copy", exact=True).click()
    page.get_by_label("File", exact=True).set_input_files(page_of(price))
    page.get_by_role("button", name="Add the file").click()


def test_a_source_is_added_its_copy_read_and_its_changes_seen(
    library: Page, axe: Callable[..., None]
) -> None:
    library.get_by_role("link", name="Add source").first.click()
    library.get_by_label("Title").fill("Bridge report")
    library.get_by_role("button", name="Add source").click()
    expect(library.get_by_role("heading", name="Bridge report", level=1)).to_be_visible()
    upload(library)
    expect(library.locator("#status")).to_contain_text("The first copy is kept.")
    upload(library, "20")
    expect(library.locator("#status")).to_contain_text("The text has changed")
    axe(library)
    library.get_by_role("link", name="What changed").click()
    expect(library.locator("del")).to_have_text("12")
    expect(library.locator("ins")).to_have_text("20")
    library.get_by_role("link", name="copy 2", exact=True).click()
    expect(library.get_by_role("article")).to_contain_text("The bridge costs 20 million.")


def test_everything_can_be_done_by_keyboard(library: Page) -> None:
    library.get_by_role("link", name="Add source").first.focus()
    library.keyboard.press("Enter")
    library.get_by_label("Title").focus()
    library.keyboard.type("Bridge report")
    library.keyboard.press("Enter")
    library.get_by_label("Text", exact=True).focus()
    library.keyboard.type(WORDS)
    library.keyboard.press("Tab")
    library.keyboard.press("Enter")
    library.get_by_role("link", name="Copy 1").first.focus()
    library.keyboard.press("Enter")
    expect(library.get_by_role("article")).to_contain_text(WORDS)


def test_a_double_is_noticed_while_typing(library: Page, team: Team) -> None:
    known = team.put("sources", title="Bridge report", url="https://example.org/bridge")
    library.get_by_role("link", name="Add source").first.click()
    library.get_by_label("Address").fill("http://www.example.org/bridge/?utm_source=mail")
    expect(library.get_by_role("heading", name="The project may have this already")).to_be_visible()
    expect(library.locator("#same-list")).to_contain_text("same address")
    library.get_by_label("Address").fill("https://example.org/other")
    expect(library.locator("#same")).to_be_hidden()
    assert known["id"] not in library.locator("#same-list").inner_html()


def test_readers_are_asked_for_a_protected_source_only(library: Page) -> None:
    library.get_by_role("link", name="Add source").first.click()
    expect(library.get_by_role("group", name="Readers of a protected source")).to_be_hidden()
    library.get_by_label("Who may see it").select_option("protected")
    expect(library.get_by_role("checkbox", name="Ann")).to_be_checked()


@pytest.fixture
def source(team: Team) -> Page:
    """The page of a source at an address inside this machine, which is never fetched."""
    made = team.put("sources", title="Bridge report", url="http://127.0.0.1/bridge")
    return team.page(path=f"/sources/{made['id']}/")


def test_a_page_that_cannot_be_had_says_what_to_do(source: Page) -> None:
    source.get_by_role("button", name="Fetch a copy").click()
    expect(source.get_by_text("The page could not be had")).to_be_visible()
    expect(source.get_by_text("Add a file or the words of the page as a copy.")).to_be_visible()


def test_the_time_of_a_fetch_is_shown_and_the_wait_can_be_ended(source: Page) -> None:
    held: list[Route] = []
    source.route("**/api/v1/snapshots/*", lambda route: held.append(route))
    source.get_by_role("button", name="Fetch a copy").click()
    expect(source.locator("#progress-words")).to_contain_text("Fetching the page… 1 s")
    source.get_by_role("button", name="Stop waiting").click()
    expect(source.get_by_role("alert")).to_contain_text("The source and its copies are safe.")
    expect(source.get_by_role("button", name="Fetch a copy")).to_be_enabled()
    for route in held:
        route.abort()


def test_a_file_that_is_none_is_told_before_it_is_sent(source: Page) -> None:
    source.get_by_role("button", name="Add the file").click()
    expect(source.get_by_role("alert")).to_contain_text("Choose a file.")


def test_without_script_a_copy_is_brought_in_all_the_same(team: Team, new_page: Callable[..., Any]) -> None:
    made = team.put("sources", title="Bridge report")
    page = team.page(path=f"/sources/{made['id']}/", java_script_enabled=False)
    page.get_by_label("File", exact=True).set_input_files(page_of())
    page.get_by_role("button", name="Add the file").click()
    expect(page.get_by_role("link", name="Copy 1").first).to_be_visible()
