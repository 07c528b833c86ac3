"""A real Chromium before the real program. A page that complains fails its test, whatever that looked at."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.team import People, Team
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright
from running import RunningServer
from services import chromium_path

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES = {
    "desk": {"width": 1366, "height": 850},
    "tablet": {"width": 820, "height": 1180},
    "phone": {"width": 360, "height": 740},
}
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
AXE_RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The program as `annotator run` starts it, one for each worker; tests must not stop it."""
    server = RunningServer(tmp_path_factory.mktemp("live") / "instance")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def fresh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server for one test alone, which may stop, kill and restart it."""
    server = RunningServer(tmp_path_factory.mktemp("fresh") / "instance")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for each worker; every page gets a context of its own."""
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(QUIET))
        yield browser
        browser.close()


class Complaints:
    """What pages complained of: script errors, console errors, policy violations, foreign hosts."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.expected: list[str] = []

    def listen(self, page: Page) -> None:
        """Hear everything that this page complains of from now on."""
        page.on("pageerror", lambda error: self.heard.append(f"script error: {error}"))
        page.on("console", self._console)
        page.on("request", self._request)

    def unexpected(self) -> list[str]:
        """Return the complaints that match none of the patterns which the test named."""
        return [words for words in self.heard if not any(re.search(known, words) for known in self.expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.heard.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.hostname not in {"127.0.0.1", "localhost"}:
            self.heard.append(f"foreign host: {request.url}")


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A function `(size="desk", expect=(), **options)` that opens a page in a context of its own.

    `size` is a name in SIZES; `expect` lists patterns of complaints that the test provokes on purpose;
    the options are those of Playwright's `new_context` (storage_state, locale, color_scheme, has_touch ...).
    """
    complaints = Complaints()
    contexts = []

    def open_page(size: str = "desk", expect: tuple[str, ...] = (), **options: Any) -> Page:
        context = chromium.new_context(**{"viewport": SIZES[size], "locale": "en-GB", **options})
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("page", complaints.listen)
        complaints.expected.extend(expect)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert "\n".join(complaints.unexpected()) == ""


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page in a window of a desk's size."""
    return new_page()


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """A function `(page, context=None)` that fails when axe-core finds a violation of WCAG 2.2 AA."""
    checker = Axe()

    def check(page: Page, context: str | None = None) -> None:
        violations = checker.run(page, context=context, options=AXE_RULES).response["violations"]
        found = [
            f"{rule['id']}: {node['target']} {node['html']}" for rule in violations for node in rule["nodes"]
        ]
        assert found == []

    return check


@pytest.fixture(scope="session")
def staff(live_server: RunningServer) -> Iterator[People]:
    """Ann, Ben, Eve, Dee and Cleo on the worker's server; its tests share them."""
    people = People(live_server)
    yield people
    people.commands.app.extensions["annotator.database"].engine.dispose()


@pytest.fixture
def team(staff: People, new_page: Callable[..., Page]) -> Team:
    """A new project of these people with one article; `team.page("ben")` opens it as Ben."""
    return Team(staff, new_page)
