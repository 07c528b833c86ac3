"""A list of people as a CSV file (RFC 4180), turned into lines of text fields; no database.

The first line names the columns: email, and if wanted name, admin, projects (`slug:role;slug:role`).
"""

import csv
import io
from dataclasses import dataclass

MOST = 500
LONGEST = 100_000
COLUMNS = ("email", "name", "admin", "projects")
ALSO = {"e-mail": "email", "mail": "email", "e-mail address": "email", "email address": "email",
        "administrator": "admin", "roles": "projects", "project": "projects"}  # fmt: skip
GUESSED = (
    "The file is not in UTF-8. It was read as Windows-1252; look at letters with accents before you go on, "
    "or save the file as “CSV UTF-8” and choose it again."
)
SAVE_AS = "Save the list as “CSV UTF-8” and choose it again."


class NoList(Exception):
    """This cannot be read as a list at all; the message says why and what to do."""


@dataclass(frozen=True)
class RawLine:
    """A line as it stands in the file: its number, its cells by column, and what is wrong with its shape."""

    number: int
    cells: dict[str, str]
    problem: str = ""


def decode(data: bytes) -> tuple[str, str]:
    """Give a file's text and, where its encoding had to be guessed, a sentence that says so; NoList for no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NoList(f"The file is in UTF-16, which is not read here. {SAVE_AS}")
    if b"\0" in data:
        raise NoList(f"This is no text file. {SAVE_AS}")
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), GUESSED
    except UnicodeDecodeError:
        raise NoList(f"The file is neither in UTF-8 nor in Windows-1252. {SAVE_AS}") from None


def read_lines(text: str) -> list[RawLine]:
    """Give the lines below the header, empty ones left out; NoList says what is wrong with the whole."""
    text = text.removeprefix("\ufeff")
    if len(text) > LONGEST:
        raise NoList(
            f"The list is longer than {LONGEST:,} characters. Split it, and invite one part after the other."
        )
    if not text.strip():
        raise NoList("The list is empty. Its first line names the columns: email,name,admin,projects.")
    first = text.lstrip("\r\n").splitlines()[0]
    sign = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True, skipinitialspace=True)
    found: list[RawLine] = []
    try:
        rows = ((reader.line_num, row) for row in reader if any(cell.strip() for cell in row))
        _, header = next(rows)
        columns = _columns(header)
        for number, row in rows:
            if len(found) == MOST:
                raise NoList(
                    f"The list has more than {MOST} lines. Split it, and invite one part after the other."
                )
            found.append(_line(number, row, columns))
    except csv.Error as error:
        raise NoList(
            f"Line {reader.line_num} cannot be read as CSV ({error}). Is a quotation mark open?"
        ) from None
    if not found:
        raise NoList("The list has a header and nobody below it.")
    return found


def _columns(header: list[str]) -> list[str]:
    named = [cell.strip().casefold() for cell in header]
    names = [ALSO.get(cell, cell) for cell in named]
    if "email" not in names:
        raise NoList(
            "The first line must name the columns, and one of them must be email: email,name,admin,projects."
        )
    unknown = [
        cell.strip() or "(without a name)"
        for cell, name in zip(header, names, strict=True)
        if name not in COLUMNS
    ]
    if unknown:
        raise NoList(
            f"There is no column {', '.join(unknown)[:200]}. The columns are email, name, admin and projects."
        )
    if len(set(names)) < len(names):
        raise NoList("A column is named twice in the first line.")
    return names


def _line(number: int, row: list[str], columns: list[str]) -> RawLine:
    cells = {name: cell.strip() for name, cell in zip(columns, row, strict=False)}
    if len(row) > len(columns):
        return RawLine(number, cells, f"This line has {len(row)} columns, the first line {len(columns)}.")
    return RawLine(number, cells)
