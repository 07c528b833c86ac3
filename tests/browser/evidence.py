"""A project whose claim is linked to a source with a kept copy, and what is done with the copy."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from browser.reading import BOX, SELECT
from browser.team import Team
from playwright.sync_api import Locator, Page, expect

from annotator.columns import new_id

CLAIM = "It closes the old bridge to lorries."
COPY = (
    "The decree in full\n\n"
    "😀 Section one: the old bridge is closed to lorries. It stays open to everybody else.\n\n"
    "هذا نص عن الجسر القديم. لن يفتح مرة أخرى.\n\n"
    "The council may open the bridge again. The council must say why."
)


@dataclass(frozen=True)
class Kept:
    """The claim of the article, its source, and the link between them; `text` is the copy's on the server."""

    team: Team
    claim: dict[str, Any]
    source: dict[str, Any]
    link: dict[str, Any]
    snapshot: str
    text: str

    def now(self) -> dict[str, Any]:
        """The link as the server has it."""
        link: dict[str, Any] = self.team.call("GET", f"/links/{self.link['id']}")
        return link

    def words(self) -> str:
        """What the server's text has at the offsets of the link's passage."""
        passage = self.now()["passage"]
        return self.text[passage["start"] : passage["end"]]


def paste(team: Team, source: dict[str, Any], text: str, by: str = "ann") -> dict[str, Any]:
    """Keep pasted words as a copy of a source; gives the copy."""
    body = {"source": source["id"], "text": text}
    copy: dict[str, Any] = team.call("PUT", f"/snapshots/{new_id()}", body, by=by)["snapshot"]
    return copy


def upload(team: Team, source: dict[str, Any], name: str, media_type: str, content: bytes) -> None:
    """Keep a file as a copy of a source."""
    query = urlencode({"source": source["id"], "name": name})
    headers = {"Authorization": f"Bearer {team.people.tokens['ann']}", "Content-Type": media_type}
    address = f"{team.url}/api/v1/snapshots/{new_id()}/file?{query}"
    urlopen(Request(address, data=content, headers=headers, method="PUT"), timeout=60).close()


def kept(team: Team, **fields: Any) -> Kept:
    """Link the claim to a source whose words are kept."""
    source = team.put("sources", title="The decree", publisher="Town hall", **fields)
    snapshot = paste(team, source, COPY)["id"]
    claim = team.annotate(CLAIM)
    link = team.link(claim, "supports", source=source["id"])
    text = team.call("GET", f"/snapshots/{snapshot}")["text"]
    return Kept(team, claim, source, link, snapshot, text)


def line(page: Page, title: str = "The decree") -> Locator:
    """The line of the link to a source, in the open card."""
    return page.locator("#cards .links > li", has=page.locator("[data-part=far]", has_text=title))


def open_line(page: Page, title: str = "The decree") -> Locator:
    """Open the claim's card; gives the line of the link to a source."""
    page.locator("#cards .card h3 button").first.click()
    expect(line(page, title)).to_be_visible()
    return line(page, title)


def open_copy(page: Page, title: str = "The decree") -> Locator:
    """Open the copy of a linked source beside the article; gives its text."""
    open_line(page, title).locator("[data-act=passage]").click()
    text = page.locator("#copy-text")
    expect(text.locator(".words").first).to_be_visible()
    return text


def select_in_copy(page: Page, words: str) -> None:
    """Select words of the copy as a long press does."""
    page.locator("#copy-text .words", has_text=words).first.evaluate(SELECT, words)


def drag_over_copy(page: Page, words: str) -> None:
    """Select words of the copy by pulling the mouse over them."""
    block = page.locator("#copy-text .words", has_text=words).first
    block.scroll_into_view_if_needed()
    box = block.evaluate(BOX, words)
    page.mouse.move(box["left"] + 0.5, box["top"])
    page.mouse.down()
    page.mouse.move((box["left"] + box["right"]) / 2, box["bottom"])
    page.mouse.move(box["right"] - 0.5, box["bottom"], steps=4)
    page.mouse.up()


def use(page: Page) -> None:
    """Keep the selected words; waits for the server's answer."""
    page.get_by_role("button", name="Use these words").click()
    expect(page.locator("#copy .save-state")).to_have_text("Saved")
