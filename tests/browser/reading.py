"""What a person does in the reader, by mouse or finger; the keyboard needs no words for it."""

from playwright.sync_api import Locator, Page, expect

RANGE = """(element, words) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let all = "";
  const nodes = [];
  while (walker.nextNode()) { nodes.push([walker.currentNode, all.length]); all += walker.currentNode.data; }
  const find = (at) => { const [node, from] = nodes.findLast(([, start]) => start <= at); return [node, at - from]; };
  const start = all.indexOf(words);
  const range = document.createRange();
  range.setStart(...find(start));
  const [node, offset] = find(start + words.length - 1);
  range.setEnd(node, offset + 1);
  return range;
}"""
BOX = f"""(element, words) => {{
  const range = ({RANGE})(element, words);
  const boxes = [...range.getClientRects()];
  const [first, last] = [boxes[0], boxes.at(-1)];
  const middle = (box) => box.top + box.height / 2;
  return {{ left: first.left, top: middle(first), right: last.right, bottom: middle(last) }};
}}"""
SELECT = f"""(element, words) => {{
  const range = ({RANGE})(element, words);
  getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
}}"""


def place_of(page: Page, words: str) -> dict[str, float]:
    """Where words stand on the screen, in pixels: `left`, `top` of their beginning, `right`, `bottom` of their end."""
    block = page.locator("#text .words", has_text=words).first
    block.scroll_into_view_if_needed()
    found: dict[str, float] = block.evaluate(BOX, words)
    return found


def drag_over(page: Page, words: str) -> None:
    """Select words of the article by pulling the mouse over them."""
    box = place_of(page, words)
    page.mouse.move(box["left"] + 0.5, box["top"])
    page.mouse.down()
    page.mouse.move((box["left"] + box["right"]) / 2, box["bottom"])
    page.mouse.move(box["right"] - 0.5, box["bottom"], steps=4)
    page.mouse.up()
    expect(page.get_by_role("toolbar", name="Selected words")).to_be_visible()


def select(page: Page, words: str) -> None:
    """Select words as a long press does: the selection changes, and no mouse button goes up."""
    page.locator("#text .words", has_text=words).first.evaluate(SELECT, words)


def click_on(page: Page, words: str) -> None:
    """Click in the middle of words that stand on one line."""
    box = place_of(page, words)
    page.mouse.click((box["left"] + box["right"]) / 2, box["top"])


def card(page: Page, words: str) -> Locator:
    """The card of the annotation that stands on exactly these words."""
    return page.locator("#cards .card").filter(has=page.get_by_text(f"“{words}”", exact=True))
