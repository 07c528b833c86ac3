"""Archives for the tests: sound ones, and damaged in one way each."""

import struct
from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

from exchange.rich import as_file

from annotator.exchange.fields import copy_entry

Entries = list[tuple[str, bytes]]
END = struct.Struct("<4s4H2LH")


def entries_of(document: dict[str, Any]) -> Entries:
    """What an archive of the document holds: the file, and each copy once."""
    copies = {}
    rows = []
    for row in document["snapshots"]:
        name = copy_entry(row["raw_sha256"], row["media_type"])
        copies[name] = b64decode(row["raw"])
        rows.append({**row, "raw": None, "file": name})
    return [("project.json", as_file({**document, "snapshots": rows})), *sorted(copies.items())]


def zipped(entries: Entries, kind: int = ZIP_DEFLATED) -> bytes:
    """The entries as an archive; names may stand twice and be anything."""
    file = BytesIO()
    with ZipFile(file, "w", kind) as archive:
        for name, data in entries:
            info = ZipInfo("x")
            info.filename, info.compress_type = name, kind
            archive.NameToInfo.clear()  # what would warn of a name that stands twice
            archive.writestr(info, data)
    return file.getvalue()


def directory_of(data: bytes) -> int:
    """Where the central directory begins."""
    start: int = END.unpack(data[-END.size :])[6]
    return start


def patched(data: bytes, place: int, form: str, value: Any) -> bytes:
    """The archive with a number put at a place of its directory's first entry."""
    at = directory_of(data) + place
    return data[:at] + struct.pack(form, value) + data[at + struct.calcsize(form) :]


def overlapping(data: bytes) -> bytes:
    """The archive with its second entry laid over the first one."""
    start = directory_of(data)
    first = struct.unpack_from("<3H", data, start + 28)
    second = start + 46 + sum(first)
    return data[: second + 42] + struct.pack("<L", 0) + data[second + 46 :]


def leading_nowhere(data: bytes) -> bytes:
    """The archive with a 64-bit end said to lie far behind it."""
    return data[: -END.size] + b"PK\x06\x07" + b"\xff" * 16 + data[-END.size :]


def another(name: str) -> Callable[[Entries], bytes]:
    """What adds an entry of this name."""
    return lambda entries: zipped([*entries, (name, b"x")])


OTHER = f"copies/{'0' * 64}"
DAMAGED: list[tuple[str, Callable[[Entries], bytes], str]] = [
    ("a name that climbs", another("../../etc/cron.d/x"), "under no other names"),
    ("a name that climbs inside", another(f"copies/../{'0' * 64}"), "under no other names"),
    ("an absolute name", another("/etc/passwd"), "under no other names"),
    ("a drive", another("C:\\x"), "under no other names"),
    ("a backslash", another(f"copies\\{'0' * 64}"), "under no other names"),
    ("a folder", another("copies/"), "under no other names"),
    ("a name in capitals", another("PROJECT.JSON"), "under no other names"),
    ("a foreign file", another("__MACOSX/._project.json"), "under no other names"),
    ("a name with NUL", another("project.json\0.exe"), "under no other names"),
    ("an ending too much", another(f"{OTHER}.pdf.exe"), "under no other names"),
    ("a copy that nobody names", another(OTHER), "No snapshot in the file names this copy"),
    ("a name twice", lambda entries: zipped([*entries, entries[1]]), "stands twice"),
    ("the file twice", lambda entries: zipped([*entries, entries[0]]), "stands twice"),
    ("no file", lambda entries: zipped(entries[1:]), "no such file"),
    ("a copy missing", lambda entries: zipped(entries[:-1]), "This copy is missing"),
    ("other bytes in a copy", lambda entries: zipped([*entries[:-1], (entries[-1][0], b"x")]), "not those of its"),
    ("packed by bzip2", lambda entries: zipped(entries, ZIP_BZIP2), "packed in a way"),
    ("encrypted", lambda entries: patched(zipped(entries), 8, "<H", 1), "encrypted"),
    ("a size that is not true", lambda entries: patched(zipped(entries), 24, "<L", 100), "damaged"),
    ("a huge size", lambda entries: patched(zipped(entries), 24, "<L", 3_000_000_000), "Unpacked"),
    ("a checksum that is not true", lambda entries: patched(zipped(entries), 16, "<L", 7), "damaged"),
    ("an entry beyond the end", lambda entries: patched(zipped(entries), 42, "<L", 2_000_000_000), "lies over"),
    ("entries that overlap", lambda entries: overlapping(zipped(entries)), "lies over"),
    ("another name before the bytes", lambda entries: zipped(entries).replace(b"t.json", b"t.jsom", 1), "What stands"),
    ("cut off", lambda entries: zipped(entries)[:-30], "cut off"),
    ("cut off early", lambda entries: zipped(entries)[:500], "cut off"),
    ("a few bytes", lambda entries: b"PK\x03\x04", "cut off"),
    ("more after the end", lambda entries: zipped(entries) + b"more", "cut off"),
    ("more before the directory", lambda entries: b"PK\x03\x04" + zipped(entries), "not where it says"),
    ("another file's directory", lambda entries: zipped(entries) + zipped(entries[:1])[-22:], "not where it says"),
    ("a 64-bit end that leads nowhere", lambda entries: leading_nowhere(zipped(entries)), "damaged"),
    ("too many entries", lambda entries: zipped([(str(number), b"") for number in range(45_000)]), "too many entries"),
    ("a bomb", lambda entries: zipped([*entries, (OTHER, bytes(17_000_000))]), "Unpacked"),
]  # fmt: skip
