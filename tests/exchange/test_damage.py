"""A wrong or damaged file is refused as a whole, with a list of what is wrong and where."""

from copy import deepcopy
from typing import Any

import orjson
import pytest
from exchange.damage import (
    CAPTURED,
    DOCUMENT,
    NEAR,
    TO_ANNOTATION,
    WITH_PASSAGE,
    WRONG_VALUES,
    Change,
    drop,
    put,
)
from exchange.rich import HASH, as_file

from annotator.exchange.checking import Checker
from annotator.exchange.fields import is_plain
from annotator.exchange.reading import MOST, NotNative, read_native
from annotator.exchange.schemas import SCHEMAS, NativeProject


def problems_of(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(NotNative) as refused:
        read_native(data)
    return [tuple(problem) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("where", "value", "said"),
    WRONG_VALUES,
    ids=[str(number) for number, _ in enumerate(WRONG_VALUES)],
)
def test_wrong_value_is_named_with_its_place(where: str, value: Any, said: str) -> None:
    document = deepcopy(DOCUMENT)
    put(where, value)(document)
    found = problems_of(as_file(document))
    assert any(path.startswith(where.rsplit("/", 1)[0]) and said in what for path, what in found), found


WRONG_SHAPES: list[tuple[str, Change, str, str]] = [
    ("a field is missing", drop("/articles/0/title"), "/articles/0/title", "missing"),
    ("a field is unknown", put("/articles/0/role", "admin"), "/articles/0/role", "not known"),
    ("a row is no object", put("/links/0", 7), "/links/0", "object"),
    ("an id stands twice", put("/speakers/1/id", DOCUMENT["speakers"][0]["id"]), "/speakers/1/id", "same id"),
    ("two far ends", put(f"{WITH_PASSAGE}/target", NEAR), WITH_PASSAGE, "exactly one far end"),
    ("a link to itself", put(f"{TO_ANNOTATION}/target", NEAR), f"{TO_ANNOTATION}/target", "to itself"),
    ("an article without text", put("/snapshots", []), "/articles/0", "no snapshot"),
    ("no owner of a snapshot", put(f"{CAPTURED}/article", None), CAPTURED, "either"),
    ("a span given twice", lambda d: d["annotations"][0]["spans"].append(d["annotations"][0]["spans"][0]),
     "/annotations/0/spans", "same ordinal"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "where", "said"), [row[1:] for row in WRONG_SHAPES], ids=[row[0] for row in WRONG_SHAPES]
)
def test_wrong_shape_is_named_with_its_place(change: Change, where: str, said: str) -> None:
    document = deepcopy(DOCUMENT)
    change(document)
    assert any(path == where and said in what for path, what in problems_of(as_file(document)))


@pytest.mark.parametrize("steps", [1, 2])
def test_speakers_merged_in_a_circle_are_named(steps: int) -> None:
    document = deepcopy(DOCUMENT)
    speakers = {row["id"]: row for row in document["speakers"]}
    first, second = (row["id"] for row in sorted(speakers.values(), key=lambda row: row["name"])[:2])
    last = speakers[first]["merged_into"] if steps == 1 else speakers[second]["merged_into"]
    speakers[last]["merged_into"] = first if steps == 1 else second
    assert [what for _, what in problems_of(as_file(document))] == ["These speakers are merged in a circle."]


@pytest.mark.parametrize(
    ("change", "where"), [(drop("/left_out"), "/left_out"), (put("/members", []), "/members")]
)
def test_other_parts_than_the_known_ones_are_refused(change: Change, where: str) -> None:
    document = orjson.loads(as_file(DOCUMENT))
    change(document)
    assert where in [path for path, _ in problems_of(orjson.dumps(document))]


FILE = as_file(DOCUMENT)
FIRST = f'"name":"{DOCUMENT["speakers"][0]["name"]}"'.encode()


def without(words: bytes) -> bytes:
    return b"\n".join(line for line in FILE.split(b"\n") if words not in line)


DAMAGED = [
    ("nothing", b"", "/format", "no file of the format"),
    ("another format", b'{"format": "other"}', "/format", "annotator-native"),
    ("a list", b'["annotator-native"]', "/format", "annotator-native"),
    ("an older version", FILE.replace(b'"version":2,', b'"version":0,', 1), "/version", "is 0; this program reads"),
    ("a newer version", FILE.replace(b'"version":2,', b'"version":3,', 1), "/version", "is 3; this program reads"),
    ("cut off", FILE[:-200], "", "not JSON"),
    ("a letter changed", FILE.replace(b"Never", b"Newer", 1), "/sha256", "damaged"),
    ("a line lost", without(FIRST), "/counts", "missing or too much"),
    ("no checksum", FILE[: FILE.rindex(b',\n"sha256"')] + b"}", "/sha256", ""),
    ("a name twice", FILE.replace(b'"scope":', b'"scope":"x","scope":', 1), "", "stands twice"),
    ("NaN", FILE.replace(b'"score":0.125', b'"score":NaN', 1), "", "NaN"),
    ("nested deeply", FILE.replace(b'"left_out":{', b'"x":' + b"[" * 40 + b"]" * 40 + b',"left_out":{'), "", "nested"),
    ("half a surrogate pair", FILE.replace(b"Never", b"\\ud800", 1), "", "surrogate"),
    ("NUL", FILE.replace(b"Never", b"\\u0000", 1), "", "NUL"),
    ("no UTF-8", FILE.replace(b"Never", b"\xff", 1), "", "UTF-8"),
    ("a byte order mark", b"\xef\xbb\xbf" + FILE, "", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "where", "said"), [row[1:] for row in DAMAGED], ids=[row[0] for row in DAMAGED]
)
def test_damaged_file_is_refused(data: bytes, where: str, said: str) -> None:
    assert any(path in (where, "/format") and said in what for path, what in problems_of(data))


def test_file_that_was_only_laid_out_anew_is_taken() -> None:
    value = orjson.loads(FILE)
    again = orjson.dumps({name: value[name] for name in reversed(value)}, option=orjson.OPT_INDENT_2)
    assert read_native(again) == value


def test_all_problems_are_told_up_to_a_hundred() -> None:
    document = deepcopy(DOCUMENT)
    for row in document["sources"] + document["links"] + document["statements"]:
        row.update(note=None, version="1", created_by=7, locator=None)
    assert len(problems_of(as_file(document))) == MOST


def test_problems_of_several_kinds_are_told_at_once() -> None:
    document = deepcopy(DOCUMENT)
    for change in (
        put("/articles/0/title", ""),
        put("/snapshots/0/raw_sha256", HASH),
        put("/links/0/note", None),
    ):
        change(document)
    paths = {path for path, _ in problems_of(as_file(document))}
    assert paths >= {"/articles/0/title", "/snapshots/0/raw_sha256", "/links/0/note"}


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_passes_the_check_is_loaded_by_the_schema(name: str) -> None:
    ids = {kind: {row["id"] for row in DOCUMENT[kind] if "id" in row} for kind in SCHEMAS}
    schema = SCHEMAS[name]()
    checker = Checker(schema, ids)
    for row in DOCUMENT[name]:
        assert checker.holds(row)
        assert schema.load(row).keys() == row.keys()


ODD = [
    None,
    True,
    0,
    -1,
    1.9,
    2**53,
    "",
    "1",
    "x" * 3,
    "\0",
    "2025",
    "2025-1-1",
    "javascript:x",
    [],
    [None],
    {},
    {"a": 1},
]


@pytest.mark.parametrize("schema", [*SCHEMAS.values(), NativeProject], ids=lambda schema: schema.__name__)
def test_check_refuses_what_the_schema_refuses(schema: Any) -> None:
    checker = Checker(schema(), {name: set() for name in SCHEMAS})
    tests = dict(checker.tests)
    for name, field in checker.fields.items():
        for value in ODD:
            if tests[name](value):
                field.deserialize(value)


def test_values_that_only_one_database_would_take_are_refused() -> None:
    assert not is_plain({"a": "\0"})
    assert not is_plain({"a": [2**53]})
    assert is_plain({"a": [1, -1.5, None, True, {"b": "ж"}]})
