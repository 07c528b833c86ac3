"""From the one-time link of a new installation to the exported file, by mouse: the first day of two people."""

import json
from collections.abc import Callable
from typing import Any

from browser.reading import card, drag_over
from playwright.sync_api import Page, expect
from running import RunningServer

ARTICLE = """Talks or no talks

By Ann Author

4 October 2022

The president signed a decree on 30 September 2022. It says that talks with the neighbour are “impossible”.

Two years later the tone is another one. Nobody explained why."""
CLAIM = "It says that talks with the neighbour are “impossible”."
ADMIN, REVIEWER = "words of an administrator", "words of a reviewer"
REMARK = "I am ready to sit down with them if that brings peace."


def find_link(server: RunningServer) -> str:
    """The one-time link that the program printed, at the address under which the browser sees it."""
    path = server.log.read_text().rpartition("/password/")[2].split()[0]
    return f"{server.url}/password/{path}"


def set_password(page: Page, link: str, words: str, who: dict[str, str] | None = None) -> None:
    """Follow a one-time link, set a password and be signed in; the first administrator also says who they are."""
    page.goto(link)
    for label, value in (who or {}).items():
        page.get_by_label(label).fill(value)
    page.get_by_label("New password").fill(words)
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_role("heading", name="My projects")).to_be_visible()


def invite(page: Page, name: str, email: str) -> str:
    """Invite a person as administrator; gives the link to hand on."""
    page.get_by_role("link", name="Admin").click()
    page.get_by_role("link", name="Invite", exact=True).click()
    page.get_by_label("Name (if you like)").fill(name)
    page.get_by_label("E-mail address", exact=True).fill(email)
    page.get_by_role("button", name="Invite", exact=True).click()
    return page.get_by_role("textbox", name=f"Link for {name}").input_value()


def accept(page: Page, link: str, words: str) -> None:
    """Follow an invitation and set a password; one is signed in then."""
    page.goto(link)
    page.get_by_label("Password").fill(words)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name="My projects")).to_be_visible()


def make_project(page: Page, name: str) -> None:
    """Make a project as administrator and stay on its page."""
    page.get_by_role("link", name="Annotator").click()
    page.get_by_role("link", name="New project").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Make project").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def give_role(page: Page, name: str) -> None:
    """Take a person into the project that is shown."""
    page.get_by_label("Person").select_option(name)
    page.get_by_role("button", name="Add member").click()
    expect(page.get_by_label(f"Role of {name}")).to_have_value("reviewer")


def bring_in(page: Page, project: str) -> None:
    """Open the project and paste the article."""
    page.get_by_role("link", name="Annotator").click()
    page.get_by_role("link", name=project, exact=True).click()
    page.get_by_role("link", name="Add article").first.click()
    page.get_by_label("Text of the article").fill(ARTICLE)
    expect(page.get_by_label("Published on")).to_have_value("2022-10-04")
    page.get_by_role("button", name="Add article").click()
    expect(page.locator("#text")).to_contain_text("Nobody explained why.")
    page.wait_for_load_state()  # the reader's script listens from then on


def highlight(page: Page) -> None:
    """Make a claim of a sentence and say who claims it."""
    drag_over(page, CLAIM)
    page.get_by_role("toolbar").get_by_role("button", name="Claim").click()
    editor = page.locator("#editor")
    editor.get_by_label("Note").fill("Check the **decree** itself.")
    editor.get_by_label("Tags", exact=True).fill("talks")
    editor.get_by_label("Who says it").fill("Oleh Maro")
    editor.get_by_label("When they said it").fill("2022-09-30")
    editor.get_by_role("button", name="Save Ctrl Enter").click()
    expect(editor).to_be_hidden()


def link_to_new_source(page: Page) -> None:
    """Link the open annotation to a source that is not known yet."""
    page.locator("#cards").get_by_role("button", name="Link L").click()
    page.get_by_role("option", name="New source").click()
    form = page.locator("[data-step=source]")
    form.get_by_label("Address (URL)").fill("https://gazette.example/decree-679")
    form.get_by_label("Title").fill("Decree 679")
    form.get_by_role("button", name="Go on").click()
    relate(page, "Supports")


def link_to_new_statement(page: Page) -> None:
    """Link it to what the same person said later."""
    page.locator("#cards").get_by_role("button", name="Link L").click()
    page.get_by_role("option", name="New statement").click()
    form = page.locator("[data-step=statement]")
    form.get_by_label("Speaker").fill("Oleh Maro")
    form.get_by_label("Their words").fill(REMARK)
    form.get_by_label("Said on").fill("2025-02")
    form.get_by_role("button", name="Go on").click()
    relate(page, "Contradicts")


def relate(page: Page, words: str) -> None:
    """Choose the relation, which saves the link, and close the palette."""
    page.locator("#palette-relations").get_by_role("button", name=words).click()
    expect(page.locator("#palette-linked")).to_contain_text(words)
    page.locator("#palette-close").click()
    expect(page.locator("#palette")).to_be_hidden()


def check_card(page: Page) -> None:
    """The card shows both ends with both dates, which came later, the note, the tag and the source."""
    found = card(page, CLAIM)
    for words in ("Oleh Maro", "30 September 2022", REMARK, "February 2025", "later", "Decree 679", "talks"):
        expect(found).to_contain_text(words)
    expect(found.locator("[data-relation=contradicts] dt").last).to_contain_text("Later")
    expect(found.locator("[data-part=body] strong")).to_be_visible()


def open_card(page: Page) -> None:
    """Open the card unless it is open."""
    card(page, CLAIM).get_by_role("button", name=CLAIM).click()


def exported(page: Page) -> Any:
    """Download the article's export by its page."""
    page.get_by_role("link", name="Details").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export JSON").click()
    return json.loads(download.value.path().read_text())


def check_export(file: Any) -> None:
    """The file holds the exact words of the span, both links and the dates of both ends."""
    (annotation,), (statement,), (source,), (snapshot,) = (
        file[name] for name in ("annotations", "statements", "sources", "snapshots")
    )
    (span,) = annotation["spans"]
    assert span["exact"] == snapshot["text"][span["start"] : span["end"]] == CLAIM
    assert (annotation["claimed_on"], file["articles"][0]["published_on"]) == ("2022-09-30", "2022-10-04")
    assert (statement["quote"], statement["said_on"]) == (REMARK, "2025-02")
    far = {link["relation"]: link["statement"] or link["source"] for link in file["links"]}
    assert far == {"contradicts": statement["id"], "supports": source["id"]}


def test_first_start_to_export_by_mouse(fresh_server: RunningServer, new_page: Callable[..., Page]) -> None:
    cleo, ann = new_page(), new_page()
    set_password(
        cleo, find_link(fresh_server), ADMIN, {"Your name": "Cleo", "Your e-mail address": "cleo@example.org"}
    )
    accept(ann, invite(cleo, "Ann", "ann@example.org"), REVIEWER)
    make_project(cleo, "East desk")
    give_role(cleo, "Ann")
    bring_in(ann, "East desk")
    highlight(ann)
    link_to_new_source(ann)
    link_to_new_statement(ann)
    check_card(ann)
    ann.reload()
    open_card(ann)
    check_card(ann)
    cleo.goto(ann.url)
    open_card(cleo)
    check_card(cleo)
    check_export(exported(ann))
