"""Writing the native format: streamed line by line, with the hash of everything before it at the end."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy.orm import Session

from annotator import __version__
from annotator.columns import as_time, now
from annotator.exchange.kinds import KINDS, PROJECT, Kind, read
from annotator.exchange.queries import Scope
from annotator.exchange.redacting import find_hidden
from annotator.projects.models import Project
from annotator.reading import dialect_of

FORMAT = "annotator-native"
VERSION = 2
HEAD = ("format", "version", "exported_at", "exported_by", "generator", "scope", "project")
TAIL = ("counts", "left_out")
NAMES = (*HEAD, *KINDS, *TAIL)
PIECE = 65_536


def dumps(value: Any) -> bytes:
    """Write a JSON value in its one form: names sorted, no spaces, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def layout(pairs: Iterable[tuple[str, Any]]) -> Iterator[bytes]:
    """Write a file from its names and values, lists one item a line; the last line is the hash of what is before it."""
    digest = sha256()
    for piece in _pieces(_lines(pairs)):
        digest.update(piece)
        yield piece
    yield b',\n"sha256":"' + digest.hexdigest().encode() + b'"}\n'


def _lines(pairs: Iterable[tuple[str, Any]]) -> Iterator[bytes]:
    before = b"{"
    for name, value in pairs:
        yield before + dumps(name) + b":"
        before = b",\n"
        if name not in KINDS:
            yield dumps(value)
            continue
        start = b"[\n"
        for item in value:
            yield start + dumps(item)
            start = b",\n"
        yield b"[]" if start == b"[\n" else b"\n]"


def _pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    kept: list[bytes] = []
    size = 0
    for line in lines:
        kept.append(line)
        size += len(line)
        if size >= PIECE:
            yield b"".join(kept)
            kept, size = [], 0
    yield b"".join(kept)


def export(
    session: Session, scope: Scope, *, by: dict[str, str] | None, kinds: Mapping[str, Kind] = KINDS
) -> Iterator[bytes]:
    """Give the file of a scope in pieces; `by` is the id and name of who exports, `kinds` how its lists are read.

    Reads in one transaction, so that the file shows one moment; its memory does not grow with the file.
    """
    if dialect_of(session) == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return layout(_contents(session, scope, by, kinds))


def _contents(
    session: Session, scope: Scope, by: dict[str, str] | None, kinds: Mapping[str, Kind]
) -> Iterator[tuple[str, Any]]:
    yield "format", FORMAT
    yield "version", VERSION
    yield "exported_at", as_time(now())
    yield "exported_by", by
    yield "generator", f"annotator {__version__}"
    yield "scope", scope.name
    project = Project.id == scope.project_id
    yield "project", list(read(session, PROJECT, project))[0]  # noqa: RUF015 - reads to the end, and closes
    hidden = find_hidden(session, scope.project_id)
    counts: dict[str, int] = {}
    for name, kind in kinds.items():
        rows = hidden.over(name, read(session, kind, scope.conditions[name]))
        yield name, _counted(name, rows, counts)
    yield "counts", counts
    found = {name: session.scalar(query) for name, query in sorted(scope.left_out.items())}
    yield "left_out", {name: number for name, number in found.items() if number}


def _counted(name: str, rows: Iterator[Any], counts: dict[str, int]) -> Iterator[Any]:
    counts[name] = 0
    for row in rows:
        counts[name] += 1
        yield row
