"""The ZIP and XML parts of an Office document, checked before any library opens them.

Names, number and sizes come from the central directory, as attackers make them differ from what follows
(docs/adr/0016). What is handed on is a new archive that holds nothing but parts that passed.
"""

import io
import struct
from collections import Counter
from dataclasses import dataclass, field
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from annotator.articles.ingest.document import UnreadableInput, WrongType

MAX_ENTRIES = 2_000
MAX_SIZE = 60_000_000
"""Bytes of all entries together, unpacked."""

MAX_RATIO = 200
RATIO_COUNTS_FROM = 1_000_000
MAX_ELEMENTS = 250_000
"""XML elements of one part: a book of 300,000 words has about as many."""

MAX_DEPTH = 200
_NEEDED = ("[Content_Types].xml", "word/document.xml")
_LOCAL_HEADER = struct.Struct("<26xHH")
_ENCRYPTED = 0x1
_ADVICE = "Copy its words and paste them instead."


@dataclass(slots=True)
class Package:
    """The checked parts of a document by name, the names of all, and how often each part uses each tag."""

    parts: dict[str, bytes]
    names: tuple[str, ...]
    tags: dict[str, Counter[str]] = field(default_factory=dict)

    def as_zip(self) -> io.BytesIO:
        """An archive of the checked parts alone."""
        packed = io.BytesIO()
        with ZipFile(packed, "w", ZIP_STORED) as archive:
            for name, content in self.parts.items():
                archive.writestr(name, content)
        packed.seek(0)
        return packed


def open_package(raw: bytes) -> Package:
    """The document's parts; UnreadableInput for archives and XML made to harm, WrongType for another archive."""
    try:
        with ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            _check_places(raw, entries, archive.start_dir)
            names = tuple(entry.filename for entry in entries)
            if not set(_NEEDED) <= set(names):
                raise WrongType("This archive is not a Word document (DOCX).", _ADVICE)
            read = [name for name in names if name.lower().endswith((".xml", ".rels"))]
            package = Package({name: archive.read(name) for name in read}, names)
    except (BadZipFile, ZlibError, EOFError, NotImplementedError, ValueError, OverflowError) as error:
        if isinstance(error, UnreadableInput):
            raise
        raise UnreadableInput("This document is damaged or cut off.", "Save or fetch it once more.") from None
    package.tags = {name: _tags(content) for name, content in package.parts.items()}
    return package


def _check_entries(entries: list[ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise _refused(f"it holds more than {MAX_ENTRIES} files")
    if sum(entry.file_size for entry in entries) > MAX_SIZE:
        raise _refused(f"it unpacks to more than {MAX_SIZE // 1_000_000} MB")
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise _refused("it holds two files of one name")
    for entry in entries:
        large = entry.file_size > RATIO_COUNTS_FROM
        if large and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise _refused(f"a file in it is packed more than {MAX_RATIO} times smaller than it is")
        if not _is_harmless(entry.filename):
            raise _refused("a file in it has a name that leads out of it")
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise _refused("a file in it is encrypted or packed in an unusual way")


def _check_places(raw: bytes, entries: list[ZipInfo], directory: int) -> None:
    """Refuse entries that lie over each other or over the directory: one stretch would be unpacked many times."""
    free_from = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        start = entry.header_offset
        if start < free_from or start + 30 > len(raw):
            raise _refused("files in it lie over each other")
        name, extra = _LOCAL_HEADER.unpack_from(raw, start)
        free_from = start + 30 + name + extra + entry.compress_size
    if free_from > directory:
        raise _refused("files in it lie over each other")


def _is_harmless(name: str) -> bool:
    parts = name.split("/")
    return ".." not in parts and not name.startswith("/") and not set(name) & set("\\:\0")


def _tags(content: bytes) -> Counter[str]:
    """How often each tag stands in the XML, without its prefix; UnreadableInput for what no document needs."""
    counted: Counter[str] = Counter()
    depth = total = 0

    def opened(name: str, _: dict[str, str]) -> None:
        nonlocal depth, total
        depth, total = depth + 1, total + 1
        if depth > MAX_DEPTH or total > MAX_ELEMENTS:
            raise _refused("its text has more parts, or parts nested deeper, than can be read")
        counted[name.rpartition(":")[2]] += 1

    def closed(_: str) -> None:
        nonlocal depth
        depth -= 1

    def declared(*_: object) -> None:
        raise _refused("its text declares a document type, as attacks do")

    parser = expat.ParserCreate()
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.StartDoctypeDeclHandler = declared
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise UnreadableInput("The text inside this document is damaged.", _ADVICE) from None
    return counted


def _refused(why: str) -> UnreadableInput:
    return UnreadableInput(f"This document was not opened: {why}.", _ADVICE)
