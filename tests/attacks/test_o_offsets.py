"""Places that are none, words that are others, older texts; and one reading of offsets, here and in the page."""

import json
import random
import subprocess
from typing import Any

import pytest
from attacks.patterns import ROOT
from attacks.untouched import REFUSED, untouched
from contract.world import HTTP, World
from factories import TEXT

from annotator.articles.models import Snapshot
from annotator.columns import new_id, now
from annotator.database import db
from annotator.text import canonical, from_utf16, to_utf16

WRONG = [
    -1,
    -(2**31),
    len(TEXT) + 1,
    2**31,
    2**53 + 1,
    2**63,
    1.5,
    -0.5,
    None,
    True,
    "1",
    "",
    [],
    {},
    [0],
    "0x1",
    1e400,
]
PIECES = [
    "Plain ", "👩🏽‍⚖️", "🇺🇦🇬🇧", "👨‍👩‍👧‍👦", "e\u0301", "z̷̢̛", "عربي ١٢", "עִבְרִית", "中文。",
    "ไทยคำ", "한국어", "ᄒ\u1161\u11ab",
    "\u00a0", "\u202f", "\t", "\u200d", "\u200e", "\u2066x\u2069", "𝒳", "\U0010fffd", "\ufeff",
    "\u2028", "—", "\r\n", "\n\n",
    "\r", " ", "İ", "ß", "\U0001f3f4\U000e0067\U000e0062\U000e007f", "ｱ", "\u0e33", "क्षि",
]  # fmt: skip
TEXTS = 10_000
CUTTING = """
import { readFileSync } from "node:fs";
const { fromUnits, slice, toUnits } = await import(process.argv[1]);
const answers = JSON.parse(readFileSync(0, "utf8")).map(([text, start, end]) => {
  const from = toUnits(text, start);
  const to = toUnits(text, end);
  return [slice(text, start, end), from, to, fromUnits(text, from), fromUnits(text, to)];
});
console.log(JSON.stringify(answers));
"""


def places() -> list[dict[str, Any]]:
    """Over two hundred places that are none: each wrong value at each end, turned round, and empty ones."""
    found: list[dict[str, Any]] = [{"start": wrong, "end": 5} for wrong in WRONG]
    found += [{"start": 0, "end": wrong} for wrong in WRONG]
    found += [{"start": a, "end": b} for a in WRONG[:6] for b in WRONG]
    found += [{"start": number, "end": number} for number in range(0, len(TEXT), 10)]
    found += [{"start": number + 7, "end": number} for number in range(0, len(TEXT), 10)]
    found += [{"start": number, "end": len(TEXT) + number + 1} for number in range(0, len(TEXT), 10)]
    return [*found, {"start": 0}, {"end": 5}, {}, {"start": 0, "end": 5, "length": 5}]


def mark(world: World, *spans: Any, snapshot: str = "") -> Any:
    """Ask for an annotation of the desk's article."""
    about = {"article": world.desk["article"], "snapshot": snapshot or world.desk["snapshot"], "kind": "note"}
    data = json.dumps({**about, "spans": list(spans)})
    path = f"{HTTP}/annotations/{new_id()}"
    return world.client("eve").put(path, data=data, content_type="application/json")


def test_o01_two_hundred_places_that_are_none(shared_world: World) -> None:
    assert len(places()) > 180
    with untouched(shared_world.app, but=REFUSED):
        for place in places():
            assert mark(shared_world, place).status_code == 422, place
            good = {"start": 0, "end": 9, "exact": TEXT[:9]}
            assert mark(shared_world, good, place).status_code == 422, place


def test_o02_words_that_stand_elsewhere_or_nowhere(shared_world: World) -> None:
    chance = random.Random(6)
    with untouched(shared_world.app, but=REFUSED):
        for _ in range(200):
            start = chance.randrange(len(TEXT) - 12)
            end = start + chance.randint(1, 10)
            right = TEXT[start:end]
            wrong = chance.choice(
                [right + "x", right[1:], TEXT[start + 1 : end + 1], right.swapcase() + " ", "é", ""]
            )
            answer = mark(shared_world, {"start": start, "end": end, "exact": wrong})
            assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/spans/0/exact"), (
                right,
                wrong,
            )


def test_o03_an_annotation_of_an_older_text_is_refused_and_the_latest_named(both_world: World) -> None:
    desk, newer = both_world.desk, new_id()
    with both_world.app.app_context():
        old = db.session.get_one(Snapshot, desk["snapshot"])
        kept = {column.key: getattr(old, column.key) for column in Snapshot.__table__.columns}
        db.session.add(Snapshot(**{**kept, "id": newer, "number": old.number + 1, "captured_at": now()}))
        db.commit()
    before = both_world.client("eve").get(f"{HTTP}/annotations/{desk['annotation']}").json
    with untouched(both_world.app, but=REFUSED):
        refused = mark(both_world, {"start": 0, "end": 9}, snapshot=desk["snapshot"])
    assert (refused.status_code, refused.json["newest"]) == (409, newer)
    # what was there stays where it was: on the text it was made on
    assert both_world.client("eve").get(f"{HTTP}/annotations/{desk['annotation']}").json == before


@pytest.mark.parametrize("snapshot", ["copy", "unknown", "of another project"])
def test_o03_an_annotation_of_another_text_is_refused(shared_world: World, snapshot: str) -> None:
    others = {"copy": shared_world.desk["copy"], "of another project": shared_world.other["snapshot"]}
    with untouched(shared_world.app, but=REFUSED):
        refused = mark(shared_world, {"start": 0, "end": 9}, snapshot=others.get(snapshot, new_id()))
    assert refused.status_code in (404, 409, 422)


def generated(number: int) -> list[tuple[str, int, int]]:
    """Texts of all scripts as they are kept, each with a place in it."""
    chance, found = random.Random(7), []
    while len(found) < number:
        text, _ = canonical("".join(chance.choices(PIECES, k=chance.randint(1, 12))))
        start = chance.randrange(len(text) + 1)
        found.append((text, start, chance.randint(start, len(text))))
    return found


def test_o04_ten_thousand_texts_are_cut_alike_here_and_by_the_pages_script() -> None:
    cases = generated(TEXTS)
    module = (ROOT / "static/js/anchoring/codepoints.js").as_uri()
    program = ["node", "--input-type=module", "-e", CUTTING, module]
    ended = subprocess.run(program, input=json.dumps(cases), capture_output=True, text=True, check=True)
    answers = json.loads(ended.stdout)
    assert len(answers) == TEXTS
    for (text, start, end), (words, first, last, *points) in zip(cases, answers, strict=True):
        assert (words, points) == (text[start:end], [start, end]), ascii(text)
        assert (first, last) == (to_utf16(text, start), to_utf16(text, end)), ascii(text)
        assert (from_utf16(text, first), from_utf16(text, last)) == (start, end), ascii(text)
