"""The administrator's work on people in a real browser: a list with preview, several at once, keyboard, phone."""

import re
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from browser.team import Team
from playwright.sync_api import Page, expect

PHONE = {"width": 380, "height": 800}
NUMBERS = count(1)


@pytest.fixture
def names(team: Team) -> list[str]:
    """Two people of this test alone, without a project."""
    found = [f"Guest{next(NUMBERS)}x" for _ in range(2)]
    for name in found:
        team.people.commands("user", "add", f"{name.lower()}@example.org", "--name", name)
    return found


def lines(team: Team, number: int) -> str:
    """A list with one new person, one who is here, one with a problem."""
    new = f"new{number}@example.org,Newcomer {number},no,{team.slug}:viewer"
    return f"email,name,admin,projects\n{new}\nann@example.org,,,{team.slug}:editor\nnowhere,,,\n"


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def find_two(page: Page, names: list[str]) -> None:
    """Find the test's own people."""
    page.get_by_label("Name or e-mail address").fill("guest")
    page.get_by_label("Show").select_option("never")
    page.get_by_role("button", name="Find").click()
    for name in names:
        expect(page.get_by_role("link", name=name)).to_be_visible()


def test_list_is_looked_at_then_people_are_invited_and_the_links_saved(
    team: Team, axe: Callable[..., None], tmp_path: Path
) -> None:
    number, page = next(NUMBERS), team.page("cleo", "/admin/invitations/many")
    file = tmp_path / "people.csv"
    file.write_text(lines(team, number), encoding="utf-8")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Look at the list").click()
    row = page.get_by_role("row", name="nowhere")
    expect(row).to_contain_text("Give an e-mail address")
    axe(page)
    page.get_by_role("button", name="Invite 1 person").click()
    expect(page.get_by_role("heading", name="1 person is invited")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    assert f"new{number}@example.org" in download.value.path().read_text()
    axe(page)


def test_invited_person_gets_in_and_sees_the_project(team: Team, new_page: Callable[..., Page]) -> None:
    number, cleo = next(NUMBERS), team.page("cleo", "/admin/invitations/many")
    cleo.get_by_label("Or the lines themselves").fill(lines(team, number))
    cleo.get_by_role("button", name="Look at the list").click()
    cleo.get_by_role("button", name="Invite 1 person").click()
    link = cleo.locator("td code").inner_text()
    guest = new_page()
    guest.goto(link)
    expect(guest.get_by_label("Your name")).to_have_value(f"Newcomer {number}")
    guest.get_by_label("Password").fill("seven quiet bells")
    guest.get_by_role("button", name="Accept").click()
    expect(guest.get_by_role("link", name=re.compile("Bridges"))).to_be_visible()


def test_several_are_given_a_role_at_once(team: Team, names: list[str], axe: Callable[..., None]) -> None:
    page = team.page("cleo", "/admin/people")
    find_two(page, names)
    for name in names:
        page.get_by_label(f"Tick {name}").check()
    expect(page.locator("[data-tick-all] [role=status]")).to_have_text("2 ticked")
    page.get_by_label("Do this").select_option("Add to project")
    bulk = page.locator("#bulk")
    bulk.get_by_label("Project", exact=True).select_option(team.project)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Nothing is done yet.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Add to project (2)").click()
    expect(page.get_by_text("Done for 2 of 2.")).to_be_visible()
    axe(page)


def test_all_on_the_page_are_ticked_and_unticked(team: Team, names: list[str]) -> None:
    page = team.page("cleo", "/admin/people")
    find_two(page, names)
    boxes = page.locator("td input[type=checkbox]")
    page.get_by_label("Tick all").check()
    expect(page.locator("td input[type=checkbox]:checked")).to_have_count(boxes.count())
    page.get_by_label(f"Tick {names[0]}").uncheck()
    expect(page.get_by_label("Tick all")).not_to_be_checked()


def test_people_are_deactivated_by_keyboard_alone(team: Team, names: list[str]) -> None:
    page = team.page("cleo", f"/admin/people?q={names[0]}")
    page.get_by_label(f"Tick {names[0]}").focus()
    press(page, "Space")
    while page.evaluate("document.activeElement.textContent.trim()") != "Go on":
        press(page, "Tab")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Deactivate")).to_be_visible()
    while not page.evaluate("document.activeElement.name === 'sure'"):
        press(page, "Tab")
    press(page, "Enter")
    expect(page.get_by_text("Done for 1 of 1.")).to_be_visible()


def test_people_are_deactivated_without_script(team: Team, names: list[str]) -> None:
    page = team.page("cleo", f"/admin/people?q={names[1]}", java_script_enabled=False)
    page.get_by_label(f"Tick {names[1]}").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Deactivate (1)").click()
    expect(page.get_by_text("Done for 1 of 1.")).to_be_visible()


def test_last_editor_is_named_before_anything_is_done(team: Team, axe: Callable[..., None]) -> None:
    page = team.page("cleo", "/admin/people?q=eve@example.org")
    page.get_by_label("Tick Eve").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("row", name="Eve")).to_contain_text("Last editor of")
    axe(page)


@pytest.mark.parametrize(
    "path", ["/admin/people", "/admin/invitations", "/admin/invitations/many", "/admin/policy"]
)
def test_phone_shows_all_of_it_without_scrolling_sideways(
    team: Team, names: list[str], axe: Callable[..., None], path: str
) -> None:
    long = "a-very-long-address-indeed@a-very-long-subdomain.of.a.newspaper.example.org"
    team.people.commands("invite", "add", f"{next(NUMBERS)}{long}", "--name", "Maria Theresia " * 6)
    page = team.page("cleo", path, viewport=PHONE, has_touch=True, is_mobile=True, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    axe(page)
