"""A wrong or damaged file is refused as a whole, with a list of what is wrong and where."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import orjson
import pytest
from exchange.rich import HASH, as_file, rich_document

from annotator.columns import new_id
from annotator.exchange.checking import Checker
from annotator.exchange.fields import is_plain
from annotator.exchange.reading import MOST, NotNative, read_native
from annotator.exchange.schemas import SCHEMAS, NativeProject

DOCUMENT = rich_document()
Change = Callable[[dict[str, Any]], Any]


def problems_of(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(NotNative) as refused:
        read_native(data)
    return [tuple(problem) for problem in refused.value.problems]


def put(path: str, value: Any) -> Change:
    """Give the change that puts a value at a pointer."""

    def change(document: dict[str, Any]) -> None:
        *steps, last = path.strip("/").split("/")
        place: Any = document
        for step in steps:
            place = place[int(step) if isinstance(place, list) else step]
        place[int(last) if isinstance(place, list) else last] = value

    return change


def drop(path: str) -> Change:
    def change(document: dict[str, Any]) -> None:
        *steps, last = path.strip("/").split("/")
        place: Any = document
        for step in steps:
            place = place[int(step) if isinstance(place, list) else step]
        del place[int(last) if isinstance(place, list) else last]

    return change


def of(name: str, **wanted: Any) -> str:
    """Give the pointer to the first row of a list with these values."""
    rows = DOCUMENT[name]
    place = next(at for at, row in enumerate(rows) if all(row[key] == value for key, value in wanted.items()))
    return f"/{name}/{place}"


CLAIM = of("annotations", kind="claim")
CONTRADICTION = of("links", relation="contradicts")
SUPPORT = of("links", relation="supports")
WITH_PASSAGE = next(f"/links/{at}" for at, row in enumerate(DOCUMENT["links"]) if row["passage"])
HELD = next(at for at, span in enumerate(DOCUMENT["annotations"][0]["spans"]) if span["anchor"] == "exact")
SPAN = f"/annotations/0/spans/{HELD}"
OTHER_TEXT = next(row["id"] for row in DOCUMENT["snapshots"] if row["source"])
NEAR = DOCUMENT["links"][0]["annotation"]
TO_ANNOTATION = next(f"/links/{at}" for at, row in enumerate(DOCUMENT["links"]) if row["target"])
WRONG_VALUES = [
    ("/scope", "all", "project, article"),
    ("/exported_at", "yesterday", "2025-04-30T12:00:00.000000Z"),
    ("/exported_by", {"id": "1", "name": "Ann"}, "UUID"),
    ("/generator", 7, "name of the program"),
    ("/left_out", {"links": "many"}, "numbers"),
    ("/project/slug", "Not a slug", "small letters"),
    ("/project/approvals_needed", 0, "greater than or equal to 1"),
    ("/project/primary_required", 1, "Not a valid boolean"),
    ("/people/0/name", "", "cannot be empty"),
    ("/articles/0/title", None, "null"),
    ("/articles/0/url", "javascript:alert(1)", "http://"),
    ("/articles/0/status", "done", "Choose one of"),
    ("/articles/0/published_on", "2025-02-30", "no such date"),
    ("/articles/0/due_on", "30.04.2025", "Not a valid date"),
    ("/articles/0/priority", 4, "less than or equal to 3"),
    ("/articles/0/version", 1.5, "Not a valid integer"),
    ("/articles/0/created_at", "2025-13-01T00:00:00.000000Z", "Write a time as"),
    ("/articles/0/created_at", "2025-01-01T00:00:00Z", "Write a time as"),
    ("/articles/0/created_by", new_id(), "“people”"),
    ("/articles/0/assignees", [DOCUMENT["people"][0]["id"]] * 2, "twice"),
    ("/articles/0/request_sha256", "abc", "SHA-256"),
    ("/sources/0/authors", [7], "Not a valid string"),
    ("/sources/0/type", "tweet", "Choose one of"),
    ("/snapshots/0/text_sha256", HASH, "SHA-256 of the text"),
    ("/snapshots/0/raw_sha256", HASH, "SHA-256 of the bytes"),
    ("/snapshots/0/raw", "!!", "Base64"),
    ("/snapshots/0/captured_by", None, "null"),
    ("/snapshots/0/blocks/0/end", 1000, "outside"),
    ("/snapshots/0/blocks/0/kind", "table", "Choose one of"),
    ("/snapshots/0/marks/0/href", "javascript:x", "http, https or mailto"),
    ("/snapshots/0/sentences/0", [1], "outside"),
    ("/snapshots/0/number", 0, "greater than or equal to 1"),
    ("/speakers/0/same_as", "wikidata", "http://"),
    ("/statements/0/quote", "", "cannot be empty"),
    ("/statements/0/said_on", "4.10.2022", "written as"),
    ("/statements/0/speaker", new_id(), "“speakers”"),
    (f"{CLAIM}/state", "not_checkable", "reason"),
    (f"{CLAIM}/tags", ["a", "a"], "twice"),
    (f"{CLAIM}/tags/0", "", "cannot be empty"),
    (f"{CLAIM}/spans", [], "at least one span"),
    (f"{SPAN}/start", -1, "greater than or equal to 0"),
    (f"{SPAN}/end", 10_000, "within the text"),
    (f"{SPAN}/end", 2**53, "less than or equal to"),
    (f"{SPAN}/exact", "other words", "not the words"),
    (f"{SPAN}/snapshot", OTHER_TEXT, "another article"),
    (f"{SPAN}/snapshot", new_id(), "“snapshots”"),
    (f"{SPAN}/anchor", "changed", "reason"),
    (f"{SPAN}/score", 1.5, "less than or equal to 1"),
    (f"{SPAN}/score", True, "Not a valid number"),
    (f"{SUPPORT}/acknowledged", "yes", "Only a contradiction"),
    (f"{CONTRADICTION}/contradiction_kind", "irony", "Choose one of"),
    (f"{SUPPORT}/annotation", new_id(), "“annotations”"),
    (f"{WITH_PASSAGE}/passage/exact", "x", "not the words"),
    ("/events/0/subject", new_id(), "nothing in the file"),
    ("/events/0/subject_kind", "user", "does not fit"),
    ("/events/0/action", "user:admin-granted", "project's journal"),
    ("/events/0/after", [1], "object"),
    ("/events/0/actor", new_id(), "“people”"),
    ("/articles", {}, "list"),
]


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
    ("no owner of a snapshot", put("/snapshots/0/article", None), "/snapshots/0", "either"),
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


@pytest.mark.parametrize(
    ("change", "where"), [(drop("/left_out"), "/left_out"), (put("/members", []), "/members")]
)
def test_other_parts_than_the_known_ones_are_refused(change: Change, where: str) -> None:
    document = orjson.loads(as_file(DOCUMENT))
    change(document)
    assert where in [path for path, _ in problems_of(orjson.dumps(document))]


FILE = as_file(DOCUMENT)
FIRST = f'"title":"{DOCUMENT["sources"][0]["title"]}"'.encode()


def without(words: bytes) -> bytes:
    return b"\n".join(line for line in FILE.split(b"\n") if words not in line)


DAMAGED = [
    ("nothing", b"", "/format", "no file of the format"),
    ("another format", b'{"format": "other"}', "/format", "annotator-native"),
    ("a list", b'["annotator-native"]', "/format", "annotator-native"),
    ("an older version", FILE.replace(b'"version":1,', b'"version":0,', 1), "/version", "is 0; this program reads"),
    ("a newer version", FILE.replace(b'"version":1,', b'"version":2,', 1), "/version", "is 2; this program reads"),
    ("cut off", FILE[:-200], "", "not JSON"),
    ("a letter changed", FILE.replace(b"Never", b"Newer", 1), "/sha256", "damaged"),
    ("a line lost", without(FIRST), "/counts", "missing or too much"),
    ("no checksum", FILE[: FILE.rindex(b',\n"sha256"')] + b"}", "/sha256", ""),
    ("a name twice", FILE.replace(b'"scope":', b'"scope":"x","scope":', 1), "", "stands twice"),
    ("NaN", FILE.replace(b'"score":0.125', b'"score":NaN', 1), "", "NaN"),
    ("nested deeply", FILE.replace(b'"left_out":{}', b'"left_out":' + b"[" * 40 + b"]" * 40), "", "nested"),
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
