"""Writing an archive: the native file, and beside it each copy's bytes as an entry; streamed, with flat memory."""

from collections.abc import Iterator
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from annotator.articles.models import Snapshot
from annotator.columns import now
from annotator.exchange.fields import FILE, copy_entry
from annotator.exchange.kinds import FILED
from annotator.exchange.queries import Scope
from annotator.exchange.writing import PIECE, export
from annotator.reading import rows_of

LEVEL = 4
READABLE_MODE = 0o644 << 16


class _Sink:
    """A file that can only be written to; what was written is taken away piece by piece."""

    def __init__(self) -> None:
        self._kept: list[bytes] = []
        self._size = 0

    def write(self, data: Any) -> int:
        """Keep a copy of the data."""
        self._kept.append(bytes(data))
        self._size += len(self._kept[-1])
        return len(self._kept[-1])

    def flush(self) -> None:
        """Have nothing to do."""

    def drain(self, least: int = PIECE) -> Iterator[bytes]:
        """Give what was written since, once it is as much as `least`."""
        if self._size >= least:
            yield b"".join(self._kept)
            self._kept, self._size = [], 0


def pack(session: Session, scope: Scope, *, by: dict[str, str] | None) -> Iterator[bytes]:
    """Give the archive of a scope in pieces: `project.json` first, then every copy once."""
    sink, moment = _Sink(), now().timetuple()[:6]
    archive: Any = sink
    with ZipFile(archive, "w", compresslevel=LEVEL) as zipped:
        with zipped.open(_entry(FILE, moment), "w", force_zip64=True) as file:
            for piece in export(session, scope, by=by, kinds=FILED):
                file.write(piece)
                yield from sink.drain()
        for name, media_type, raw in _copies(session, scope):
            zipped.writestr(_entry(name, moment, media_type), raw)
            yield from sink.drain()
    yield from sink.drain(1)


def _entry(name: str, moment: Any, media_type: str = "text/plain") -> ZipInfo:
    found = ZipInfo(name, moment)
    # what is no text is packed in itself: a picture, a PDF, a DOCX
    found.compress_type = ZIP_DEFLATED if media_type.startswith("text/") else ZIP_STORED
    found.external_attr = READABLE_MODE
    return found


def _copies(session: Session, scope: Scope) -> Iterator[tuple[str, str, bytes]]:
    """Give (name, media type, bytes) of each copy once, one in memory at a time."""
    same = (Snapshot.raw_sha256, Snapshot.media_type)
    query = select(*same, func.min(cast(Snapshot.id, String))).where(scope.conditions["snapshots"])
    query = query.group_by(*same).order_by(*same)
    row: Any
    for row in rows_of(session, query.execution_options(yield_per=500)):
        digest, media_type, key = row
        raw = session.connection().execute(select(Snapshot.raw).where(Snapshot.id == key)).scalar_one()
        yield copy_entry(digest, media_type), media_type, raw
