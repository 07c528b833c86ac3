"""A contradiction is decided by keyboard, from the claim's page on; the picture of a dispute is walked by arrows."""

import re
from typing import Any

import pytest
from browser.team import Team
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def disputed(team: Team) -> tuple[Any, Any]:
    """Ann's claim and the contradiction that she proposed, beside a source that supports it."""
    mayor = team.put("speakers", name="Mira Velk")
    claim = team.annotate("We will never open it again", claimant=mayor["id"], claimed_on="2022-05-03")
    said = {"speaker": mayor["id"], "said_on": "2025-02", "medium": "interview"}
    later = team.put("statements", quote="It may open again.", **said)
    source = team.put("sources", title="The decree", published_on="2022-05-02")
    team.link(claim, "supports", source=source["id"], locator="1")
    return claim, team.link(claim, "contradicts", statement=later["id"])


def tab_to(page: Page, selector: str) -> None:
    """Go to an element by the Tab key, as somebody does who has no mouse."""
    wanted = page.locator(selector)
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the Tab key never comes to {selector}")


def test_a_second_person_decides_by_keyboard(team: Team, disputed: tuple[Any, Any]) -> None:
    claim, link = disputed
    page = team.page("ben", f"/annotations/{claim['id']}/")
    tab_to(page, f"#link-{link['id']} .open a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/links/{link['id']}/")
    expect(page.locator(".follows")).to_have_text(
        "This statement is 2 years 9 months later; the same speaker."
    )
    tab_to(page, "#answer-accepted")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#f-reason")
    page.keyboard.type("She speaks of the new bridge.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#status")).to_have_text("Saved.")
    expect(page.locator("main")).to_contain_text("Rejected by Ben")
    expect(page.locator("main")).to_contain_text("She speaks of the new bridge.")


def test_who_proposed_it_finds_no_way_to_decide_it(team: Team, disputed: tuple[Any, Any]) -> None:
    page = team.page("ann", f"/links/{disputed[1]['id']}/")
    expect(page.get_by_text("You proposed it, so somebody else decides.")).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(0)


def test_a_reason_is_asked_for_and_what_was_typed_stays(team: Team, disputed: tuple[Any, Any]) -> None:
    page = team.page("ben", f"/links/{disputed[1]['id']}/", expect=("422",))
    page.get_by_label("Reject").check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why this is rejected.")
    expect(page.get_by_label("Reject")).to_be_checked()


def test_what_only_a_contradiction_has_shows_with_that_relation(
    team: Team, disputed: tuple[Any, Any]
) -> None:
    page = team.page("ben", f"/links/{disputed[1]['id']}/")
    page.get_by_role("heading", name="Change the link").click()
    expect(page.get_by_label("Explanation")).to_be_visible()
    page.get_by_label("Relation").select_option("context")
    expect(page.get_by_label("Explanation")).to_be_hidden()


def test_supersedes_is_used_by_its_button(team: Team, disputed: tuple[Any, Any]) -> None:
    page = team.page("ann", f"/links/{disputed[1]['id']}/")
    page.get_by_role("button", name="Use “supersedes”").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "Mira Velk supersedes “We will never open it again”"
    )


def test_the_picture_of_a_dispute_is_walked_by_arrows(team: Team, disputed: tuple[Any, Any]) -> None:
    claim, link = disputed
    page = team.page("dee", f"/annotations/{claim['id']}/dispute")
    tab_to(page, "a[data-mark][tabindex='0']")
    said = page.locator("[data-words]")
    expect(said).to_have_text(re.compile("2 May 2022: The decree"))
    page.keyboard.press("ArrowRight")
    expect(said).to_have_text(re.compile("3 May 2022: We will never open it again"))
    page.keyboard.press("End")
    expect(said).to_have_text(re.compile("February 2025: Mira Velk: “It may open again.”"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/links/{link['id']}/")


def test_pages_print_without_buttons_and_with_their_table(team: Team, disputed: tuple[Any, Any]) -> None:
    claim, _ = disputed
    page = team.page("dee", f"/annotations/{claim['id']}/dispute")
    page.emulate_media(media="print")
    expect(page.get_by_text("Back to the claim")).to_be_hidden()
    expect(page.locator("svg").first).to_be_visible()
    expect(page.locator(".timeline-table")).to_be_visible()


def test_everything_is_there_without_script(team: Team, disputed: tuple[Any, Any]) -> None:
    page = team.page("ben", f"/links/{disputed[1]['id']}/", java_script_enabled=False)
    page.get_by_label("Accept").check()
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("main")).to_contain_text("Accepted by Ben")
