"""The picture of time: where points lie, how they are stacked, and what the page says of them."""

import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader

from annotator.assets import asset_folder
from annotator.dates import parse
from annotator.timeaxis import axis_over
from annotator.timeline import LANES, MARGIN, MOST_ROWS, WIDTH, Mark, Point, Timeline, draw

DATES = st.dates().flatmap(
    lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]])
)
PAGES = Environment(loader=FileSystemLoader(asset_folder("templates")), autoescape=True)


def drawn(*dates: str | None, **more: Any) -> Timeline:
    return draw([Point(str(number), on, f"entry {number}", **more) for number, on in enumerate(dates)])


def shown(time: Timeline) -> str:
    module: Any = PAGES.get_template("macros/timeline.html").module
    return str(module.timeline(time, "said", "What was said"))


def mark_of(time: Timeline, key: str) -> Mark:
    return next(mark for mark in time.marks if mark.point.key == key)


def apart(one: Mark, other: Mark) -> bool:
    return one.x + one.width <= other.x or other.x + other.width <= one.x


def test_a_day_is_a_dot_and_a_month_and_a_year_are_as_long_as_the_time_they_may_mean() -> None:
    day, month, year = drawn("2020-03-05", "2021-03", "2022").marks
    assert (day.precision, day.width) == ("day", 10)
    assert (month.precision, year.precision) == ("month", "year")
    assert year.width / month.width == pytest.approx(365 / 31, rel=0.01)


def test_a_month_begins_with_its_first_day_and_ends_with_its_last() -> None:
    time = drawn("2024-02-01", "2024-02", "2024-02-29")
    first, month, last = (mark_of(time, key) for key in "012")
    assert month.x < first.middle < last.middle < month.x + month.width


@pytest.mark.parametrize(("on", "days"), [("2023-02", 28), ("2024-02", 29), ("2023", 365), ("2024", 366)])
def test_a_bar_counts_leap_days(on: str, days: int) -> None:
    when = parse(on)
    axis = axis_over(when.earliest, when.latest, MARGIN, WIDTH)
    one_day = axis.at(when.earliest, after=True) - axis.at(when.earliest)
    assert drawn(on).marks[0].width == pytest.approx(days * one_day, abs=0.1)


def test_marks_stand_in_order_of_time_whatever_order_they_came_in() -> None:
    time = drawn("2025-02", "2022-10-04", "2024", "2024-01-01")
    assert [mark.point.on for mark in time.marks] == ["2022-10-04", "2024-01-01", "2024", "2025-02"]


def test_alike_dates_keep_the_order_in_which_they_came() -> None:
    assert [mark.point.key for mark in drawn("2024-05-01", "2024-05-01", "2024-05-01").marks] == list("012")


def test_marks_that_meet_are_stacked_away_from_the_axis() -> None:
    first, second = drawn("2024-05-01", "2024-05-01").marks
    assert (first.row, second.row) == (0, 1)
    assert second.y < first.y


def test_above_lies_above_the_axis_and_below_lies_below_it() -> None:
    time = draw([Point("a", "2024", "a", "above"), Point("b", "2024", "b", "below")])
    above, below = time.marks
    assert above.y < time.axis_y < below.y


def test_points_without_a_date_are_listed_apart_and_never_drawn() -> None:
    time = drawn("2024", None, "")
    assert [mark.point.key for mark in time.marks] == ["0"]
    assert [point.key for point in time.undated] == ["1", "2"]
    assert [point.key for point in time.points] == ["0", "1", "2"]


def test_without_any_date_there_is_a_table_and_no_picture() -> None:
    page = shown(drawn(None))
    assert "<svg" not in page
    assert "date unknown" in page


def test_nothing_at_all_is_said_to_be_nothing() -> None:
    assert draw([]).words == "Nothing to show."


def test_one_point_lies_between_ticks() -> None:
    time = drawn("2022-10-04")
    assert [tick.words for tick in time.ticks] == ["3 Oct 2022", "4 Oct 2022", "5 Oct 2022", "6 Oct 2022"]
    assert time.ticks[1].x < time.marks[0].middle < time.ticks[2].x


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2024-02-27", "2024-03-02", ["27 Feb 2024", "28 Feb 2024", "29 Feb 2024", "1 Mar 2024"]),
        ("2022-10-04", "2022-12-20", ["3 Oct 2022", "17 Oct 2022", "31 Oct 2022", "14 Nov 2022"]),
        ("2022-10-04", "2023-04-20", ["Oct 2022", "Nov 2022", "Dec 2022", "Jan 2023"]),
        ("2022-10-04", "2025-02", ["Jul 2022", "Jan 2023", "Jul 2023", "Jan 2024"]),
        ("2012", "2025-02", ["2012", "2014", "2016", "2018"]),
        ("1789", "2025", ["1750", "1800", "1850", "1900"]),
    ],
)
def test_ticks_are_days_months_or_years_by_the_range(first: str, last: str, words: list[str]) -> None:
    assert [tick.words for tick in drawn(first, last).ticks][:4] == words


@pytest.mark.parametrize("on", ["0001", "0001-01-01", "9999", "9999-12-31", "9999-12"])
def test_the_first_and_the_last_days_of_the_calendar_can_be_drawn(on: str) -> None:
    mark = drawn(on).marks[0]
    assert 0 < mark.x < mark.x + mark.width < WIDTH


def test_what_is_no_date_is_refused() -> None:
    with pytest.raises(ValueError, match="Write a date as"):
        drawn("October 2022")


@given(st.lists(DATES, min_size=1, max_size=60))
def test_every_mark_lies_inside_the_picture_and_ticks_do_not_crowd(dates: list[str]) -> None:
    time = drawn(*dates)
    assert all(
        mark.x >= 0 and mark.x + mark.width <= WIDTH and 0 < mark.y < time.height for mark in time.marks
    )
    assert all(other.x - one.x > 30 for one, other in pairwise(time.ticks))
    assert 2 <= len(time.ticks) <= 11


@given(st.lists(st.tuples(DATES, st.sampled_from(LANES)), max_size=60))
def test_marks_of_one_row_never_touch(given_points: list[tuple[str, Any]]) -> None:
    time = draw(Point(str(number), on, "x", lane) for number, (on, lane) in enumerate(given_points))
    rows: dict[Any, list[Mark]] = {}
    for mark in time.marks:
        rows.setdefault(mark.y, []).append(mark)
    assert all(apart(one, other) for row in rows.values() for one, other in pairwise(row))


def test_a_thousand_points_keep_a_bounded_height_and_none_is_lost() -> None:
    time = draw(Point(str(n), f"2024-{n % 12 + 1:02}", "x", LANES[n % 3]) for n in range(1000))
    assert len(time.marks) + sum(more.count for more in time.more) == 1000
    assert max(mark.row for mark in time.marks) == MOST_ROWS - 1
    assert time.height < 800


def test_what_found_no_row_is_counted_and_leads_to_the_first_of_it() -> None:
    page = shown(drawn(*["2024"] * 14))
    assert 'href="#said-10"' in page
    assert ">+4</text>" in page
    assert all(f'id="said-{number}"' in page for number in range(14))


def test_the_rows_of_the_table_are_found_by_the_marks() -> None:
    page = shown(drawn("2024-05-01", "2022"))
    aims = re.findall(r'<a href="#([^"]+)" data-mark', page)
    assert aims == ["said-1", "said-0"]
    assert all(f'<tr id="{aim}">' in page for aim in aims)


def test_the_first_mark_alone_is_a_stop_of_the_tab_key() -> None:
    page = shown(drawn("2024-05-01", "2022", "2023"))
    assert re.findall(r'tabindex="(-?\d)"', page) == ["0", "-1", "-1"]


def test_each_mark_and_each_row_says_the_date_as_precisely_as_it_is_known() -> None:
    page = shown(drawn("2022-10-04", "2025-02"))
    assert "<title>4 October 2022: entry 0</title>" in page
    assert '<time datetime="2025-02">February 2025</time>' in page


def test_the_picture_says_in_words_what_it_shows() -> None:
    assert drawn("2025-02", "2022-10-04", None).words == (
        "2 dated, 4 October 2022 to February 2025. 1 without a date."
    )


def test_words_from_outside_are_escaped_everywhere() -> None:
    page = shown(draw([Point("k", "2024", "<b>&", note='"><i>', href="/x?a=1&b=2")], lanes={"line": "<u>"}))
    assert "<b>" not in page
    assert "<i>" not in page
    assert "<u>" not in page


def test_lanes_are_named_in_the_picture_and_in_the_table() -> None:
    lanes = {"above": "Supports", "below": "Contradicts"}
    page = shown(draw([Point("a", "2024", "x", "below")], lanes=lanes))
    assert '<text class="band"' in page
    assert "<td>Contradicts</td>" in page


def test_an_empty_lane_that_has_a_name_keeps_its_room() -> None:
    time = draw([Point("a", "2024", "x", "below")], lanes={"above": "Supports", "below": "Contradicts"})
    assert [band.lane for band in time.bands] == ["above", "below"]
    assert time.axis_y > 20


@pytest.mark.parametrize(
    ("tone", "shape"),
    [
        ("supported", "<circle"),
        ("refuted", "<path"),
        ("conflicting", '<rect x="475.0"'),
        ("aside", "l6 11h-12z"),
    ],
)
def test_a_tone_has_a_shape_of_its_own(tone: str, shape: str) -> None:
    assert shape in shown(drawn("2024-05-02", tone=tone)).partition("data-mark")[2]


def test_the_legend_says_what_the_tones_of_the_picture_mean_and_no_others() -> None:
    legend = {"refuted": "Contradicts", "supported": "Supports", "aside": "Other"}
    points = [Point("a", "2024-05-02", "x", tone="refuted"), Point("b", None, "y", tone="aside")]
    time = draw(points, legend=legend)
    assert time.legend == (("refuted", "Contradicts"),)
    assert ">Contradicts</li>" in shown(time).replace("</svg>", ">")


@pytest.mark.parametrize(("on", "explained"), [("2024-05-02", False), ("2024-05", True)])
def test_the_legend_explains_bars_where_there_are_some(on: str, explained: bool) -> None:
    assert ("Some time in here" in shown(drawn(on))) == explained


def test_a_translation_stands_in_the_marks_name_and_in_the_table() -> None:
    page = shown(drawn("2024", translation="<b>Never."))
    assert "<title>2024: entry 0 (&lt;b&gt;Never.)</title>" in page
    assert '<bdi class="small">&lt;b&gt;Never.</bdi>' in page
