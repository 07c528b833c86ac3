"""Bytes into text: the byte order mark, then what was declared, then what the page says, UTF-8, windows-1252."""

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:\-]{2,40})""", re.IGNORECASE)
_META_REACH = 1024

_KNOWN = frozenset(
    "utf-8 utf-16 utf-16-le utf-16-be cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp866 cp874"
    " iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-13"
    " iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic gb2312 gbk gb18030 big5 big5hkscs"
    " shift_jis cp932 euc_jp iso2022_jp euc_kr cp949 tis-620".split()
)
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "tis-620": "cp874",
}


def decode(raw: bytes, declared: str | None, *, is_html: bool) -> tuple[str, list[str]]:
    """The text of the bytes, and notes that say how they were read and what could not be."""
    for mark, marked in _MARKS:
        if raw.startswith(mark):
            return _decoded(raw[len(mark) :], marked, "as its byte order mark says")
    notes = []
    if declared:
        if name := _codec(declared):
            return _decoded(raw, name, "as declared")
        notes.append(f"The declared character set “{declared[:40]}” is unknown.")
    said = _META.search(raw[:_META_REACH]) if is_html else None
    if said and (name := _codec(said[1].decode("ascii"))):
        name = "utf-8" if name.startswith("utf-16") else name
        text, more = _decoded(raw, name, "as the page says")
    else:
        text, more = _guessed(raw)
    return text, notes + more


def _codec(label: str) -> str | None:
    """Python's name of a character set of text, or None: some codecs of Python are no character sets."""
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return None
    name = _READ_AS.get(name, name)
    return name if name in _KNOWN else None


def _decoded(raw: bytes, name: str, why: str) -> tuple[str, list[str]]:
    text = raw.decode(name, errors="replace")
    notes = [] if name == "utf-8" else [f"Read as {name}, {why}."]
    bad = text.count("\ufffd") - raw.count(b"\xef\xbf\xbd") * (name == "utf-8")
    if bad > 0:
        notes.append(f"{bad} places were not valid {name} and are shown as \ufffd.")
    return text, notes


def _guessed(raw: bytes) -> tuple[str, list[str]]:
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
        return text, ["No character set was given and it is not UTF-8: read as windows-1252."]
