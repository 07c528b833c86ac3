"""The axis of a picture of time: what stretch it shows, and ticks at days, months or years by its length."""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Literal

Unit = Literal["day", "month", "year"]

MOST_TICKS = 9
FEWEST_CELLS = 3
STEPS: tuple[tuple[Unit, int], ...] = (
    *(("day", step) for step in (1, 2, 7, 14)),
    *(("month", step) for step in (1, 2, 3, 6)),
    *(("year", step) for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)),
)
LAST_DAY = date.max.toordinal()
MONDAY = 1


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the picture, at the first moment of a day, month or year, and that day, month or year in words."""

    x: float
    words: str


@dataclass(frozen=True, slots=True)
class Axis:
    """Days to lengths: `begin` and `end` are day numbers (`date.toordinal`), half-open."""

    begin: int
    end: int
    left: float
    right: float
    ticks: tuple[Tick, ...] = ()

    def at(self, day: date, *, after: bool = False) -> float:
        """Give where a day begins, or ends."""
        return self.at_number(day.toordinal() + after)

    def at_number(self, number: int) -> float:
        """Give where the day of this number begins."""
        return self.left + (number - self.begin) * (self.right - self.left) / (self.end - self.begin)


def axis_over(first: date, last: date, margin: float, width: float) -> Axis:
    """Give an axis from `margin` to `width - margin` that shows both days, widened to whole steps of its ticks."""
    cells: list[int] = []
    for unit, step in STEPS:
        cells = _cells(unit, step, first, last)
        if len(cells) <= MOST_TICKS + 1:
            break
    plain = Axis(cells[0], cells[-1], margin, width - margin)
    ticks = tuple(
        Tick(round(plain.at_number(number), 1), _words(unit, number))
        for number in cells
        if number <= LAST_DAY
    )
    return Axis(plain.begin, plain.end, plain.left, plain.right, ticks)


def _cells(unit: Unit, step: int, first: date, last: date) -> list[int]:
    """Give the day numbers at which cells begin, and where the last one ends; at least three cells where time goes on.

    Stops early once there are more than can be shown.
    """
    begin = _index(unit, first) // step
    end = _index(unit, last) // step + 1
    while end - begin < FEWEST_CELLS:
        begin, end = begin - 1, end + 1
    end = min(end, begin + MOST_TICKS + 2)
    numbers = [_number(unit, place * step) for place in range(begin, end + 1)]
    return list(dict.fromkeys(numbers))


def _index(unit: Unit, day: date) -> int:
    """Count the unit from its beginning: days so that a week begins on Monday, months and years from the year 0."""
    return {"day": day.toordinal() - MONDAY, "month": 12 * day.year + day.month - 1, "year": day.year}[unit]


def _number(unit: Unit, index: int) -> int:
    """Give the number of the day on which the unit of this index begins, within the days that a date can name."""
    if unit == "day":
        return max(1, min(index + MONDAY, LAST_DAY + 1))
    year, month = divmod(index, 12) if unit == "month" else (index, 0)
    if year < date.min.year:
        return 1
    return date(year, month + 1, 1).toordinal() if year <= date.max.year else LAST_DAY + 1


def _words(unit: Unit, number: int) -> str:
    day = date.fromordinal(number)
    month = calendar.month_abbr[day.month]
    return {"day": f"{day.day} {month} {day.year}", "month": f"{month} {day.year}", "year": f"{day.year}"}[
        unit
    ]
