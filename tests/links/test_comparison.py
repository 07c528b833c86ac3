"""How the two ends of a link lie in time, as a table: near end's dates, far end's date, and what is said of them."""

from typing import Any

import pytest

from annotator.links.comparison import compare

# claimed on, published on, far date, order, distance, sentence's beginning
DATES: list[tuple[str | None, str | None, str | None, str, str | None, str]] = [
    (
        "2022-10-04",
        "2022-10-05",
        "2025-02",
        "later",
        "2 years 4 months",
        "This statement is 2 years 4 months later",
    ),
    (None, "2022-10-04", "2022-09-30", "earlier", "4 days", "This statement is 4 days earlier"),
    ("2025-04-07", None, "2024-03", "earlier", "1 year 1 month", "This statement is 1 year 1 month earlier"),
    ("2022", None, "2025", "later", "about 3 years", "This statement is about 3 years later"),
    ("2022-10-04", None, "2022-10-04", "same", "the same day", "Both are dated 4 October 2022"),
    ("2022-10", None, "2022-10", "same", "the same month", "Both are dated October 2022"),
    ("2022", None, "2022", "same", "the same year", "Both are dated 2022"),
    ("2022-10", None, "2022-10-04", "overlapping", "the same month", "The dates are not precise enough"),
    ("2022", None, "2022-10-04", "overlapping", "the same year", "The dates are not precise enough"),
    ("2022-12-31", None, "2023", "later", "about 1 year", "This statement is about 1 year later"),
    ("2024-02-29", None, "2024-03-01", "later", "1 day", "This statement is 1 day later"),
    (None, None, "2022", "unknown", None, "The order in time is not known: a date is missing"),
    ("2022", "2021", None, "unknown", None, "The order in time is not known: a date is missing"),
    (None, None, None, "unknown", None, "The order in time is not known: a date is missing"),
]


@pytest.mark.parametrize("case", DATES, ids=[f"{c[0] or c[1]} {c[2]}" for c in DATES])
def test_order_and_distance_follow_from_the_dates(case: Any) -> None:
    claimed, published, far, order, distance, sentence = case
    found = compare("statement", claimed, published, far, None, None, None)
    assert (found["order"], found["distance"]) == (order, distance)
    assert found["sentence"].startswith(sentence)
    assert found["sentence"].endswith(".")


def test_the_claims_own_date_counts_before_the_articles() -> None:
    both = compare("statement", "2020", "2021", None, None, None, None)
    assert (both["near_on"], both["near_from"]) == ("2020", "claim")
    article = compare("statement", None, "2021", None, None, None, None)
    assert (article["near_on"], article["near_from"]) == ("2021", "article")
    assert compare("statement", None, None, "2022", None, None, None)["near_from"] is None


# claimant of the near end, speaker of a statement, claimant of a far annotation
SPEAKERS = [
    ("a", "a", None, True, "; the same speaker."), ("a", "b", None, False, "; another speaker."),
    ("a", None, "a", True, "; the same speaker."), ("a", None, "b", False, "; another speaker."),
    (None, "a", None, None, "."), ("a", None, None, None, "."), (None, None, None, None, "."),
]  # fmt: skip


@pytest.mark.parametrize(("claimant", "speaker", "far_claimant", "same", "ending"), SPEAKERS)
def test_the_same_speaker_is_said_only_when_both_are_known(
    claimant: str | None, speaker: str | None, far_claimant: str | None, same: bool | None, ending: str
) -> None:
    found = compare("statement", "2020", None, "2021", claimant, speaker, far_claimant)
    assert found["same_speaker"] is same
    assert found["sentence"] == f"This statement is about 1 year later{ending}"
