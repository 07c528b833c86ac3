"""PDF files written by hand, just enough of ISO 32000-1 for the importer's tests."""

import zlib
from collections.abc import Sequence

Line = tuple[float, float, float, str]
"""x and y of its left end in points from the lower left, size in points, words in windows-1252."""

A5 = (420, 595)


def column(lines: Sequence[str], *, x: float = 60, top: float = 540, size: float = 10) -> list[Line]:
    """Lines one below the other."""
    return [(x, top - 1.2 * size * number, size, line) for number, line in enumerate(lines)]


def pdf(pages: Sequence[Sequence[Line]], *, info: str = "", extra: str = "") -> bytes:
    """A file with these pages, set in Courier, so that a sign is 0.6 of its size wide."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{extra}>>".encode(),
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}/MediaBox[0 0 {A5[0]} {A5[1]}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>",
    ]
    for number, lines in enumerate(pages):
        content = f"{5 + 2 * number} 0 R"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/Resources<</Font<</F 3 0 R>>>>/Contents {content}>>".encode()
        )
        objects.append(stream(b"".join(_drawn(line) for line in lines)))
    objects.append(f"<<{info}>>".encode())
    return assembled(objects, f"/Info {len(objects)} 0 R")


def stream(content: bytes, *, filters: int = 1) -> bytes:
    """A stream object, compressed as many times as said."""
    for _ in range(filters):
        content = zlib.compress(content, 9)
    names = "/FlateDecode" * filters
    return b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(content), names.encode(), content)


def assembled(objects: Sequence[bytes], trailer: str = "") -> bytes:
    """The objects, numbered from 1, with their table; the first is the catalog."""
    written, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n"
    return written + end.encode() + f"{len(written)}\n%%EOF\n".encode()


def _drawn(line: Line) -> bytes:
    x, y, size, words = line
    shown = words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F %g Tf %g %g Td (%s) Tj ET\n" % (size, x, y, shown)
