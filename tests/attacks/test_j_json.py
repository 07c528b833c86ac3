"""Bodies that are made to break what reads them: over a thousand generated ones, and the ways to send them."""

import random
import time
from typing import Any

import orjson
import pytest
from attacks.untouched import REFUSED, untouched
from contract.world import HTTP, TEXT, World, annotation, span

from annotator.columns import new_id
from annotator.jsondoor import MAX_PARTS

# what stands in place of a value, as bytes
VALUES = {
    "NaN": b"NaN", "Infinity": b"Infinity", "-Infinity": b"-Infinity", "1e999": b"1e999", "-1e999": b"-1e999",
    "a key twice": b'{"a":1,"a":1}', "a key twice, escaped": rb'{"a":1,"\u0061":1}',
    "lone high": rb'"\ud800"', "lone low": rb'"x\udfffx"', "swapped": rb'"\udc00\ud800"',
    "surrogate bytes": b'"\xed\xa0\x80"',
    "overlong": b'"\xc0\xaf"', "cut": b'"\xe2\x82"', "beyond Unicode": b'"\xf4\x90\x80\x80"', "Latin-1": b'"caf\xe9"',
    "NUL": rb'"a\u0000b"', "NUL at the end": rb'"a\u0000"', "raw NUL": b'"a\0b"', "raw tab": b'"a\tb"',
    "raw line": b'"a\nb"',
    "33 deep": b"[" * 33 + b"]" * 33, "1,000 deep": b"[" * 1_000 + b"]" * 1_000,
    "33 objects": b'{"a":' * 33 + b"1" + b"}" * 33,
    "2^63": b"9223372036854775808", "-2^63-1": b"-9223372036854775809", "2^53": b"9007199254740992",
    "5,000 digits": b"9" * 5_000, "5,000 decimals": b"0." + b"9" * 5_000, "01": b"01", "+1": b"+1", ".5": b".5",
    "1.": b"1.",
    "0x1": b"0x1", "true with a T": b"True", "undefined": b"undefined", "a comma too much": b"[1,]",
    "a comment": b"1/*x*/",
    "single quotes": b"'x'", "bad escape": rb'"\x41"', "half an escape": rb'"\u12"', "unclosed": b'"x',
    "a list": b"[[]]",
    "an object": b'{"$ne":null}', "a prototype": b'{"__proto__":{"is_admin":true}}',
    "constructor": b'{"constructor":{}}',
}  # fmt: skip
DEEPEST = b"[" * 100_000
WHOLE = {
    "a list": b"[]", "null": b"null", "a text": b'"x"', "nothing": b"", "true": b"true", "a number": b"1",
    "white space": b" \n ", "two documents": b"{}{}", "JSON lines": b"{}\n{}", "a mark first": b"\xef\xbb\xbf{}",
    "UTF-16": '{"title":"x"}'.encode("utf-16"), "UTF-32": '{"title":"x"}'.encode("utf-32"), "form": b"title=x",
    "XML": b"<a/>", "a bracket": b"{", "JSONP": b"f({})", "many parts": b'{"a":[' + b"[]," * MAX_PARTS + b"1]}",
}  # fmt: skip
TYPES = ["", "text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
         "application/jsonx", "application/xml", "application/octet-stream", "*/*", "text/html"]  # fmt: skip


def bodies(world: World) -> dict[str, dict[str, Any]]:
    """A right body for each thing that can be made, with most of its fields."""
    desk = world.desk
    project = desk["project"]
    claim = annotation(
        {"id": desk["article"], "snapshot": desk["snapshot"]}, tags=["a"], claimant=desk["speaker"]
    )
    return {
        "articles": {"project": project, "text": "Words.", "title": "T", "language": "en", "tags": ["a"]},
        "sources": {"project": project, "title": "T", "url": "https://example.org/", "doi": ""},
        "speakers": {"project": project, "name": "N", "aliases": ["M"]},
        "statements": {
            "project": project,
            "speaker": desk["speaker"],
            "quote": "Q",
            "said_on": "2024",
            "tags": ["a"],
        },
        "annotations": claim,
        "links": {"annotation": desk["annotation"], "relation": "same_claim", "statement": desk["statement"]},
    }


def with_value(body: dict[str, Any], name: str, value: bytes) -> bytes:
    """The body as JSON, with raw bytes in place of one value."""
    plain = {key: inner for key, inner in body.items() if key != name}
    return orjson.dumps(plain)[:-1] + b',"' + name.encode() + b'":' + value + b"}"


def inside(body: dict[str, Any], value: bytes) -> list[bytes]:
    """The body with the raw value at each of its fields, as the name of a field, and within a list and an object."""
    found = [with_value(body, name, value) for name in body]
    found += [with_value(body, name, b"[" + value + b"]") for name in body]
    if value.startswith(b'"'):
        found.append(orjson.dumps(body)[:-1] + b"," + value + b":1}")
    return [
        *found,
        with_value(body, "nonsense", value),
        with_value(body, "nonsense", b'{"a":' + value + b"}"),
    ]


def refused(world: World, things: str, body: bytes, content_type: str | None = "application/json") -> Any:
    return world.client("eve").put(f"{HTTP}/{things}/{new_id()}", data=body, content_type=content_type)


@pytest.mark.parametrize("things", ["articles", "sources", "speakers", "statements", "annotations", "links"])
def test_j01_to_j06_every_hostile_value_at_every_field(shared_world: World, things: str) -> None:
    body, tried = bodies(shared_world)[things], 0
    assert refused(shared_world, things, orjson.dumps({**body, "nonsense": 1})).status_code == 422
    with untouched(shared_world.app, but=REFUSED):
        for what, value in VALUES.items():
            for data in inside(body, value):
                answer = refused(shared_world, things, data)
                assert answer.status_code in (400, 422), (what, data[-200:], answer.text)
                tried += 1
    assert tried > 350


def test_j05_the_deepest_nesting_is_refused_at_once(shared_world: World) -> None:
    with untouched(shared_world.app, but=REFUSED):
        for opened in (DEEPEST, b'{"title":' + DEEPEST, b'{"a":' * 100_000, b'[{"a":' * 50_000):
            begun = time.process_time()
            assert refused(shared_world, "sources", opened).status_code == 422
            assert time.process_time() - begun < 1


@pytest.mark.parametrize("things", ["articles", "annotations", "links"])
def test_j07_bodies_that_are_no_object(shared_world: World, things: str) -> None:
    with untouched(shared_world.app, but=REFUSED):
        for what, data in WHOLE.items():
            assert refused(shared_world, things, data).status_code in (400, 422), what


def test_j08_large_bodies_are_refused(shared_world: World) -> None:
    with untouched(shared_world.app, but=REFUSED):
        for things, size in (("sources", 2_000_000), ("links", 2_000_000), ("articles", 17_000_000)):
            data = b'{"title":"' + b"x" * size + b'"}'
            assert refused(shared_world, things, data).status_code == 413
        path, data = f"{HTTP}/import", b'{"format":"' + b"x" * 17_000_000 + b'"}'
        large = shared_world.client("cleo").post(path, data=data, content_type="application/json")
        assert large.status_code == 413


@pytest.mark.parametrize("content_type", [None, *TYPES])
def test_j09_other_types_are_refused(shared_world: World, content_type: str | None) -> None:
    with untouched(shared_world.app, but=REFUSED):
        for things, body in bodies(shared_world).items():
            assert refused(shared_world, things, orjson.dumps(body), content_type).status_code == 415


BROKEN_BODIES = 400


def broken(data: bytes, chance: random.Random) -> bytes:
    """The JSON with one to three of its bytes changed, lost or doubled, or cut off."""
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(data))
        change = chance.choice(
            [b"", bytes([chance.randrange(256)]), data[place : place + 1] * 2, b'"', b"\\", b"{", b"\0"]
        )
        data = data[:place] + change + data[place + 1 :]
    return data[: chance.randrange(len(data))] if chance.random() < 0.2 else data


def test_j03_and_j07_four_hundred_broken_bodies_are_read_or_refused(shared_world: World) -> None:
    chance, right = random.Random(5), list(bodies(shared_world).items())
    with untouched(shared_world.app, but=REFUSED):
        for _ in range(BROKEN_BODIES):
            things, body = chance.choice(right)
            # a field too much, so that what is still sound is refused as well
            data = broken(
                orjson.dumps({**body, "nonsense": chance.random(), "place": span(), "text": TEXT}), chance
            )
            answer = refused(shared_world, things, data)
            assert answer.status_code in (400, 413, 422), (things, data, answer.text)
