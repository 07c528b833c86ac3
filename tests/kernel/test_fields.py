"""Our fields, as a table: what each takes and makes of it, and what it refuses."""

from datetime import date
from enum import StrEnum
from typing import Any

import pytest
from marshmallow import ValidationError, fields

from annotator.errors import Invalid, pointers
from annotator.fields import (
    Choice,
    Day,
    FormValues,
    Imprecise,
    InSchema,
    Line,
    Prose,
    PublicId,
    Url,
    WholeNumber,
    YesNo,
    bounds,
)

ID = "01a203fc-ac5c-7211-b7dc-2f0a6b9fa113"


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"
    GREEN = "green"


TAKEN: list[tuple[fields.Field[Any], Any, Any]] = [
    (PublicId(), ID, ID), (Line(), "  two words ", "two words"), (Line(), "e\u0301", "\u00e9"), (Line(), "", ""),
    (Line(max=3), "👩👩👩", "👩👩👩"), (Prose(), " a\r\nb\rc ", " a\nb\nc "), (Prose(), " \n\t ", ""),
    (Prose(), "", ""),
    (Url(), "", ""), (Url(), "https://example.org/ä?b=1#c", "https://example.org/ä?b=1#c"),
    (Url(), "HTTP://EXAMPLE.org", "HTTP://EXAMPLE.org"),
    (WholeNumber(), 0, 0), (WholeNumber(), 2**31 - 1, 2**31 - 1), (WholeNumber(least=-1), -1, -1),
    (YesNo(), True, True), (YesNo(), False, False),
    (Choice(Colour), "red", "red"), (Choice(Colour, allow_none=True), "", None),
    (Choice(Colour, allow_none=True), None, None),
    (Imprecise(), "2022", "2022"), (Imprecise(), " 2022-10 ", "2022-10"), (Imprecise(), "2024-02-29", "2024-02-29"),
    (Imprecise(allow_none=True), "", None), (Day(allow_none=True), "2024-02-29", date(2024, 2, 29)),
    (Day(allow_none=True), "", None),
]  # fmt: skip
REFUSED: list[tuple[fields.Field[Any], Any]] = [
    *((PublicId(), value) for value in ("", "x", ID.upper(), f"{ID} ", ID[:-1], "0" * 36, 7, None, [ID], f"{{{ID}}}")),
    *((Line(), value) for value in ("a\nb", "a\0", "a\u2028b", "a\x1bb", 1, None, True, ["a"], {"a": 1})),
    (Line(max=3), "four"), (Line(needed=True), ""), (Line(needed=True), "   "), (Prose(needed=True), " \n"),
    (Prose(max=2), "abc"),
    *((Prose(), value) for value in ("a\0b", 1, None, [])),
    *((Url(), value) for value in ("javascript:alert(1)", " java\tscript:x", "data:text/html,x",
    "vbscript:x", "ftp://a", "//a/b", "/a", "a.b",
      "https://", "https://user@host/", "https://user:pw@host/", "http://a\\b", "http://a b", "http://[",
      "https://a/" + "x" * 2048, 1)),
    *((WholeNumber(), value) for value in (-1, 2**31, 1.0, 1.9, "1", True, False, None, [], "one")),
    *((YesNo(), value) for value in (0, 1, "true", "yes", "on", None, [])),
    *((Choice(Colour), value) for value in ("", "pink", "RED", 1, None, ["red"])),
    (Choice(Colour, without=("green",)), "green"),
    *((Imprecise(), value) for value in ("", "22", "2022-13", "2023-02-29", "2022-1-1", "2022-10-04T00:00",
    "0000", "２０２２", 2022, None, ["2022"])),
    *((Day(), value) for value in ("2022", "2022-10", "2023-02-29", "04.10.2022", 20221004, True,
    ["2022-10-04"], None)),
]  # fmt: skip


def named(row: Any) -> str:
    return f"{type(row[0]).__name__} {str(row[1])[:20]!r}"


@pytest.mark.parametrize(("field", "value", "made"), TAKEN, ids=[named(row) for row in TAKEN])
def test_a_field_takes(field: fields.Field[Any], value: Any, made: Any) -> None:
    assert InSchema.from_dict({"x": field})().load({"x": value}) == {"x": made}


@pytest.mark.parametrize(
    ("field", "value"), REFUSED, ids=[f"{named(row)} {n}" for n, row in enumerate(REFUSED)]
)
def test_a_field_refuses_in_a_sentence(field: fields.Field[Any], value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        InSchema.from_dict({"x": field})().load({"x": value})
    assert all(
        row["pointer"] == "/x" and row["detail"].endswith(".") for row in pointers(caught.value.messages)
    )


@pytest.mark.parametrize(("text", "made"), [("7", 7), (" 7 ", 7), ("-0", 0)])
def test_a_forms_digits_are_a_number(text: str, made: int) -> None:
    assert InSchema.from_dict({"x": WholeNumber()})().load(FormValues(x=text)) == {"x": made}


@pytest.mark.parametrize("text", ["", "x", "1.5", "7 8", "٧", "9" * 5000, "1e3", "0x1"])
def test_a_forms_other_words_are_no_number(text: str) -> None:
    with pytest.raises(ValidationError):
        InSchema.from_dict({"x": WholeNumber()})().load(FormValues(x=text))


def test_an_imprecise_date_has_its_bounds() -> None:
    assert bounds("said", "2024-02") == {
        "said_on": "2024-02",
        "said_earliest": date(2024, 2, 1),
        "said_latest": date(2024, 2, 29),
    }
    assert set(bounds("said", None).values()) == {None}


def test_pointers_name_the_place_as_rfc_6901_does() -> None:
    error = Invalid({"spans": {0: {"start": ["No."]}}, "a/b~c": ["Odd."], "_schema": ["Whole."]})
    assert [row["pointer"] for row in error.more["errors"]] == ["/spans/0/start", "/a~1b~0c", ""]
