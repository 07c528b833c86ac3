"""Dates of the world, which may be known to the day, the month or the year only: ``YYYY[-MM[-DD]]``.

``earliest`` and ``latest`` are the first and last day such a date can mean. The form is that of EDTF level 0.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from annotator.months import MONTH_NUMBERS

_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DAYS_IN_WORDS = 60
MONTH_NAMES = tuple(calendar.month_name)  # calendar formats a date at each look into it


@dataclass(frozen=True, slots=True)
class ImpreciseDate:
    """A date as written, with the first and the last day it can mean."""

    value: str
    earliest: date
    latest: date


class Order(StrEnum):
    """How one date stands to another."""

    EARLIER = "earlier"
    LATER = "later"
    SAME = "same"
    OVERLAPPING = "overlapping"
    UNKNOWN = "unknown"


def parse(value: str) -> ImpreciseDate:
    """Read ``2022``, ``2022-10`` or ``2022-10-04``; ValueError with a sentence for anything else."""
    match = _FORM.fullmatch(value)
    if match is None:
        raise ValueError("Write a date as 4 October 2022, 2022-10 or 2022.")
    year, month, day = match.groups()
    try:
        earliest = date(int(year), int(month or 1), int(day or 1))
        last_month = int(month or 12)
        latest = date(int(year), last_month, int(day or calendar.monthrange(int(year), last_month)[1]))
    except ValueError:
        raise ValueError(f"There is no such date as {value}.") from None
    return ImpreciseDate(value, earliest, latest)


def shown(value: str) -> str:
    """The date as people write it: "4 October 2022", "February 2025", "2022". ValueError as in ``parse``."""
    return in_words(parse(value))


def in_words(when: ImpreciseDate) -> str:
    """The date as people write it, like ``shown``, where it is read already."""
    first = when.earliest
    if len(when.value) == 4:
        return f"{first.year}"
    month = f"{MONTH_NAMES[first.month]} {first.year}"
    return month if len(when.value) == 7 else f"{first.day} {month}"


def order(first: str | None, second: str | None) -> Order:
    """Whether the first date is earlier or later than the second; SAME means written alike.

    OVERLAPPING: the days they can mean overlap, so nobody can tell. UNKNOWN: one of them is missing.
    """
    if not first or not second:
        return Order.UNKNOWN
    a, b = parse(first), parse(second)
    if a.latest < b.earliest:
        return Order.EARLIER
    if a.earliest > b.latest:
        return Order.LATER
    return Order.SAME if a.value == b.value else Order.OVERLAPPING


def distance(first: str | None, second: str | None) -> str | None:
    """The time between two dates in words, no finer than the less precise of them; None when one is missing.

    Two days give "12 days" up to 60, then "2 years 4 months" (whole months that have passed); months give
    "2 years 4 months"; with a year it is "about 2 years". Neighbouring months or years may be a day apart: there it
    is "at most" the longest that they can mean. Alike at that precision: "the same month".
    """
    if not first or not second:
        return None
    precision = min(len(first), len(second))
    near, far = sorted((parse(first), parse(second)), key=lambda when: when.value[:precision])
    early, late = parse(near.value[:precision]), parse(far.value[:precision])
    if early.value == late.value:
        return {4: "the same year", 7: "the same month", 10: "the same day"}[precision]
    if precision < 10 and (late.earliest - early.latest).days == 1:
        return f"at most {_longest(near.earliest, far.latest)}"
    if precision == 4:
        return f"about {_counted(late.earliest.year - early.earliest.year, 'year')}"
    days = (late.earliest - early.earliest).days
    if precision == 10 and days <= _DAYS_IN_WORDS:
        return _counted(days, "day")
    return _months_in_words(_months(early.earliest, late.earliest))


def _longest(early: date, late: date) -> str:
    """The time between two days in words, months that have begun counted as whole ones."""
    days = (late - early).days
    if days <= _DAYS_IN_WORDS:
        return _counted(days, "day")
    return _months_in_words(_months(early, late) + (late.day != early.day))


def _months(early: date, late: date) -> int:
    """The whole months that have passed between two days."""
    return 12 * (late.year - early.year) + late.month - early.month - (late.day < early.day)


def _months_in_words(months: int) -> str:
    """A number of months as years and months."""
    parts = [
        _counted(number, unit)
        for number, unit in zip(divmod(months, 12), ("year", "month"), strict=True)
        if number
    ]
    return " ".join(parts)


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


_WEEKDAY = r"(?:[^\W\d_]{2,12}\.?,\s+)?"
_MONTH = r"([^\W\d_]{3,12})\.?"
_DAY = r"([0-9]{1,2})(?:st|nd|rd|th|er|\.)?"
_YEAR = r"([0-9]{4})(?:\s*(?:г|р|года?|року|рік)\.?)?"
_DAY_FIRST = re.compile(rf"{_WEEKDAY}{_DAY}\s+(?:de\s+)?{_MONTH},?\s+{_YEAR}")
_MONTH_FIRST = re.compile(rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}")
_MONTH_ONLY = re.compile(rf"{_MONTH},?\s+{_YEAR}")
_NUMERIC = re.compile(r"([0-9]{1,2})([./])([0-9]{1,2})\2([0-9]{4})")
_CHINESE = re.compile(r"([0-9]{4})年([0-9]{1,2})月(?:([0-9]{1,2})日)?")
_DOTS_ARE_DAY_FIRST = frozenset({"de", "ru", "uk"})


def recognise_date(line: str, language: str | None) -> str | None:
    """The date that a whole line consists of, as ``YYYY-MM[-DD]``, or None.

    Month names in English, Ukrainian, Russian, German and French. Of numbers only what has one meaning:
    "30.04.2025" always, "04.05.2025" only where the language writes the day first.
    """
    line = " ".join(line.split())
    if len(line) > 40:
        return None
    for value in (_iso(line), _named(line), _numeric(line, language)):
        if value is not None:
            return value
    return None


def _valid(year: str, month: int | str | None, day: str | None) -> str | None:
    """The parts as a date, or None when there is no such day."""
    if month is None:
        return None
    value = f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
    try:
        return parse(value).value
    except ValueError:
        return None


def _iso(line: str) -> str | None:
    if chinese := _CHINESE.fullmatch(line):
        return _valid(chinese[1], chinese[2], chinese[3])
    match = _FORM.fullmatch(line)
    return _valid(match[1], match[2], match[3]) if match else None


def _named(line: str) -> str | None:
    if match := _DAY_FIRST.fullmatch(line):
        return _valid(match[3], MONTH_NUMBERS.get(match[2].casefold()), match[1])
    if match := _MONTH_FIRST.fullmatch(line):
        return _valid(match[3], MONTH_NUMBERS.get(match[1].casefold()), match[2])
    if match := _MONTH_ONLY.fullmatch(line):
        return _valid(match[2], MONTH_NUMBERS.get(match[1].casefold()), None)
    return None


def _numeric(line: str, language: str | None) -> str | None:
    match = _NUMERIC.fullmatch(line)
    if match is None:
        return None
    first, sign, second, year = match.groups()
    day_first = _valid(year, second, first)
    month_first = _valid(year, first, second) if sign == "/" else None
    if sign == "." and int(first) <= 12 and first != second:
        return day_first if (language or "")[:2] in _DOTS_ARE_DAY_FIRST else None
    if day_first and month_first and day_first != month_first:
        return None
    return day_first or month_first
