"""What cards say of evidence, the same by script and as the server writes them."""

import pytest
from browser.evidence import CLAIM, kept, open_line
from browser.team import Team
from playwright.sync_api import Locator, expect

FACTS = {
    "later": "Later than the article",
    "decided": "Proposed by Ann. Waits for a second person.",
    "explanation": "Open is not closed.",
    "translation": "Translation by Ann: “It may open again.”",
    "judged": "Reversal over time · change acknowledged: not known",
}
TRANSLATED = {"language": "uk", "translation": "It may open again.", "translator": "Ann"}
# Actions and links of a card from top to bottom; a part that overlaps the one before is "over".
ORDER = """(inside) => [...inside.children].filter((part) => part.matches(".actions, .links"))
  .map((part) => ({ name: part.classList[0], box: part.getBoundingClientRect() }))
  .map(({ name, box }, place, all) => (place && box.top < all[place - 1].box.bottom ? "over" : name))"""


@pytest.fixture
def team_with_links(team: Team) -> Team:
    """A claim with a draft link to a kept source and a contradiction of later date."""
    given = kept(team)
    mayor = team.put("speakers", name="Mira Velk")
    said = team.put(
        "statements", speaker=mayor["id"], quote="Можливо, відкриють.", said_on="2025-02", **TRANSLATED
    )
    kind = {
        "contradiction_kind": "reversal_over_time",
        "acknowledged": "unknown",
        "explanation": FACTS["explanation"],
    }
    team.link(given.claim, "contradicts", statement=said["id"], **kind)
    return team


def lines(team: Team, how: str) -> Locator:
    """The lines of the two links: in the open card, on the page of all annotations, or below the marked text."""
    if how == "live":
        page = team.page()
        open_line(page)
        return page.locator("#cards .links > li")
    path = {"list": "annotations", "marks": "?view=marks"}[how]
    page = team.page(path=f"/articles/{team.article['id']}/{path}", java_script_enabled=False)
    return page.locator(".cards .links > li")


@pytest.mark.parametrize("how", ["live", "list", "marks"])
def test_a_card_tells_of_evidence_alike_however_it_is_written(team_with_links: Team, how: str) -> None:
    against, draft = lines(team_with_links, how).all()
    for part, words in FACTS.items():
        expect(against.locator(f"[data-part={part}]")).to_have_text(words)
    expect(draft.locator("[data-part=missing]")).to_have_text("Draft: no words and no locator yet.")
    expect(draft.locator("[data-part=copy]")).to_contain_text("Copy kept, ")
    expect(draft.get_by_role("link", name="Both ends")).to_be_visible()


@pytest.mark.parametrize("how", ["live", "list"])
def test_a_closed_card_leads_to_the_evidence_of_its_claim(team_with_links: Team, how: str) -> None:
    page = lines(team_with_links, how).first.page
    claim = team_with_links.annotations()[0]["id"]
    evidence = page.locator("main").get_by_role("link", name="Evidence", exact=True)
    expect(evidence).to_have_attribute("href", f"/annotations/{claim}/")


def test_evidence_is_the_first_action_of_a_card_and_no_action_covers_its_words(team_with_links: Team) -> None:
    line = lines(team_with_links, "live").first
    card = line.page.locator("#cards .card.active")
    expect(card.locator(".actions").first.locator("a, button").first).to_have_text("Evidence")
    order = card.locator(".inside").evaluate(ORDER)
    assert order == ["actions", "links", "actions"]


@pytest.mark.parametrize("path", ["annotations", "?view=marks"])
def test_a_hidden_source_is_only_named_as_protected_where_the_server_writes(team: Team, path: str) -> None:
    given = kept(team, confidentiality="protected")
    page = team.page("ben", f"/articles/{team.article['id']}/{path}", java_script_enabled=False)
    line = page.locator(".cards .links > li")
    expect(line).to_contain_text("Source protected")
    for part in ("missing", "passage", "copy"):
        expect(line.locator(f"[data-part={part}]")).to_be_hidden()
    assert given.source["publisher"] not in page.content()


def test_marks_follow_the_filter_too(team: Team) -> None:
    team.annotate(CLAIM)
    team.annotate("Nobody counted them.", kind="number")
    page = team.page(path=f"/articles/{team.article['id']}/?view=marks")
    expect(page.locator("#cards .card")).to_have_count(2)
    page.get_by_text("Filter", exact=True).click()
    page.locator("#filter-kind").select_option("number")
    expect(page.locator("#filter-line")).to_contain_text("1 of 2 shown")
    expect(page.locator("#text mark:not([data-off])")).to_have_text(["Nobody counted them."])
    page.get_by_role("button", name="Show all").click()
    expect(page.locator("#text mark[data-off]")).to_have_count(0)
