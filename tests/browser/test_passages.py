"""Words of a copy beside the article become the passage of a link: by mouse, key, finger, and without script."""

import pytest
from articles.ingest.pdf_files import column, pdf
from browser.evidence import (
    CLAIM,
    Kept,
    drag_over_copy,
    kept,
    line,
    open_copy,
    open_line,
    paste,
    select_in_copy,
    upload,
    use,
)
from browser.team import Team
from playwright.sync_api import expect

AFTER_EMOJI = "the old bridge is closed to lorries"
ARABIC = "لن يفتح مرة أخرى."
PHONE = {"viewport": {"width": 380, "height": 800}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def given(team: Team) -> Kept:
    """A claim that is linked to a source with a copy, and no words chosen yet."""
    return kept(team)


@pytest.mark.parametrize("words", [AFTER_EMOJI, ARABIC])
def test_words_dragged_over_in_the_copy_become_the_passage(given: Kept, words: str) -> None:
    page = given.team.page()
    open_copy(page)
    drag_over_copy(page, words)
    use(page)
    passage = given.now()["passage"]
    assert (passage["snapshot"], passage["exact"], given.words()) == (given.snapshot, words, words)


def test_words_are_chosen_by_keyboard_alone(given: Kept) -> None:
    page = given.team.page()
    expect(page.locator("#cards .card")).to_have_count(1)
    page.keyboard.press("n")
    line(page).locator("[data-act=passage]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#copy-text")).to_be_focused()
    for key in ("j", "j", "Shift+J", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#copy .save-state")).to_have_text("Saved")
    assert given.words().startswith("😀 Section one")
    assert given.words().endswith("everybody else.")


def test_words_are_found_and_taken_by_key(given: Kept) -> None:
    page = given.team.page()
    open_copy(page)
    page.keyboard.press("f")
    page.keyboard.type("the council")
    expect(page.locator("#copy-found")).to_have_text("1 of 2. Enter selects it.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Use these words")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#copy .save-state")).to_have_text("Saved")
    assert given.now()["passage"]["start"] == given.text.rindex("The council")


def test_words_are_chosen_by_finger_on_a_phone(given: Kept) -> None:
    page = given.team.page(**PHONE)
    page.locator("#panel-open").tap()
    page.locator("#cards h3 button").tap()
    line(page).locator("[data-act=passage]").tap()
    expect(page.locator("#copy-text .words").first).to_be_visible()
    select_in_copy(page, ARABIC)
    expect(page.locator(".copy-chosen")).to_contain_text(ARABIC)
    page.get_by_role("button", name="Use these words").tap()
    expect(page.locator("#copy .save-state")).to_have_text("Saved")
    assert given.words() == ARABIC


def test_a_tapped_sentence_of_the_copy_is_chosen(given: Kept) -> None:
    page = given.team.page(**PHONE)
    page.locator("#panel-open").tap()
    page.locator("#cards h3 button").tap()
    line(page).locator("[data-act=passage]").tap()
    page.locator("#copy").get_by_role("button", name="Tap a sentence").tap()
    page.locator("#copy-text .words", has_text="The council may").tap(position={"x": 20, "y": 12})
    page.get_by_role("button", name="Use these words").tap()
    expect(page.locator("#copy .save-state")).to_have_text("Saved")
    assert given.words() == "The council may open the bridge again."


def test_a_draft_is_whole_once_its_words_are_chosen(given: Kept) -> None:
    page = given.team.page()
    expect(open_line(page).locator("[data-part=missing]")).to_have_text("Draft: no words and no locator yet.")
    line(page).locator("[data-act=passage]").click()
    select_in_copy(page, AFTER_EMOJI)
    use(page)
    page.keyboard.press("Escape")
    expect(line(page).locator("[data-part=missing]")).to_be_hidden()
    expect(line(page).locator("[data-part=passage]")).to_have_text(f"Passage: “{AFTER_EMOJI}”")
    assert given.now()["draft"] is False


def test_the_choice_of_words_is_undone(given: Kept) -> None:
    page = given.team.page()
    open_copy(page)
    select_in_copy(page, AFTER_EMOJI)
    use(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#status")).to_have_text("The link is as it was.")
    assert (given.now()["passage"], given.now()["draft"]) == (None, True)


def test_words_that_somebody_else_chose_meanwhile_are_not_written_over(given: Kept) -> None:
    page = given.team.page(expect=("412",))
    open_copy(page)
    place = {"snapshot": given.snapshot, "start": 0, "end": 10}
    given.team.call("PATCH", f"/links/{given.link['id']}", {"passage": place}, by="ben", version=1)
    select_in_copy(page, AFTER_EMOJI)
    page.get_by_role("button", name="Use these words").click()
    expect(page.get_by_role("dialog")).to_contain_text("“The decree”")
    page.get_by_label("Ben: now saved").check()
    page.get_by_role("button", name="Save what is chosen").click()
    expect(page.locator("#copy .save-state")).to_have_text("Saved")
    assert given.words() == "The decree"


def test_the_page_of_a_pdf_becomes_the_locator(team: Team) -> None:
    given = kept(team)
    pages = [column(["The first page says nothing."]), column(["The bridge is closed to lorries."])]
    upload(team, given.source, "decree.pdf", "application/pdf", pdf(pages))
    page = team.page()
    text = open_copy(page)
    expect(text.locator(".copy-page")).to_have_text(["Page 1", "Page 2"])
    select_in_copy(page, "closed to lorries")
    use(page)
    link = given.now()
    assert (link["passage"]["exact"], link["locator_kind"], link["locator"]) == (
        "closed to lorries",
        "page",
        "2",
    )


def test_the_words_are_set_without_script(given: Kept) -> None:
    page = given.team.page(path=f"/links/{given.link['id']}/", java_script_enabled=False)
    page.locator("summary", has_text="Words that count").click()
    page.get_by_label("Words", exact=True).fill(AFTER_EMOJI)
    page.get_by_role("button", name="Set the words").click()
    expect(page.locator("main")).to_contain_text(AFTER_EMOJI)
    assert given.words() == AFTER_EMOJI


def test_words_are_chosen_right_after_linking(team: Team) -> None:
    source = team.put("sources", title="The decree")
    paste(team, source, "The bridge is closed. Nobody may pass.")
    team.annotate(CLAIM)
    page = team.page()
    page.locator("#cards .card h3 button").click()
    page.keyboard.press("l")
    page.get_by_role("option", name="The decree").click()
    page.keyboard.press("s")
    expect(page.locator("#palette-missing")).to_have_text("Draft: no words and no locator yet.")
    page.get_by_role("button", name="Select the words in a copy").click()
    select_in_copy(page, "Nobody may pass.")
    use(page)
    assert team.annotations()[0]["links"][0]["passage"]["exact"] == "Nobody may pass."


def test_words_of_a_statement_are_chosen_in_the_copy_of_its_source(team: Team) -> None:
    source = team.put("sources", title="The interview")
    paste(team, source, "Asked again, she said: We may open it. Then she left.")
    mayor = team.put("speakers", name="Mira Velk")
    said = team.put("statements", speaker=mayor["id"], quote="We may open it.", source=source["id"])
    team.link(team.annotate(CLAIM), "contradicts", statement=said["id"])
    page = team.page()
    open_copy(page, "Mira Velk")
    select_in_copy(page, "We may open it.")
    use(page)
    assert team.annotations()[0]["links"][0]["passage"]["exact"] == "We may open it."


def test_words_are_chosen_in_the_copy_that_is_shown_last(given: Kept) -> None:
    paste(given.team, given.source, "Another text altogether, and longer by a few words.")
    page = given.team.page()
    text = open_copy(page)
    page.get_by_label("Copy", exact=True).select_option(given.snapshot)
    expect(text).to_contain_text("Section one")
    select_in_copy(page, ARABIC)
    use(page)
    assert given.words() == ARABIC
