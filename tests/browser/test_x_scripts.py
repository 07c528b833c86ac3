"""X, in a real Chromium: hostile words and pages run nothing, ask nobody elsewhere, and break no rule of the policy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser.conftest import REPORT_VIOLATIONS, Complaints
from browser.team import Team
from playwright.sync_api import Browser, Page, expect
from running import RunningServer
from text.test_note_markup import PAYLOADS

from annotator.columns import new_id

pytestmark = pytest.mark.browser

EVIL = '"><img src=x onerror="window.hurt=1"><script>window.hurt=1</script>{{7*7}}'
OUTSIDE = (
    "<article><h1>A page</h1><p>The old bridge is closed to lorries.</p><img src='https://tracker.example/p.gif'>"
    "<a href='https://news.example/' ping='https://tracker.example/ping'>a link</a>"
    "<p style='background:url(https://tracker.example/bg)'>Nobody counted them, and nobody asked.</p>"
    "<video poster='https://tracker.example/v.png' src='https://tracker.example/v.mp4'></video>"
    "<link rel='prefetch' href='https://tracker.example/next'><iframe src='https://tracker.example/'></iframe></article>"
)
PLANTS = {
    "a picture from elsewhere": "const i = new Image(); i.src = 'https://evil.example/x'; document.body.append(i)",
    "a style": "document.body.setAttribute('style', 'color: red')",
    "a script in an attribute": "try { document.body.setAttribute('onclick', 'window.hurt = 1') } catch {}",
    "markup from text": "try { document.body.innerHTML = '<p>x</p>' } catch {}",
    "a call elsewhere": "fetch('https://evil.example/').catch(() => 0)",
    "an error in a script": "setTimeout(() => { throw new Error('planted') })",
}


def asks(page: Page) -> list[str]:
    """Hear dialogs and every request to another host from now on; what is heard is added to the list."""
    heard: list[str] = []

    def dialog(shown: Any) -> None:
        heard.append(f"dialog: {shown.message}")
        shown.dismiss()

    page.on("dialog", dialog)
    page.on("request", lambda one: heard.append(one.url) if "127.0.0.1" not in one.url else None)
    return heard


def is_unhurt(page: Page) -> bool:
    """Whether no script of theirs ran and no element of theirs was made."""
    theirs = (
        "img[src=x], [onerror], [onclick], [onload], iframe, a[href^=javascript], object, embed, svg[onload]"
    )
    return bool(page.evaluate(f"() => !window.hurt && !document.querySelector('{theirs}')"))


def test_x01_payloads_in_an_article_do_nothing_in_the_browser(team: Team) -> None:
    hostile = [payload.replace("alert(1)", "window.hurt=1") for payload in PAYLOADS]
    text = "".join(f"<p>Words number {number}.</p>{payload}" for number, payload in enumerate(hostile[:20]))
    rest = "".join(
        f"<p>More words {number}.</p><div>{payload}</div>" for number, payload in enumerate(hostile[20:])
    )
    for words in (text, rest):
        team.article = team.bring_in(f"<article>{words}</article>", media_type="text/html", title="Payloads")
        page = team.page("ann", "/")
        heard = asks(page)
        for path in ("", "?view=marks"):
            page.goto(team.article["url"] + path)
            expect(page.locator("h1").first).to_contain_text("Payloads")
            page.wait_for_timeout(300)
            assert is_unhurt(page)
        assert heard == []


def test_x01_and_x03_nor_in_a_note(team: Team) -> None:
    for payload in PAYLOADS:
        team.annotate("the old bridge", body=payload.replace("alert(1)", "window.hurt=1"))
    page = team.page("ann", f"/articles/{team.article['id']}/annotations")
    heard = asks(page)
    page.reload()
    expect(page.locator(".card").first).to_be_visible()
    page.goto(team.article["url"])
    page.locator("#cards h3 button").first.click()
    page.wait_for_timeout(300)
    assert (is_unhurt(page), heard) == (True, [])


def test_x02_opening_an_article_asks_nobody_elsewhere(team: Team) -> None:
    team.article = team.bring_in(OUTSIDE, media_type="text/html", title="A page")
    page = team.page("ann", "/")
    heard = asks(page)
    for path in ("", "?view=marks", "annotations", "details"):
        page.goto(team.article["url"] + path)
        page.wait_for_timeout(200)
    page.goto(team.article["url"])
    assert page.locator("[ping], img[src*=tracker], iframe, video").count() == 0
    assert heard == []


def test_x03_questions_notices_and_titles_say_words(team: Team) -> None:
    team.article = team.bring_in(f"{EVIL} and the old bridge.", title=EVIL)
    team.annotate("the old bridge", body=EVIL, claim_text=EVIL, tags=[EVIL[:60]])
    page = team.page("eve")
    heard = asks(page)
    assert EVIL in page.title()
    page.locator("#cards h3 button").first.click()
    page.keyboard.press("d")
    page.wait_for_timeout(300)
    assert is_unhurt(page)
    page.goto(f"{team.article['url']}details")
    page.emulate_media(media="print")
    assert (is_unhurt(page), [one for one in heard if one.startswith("http")]) == (True, [])


def test_x05_what_came_in_opens_as_a_download(team: Team, tmp_path: Path) -> None:
    source = team.put("sources", title="Law")
    words = "<script>window.hurt=1</script><p>The bridge costs 12 million. Nobody answered.</p>"
    kept = team.call("PUT", f"/snapshots/{new_id()}", {"source": source["id"], "text": words})
    page = team.page("ann", "/")
    with page.expect_download() as download:
        page.evaluate(f"() => {{ location.href = '/api/v1/snapshots/{kept['snapshot']['id']}/raw' }}")
    download.value.save_as(tmp_path / "raw")
    assert b"<script>" in (tmp_path / "raw").read_bytes()
    assert is_unhurt(page)


def test_x11_a_sign_that_turns_words_round_is_seen_and_turns_nothing(team: Team) -> None:
    words = "He paid \u202e00021\u202c for the old bridge."
    team.article = team.bring_in(words, title="Turned")
    page = team.page("ann")
    marks = page.locator(".hidden-sign")
    expect(marks).to_have_count(2)
    box = marks.first.bounding_box()
    assert box is not None
    assert box["width"] > 2
    assert words in page.locator(".words[data-o='0']").evaluate("node => node.textContent")
    team.annotate("the old bridge")
    page.reload()
    expect(page.locator("#cards .words").first).to_contain_text("the old bridge")


@pytest.mark.parametrize("plant", PLANTS)
def test_x10_the_listener_hears_what_breaks_the_policy(
    chromium: Browser, live_server: RunningServer, plant: str
) -> None:
    complaints, context = Complaints(), chromium.new_context()
    context.add_init_script(REPORT_VIOLATIONS)
    context.on("page", complaints.listen)
    page = context.new_page()
    page.goto(f"{live_server.url}/login")
    assert complaints.unexpected() == []
    page.evaluate(f"() => {{ {PLANTS[plant]} }}")
    page.wait_for_timeout(500)
    assert complaints.unexpected() != []
    context.close()


def test_x10_the_whole_click_through_breaks_no_rule(team: Team, new_page: Callable[..., Page]) -> None:
    page = team.page("eve", "/")
    heard = asks(page)
    here = f"/projects/{team.slug}/"
    below = ("", "settings", "sources/", "statements/", "speakers/", "articles/new", "import")
    for path in (
        "/",
        "/account",
        "/api/docs",
        f"/articles/{team.article['id']}/",
        *(here + end for end in below),
    ):
        page.goto(team.url + path)
        page.wait_for_load_state("networkidle")
    assert heard == []
