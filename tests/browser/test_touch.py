"""The main job with fingers on a phone: the bar stands at the bottom, the cards come as a sheet from below."""

import pytest
from browser.reading import card, place_of, select
from browser.team import Team
from playwright.sync_api import Page, expect

PHONE = {"viewport": {"width": 380, "height": 800}, "has_touch": True, "is_mobile": True}
SENTENCE = "It closes the old bridge to lorries."


@pytest.fixture
def phone(team: Team) -> Page:
    """The article in Ann's hand."""
    return team.page(**PHONE)


def tap_on(page: Page, words: str) -> None:
    """Tap the middle of words that stand on one line."""
    box = place_of(page, words)
    page.touchscreen.tap((box["left"] + box["right"]) / 2, box["top"])


def tap_sentence(page: Page) -> None:
    """Switch to choosing sentences by tapping, and tap one."""
    page.get_by_role("button", name="Tap a sentence").tap()
    tap_on(page, "old bridge")
    expect(page.get_by_role("toolbar", name="Selected words")).to_be_visible()


def write_claim(page: Page) -> None:
    """Make a claim with a note of the chosen words."""
    page.get_by_role("toolbar").get_by_role("button", name="Claim").tap()
    page.locator("#editor").get_by_label("Note").fill("By hand.")
    page.locator("#editor .actions .primary").tap()
    expect(page.locator("#editor")).to_be_hidden()


def test_highlight_link_save_by_touch(team: Team, phone: Page) -> None:
    tap_sentence(phone)
    write_claim(phone)
    phone.locator("#cards [data-act=link]").tap()
    phone.get_by_role("option", name="New source").tap()
    form = phone.locator("[data-step=source]")
    form.get_by_label("Title").fill("The decree")
    form.get_by_role("button", name="Go on").tap()
    phone.locator("#palette-relations").get_by_role("button", name="Supports").tap()
    expect(phone.locator("#palette-linked")).to_contain_text("Supports")
    phone.locator("#palette-close").tap()
    (annotation,) = team.annotations()
    assert (annotation["body"], annotation["spans"][0]["exact"]) == ("By hand.", SENTENCE)
    expect(phone.get_by_role("button", name="Tap a sentence")).to_have_attribute("aria-pressed", "false")
    assert annotation["links"][0]["far"]["title"] == "The decree"


def test_a_long_press_selection_is_kept_while_the_bar_appears(team: Team, phone: Page) -> None:
    select(phone, "the old bridge")
    expect(phone.get_by_role("toolbar", name="Selected words")).to_be_visible()
    assert phone.evaluate("String(getSelection())") == "the old bridge"
    write_claim(phone)
    assert team.annotations()[0]["spans"][0]["exact"] == "the old bridge"


def test_the_bar_stands_at_the_bottom_with_targets_for_fingers(phone: Page) -> None:
    tap_sentence(phone)
    bar = phone.get_by_role("toolbar", name="Selected words").bounding_box()
    assert bar is not None
    assert bar["y"] + bar["height"] == pytest.approx(PHONE["viewport"]["height"], abs=12)  # type: ignore[index]
    heights = phone.locator("#bar button").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44


def test_a_tap_on_a_highlight_opens_the_sheet_and_a_button_leads_back(team: Team) -> None:
    team.annotate(SENTENCE, body="By hand.")
    page = team.page(**PHONE)
    tap_on(page, "old bridge")
    expect(card(page, SENTENCE)).to_be_in_viewport()
    page.get_by_role("button", name="Back to the text").tap()
    expect(card(page, SENTENCE)).not_to_be_in_viewport()
    expect(page.locator("#panel-open")).to_have_text("Annotations (1)")


def test_the_sheet_opens_from_its_button(team: Team) -> None:
    team.annotate(SENTENCE)
    page = team.page(**PHONE)
    page.locator("#panel-open").tap()
    expect(card(page, SENTENCE)).to_be_in_viewport()
