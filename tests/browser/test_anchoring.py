"""Offsets of the canonical text against the page of a real browser: what Python cuts, the page selects and paints."""

import random
from typing import Any

import pytest
from browser.team import Team
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SCRIPTS = (
    "a plain sentence of words 👩‍👩‍👧‍👦 with 👍🏽 and 🇺🇦🇩🇪 flags",
    "astral 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 maths 𝟙𝟚𝟛 and e\u0301 a\u0308 o\u0302\u0323 marks",
    "جلس الوزير يوم الاثنين 12 مليون في القاعة",
    "שׁלום עוֹלם אמר השר bidi 7.9 אחוז",
    "大臣は月曜日に会見した。会談は終わった。한글 각 자모",
    "हिन्दी में कुछ शब्द क्षत्रिय",
    "odd\u00a0spaces\u2009and\u202fsoft\u00adhyphens\u200bzero\u2060width",
)
MARKUP = (
    "{}",
    "{}",
    "<em>{}</em>",
    "<strong>{}</strong>",
    '<a href="https://source.example/">{}</a>',
    "{}<br>",
)
CHECK = """async ([spans, module]) => {
  const { Blocks } = await import(module);
  const blocks = new Blocks(document.getElementById("text"));
  const wrong = [];
  for (const [start, end, exact] of spans) {
    const range = blocks.range(start, end);
    const from = blocks.offset(range.startContainer, range.startOffset);
    const to = blocks.offset(range.endContainer, range.endOffset);
    if (blocks.text(start, end) !== exact || from !== start || to !== end) wrong.push([start, end, exact, from, to]);
  }
  return wrong;
}"""
PAINTED = """() => {
  const order = (one, other) => one.start.compareBoundaryPoints(Range.START_TO_START, other.start);
  const told = [];
  for (const [name, highlight] of CSS.highlights) {
    const ranges = [...highlight].map((part) => {
      const range = document.createRange();
      range.setStart(part.startContainer, part.startOffset);
      range.setEnd(part.endContainer, part.endOffset);
      return { start: range, words: range.toString() };
    }).sort(order);
    const apart = ranges.slice(1).every((part, at) => {
      return ranges[at].start.compareBoundaryPoints(Range.START_TO_END, part.start) <= 0;
    });
    told.push([name, apart, ranges.map((part) => part.words)]);
  }
  return told;
}"""


def mixed_words(draw: random.Random) -> list[str]:
    """Some words of all scripts, in any order."""
    return [word for line in draw.sample(SCRIPTS, 4) for word in line.split(" ")]


def cut(page: Page, text: str, draw: random.Random, number: int) -> list[tuple[int, int, str]]:
    """Spans cut from the canonical text, within blocks and across them, from offset 0 to the end."""
    blocks: Any = page.evaluate(
        "() => [...document.querySelectorAll('[data-o]')].map((b) => [+b.dataset.o, +b.dataset.n])"
    )
    inside = [offset for start, length in blocks for offset in range(start, start + length)]
    last = {offset + 1 for offset in inside}
    spans = {(0, len(text)), (0, 1), (len(text) - 1, len(text))}
    while len(spans) < number:
        start = draw.choice(inside)
        end = min(start + draw.choice((1, 2, 5, 30, 400)), len(text))
        spans |= {(start, end)} if end in last else set()
    return [(start, end, text[start:end]) for start, end in spans]


def module(page: Page, name: str) -> str:
    """Give the address under which the page loaded a module."""
    found: Any = page.locator(f'link[rel=modulepreload][href$="/js/{name}"]').get_attribute("href")
    return str(found)


def test_o04_html_with_every_script_and_markup_goes_to_the_page_and_back(team: Team) -> None:
    draw = random.Random(1)
    paragraphs = [
        "".join(draw.choice(MARKUP).format(f"{word} ") for word in mixed_words(draw)) for _ in range(40)
    ]
    team.article = team.bring_in("".join(f"<p>{words}</p>\n" for words in paragraphs), media_type="text/html")
    signed = team.page()
    spans = cut(signed, team.article["text"], draw, 1500)
    assert signed.evaluate(CHECK, [spans, module(signed, "anchoring/blocks.js")]) == []


def test_o04_plain_text_with_line_breaks_and_odd_gaps_goes_to_the_page_and_back(team: Team) -> None:
    draw = random.Random(2)
    text = "\n\n\n".join("\n".join(" ".join(mixed_words(draw)) for _ in range(3)) for _ in range(20))
    team.article = team.bring_in(text)
    signed = team.page()
    spans = cut(signed, team.article["text"], draw, 1500)
    assert signed.evaluate(CHECK, [spans, module(signed, "anchoring/blocks.js")]) == []


def test_the_marked_view_keeps_the_same_offsets(team: Team) -> None:
    draw = random.Random(3)
    team.article = team.bring_in("\n\n".join(SCRIPTS))
    for words in ("👩‍👩‍👧‍👦 with", "शब्द", "مليون في", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 maths 𝟙", "e\u0301"):
        team.annotate(words)
    signed = team.page(path=f"/articles/{team.article['id']}/?view=marks")
    spans = cut(signed, team.article["text"], draw, 300)
    assert signed.locator("mark").count() >= 5
    assert signed.evaluate(CHECK, [spans, module(signed, "anchoring/blocks.js")]) == []


def test_overlapping_spans_are_painted_as_disjoint_ranges_that_cover_their_words(team: Team) -> None:
    team.article = team.bring_in("The mayor 👩🏽‍⚖️ sold the old harbour on Monday.\n\nNobody answered.")
    for words in (
        "The mayor 👩🏽‍⚖️ sold",
        "👩🏽‍⚖️ sold the old",
        "sold the",
        "old harbour on Monday.\n\nNobody",
    ):
        team.annotate(words)
    signed = team.page()
    signed.wait_for_function("() => CSS.highlights.get('tone-open').size === 2")
    painted = {name: (apart, words) for name, apart, words in signed.evaluate(PAINTED)}
    assert all(apart for apart, _ in painted.values())
    assert painted["tone-open"][1] == ["The mayor 👩🏽‍⚖️ sold the old harbour on Monday.", "Nobody"]
    assert painted["lane-0"][1] == ["The mayor 👩🏽‍⚖️ sold", "old harbour on Monday.", "Nobody"]
    assert painted["lane-2"][1] == ["sold the"]


def test_only_blocks_near_the_window_are_painted(team: Team) -> None:
    team.article = team.bring_in(
        "\n\n".join(f"Paragraph number {number} of a long article. " * 9 for number in range(80))
    )
    first = team.annotate("Paragraph number 0 of")
    team.annotate("Paragraph number 79 of")
    signed = team.page()
    signed.wait_for_function("() => CSS.highlights.get('tone-open').size === 1")
    signed.mouse.wheel(0, 100_000)
    signed.wait_for_function(
        "() => [...CSS.highlights.get('tone-open')][0]?.startContainer.data.includes('79')"
    )
    signed.goto(f"{team.article['url']}#annotation-{first['id']}")
    signed.wait_for_function("() => CSS.highlights.get('focus').size === 1")


def test_a_page_that_a_translator_changed_saves_nothing_by_offset(team: Team) -> None:
    team.article = team.bring_in("One sentence to translate.\n\nAnother one.")
    signed = team.page()
    signed.evaluate("() => { document.querySelector('#b0').firstChild.data = 'Ein Satz.'; }")
    signed.get_by_text("were changed by the browser").wait_for()
    signed.locator("#b0").click(click_count=3)
    signed.get_by_role("toolbar", name="Selected words").get_by_role("button", name="Claim").click()
    assert "Nothing was saved" in signed.locator("#status").inner_text()
    assert signed.locator("#editor").is_hidden()
