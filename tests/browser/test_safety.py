"""What people type is shown as words, wherever it appears: no script of theirs runs, no element of theirs is made."""

from collections.abc import Callable

import pytest
from browser.team import Team
from playwright.sync_api import Page, expect

EVIL = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>"\'{{7*7}}'
WORDS = "the old bridge"


@pytest.fixture
def poisoned(team: Team) -> Team:
    """A project in which everything that can be named has a script for a name."""
    speaker = team.put("speakers", name=f"{EVIL} speaker")
    source = team.put(
        "sources", title=f"{EVIL} source", publisher=EVIL, url="https://example.org/%22%3E%3Cscript%3E"
    )
    said = team.put("statements", speaker=speaker["id"], quote=EVIL, occasion=EVIL, said_on="2025-02")
    team.article = team.bring_in(
        f"{EVIL} and {WORDS}.\n\nA second paragraph.", title=EVIL, publisher=EVIL, byline=EVIL
    )
    note = f"{EVIL}\n\n[link](javascript:window.hurt=1) <b onclick='window.hurt=1'>b</b>"
    near = team.annotate(WORDS, body=note, tags=[EVIL[:60]], claim_text=EVIL, claimant=speaker["id"])
    for end, relation in (({"source": source["id"]}, "supports"), ({"statement": said["id"]}, "contradicts")):
        team.link(near, relation, **end, note=EVIL)
    return team


def is_unhurt(page: Page) -> bool:
    """Whether no script of the test ran and no element of it was made."""
    return bool(
        page.evaluate(
            "() => !window.hurt && !document.querySelector('img[src=x], [onerror], [onclick], a[href^=javascript]')"
        )
    )


@pytest.mark.parametrize("path", ["", "?view=marks", "annotations", "details"])
def test_scripts_in_names_are_words_on_every_page_of_the_article(poisoned: Team, path: str) -> None:
    page = poisoned.page("eve", f"/articles/{poisoned.article['id']}/{path}")
    expect(page.locator("h1").first).to_contain_text("<script>")
    assert is_unhurt(page)


@pytest.mark.parametrize("path", ["/projects/{slug}/", "/projects/{slug}/settings", "/"])
def test_scripts_in_names_are_words_in_lists(poisoned: Team, path: str) -> None:
    page = poisoned.page("eve", path.format(slug=poisoned.slug))
    expect(page.locator("main")).to_be_visible()
    assert is_unhurt(page)


def test_scripts_in_names_are_words_in_the_open_card(poisoned: Team) -> None:
    page = poisoned.page()
    page.locator("#cards h3 button").click()
    for words in ("speaker", "source"):
        expect(page.locator("#cards .links")).to_contain_text(f"{EVIL} {words}")
    assert is_unhurt(page)


def test_scripts_in_names_are_words_in_the_palette_and_the_editor(poisoned: Team) -> None:
    page = poisoned.page()
    page.locator("#cards h3 button").click()
    page.keyboard.press("l")
    page.locator("#palette-search").fill("onerror")
    expect(page.locator("#palette-results [role=option]").first).to_contain_text("onerror")
    page.locator("#palette-close").click()
    page.keyboard.press("e")
    expect(page.locator("#editor-claimant")).to_have_value(f"{EVIL} speaker")
    assert is_unhurt(page)


def test_a_person_with_a_script_for_a_name_is_only_a_name(team: Team, new_page: Callable[..., Page]) -> None:
    people = team.people
    people.commands("user", "add", "mallory@example.org", "--name", EVIL)
    page = team.page("cleo", "/admin/people?q=mallory")
    expect(page.get_by_role("link", name=EVIL)).to_be_visible()
    assert is_unhurt(page)
