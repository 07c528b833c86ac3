"""Signing in through a provider, in a real browser: its form, the way back, confirming, signing out, the first link."""

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from accounts.oidc.real import real_provider
from playwright.sync_api import Page, expect
from running import RunningServer

PHONE = {"width": 380, "height": 800}
NORA = {"sub": "nora-1", "email": "nora@example.org", "name": "Nora", "groups": ["fact-desk"]}
CHIEF = {"sub": "chief-1", "email": "chief@example.org", "name": "Chief", "groups": []}
REFUSED = (r"status of 403 \(FORBIDDEN\)",)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A new installation that signs people in through a provider; everybody is asked anew for account changes."""
    with real_provider(NORA, CHIEF) as issuer:
        settings = {
            "ANNOTATOR_OIDC_ISSUER": issuer,
            "ANNOTATOR_OIDC_CLIENT_ID": "annotator",
            "ANNOTATOR_OIDC_CLIENT_SECRET": "a secret of the tests",
            "ANNOTATOR_OIDC_NAME": "Newsroom",
            "ANNOTATOR_OIDC_ROLES": "fact-desk=desk:reviewer",
            "ANNOTATOR_FRESH_FOR": "1",
        }
        server = RunningServer(tmp_path_factory.mktemp("oidc") / "instance", settings=settings)
        server.start()
        server.run("project", "add", "Desk", "--slug", "desk")
        path = server.log.read_text().rpartition("/password/")[2].split()[0]
        yield SimpleNamespace(server=server, url=server.url, link=f"{server.url}/password/{path}")
        server.stop()


def sign_in_there(page: Page, who: str) -> None:
    """Choose a person on the provider's page."""
    page.get_by_role("button", name=who).click()


def sign_in(page: Page, url: str, who: str = "nora-1") -> None:
    page.goto(f"{url}/login")
    page.get_by_role("link", name="Sign in with Newsroom").click()
    sign_in_there(page, who)


def test_signing_in_leads_to_the_provider_and_back_to_where_one_was_going(
    site: SimpleNamespace, page: Page
) -> None:
    page.goto(f"{site.url}/projects/desk/")
    page.get_by_role("link", name="Sign in with Newsroom").click()
    sign_in_there(page, "nora-1")
    expect(page).to_have_url(f"{site.url}/projects/desk/")
    expect(page.get_by_role("link", name="Nora")).to_be_visible()


def test_the_page_to_sign_in_has_no_password_and_is_accessible(
    site: SimpleNamespace, new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    page = new_page(viewport=PHONE, color_scheme="dark")
    page.goto(f"{site.url}/login")
    expect(page.get_by_label("Password")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    axe(page)


def test_somebody_unknown_sees_what_to_do_on_an_accessible_page(
    site: SimpleNamespace, new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    page = new_page(viewport=PHONE, expect=REFUSED)
    page.goto(f"{site.url}/login")
    page.get_by_role("link", name="Sign in with Newsroom").click()
    page.get_by_placeholder("sub").fill("stranger-1")
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    expect(page.get_by_text("Ask your administrator for a link")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    axe(page)


def test_a_change_of_the_account_is_confirmed_there_and_done_afterwards(
    site: SimpleNamespace, new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    page = new_page(expect=REFUSED)
    sign_in(page, site.url)
    page.goto(f"{site.url}/account")
    page.get_by_text("Make a token").click()
    page.get_by_label("What it is for").fill("Nightly export")
    page.wait_for_timeout(1500)  # until the sign-in is no longer fresh
    page.get_by_role("button", name="Make token").click()
    axe(page)
    page.get_by_role("button", name="Confirm with Newsroom").click()
    sign_in_there(page, "nora-1")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("textbox", name="Your new API token")).to_be_visible()


def test_after_signing_out_the_providers_own_page_is_offered(site: SimpleNamespace, page: Page) -> None:
    sign_in(page, site.url)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign out there, too").click()
    expect(page).to_have_url(re.compile(r"/oauth2/end_session\?client_id=annotator"))


def test_the_first_administrator_comes_in_by_the_link_of_the_first_start(
    site: SimpleNamespace, page: Page, axe: Callable[..., None]
) -> None:
    page.goto(site.link)
    expect(page.get_by_label("New password")).to_have_count(0)
    axe(page)
    page.get_by_role("link", name="Sign in with Newsroom").click()
    sign_in_there(page, "chief-1")
    expect(page.get_by_role("link", name="Admin")).to_be_visible()
    expect(page.get_by_role("link", name="Chief")).to_be_visible()
