"""Words are kept when somebody else saves first, when the network goes away and when the sign-in has ended."""

import pytest
from browser.reading import card, drag_over
from browser.team import PASSWORD, People, Team
from playwright.sync_api import Locator, Page, expect

WORDS = "the old bridge"
CUT = ("ERR_INTERNET_DISCONNECTED",)
ENDED = ("401",)


def edit(page: Page, note: str) -> Locator:
    """Open the annotation of the article and type another note; gives the form."""
    card(page, WORDS).get_by_role("button", name=WORDS).click()
    page.locator("#cards").get_by_role("button", name="Edit E").click()
    editor = page.locator("#editor")
    editor.get_by_label("Note").fill(note)
    return editor


def save(page: Page) -> None:
    """Press the button that saves."""
    page.locator("#editor").get_by_role("button", name="Save Ctrl Enter").click()


@pytest.fixture
def conflict(team: Team) -> Page:
    """Ben's page after Ann has saved another note than the one that Ben is saving."""
    team.annotate(WORDS, body="First.")
    ann, ben = team.page("ann"), team.page("ben", expect=("412",))
    edit(ann, "Written by Ann.")
    edit(ben, "Written by Ben.")
    save(ann)
    expect(ann.locator("#editor")).to_be_hidden()
    save(ben)
    expect(ben.get_by_role("dialog")).to_contain_text("Written by Ann.")
    expect(ben.get_by_role("dialog")).to_contain_text("Written by Ben.")
    return ben


def note_of(team: Team) -> str:
    """The note that the server has."""
    (annotation,) = team.annotations()
    return str(annotation["body"])


def test_second_of_two_people_keeps_their_own_version(team: Team, conflict: Page) -> None:
    conflict.get_by_role("button", name="Save what is chosen").click()
    expect(card(conflict, WORDS)).to_contain_text("Written by Ben.")
    assert note_of(team) == "Written by Ben."


def test_second_of_two_people_takes_the_other_version(team: Team, conflict: Page) -> None:
    conflict.get_by_label("Ann: now saved").check()
    conflict.get_by_role("button", name="Save what is chosen").click()
    expect(card(conflict, WORDS)).to_contain_text("Written by Ann.")
    assert note_of(team) == "Written by Ann."


def test_second_of_two_people_writes_a_third_version(team: Team, conflict: Page) -> None:
    conflict.get_by_text("Write it anew").click()
    conflict.get_by_label("Note, written anew").fill("Written by both.")
    conflict.get_by_role("button", name="Save what is chosen").click()
    expect(card(conflict, WORDS)).to_contain_text("Written by both.")
    assert note_of(team) == "Written by both."


def test_a_conflict_left_for_later_is_offered_again(team: Team, conflict: Page) -> None:
    conflict.get_by_role("button", name="Decide another time").click()
    conflict.on("dialog", lambda dialog: dialog.accept())
    conflict.reload()
    conflict.get_by_text("1 unsaved change").click()
    conflict.get_by_role("button", name="Restore").click()
    expect(conflict.locator("#editor-body")).to_have_value("Written by Ben.")
    save(conflict)
    expect(conflict.get_by_role("dialog")).to_contain_text("Written by Ann.")
    assert note_of(team) == "Written by Ann."


def test_people_who_change_different_fields_do_not_meet(team: Team) -> None:
    team.annotate(WORDS, body="First.")
    ann, ben = team.page("ann"), team.page("ben", expect=("412",))
    edit(ann, "Written by Ann.")
    edit(ben, "First.").get_by_label("Tags", exact=True).fill("lorries")
    save(ann)
    expect(ann.locator("#editor")).to_be_hidden()
    save(ben)
    expect(card(ben, WORDS)).to_contain_text("lorries")
    assert note_of(team) == "Written by Ann."


def test_words_written_without_network_are_saved_when_it_is_back(team: Team) -> None:
    page = team.page(expect=CUT)
    drag_over(page, WORDS)
    page.context.set_offline(True)
    page.keyboard.press("c")
    page.keyboard.type("Written on the train.")
    expect(page.locator("#editor-saving")).to_have_text("Here only")
    page.context.set_offline(False)
    expect(page.locator("#editor-saving")).to_have_text("Here only")
    save(page)
    expect(card(page, WORDS)).to_contain_text("Written on the train.")
    assert note_of(team) == "Written on the train."


def test_saving_without_network_goes_on_by_itself_when_it_is_back(team: Team) -> None:
    team.annotate(WORDS)
    page = team.page(expect=CUT)
    edit(page, "Written on the train.")
    page.context.set_offline(True)
    save(page)
    expect(page.locator("#editor-saving")).to_have_text("Here only")
    assert note_of(team) == ""
    page.context.set_offline(False)
    expect(page.locator("#editor")).to_be_hidden()
    assert note_of(team) == "Written on the train."


def test_words_written_without_network_outlive_a_reload(team: Team) -> None:
    page = team.page(expect=CUT)
    drag_over(page, WORDS)
    page.context.set_offline(True)
    page.keyboard.press("c")
    page.keyboard.type("Written on the train.")
    expect(page.locator("#editor-saving")).to_have_text("Here only")
    page.wait_for_timeout(400)  # the draft is written 300 ms after the last key
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.set_offline(False)
    page.reload()
    page.get_by_text("1 unsaved change").click()
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("#editor-body")).to_have_value("Written on the train.")
    save(page)
    expect(page.locator("#editor")).to_be_hidden()
    assert note_of(team) == "Written on the train."


@pytest.fixture
def signed_out(team: Team) -> Page:
    """Ann's page with a note in the form, saved after her session has ended; it asks her to sign in."""
    team.annotate(WORDS)
    page = team.page(expect=ENDED)
    edit(page, "Written too late.")
    page.context.clear_cookies()
    save(page)
    expect(page.get_by_role("dialog", name="Sign in again")).to_be_visible()
    return page


def sign_in(page: Page, who: str) -> None:
    """Sign in where the page asks for it."""
    dialog = page.get_by_role("dialog", name="Sign in again")
    dialog.get_by_label("E-mail").fill(People.email(who))
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()


def test_words_are_saved_after_signing_in_again(team: Team, signed_out: Page) -> None:
    sign_in(signed_out, "ann")
    expect(card(signed_out, WORDS)).to_contain_text("Written too late.")
    assert note_of(team) == "Written too late."


def test_another_person_who_signs_in_does_not_get_the_draft(team: Team, signed_out: Page) -> None:
    sign_in(signed_out, "ben")
    expect(signed_out.get_by_role("dialog")).to_contain_text("You are now signed in as Ben")
    signed_out.on("dialog", lambda dialog: dialog.accept())
    signed_out.get_by_role("button", name="Go on as Ben").click()
    expect(signed_out.locator(".account")).to_contain_text("Ben")
    expect(signed_out.locator("#unsaved")).to_be_hidden()
    assert note_of(team) == ""


def test_draft_waits_for_the_person_who_wrote_it(team: Team, signed_out: Page) -> None:
    signed_out.on("dialog", lambda dialog: dialog.accept())
    signed_out.get_by_role("button", name="Not now").click()
    team.people.sign_in(signed_out, "ann")
    signed_out.goto(team.article["url"])
    signed_out.get_by_text("1 unsaved change").click()
    signed_out.get_by_role("button", name="Restore").click()
    expect(signed_out.locator("#editor-body")).to_have_value("Written too late.")
