"""Speakers and statements in a real browser: time by keyboard alone, merging, words that are there already, paper."""

import re
from collections.abc import Callable

import pytest
from browser.team import Team
from playwright.sync_api import Locator, Page, expect

SAID = (
    ("2022-10-04", "We will never sell the harbour.", ["harbour"]),
    ("2023", "The bridge opens next year.", ["bridge"]),
    ("2025-02", "Of course it is for sale.", ["harbour"]),
)


@pytest.fixture
def mayor(team: Team) -> str:
    """The id of a speaker who said three things, known to the day, the year and the month."""
    speaker = team.put("speakers", name="Mira Velk")
    for said_on, quote, tags in SAID:
        team.put("statements", speaker=speaker["id"], quote=quote, said_on=said_on, tags=tags, role="Mayor")
    return str(speaker["id"])


@pytest.fixture
def opened(team: Team, mayor: str) -> Page:
    """The speaker's page before Ann, its picture ready for keys."""
    page = team.page(path=f"/speakers/{mayor}/")
    expect(page.locator(".timeline-words")).to_contain_text("Arrow keys")
    return page


def tab_to(page: Page, aim: Locator) -> None:
    """Press Tab until `aim` has the focus."""
    for _ in range(60):
        if aim.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("Tab does not reach it")


def test_arrows_walk_the_marks_in_order_of_time(opened: Page) -> None:
    marks = opened.locator("a[data-mark]")
    tab_to(opened, marks.first)
    line = opened.locator(".timeline-words")
    for key, words in (
        ("ArrowRight", "2023: The bridge opens next year."),
        ("ArrowRight", "February 2025: Of course it is for sale."),
        ("ArrowRight", "February 2025: Of course it is for sale."),
        ("Home", "4 October 2022: We will never sell the harbour."),
        ("End", "February 2025: Of course it is for sale."),
        ("ArrowLeft", "2023: The bridge opens next year."),
    ):
        opened.keyboard.press(key)
        expect(line).to_contain_text(words)
    expect(marks.nth(1)).to_be_focused()
    expect(marks.nth(1)).to_have_accessible_description("Mayor")


def test_the_picture_is_one_stop_of_the_tab_key(opened: Page) -> None:
    tab_to(opened, opened.locator("a[data-mark]").first)
    opened.keyboard.press("Tab")
    expect(opened.get_by_role("table").get_by_role("link").first).to_be_focused()


def test_a_statement_is_opened_from_a_narrowed_picture_by_keyboard_alone(opened: Page) -> None:
    tab_to(opened, opened.get_by_label("Topic tag"))
    opened.keyboard.type("harbour")
    opened.keyboard.press("Enter")
    marks = opened.locator("a[data-mark]")
    expect(marks).to_have_count(2)
    tab_to(opened, marks.first)
    opened.keyboard.press("End")
    opened.keyboard.press("Enter")
    expect(opened.locator("blockquote")).to_have_text("Of course it is for sale.")
    expect(opened.get_by_role("main")).to_contain_text("February 2025")


def test_two_speakers_are_merged_and_parted_by_keyboard_alone(team: Team, mayor: str, opened: Page) -> None:
    team.put("speakers", name="M. Velk")
    tab_to(opened, opened.get_by_role("link", name="Merge", exact=True))
    opened.keyboard.press("Enter")
    tab_to(opened, opened.get_by_label("Find the other speaker"))
    opened.keyboard.type("m. velk")
    opened.keyboard.press("Enter")
    tab_to(opened, opened.get_by_role("link", name="Merge into M. Velk"))
    opened.keyboard.press("Enter")
    expect(opened.get_by_role("main")).to_contain_text("3 statements and 0 claims")
    tab_to(opened, opened.get_by_role("button", name="Merge"))
    opened.keyboard.press("Enter")
    expect(opened.get_by_role("heading", level=1)).to_have_text("M. Velk")
    expect(opened.get_by_role("table").get_by_role("row")).to_have_count(4)
    tab_to(opened, opened.get_by_role("button", name="Undo"))
    opened.keyboard.press("Enter")
    expect(opened.get_by_role("heading", level=1)).to_have_text("Mira Velk")
    expect(opened).to_have_url(re.compile(f"/speakers/{mayor}/"))
    assert team.call("GET", f"/speakers/{mayor}")["merged_into"] is None


def test_the_same_words_are_noticed_while_typing_and_nothing_typed_is_lost(team: Team, mayor: str) -> None:
    page = team.page(path=f"/projects/{team.slug}/statements/new?speaker={mayor}")
    page.get_by_label("Words").fill("we will never sell the HARBOUR")
    box = page.locator("[data-same]")
    expect(box).to_contain_text("We have this already")
    expect(box.get_by_role("link")).to_have_text("Mira Velk: “We will never sell the harbour.”")
    expect(box).to_contain_text("same words, 4 October 2022")
    expect(page.get_by_label("Words")).to_be_focused()
    page.get_by_label("Words").fill("It rains.")
    expect(box).to_be_hidden()


def test_a_speaker_of_the_same_name_is_noticed_while_typing(team: Team, mayor: str) -> None:
    page = team.page(path=f"/projects/{team.slug}/speakers/new", expect=("409",))
    page.get_by_label("Name", exact=True).fill("mira velk")
    expect(page.locator("[data-same]")).to_contain_text("Mira Velk (same name)")
    page.get_by_role("button", name="Add speaker").click()
    expect(page.locator("[data-same]")).to_be_visible()
    page.get_by_label("It is another one").check()
    page.get_by_role("button", name="Add speaker").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("mira velk")


def test_a_statement_is_added_with_a_new_speaker_without_script(team: Team) -> None:
    page = team.page(path=f"/projects/{team.slug}/statements/new", java_script_enabled=False, expect=("422",))
    page.get_by_label("Speaker", exact=True).fill("The council")
    page.get_by_label("Words").fill("We asked for repairs.")
    page.get_by_label("Said on").fill("October 2022")
    page.get_by_label("Topic tags").fill("bridge, money, bridge")
    page.get_by_role("button", name="Add statement").click()
    expect(page.get_by_role("alert")).to_contain_text("No one speaker here is called “The council”")
    page.get_by_label("New speaker").check()
    page.get_by_role("button", name="Add statement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The council")
    (made,) = team.call("GET", f"/projects/{team.project}/statements")["items"]
    assert (made["said_on"], made["tags"]) == ("2022-10", ["bridge", "money"])


def test_the_picture_leads_to_statements_without_script(team: Team, mayor: str) -> None:
    page = team.page(path=f"/speakers/{mayor}/", java_script_enabled=False)
    expect(page.locator("a[data-mark]")).to_have_count(3)
    page.locator("a[data-mark]").first.click()
    expect(page.locator("blockquote")).to_have_text("We will never sell the harbour.")


def test_the_picture_scrolls_in_its_own_box_on_a_phone(team: Team, mayor: str) -> None:
    page = team.page(path=f"/speakers/{mayor}/", viewport={"width": 380, "height": 800})
    box = page.locator(".timeline-box")
    assert box.evaluate("element => element.scrollWidth > element.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    expect(page.get_by_text("Scroll the picture sideways")).to_be_visible()


def test_the_picture_opens_at_its_newest_end_on_a_phone(team: Team, mayor: str) -> None:
    page = team.page(path=f"/speakers/{mayor}/", viewport={"width": 380, "height": 800})
    expect(page.locator(".timeline-words")).to_contain_text("Arrow keys")
    expect(page.locator("a[data-mark]").last).to_be_in_viewport()
    expect(page.locator("a[data-mark]").first).not_to_be_in_viewport()


def test_the_list_to_merge_into_can_be_read_at_every_width(team: Team, mayor: str) -> None:
    twin = team.put("speakers", name="The Standing Committee on the Affairs of the Harbour and its Bridges")
    for width in (1280, 380):
        page = team.page(path=f"/speakers/{mayor}/merge", viewport={"width": width, "height": 800})
        name = page.get_by_role("link", name=twin["name"], exact=True)
        assert name.evaluate("element => element.getBoundingClientRect().width") > 250
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_picture_is_black_on_white_on_paper(opened: Page) -> None:
    opened.emulate_media(media="print", color_scheme="dark")
    dot, bar = opened.locator(".mark circle"), opened.locator(".mark rect").first
    assert dot.evaluate("element => getComputedStyle(element).fill") == "rgb(0, 0, 0)"
    assert bar.evaluate("element => getComputedStyle(element).fill") == "rgb(255, 255, 255)"
    assert bar.evaluate("element => getComputedStyle(element).stroke") == "rgb(0, 0, 0)"
    expect(opened.locator(".timeline-words")).to_be_hidden()


def test_a_crowded_picture_is_accessible_in_light_and_dark(
    team: Team, mayor: str, axe: Callable[..., None]
) -> None:
    for number in range(14):
        team.put("statements", speaker=mayor, quote=f"Word {number}.", said_on="2024")
    page = team.page(path=f"/speakers/{mayor}/", reduced_motion="reduce")
    expect(page.locator("a.more text")).to_have_text("+5")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        axe(page)
    page.locator("a.more").click()
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(15)
