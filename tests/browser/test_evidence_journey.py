"""One claim from its highlight to another server: copy, words, contradiction, decision, pages, export, import."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from browser.evidence import drag_over_copy, line, use
from browser.reading import card, drag_over
from browser.team import PASSWORD, Commands, Team
from playwright.sync_api import Locator, Page, expect
from running import RunningServer

ARTICLE = """The pool stays open, for now

By Ann Author

12 March 2024

The mayor says that the open-air pool will never be sold. Swimmers are not convinced.

A buyer has been named in the council's papers since January."""
CLAIM = "The mayor says that the open-air pool will never be sold."
LETTER = b"""<!doctype html><html><head><meta charset="utf-8"><title>Letter</title></head><body>
<h1>Letter to the swimming club</h1><p>Dear members, <strong>the pool belongs to the town</strong> and stays there.</p>
<script>document.title = "run"</script></body></html>"""
WORDS = "the pool belongs to the town"
LATER = "We sold the pool because we had to."
EARLIER = "A pool is a matter of money."
MAYOR = "Ida Brand"
REASON = "Both sentences are hers, and the sale is in the register."


def bring_in(page: Page) -> None:
    """Paste the article into a new one."""
    page.get_by_label("Text of the article").fill(ARTICLE)
    expect(page.get_by_label("Published on")).to_have_value("2024-03-12")
    page.get_by_role("button", name="Add article").click()
    expect(page.locator("#text")).to_contain_text("Swimmers are not convinced.")


def highlight(page: Page) -> None:
    """Make a claim of the sentence, with who said it and when."""
    drag_over(page, CLAIM)
    page.get_by_role("toolbar").get_by_role("button", name="Claim").click()
    editor = page.locator("#editor")
    editor.get_by_label("Who says it").fill(MAYOR)
    editor.get_by_label("When they said it").fill("2024-03-10")
    editor.get_by_role("button", name="Save Ctrl Enter").click()
    expect(editor).to_be_hidden()


def add_source_with_file(page: Page) -> None:
    """Add a source in the library, keep a file as its copy, and look at the copy."""
    page.get_by_role("link", name="Sources").click()
    page.get_by_role("link", name="Add source").first.click()
    page.get_by_label("Title").fill("Letter to the club")
    page.get_by_label("Published on").fill("2 March 2024")
    page.get_by_role("button", name="Add source").click()
    file = {"name": "letter.html", "mimeType": "text/html", "buffer": LETTER}
    page.get_by_label("File", exact=True).set_input_files(files=[file])
    page.get_by_role("button", name="Add the file").click()
    expect(page.get_by_role("table")).to_contain_text("First copy")
    page.get_by_role("link", name="Copy 1").first.click()
    expect(page.locator("main strong", has_text=WORDS)).to_be_visible()


def relate(page: Page, words: str) -> None:
    """Choose the relation, which saves the link."""
    page.locator("#palette-relations").get_by_role("button", name=words).click()
    expect(page.locator("#palette-linked")).to_contain_text(words)


def link_words_of_copy(page: Page) -> None:
    """Link the claim to the source, and select the words that count in its copy beside the article."""
    card(page, CLAIM).get_by_role("button", name=CLAIM).click()
    page.keyboard.press("l")
    page.get_by_role("combobox").fill("letter club")
    page.get_by_role("option", name="Letter to the club").click()
    relate(page, "Supports")
    expect(page.locator("#palette-missing")).to_have_text("Draft: no words and no locator yet.")
    page.get_by_role("button", name="Select the words in a copy").click()
    drag_over_copy(page, WORDS)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True
    use(page)
    page.keyboard.press("Escape")
    found = line(page, "Letter to the club")
    expect(found.locator("[data-part=passage]")).to_have_text(f"Passage: “{WORDS}”")
    expect(found.locator("[data-part=missing]")).to_be_hidden()


def contradict(page: Page) -> None:
    """Link the claim to what the same speaker said later; the palette says what follows from both dates."""
    page.locator("#cards").get_by_role("button", name="Link L").click()
    page.get_by_role("option", name="New statement").click()
    form = page.locator("[data-step=statement]")
    form.get_by_label("Speaker").fill(MAYOR)
    form.get_by_label("Their words").fill(LATER)
    form.get_by_label("Said on").fill("May 2025")
    form.get_by_role("button", name="Go on").click()
    expect(page.locator("#palette-compared")).to_contain_text("1 year 2 months later; the same speaker")
    relate(page, "Contradicts")
    page.locator("#palette-close").click()
    found = line(page, MAYOR)
    expect(found.locator("[data-part=sentence]")).to_contain_text("1 year 2 months later; the same speaker")
    expect(found.locator("[data-part=decided]")).to_contain_text("Proposed")


def decide(page: Page) -> None:
    """Accept the contradiction as a second person, on the page that shows both ends."""
    page.get_by_role("link", name=f"Compare with {MAYOR}").click()
    expect(page.locator("main")).to_contain_text("It may supersede the earlier one rather than contradict it")
    expect(page.locator("main")).to_contain_text("This evidence is dated later than the article")
    page.get_by_label("Accept", exact=True).check()
    page.get_by_label("Reason").fill(REASON)
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("main")).to_contain_text("Accepted by Ben")
    expect(page.locator("main")).to_contain_text(REASON)


def evidence(page: Page, words: str) -> Locator:
    """The row of the claim's table that has these words."""
    return page.get_by_role("region", name="Table of evidence").get_by_role("row").filter(has_text=words)


def check_claim(page: Page) -> None:
    """The claim's page answers who, when, in which words, where, and whether a copy is held."""
    contradicts, supports = evidence(page, LATER), evidence(page, WORDS)
    for words in ("Contradicts", "Accepted", MAYOR, "May 2025", "later than the article"):
        expect(contradicts).to_contain_text(words)
    for words in ("Supports", "Letter to the club", "2 March 2024", "Copy 1"):
        expect(supports).to_contain_text(words)
    expect(page.get_by_role("heading", name="Both sides in time")).to_be_visible()


def check_speaker(page: Page) -> None:
    """The speaker's page puts what they said on one line of time, an earlier statement first."""
    page.get_by_role("link", name=MAYOR).first.click()
    page.get_by_role("link", name="Add statement").click()
    page.get_by_label("Words", exact=True).fill(EARLIER)
    page.get_by_label("Said on").fill("2021")
    page.get_by_role("button", name="Add statement").click()
    page.get_by_role("link", name=MAYOR).first.click()
    dates = page.get_by_role("table").locator("tbody tr").locator("td, th").locator("time")
    expect(dates).to_have_text(["2021", "May 2025"])
    expect(page.locator("figure svg a")).to_have_count(2)


def exported(page: Page, folder: Path, name: str) -> Any:
    """Download the project as an archive by its page; gives the path and what its file holds."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Export ZIP").click()
    path = folder / name
    download.value.save_as(path)
    with ZipFile(path) as archive:
        return path, json.loads(archive.read("project.json"))


def import_there(page: Page, server: RunningServer, path: Path) -> None:
    """Bring the archive into another server as its administrator, and join the project."""
    page.goto(f"{server.url}/login")
    page.get_by_label("E-mail address").fill("olga@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="My projects")).to_be_visible()
    page.goto(f"{server.url}/admin/import")
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", name="The file is imported")).to_be_visible()
    page.locator("main [role=status] a").click()
    page.get_by_role("button", name="Join as editor").click()
    page.get_by_role("dialog").get_by_role("button", name="Join as editor").click()


@pytest.fixture
def elsewhere(fresh_server: RunningServer) -> RunningServer:
    """A second server, with Olga as its administrator."""
    commands = Commands(fresh_server.instance)
    given = ("--name", "Olga", "--password-stdin", "--admin")
    commands("user", "add", "olga@example.org", *given, typed=f"{PASSWORD}\n")
    commands.app.extensions["annotator.database"].engine.dispose()
    return fresh_server


def test_evidence_from_the_highlight_to_another_server(
    team: Team, elsewhere: RunningServer, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    ann = team.page(path=f"/projects/{team.slug}/articles/new")
    bring_in(ann)
    highlight(ann)
    article = ann.url
    add_source_with_file(ann)
    ann.goto(article)
    link_words_of_copy(ann)
    contradict(ann)
    ann.locator("#cards").get_by_role("link", name="Evidence").click()
    ben = team.page("ben", path=ann.url.removeprefix(team.url))
    decide(ben)
    ann.reload()
    check_claim(ann)
    check_speaker(ann)
    ann.goto(f"{team.url}/projects/{team.slug}/")
    path, here = exported(ann, tmp_path, "here.zip")
    olga = new_page()
    import_there(olga, elsewhere, path)
    _, there = exported(olga, tmp_path, "there.zip")
    assert {link["contradiction_state"] for link in here["links"]} == {"accepted", None}
    assert there["links"] == here["links"]
    assert there["snapshots"] == here["snapshots"]
