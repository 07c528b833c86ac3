"""Passkeys and recovery codes in a real Chromium, whose developer tools lend a device that keeps passkeys."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from browser.factors import add_device, add_person, tab_to
from browser.team import PASSWORD, People
from playwright.sync_api import Page, expect
from sqlalchemy import update

from annotator.accounts.models import LoginSession
from annotator.accounts.queries import by_email
from annotator.accounts.totp import code_of, present_step
from annotator.columns import now
from annotator.database import db

HOME = "/account/second-factor"


class Desk:
    """A person with a page of their own, at the site's name: passkeys do not work under a number."""

    def __init__(self, staff: People, page: Page, name: str) -> None:
        self.page = page
        self.url = staff.server.url.replace("127.0.0.1", "localhost")
        self.email = add_person(staff, name)
        self.protocol = add_device(page)

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def give_password(self) -> None:
        """Fill the form to sign in, by keys alone."""
        self.go("/login")
        expect(self.page.get_by_label("E-mail address")).to_be_focused()
        self.page.keyboard.type(self.email)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")

    def press(self, name: str) -> None:
        """Go to a button or link by the Tab key and press Enter."""
        pattern = re.compile(f"^{re.escape(name)}$")
        found = self.page.get_by_role("button", name=pattern).or_(self.page.get_by_role("link", name=pattern))
        tab_to(self.page, found)
        self.page.keyboard.press("Enter")

    def heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)

    def sign_out(self) -> None:
        self.press("Sign out")
        self.heading("Sign in")

    def add_passkey(self) -> None:
        """Add a passkey and go on from the codes that come with the first one."""
        self.go(HOME)
        tab_to(self.page, self.page.get_by_label("Name", exact=True))
        self.page.keyboard.type("This computer")
        self.press("Add a passkey")
        self.heading("Recovery codes")


@pytest.fixture
def desk(staff: People, new_page: Callable[..., Page]) -> Desk:
    """Fay, who has signed in with her password."""
    found = Desk(staff, new_page(expect=("422", "403")), "fay")
    found.give_password()
    found.heading("My projects")
    return found


def test_passkey_is_added_signs_in_and_is_removed_by_keys_alone(desk: Desk, axe: Callable[..., None]) -> None:
    desk.add_passkey()
    axe(desk.page)
    desk.press("I have kept them")
    expect(desk.page.get_by_role("rowheader", name="This computer")).to_be_visible()
    desk.sign_out()
    desk.press("Sign in with a passkey")
    desk.heading("My projects")
    desk.go(HOME)
    axe(desk.page)
    desk.press("Remove")
    tab_to(desk.page, desk.page.get_by_role("dialog").get_by_role("button", name="Remove"))
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#status")).to_contain_text("The passkey is removed.")
    expect(desk.page.get_by_role("rowheader", name="This computer")).to_have_count(0)


def test_passkey_is_the_second_step_after_the_password(desk: Desk, axe: Callable[..., None]) -> None:
    desk.add_passkey()
    desk.sign_out()
    desk.give_password()
    desk.heading("Second factor")
    axe(desk.page)
    desk.press("Use a passkey")
    desk.heading("My projects")


def test_browser_that_has_no_fitting_passkey_says_what_to_do(desk: Desk) -> None:
    desk.protocol.send("WebAuthn.disable")
    desk.protocol.send("WebAuthn.enable")
    empty = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": False}
    desk.protocol.send("WebAuthn.addVirtualAuthenticator", {"options": empty})
    desk.go(HOME)
    desk.page.get_by_label("Name", exact=True).fill("Stick")
    desk.page.get_by_role("button", name="Add a passkey").click()
    expect(desk.page.locator("[data-passkey-error]")).to_contain_text("try again", timeout=140_000)


def test_passkey_without_a_name_is_not_asked_for(desk: Desk) -> None:
    desk.go(HOME)
    desk.press("Add a passkey")
    expect(desk.page.locator("[data-passkey-error]")).to_have_text("Fill this in first: Name.")
    expect(desk.page.get_by_label("Name", exact=True)).to_be_focused()


def test_second_passkey_in_the_same_device_is_not_needed(desk: Desk) -> None:
    desk.add_passkey()
    desk.go(HOME)
    desk.page.get_by_label("Name", exact=True).fill("Again")
    desk.page.get_by_role("button", name="Add a passkey").click()
    expect(desk.page.locator("[data-passkey-error]")).to_have_text(
        "This device keeps a passkey for this site already."
    )


def test_app_is_set_up_with_its_picture_and_signs_in(desk: Desk, axe: Callable[..., None]) -> None:
    desk.go(HOME)
    desk.press("Set up an app")
    desk.heading("Set up an authenticator app")
    picture = desk.page.get_by_role("img", name="The secret as a QR code")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    axe(desk.page)
    secret = (desk.page.locator("code.secret").text_content() or "").replace(" ", "")
    tab_to(desk.page, desk.page.get_by_label("Code"))
    desk.page.keyboard.type(code_of(secret, present_step()))
    desk.page.keyboard.press("Enter")
    desk.heading("Recovery codes")
    codes = desk.page.get_by_label("Your ten codes").input_value().split("\n")
    desk.sign_out()
    desk.give_password()
    expect(desk.page.get_by_label("Code from your authenticator app")).to_be_focused()
    desk.page.keyboard.type("000000")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("alert")).to_contain_text("This code does not fit.")
    axe(desk.page)
    tab_to(desk.page, desk.page.get_by_text("Use a recovery code", exact=True))
    desk.page.keyboard.press("Enter")
    tab_to(desk.page, desk.page.get_by_label("Recovery code", exact=True))
    desk.page.keyboard.type(codes[0])
    desk.page.keyboard.press("Enter")
    desk.heading("My projects")


def test_session_that_is_not_fresh_is_confirmed_with_the_passkey(desk: Desk, staff: People) -> None:
    desk.add_passkey()
    _age(staff, desk.email)
    desk.go(HOME)
    desk.press("Confirm that it is you")
    desk.heading("Confirm that it is you")
    desk.press("Use a passkey")
    desk.heading("Second factor")
    expect(desk.page.get_by_role("link", name="Confirm that it is you")).to_have_count(0)


def _age(staff: People, email: str) -> None:
    """Let it be an hour since the person proved who they are."""
    with staff.commands.app.app_context():
        person = db.session.scalars(by_email(email)).one()
        long_ago = {"authenticated_at": now() - timedelta(hours=1)}
        db.session.execute(update(LoginSession).where(LoginSession.user_id == person.id).values(long_ago))
        db.commit()
