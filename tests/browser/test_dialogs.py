"""The parts of the reader that open: forms, palette, lists and dialogs, each looked at by axe while it is open."""

from collections.abc import Callable

import pytest
from browser.reading import card, click_on, drag_over
from browser.team import Team
from playwright.sync_api import Page, expect

WORDS = "the old bridge"
LATER = "It may open again."


@pytest.fixture
def reader(team: Team) -> Page:
    """The article with two annotations, one of them linked, before Ann."""
    mayor = team.put("speakers", name="Mira Velk")
    said = team.put("statements", speaker=mayor["id"], quote=LATER, said_on="2025-02")
    team.link(team.annotate(WORDS, body="A *note*.", tags=["bridge"]), "contradicts", statement=said["id"])
    team.annotate("It closes the old bridge to lorries.")
    page = team.page(reduced_motion="reduce")
    expect(page.locator("#cards .card")).to_have_count(2)
    return page


def open_card(page: Page) -> None:
    card(page, WORDS).get_by_role("button", name=WORDS).click()
    expect(card(page, WORDS)).to_have_class("card active")


def bar(page: Page) -> None:
    drag_over(page, "The council had asked for repairs")


def editor(page: Page) -> None:
    open_card(page)
    page.keyboard.press("e")
    expect(page.locator("#editor-body")).to_be_focused()


def picker(page: Page) -> None:
    click_on(page, WORDS)
    expect(page.locator("#pick button")).to_have_count(2)


def finding(page: Page) -> None:
    page.keyboard.press("f")
    page.keyboard.type("the council")
    expect(page.locator(".find-list button")).to_have_count(2)


def palette(page: Page) -> None:
    open_card(page)
    page.keyboard.press("l")
    page.keyboard.type("open again")
    expect(page.locator("#palette-results [role=option]").first).to_contain_text(LATER)


def new_source(page: Page) -> None:
    palette(page)
    page.get_by_role("option", name="New source").click()
    expect(page.locator("#source-url")).to_be_visible()


def new_statement(page: Page) -> None:
    palette(page)
    page.get_by_role("option", name="New statement").click()
    expect(page.locator("#statement-speaker")).to_be_visible()


def relation(page: Page) -> None:
    palette(page)
    page.get_by_role("option", name=LATER).click()
    expect(page.locator("#palette-relations")).to_be_visible()


def link_details(page: Page) -> None:
    open_card(page)
    page.get_by_role("button", name="Edit link").click()
    expect(page.locator("#details-contradiction_kind")).to_be_visible()


OPENED = (open_card, bar, editor, picker, finding, palette, new_source, new_statement, relation, link_details)
BY_NAME = pytest.mark.parametrize("opened", OPENED, ids=lambda opened: opened.__name__)


@BY_NAME
def test_what_opens_has_no_accessibility_violation_and_no_id_twice(
    reader: Page, axe: Callable[..., None], opened: Callable[[Page], None]
) -> None:
    opened(reader)
    ids = reader.locator("[id]").evaluate_all("all => all.map((one) => one.id)")
    assert sorted(ids) == sorted(set(ids))
    axe(reader)
    reader.emulate_media(color_scheme="dark", reduced_motion="reduce")
    axe(reader)


@pytest.mark.parametrize("opened", [picker, finding, palette, new_statement, relation, link_details])
def test_escape_closes_what_was_opened(reader: Page, opened: Callable[[Page], None]) -> None:
    opened(reader)
    for _ in range(3):
        reader.keyboard.press("Escape")
    expect(reader.locator("dialog[open], #pick:popover-open, #editor:not([hidden])")).to_have_count(0)
