"""Reading what was sent to be imported: a native file, or an archive of one with its copies beside it.

An archive is judged by its directory before anything of it is unpacked, and nothing of it is ever written to a file:
entries are read in place, up to the size they were said to have (PKWARE APPNOTE 6.3.10, 4.3 and 4.4).
"""

import struct
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from itertools import islice
from typing import Any, BinaryIO, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from annotator.exchange.checking import Problem
from annotator.exchange.fields import COPY, FILE
from annotator.exchange.loading import Copies, raw_within
from annotator.exchange.reading import MOST, Document, NotNative, Tick, read_native

LOCAL, END, LOCATOR, END_64 = b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
END_FORM, LOCATOR_FORM, END_64_FORM = "<4s4H2LH", "<4sLQL", "<4sQ2H2L4Q"
LOCAL_SIZE, END_SIZE, LOCATOR_SIZE, END_64_SIZE = 30, 22, 20, 56
ENCRYPTED = 0x2041
SMALL, RATIO = 64_000_000, 200
LONGEST_DIRECTORY, SHARE = 64_000_000, 8
PIECE = 1 << 20
DAMAGED = (
    BadZipFile,
    NotImplementedError,
    ValueError,
    OverflowError,
    struct.error,
    EOFError,
    ZlibError,
    OSError,
)
NO_ARCHIVE = "The archive is damaged, or was not written by an export: {}."


class Directory(NamedTuple):
    """Where the central directory of an archive lies, how long it is, and how many entries it says it has."""

    start: int
    size: int
    entries: int


def read_file(
    file: bytes | BinaryIO, *, most: int | None = None, tick: Tick = lambda part: None
) -> tuple[Document, Copies]:
    """Give the checked content of a file or an archive, and what gives the bytes of each of its snapshots.

    `file` can be sought in and stays open while the bytes are asked for; `most` bounds an archive's unpacked size in
    bytes. NotNative with everything that is wrong.
    """
    stream = BytesIO(file) if isinstance(file, bytes) else file
    sign = stream.read(len(LOCAL))
    stream.seek(0)
    if sign != LOCAL:
        return read_native(stream.read(), tick), raw_within
    archive = Archive(stream, most)
    document = read_native(archive.content(), tick, archive.copies)
    problems = list(islice(archive.problems(document), MOST))
    if problems:
        raise NotNative(problems)
    return document, archive.raw


class Archive:
    """An archive whose directory was found sound; `copies` are its entries besides the file itself, by name."""

    def __init__(self, file: BinaryIO, most: int | None) -> None:
        """Judge the directory; NotNative with what is wrong with it."""
        self._file = file
        entries = self._guarded(lambda: self._open(most))
        problems = list(
            islice(self._guarded(lambda: list(_judged(entries, file, self._directory, most))), MOST)
        )
        if problems:
            raise NotNative(problems)
        self.copies = {entry.filename: entry for entry in entries if entry.filename != FILE}

    def _open(self, most: int | None) -> list[ZipInfo]:
        self._directory = find_directory(self._file)
        if self._directory.size > (LONGEST_DIRECTORY if most is None else most // SHARE):
            raise BadZipFile("it has too many entries")
        self._zip = ZipFile(self._file)
        return self._zip.infolist()

    @staticmethod
    def _guarded(action: Callable[[], Any]) -> Any:
        try:
            return action()
        except DAMAGED as error:
            said = str(error).rstrip(".") or type(error).__name__
            raise NotNative([Problem("", NO_ARCHIVE.format(said[:200]))]) from None

    def content(self) -> bytes:
        """Give the bytes of the native file."""
        found: bytes = self._guarded(lambda: self._zip.read(FILE))
        return found

    def raw(self, row: dict[str, Any]) -> bytes:
        """Give the bytes of a snapshot of the checked file."""
        return self._zip.read(self.copies[row["file"]])

    def problems(self, document: Document) -> Iterator[Problem]:
        """Check the bytes of every copy, and that each is named by a snapshot."""
        named: set[str] = set()
        for place, row in enumerate(document["snapshots"]):
            if row["file"] is not None and row["file"] not in named:
                named.add(row["file"])
                yield from self._copy_problems(row, f"/snapshots/{place}/file")
        for name in self.copies.keys() - named:
            yield Problem(name, "No snapshot in the file names this copy.")

    def _copy_problems(self, row: dict[str, Any], where: str) -> Iterator[Problem]:
        digest = sha256()
        try:
            with self._zip.open(self.copies[row["file"]]) as entry:
                while piece := entry.read(PIECE):
                    digest.update(piece)
        except DAMAGED:
            yield Problem(where, "This copy is damaged: it cannot be unpacked.")
            return
        if digest.hexdigest() != row["raw_sha256"]:
            yield Problem(where, "The bytes of this copy are not those of its SHA-256.")


def find_directory(file: BinaryIO) -> Directory:
    """Find the central directory as the end of the archive tells, in the plain and in the 64-bit form.

    BadZipFile where it does not end right before that: what lies around an archive could be another one.
    """
    end = file.seek(0, 2) - END_SIZE
    if end < 0:
        raise BadZipFile("it is cut off")
    file.seek(end)
    sign, *_, entries, size, start, comment = struct.unpack(END_FORM, file.read(END_SIZE))
    if sign != END or comment:
        raise BadZipFile("it is cut off")
    file.seek(max(end - LOCATOR_SIZE, 0))
    beside = file.read(LOCATOR_SIZE)
    if beside.startswith(LOCATOR):
        end = struct.unpack(LOCATOR_FORM, beside)[2]
        file.seek(end)
        sign, *_, entries, size, start = struct.unpack(END_64_FORM, file.read(END_64_SIZE))
        if sign != END_64:
            raise BadZipFile("its end is not where it says")
    if start + size != end:
        raise BadZipFile("its directory is not where it says")
    return Directory(start, size, entries)


def _judged(
    entries: list[ZipInfo], file: BinaryIO, directory: Directory, most: int | None
) -> Iterator[Problem]:
    names: set[str] = set()
    for entry in entries:
        name = shown(entry)
        if entry.filename in names:
            yield Problem(name, "This name stands twice in the archive.")
        names.add(entry.filename)
        if entry.orig_filename != FILE and COPY.fullmatch(entry.orig_filename) is None:
            yield Problem(name, f"An archive holds {FILE} and copies/<SHA-256>, under no other names.")
        if entry.flag_bits & ENCRYPTED or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            yield Problem(name, "This is encrypted, or packed in a way that is not read here.")
        if entry.compress_type == ZIP_STORED and entry.compress_size != entry.file_size:
            yield Problem(name, "Its two sizes differ, though it is not packed.")
    if FILE not in names:
        yield Problem(FILE, "The archive has no such file: it is none of an export.")
    yield from _too_large(entries, directory, most)
    yield from _overlapping(entries, file, directory)


def shown(entry: ZipInfo) -> str:
    """Give the name of an entry fit to be shown, whatever it is."""
    return ascii(entry.orig_filename[:100])[1:-1]


def _too_large(entries: list[ZipInfo], directory: Directory, most: int | None) -> Iterator[Problem]:
    total = sum(entry.file_size for entry in entries)
    if most is not None and total > most:
        sentence = (
            f"Unpacked, the archive has {total:,} bytes; the most is {most:,}. Use `annotator import` for it."
        )
        yield Problem("", sentence)
    elif total > max(SMALL, RATIO * directory.start):
        yield Problem("", f"The archive unpacks to {total:,} bytes, more than {RATIO} times its size.")


def _overlapping(entries: list[ZipInfo], file: BinaryIO, directory: Directory) -> Iterator[Problem]:
    """Check that no entry begins inside another, by the headers that stand before their bytes."""
    free = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if not free <= entry.header_offset <= directory.start - LOCAL_SIZE:
            yield Problem(shown(entry), "This lies over another part of the archive.")
            return
        file.seek(entry.header_offset)
        head = file.read(LOCAL_SIZE)
        length, more = struct.unpack("<2H", head[26:])
        if head[:4] != LOCAL or file.read(length) != entry.orig_filename.encode():
            yield Problem(shown(entry), "What stands before its bytes is not what the directory says.")
            return
        free = entry.header_offset + LOCAL_SIZE + length + more + entry.compress_size
    if free > directory.start:
        yield Problem("", "The last part of the archive lies over its directory.")
