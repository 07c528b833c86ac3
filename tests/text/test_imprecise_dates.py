"""Dates that are known to the day, the month or the year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.dates import ImpreciseDate, Order, distance, order, parse, recognise_date, shown

DATES = st.dates(date(1000, 1, 1)).flatmap(
    lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]])
)


NO_DATES = (
    "22 2022-13 2022-00 2023-02-29 2022-2-4 2022-10- 0000 2022-10-04T00:00 -2022 20221004 04.10.2022".split()
)


@pytest.mark.parametrize(
    ("value", "earliest", "latest"),
    [
        ("2022-10-04", date(2022, 10, 4), date(2022, 10, 4)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-02", date(2025, 2, 1), date(2025, 2, 28)),
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_date_has_a_first_and_a_last_day_it_can_mean(value: str, earliest: date, latest: date) -> None:
    assert parse(value) == ImpreciseDate(value, earliest, latest)


@pytest.mark.parametrize(
    "value",
    ["", " 2022", "2022\n", "٢٠٢٢", *NO_DATES],
)
def test_what_is_no_date_is_refused_with_a_sentence(value: str) -> None:
    with pytest.raises(ValueError, match=r"(?s)^[A-Z].*\.$"):
        parse(value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2025-02", "February 2025"),
        ("2022-10-04", "4 October 2022"),
        ("2022", "2022"),
        ("2025-05-31", "31 May 2025"),
    ],
)
def test_a_date_is_shown_as_precisely_as_it_is_known(value: str, words: str) -> None:
    assert shown(value) == words


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2022-10-04", "2025-02", Order.EARLIER),
        ("2025-02", "2022-10-04", Order.LATER),
        ("2022-10-04", "2022-10-04", Order.SAME),
        ("2025-02", "2025-02", Order.SAME),
        ("2025-02-14", "2025-02", Order.OVERLAPPING),
        ("2025", "2025-02", Order.OVERLAPPING),
        ("2024", "2025-01-01", Order.EARLIER),
        ("2025-03-01", "2025-02", Order.LATER),
        (None, "2025", Order.UNKNOWN),
        ("2025", None, Order.UNKNOWN),
        ("", "", Order.UNKNOWN),
        (None, None, Order.UNKNOWN),
        ("2022", "2022", Order.SAME),
        ("2022-06-30", "2022", Order.OVERLAPPING),
        ("2022", "2022-01-01", Order.OVERLAPPING),
        ("2022", "2022-12-31", Order.OVERLAPPING),
        ("2021-12-31", "2022", Order.EARLIER),
        ("2023-01-01", "2022", Order.LATER),
        ("2022-12", "2023", Order.EARLIER),
        ("2024-02", "2024-02-29", Order.OVERLAPPING),
        ("2024-02-29", "2024-03", Order.EARLIER),
        ("2024-03-01", "2024-02", Order.LATER),
        ("0999", "1000", Order.EARLIER),
    ],
)
def test_two_dates_stand_in_an_order(first: str | None, second: str | None, expected: Order) -> None:
    assert order(first, second) is expected


@given(DATES, DATES)
def test_the_order_seen_from_the_other_side_is_the_opposite(first: str, second: str) -> None:
    opposite = {Order.EARLIER: Order.LATER, Order.LATER: Order.EARLIER}
    there = order(first, second)
    assert order(second, first) is opposite.get(there, there)


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("2022-10-04", "2025-02", "2 years 4 months"),
        ("2022-10-04", "2025-02-23", "2 years 4 months"),
        ("2022-10-04", "2022-10-05", "1 day"),
        ("2022-10-04", "2022-12-03", "60 days"),
        ("2022-10-04", "2022-12-04", "2 months"),
        ("2022-10-31", "2023-01-30", "2 months"),
        ("2022-10-04", "2023-10-04", "1 year"),
        ("2022-10-04", "2023-10-03", "11 months"),
        ("2022-10", "2022-11", "at most 60 days"),
        ("2022-10-31", "2022-11", "at most 30 days"),
        ("2022-12", "2023-01-15", "at most 45 days"),
        ("2022", "2025-02", "about 3 years"),
        ("2024-12-31", "2025", "at most 1 year"),
        ("2022-03", "2023", "at most 1 year 10 months"),
        ("2025-04-30", "2025-04-30", "the same day"),
        ("2025-04-30", "2025-04", "the same month"),
        ("2025", "2025-04", "the same year"),
        ("2022", "2023-12", "at most 2 years"),
        ("2022-12-31", "2023-01-01", "1 day"),
        ("2024-02-28", "2024-03-01", "2 days"),
        ("2024-02-29", "2025-02-28", "11 months"),
        ("2022-12", "2024-01", "1 year 1 month"),
        ("2022", "2022", "the same year"),
        (None, "2025", None),
        ("2025", "", None),
        (None, None, None),
    ],
)
def test_the_time_between_is_no_finer_than_the_dates(
    first: str | None, second: str | None, words: str | None
) -> None:
    assert distance(first, second) == words
    assert distance(second, first) == words


@given(DATES, DATES)
def test_there_are_words_for_every_distance(first: str, second: str) -> None:
    assert distance(first, second)


@pytest.mark.parametrize(
    ("line", "language", "value"),
    [
        ("April 30, 2025", "en", "2025-04-30"),
        ("30 April 2025", None, "2025-04-30"),
        ("Wednesday, April 30, 2025", "en", "2025-04-30"),
        ("1st May 2025", "en", "2025-05-01"),
        ("Feb. 3, 2025", "en", "2025-02-03"),
        ("April 2025", "en", "2025-04"),
        ("2025-04-30", None, "2025-04-30"),
        ("2025", None, None),
        ("30.04.2025", None, "2025-04-30"),
        ("04.05.2025", None, None),
        ("04.05.2025", "en", None),
        ("04.05.2025", "de", "2025-05-04"),
        ("05.05.2025", None, "2025-05-05"),
        ("30/04/2025", None, "2025-04-30"),
        ("04/30/2025", None, "2025-04-30"),
        ("04/05/2025", "en", None),
        ("30 апреля 2025 г.", "ru", "2025-04-30"),
        ("30 апреля 2025 года", "ru", "2025-04-30"),
        ("30 квітня 2025 року", "uk", "2025-04-30"),
        ("30. April 2025", "de", "2025-04-30"),
        ("3. März 2025", "de", "2025-03-03"),
        ("1er août 2025", "fr", "2025-08-01"),
        ("2025年4月30日", "zh", "2025-04-30"),
        ("31 April 2025", "en", None),
        ("30 Aprilish 2025", "en", None),
        ("On April 30, 2025", "en", None),
        ("April 30, 2025 was a Wednesday", "en", None),
        ("", "en", None),
        ("9" * 100_000, "en", None),
    ],
)
def test_a_line_that_is_only_a_date_is_read(line: str, language: str | None, value: str | None) -> None:
    assert recognise_date(line, language) == value
