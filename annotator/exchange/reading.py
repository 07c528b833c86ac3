"""Reading a native file: whole and right, or refused with a list of what is wrong and where."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import orjson

from annotator import jsondoor
from annotator.errors import AnnotatorError
from annotator.exchange.checking import Checker, Problem
from annotator.exchange.fields import Exact, is_moment
from annotator.exchange.older import ADDED_LISTS, OLDEST, upgrade
from annotator.exchange.rules import RULES, merged_in_circles
from annotator.exchange.schemas import SCHEMAS, NativePerson, NativeProject
from annotator.exchange.writing import FORMAT, NAMES, VERSION, layout

MOST = 100
SOME_PARTS, BYTES_A_PART = 10_000, 20
# the next part outside of texts, or the end, in one pass
PARTS = re.compile(rb'(?:[^"\[{]++|"(?:[^"\\]++|\\.)*+"?)*+(?:([\[{])|\Z)', re.DOTALL)
SCOPES = ("project", "article")
Tick = Callable[[float], None]
Document = dict[str, Any]


class NotNative(AnnotatorError):
    """The file is refused as a whole; `problems` says what is wrong and where, up to 100."""

    status, name, title = 422, "invalid", "The file cannot be imported"

    def __init__(self, problems: Iterable[Problem], detail: str = "") -> None:
        """Take what is wrong."""
        self.problems = list(islice(problems, MOST))
        count = len(self.problems)
        many = f"at least {MOST}" if count == MOST else str(count)
        sentence = (
            f"Nothing was imported: {many} {'problem' if count == 1 else 'problems'} found in the file."
        )
        errors = [{"pointer": problem.where, "detail": problem.what} for problem in self.problems]
        super().__init__(detail or sentence, errors=errors)


def read_native(
    data: bytes, tick: Tick = lambda part: None, copies: Mapping[str, Any] | None = None
) -> Document:
    """Give the checked content of a file as one of this version; NotNative with everything that is wrong with it.

    `tick` is told the part that is done, from 0 to 1; `copies` are, by name, the copies that lie beside the file.
    """
    document, whole = _parse(data)
    problems = (
        [] if whole else [Problem("/sha256", "The file is damaged or was changed: its checksum is wrong.")]
    )
    problems += _names(document)
    document = upgrade(document, document["version"])
    problems += islice(_problems(document, tick, copies or {}), MOST)
    if problems:
        raise NotNative(problems)
    return document


def _parse(data: bytes) -> tuple[Document, bool]:
    """Give the value, and whether its checksum is right.

    A file in exactly the form an export writes can hold no name twice and no odd number; any other one goes
    through the strict door.
    """
    if FORMAT.encode() not in data or not data.lstrip().startswith(b"{"):
        raise NotNative([Problem("/format", f"This is no file of the format {FORMAT}.")])
    most_parts = _most_parts(data)
    try:
        value = orjson.loads(data)
        _check_head(value)
        if b"\\u0000" not in data and data == _written(value):
            return value, True
    except (orjson.JSONDecodeError, orjson.JSONEncodeError, TypeError, KeyError):
        pass
    try:
        value = jsondoor.parse(data, most_parts=most_parts)
    except AnnotatorError as error:
        raise NotNative([Problem("", error.detail.replace("The body", "The file"))]) from None
    _check_head(value)
    return value, _checksum_holds(value)


def _most_parts(data: bytes) -> int:
    """Give how many lists and objects a file of this size may hold; NotNative when it holds more.

    They are what takes memory: an export has one to each fifty bytes or more, and empty ones stand for an attack.
    """
    most = SOME_PARTS + len(data) // BYTES_A_PART
    # in texts the signs may stand as often as anybody likes, so that they are counted twice
    many = data.count(b"[") + data.count(b"{") > most
    if many and sum(1 for _ in islice(PARTS.finditer(data), most + 2)) > most + 1:
        raise NotNative([Problem("", "The file holds more lists and objects than any export.")])
    return most


def _written(value: Document) -> bytes:
    return b"".join(layout((name, value[name]) for name in _names_of(value)))


def _names_of(value: Document) -> list[str]:
    """Give the names of the parts that a file of its version has, in their order."""
    missing = ADDED_LISTS if value["version"] == OLDEST else ()
    return [name for name in NAMES if name not in missing]


def _checksum_holds(value: Document) -> bool:
    try:
        return bool(orjson.loads(_written(value))["sha256"] == value.get("sha256"))
    except (KeyError, TypeError, orjson.JSONEncodeError):
        return False


def _check_head(value: Any) -> None:
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise NotNative([Problem("/format", f"This is no file of the format {FORMAT}.")])
    version = value.get("version")
    if type(version) is not int or not OLDEST <= version <= VERSION:
        shown = version if isinstance(version, int) else "none that can be read"
        sentence = f"The file’s version is {shown}; this program reads the versions {OLDEST} to {VERSION}."
        raise NotNative([Problem("/version", sentence)])


def _problems(document: Document, tick: Tick, copies: Mapping[str, Any]) -> Iterator[Problem]:
    lists = {name: _list(document.get(name)) for name in SCHEMAS}
    yield from _head_problems(document)
    things = {name: _by_id(rows) for name, rows in lists.items() if name != "events"}
    ids = {name: rows.keys() for name, rows in things.items()}
    project = document.get("project")
    things["project"] = _by_id([project])
    checker = Checker(NativeProject(), ids)
    if not checker.holds(project):
        yield from checker.problems(project, "/project")
    whole = Checker(SCHEMAS["snapshots"](), ids)
    things["texts"] = {key: row for key, row in things["snapshots"].items() if whole.holds(row)}
    things["copies"] = dict(copies)
    things["captured"] = {str(row.get("article")): row for row in things["snapshots"].values()}
    for done, (name, rows) in enumerate(lists.items(), 1):
        yield from _twice(name, rows)
        yield from _list_problems(name, rows, things, Checker(SCHEMAS[name](), ids))
        tick(done / len(lists))
    yield from _numbers(things)
    yield from merged_in_circles(things["speakers"])


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _by_id(rows: list[Any]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)}


def _names(document: Document) -> Iterator[Problem]:
    known = {*_names_of(document), "sha256"}
    for name in sorted(known - document.keys()):
        yield Problem(f"/{name}", "This part of the file is missing.")
    for name in sorted(document.keys() - known):
        yield Problem(f"/{name[:80]}", "This part is not known in this version of the format.")
    for name in SCHEMAS:
        if name in document and not isinstance(document[name], list):
            yield Problem(f"/{name}", "Give a list here.")


def _head_problems(document: Document) -> Iterator[Problem]:
    if document.get("scope") not in SCOPES:
        yield Problem("/scope", f"Give one of: {', '.join(SCOPES)}.")
    if document.get("scope") == "article" and len(_list(document.get("articles"))) != 1:
        yield Problem("/articles", "An article’s file holds exactly one article.")
    if not isinstance(document.get("exported_at"), str) or not is_moment(document["exported_at"]):
        yield Problem("/exported_at", "Write a time as 2025-04-30T12:00:00.000000Z.")
    if not isinstance(document.get("generator"), str) or not Exact(most=200).holds(document["generator"]):
        yield Problem("/generator", "Give the name of the program that wrote the file.")
    if document.get("exported_by") is not None:
        checker = Checker(NativePerson(), {})
        if not checker.holds(document["exported_by"]):
            yield from checker.problems(document["exported_by"], "/exported_by")
    left_out = document.get("left_out")
    if not isinstance(left_out, dict) or not all(type(number) is int for number in left_out.values()):
        yield Problem("/left_out", "Give numbers by name.")
    counts = {name: len(document[name]) for name in SCHEMAS if isinstance(document.get(name), list)}
    if document.get("counts") != counts:
        yield Problem("/counts", "The numbers are not those of the lists: something is missing or too much.")


def _list_problems(
    name: str, rows: list[Any], things: dict[str, dict[str, Any]], checker: Checker
) -> Iterator[Problem]:
    rule = RULES.get(name)
    for place, row in enumerate(rows):
        if not checker.holds(row):
            yield from checker.problems(row, f"/{name}/{place}")
        elif rule is not None:
            for where, what in rule(row, things):
                yield Problem(f"/{name}/{place}{where}", what)


def _twice(name: str, rows: list[Any]) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, row in enumerate(rows):
        key = row.get("id") if isinstance(row, dict) else None
        if isinstance(key, str):
            if key in seen:
                yield Problem(f"/{name}/{place}/id", "Another one in this list has the same id.")
            seen.add(key)


def _numbers(things: dict[str, dict[str, Any]]) -> Iterator[Problem]:
    seen: set[tuple[Any, ...]] = set()
    for place, row in enumerate(things["snapshots"].values()):
        key = (str(row.get("article")), str(row.get("source")), str(row.get("number")))
        if key in seen:
            yield Problem(f"/snapshots/{place}/number", "Another snapshot of this text has the same number.")
        seen.add(key)
