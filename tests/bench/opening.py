"""Opening an article of 20,000 words with 2,000 highlights in a real Chromium, adding one, and opening a card."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from annotator.accounts.sessions import COOKIE
from annotator.columns import new_id
from tests.bench.data import words
from tests.bench.instance import Caller, serving
from tests.bench.measuring import Figure
from tests.factories import SignedIn
from tests.running import RunningServer
from tests.services import chromium_path

SCRIPT = (Path(__file__).parent / "opening.js").read_text(encoding="utf-8")
COUNT = 2_000
LENGTH = 20_000
ROUNDS, TRIES = 5, 25
SETTLED = 300
BYTES, PAINTED, ADDED, OPENED = 250_000, 300, 16, 5


@dataclass(frozen=True)
class Opened:
    """A page that was opened: bytes in all with headers; when its words, its highlights, and, coming from another
    page of ours, its highlights again were painted, in ms."""

    size: int
    text: float
    painted: float
    again: float
    page: Page


def measure(folder: Path) -> Iterator[Figure]:
    """Measure bytes and time of a cold start, then the work of one more highlight and of a click."""
    with (
        serving(folder / "opening", annotations=COUNT, links=COUNT) as (server, here, ann),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--disable-gpu"])
        plain = bring_in_plain(Caller(server, ann), here)
        opened, without = [], []
        for _ in range(ROUNDS):
            opened.append(open_cold(browser, server, here.article.id, ann))
            without.append(open_cold(browser, server, plain, ann))
        size = max(one.size for one in opened)
        painted = median(one.painted for one in opened)
        text = median(one.text for one in without)
        yield Figure(
            "open 2,000 highlights: bytes in all", f"{size / 1000:.0f} kB", "", "<= 250 kB", size <= BYTES
        )
        yield Figure(
            "open 2,000 highlights: painted after",
            f"{painted:.0f} ms",
            f"{painted / text:.1f} x the words of a page with none ({text:.0f} ms)",
            f"<= {PAINTED} ms",
            painted <= PAINTED,
        )
        again = median(one.again for one in opened)
        yield Figure(
            "the same, coming from another page of ours",
            f"{again:.0f} ms",
            f"{again / painted:.1f} x with nothing kept",
            f"<= {PAINTED} ms",
            again <= PAINTED,
        )
        yield from on_page(opened[-1].page, Caller(server, ann), here)
        browser.close()


def bring_in_plain(caller: Caller, here: SimpleNamespace) -> str:
    """Bring in another article of the same length, which gets no highlights; gives its id."""
    key = new_id()
    body = {"project": here.project.id, "text": words(LENGTH, seed=2), "title": "Another"}
    status, _ = caller.send("PUT", f"/api/v1/articles/{key}", body)
    assert status == 201
    return key


def open_cold(browser: Browser, server: RunningServer, article: str, ann: SignedIn) -> Opened:
    """Open the reader with an empty cache."""
    context = browser.new_context(viewport={"width": 1366, "height": 850})
    cookie = ann.get_cookie(COOKIE)
    assert cookie is not None
    site = server.url.replace("127.0.0.1", "localhost")
    context.add_cookies(
        [{"name": COOKIE, "value": cookie.value, "url": site.replace("http:", "https:"), "secure": True}]
    )
    page = context.new_page()
    page.add_init_script(f"{SCRIPT}\nwatchPaint();")
    sizes: list[int] = []
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(f"{site}/articles/{article}/", wait_until="networkidle")
    page.wait_for_timeout(SETTLED)
    text, painted = page.evaluate("() => [textAt(), globalThis.paintedAt ?? 0]")
    size = sum(sizes)
    page.goto(f"{site}/account", wait_until="networkidle")
    page.goto(f"{site}/articles/{article}/", wait_until="networkidle")
    page.wait_for_timeout(SETTLED)
    again = page.evaluate("() => globalThis.paintedAt ?? 0")
    return Opened(size, text, painted, again, page)


def on_page(page: Page, caller: Caller, here: SimpleNamespace) -> Iterator[Figure]:
    """Measure script and layout inside the open page."""
    added = [
        page.evaluate("(annotation) => addOne(annotation)", make_one(caller, here, number))
        for number in range(TRIES)
    ]
    cost = median(added)
    yield Figure(
        "add one highlight: script and layout", f"{cost:.1f} ms", "", f"<= {ADDED} ms", cost <= ADDED
    )
    clicks = [
        page.evaluate("(place) => clickToCard(place)", place)
        for place in page.evaluate("(most) => placesOnScreen(most)", TRIES)
    ]
    times = [taken for taken in clicks if taken is not None]
    cost = median(times)
    yield Figure(
        "click to card: script and layout",
        f"{cost:.1f} ms",
        f"{len(times)} clicks",
        f"<= {OPENED} ms",
        cost <= OPENED,
    )


def make_one(caller: Caller, here: SimpleNamespace, number: int) -> Any:
    """Create an annotation in the part of the text that is on screen; gives it as the server answers."""
    body = {
        "article": here.article.id,
        "snapshot": here.article.snapshot,
        "kind": "claim",
        "spans": [{"start": 40 * number + 3, "end": 40 * number + 60}],
    }
    status, answer = caller.send("PUT", f"/api/v1/annotations/{new_id()}", body)
    assert status == 201
    return json.loads(answer)
