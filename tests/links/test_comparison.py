"""How the two ends of a link lie in time, as a table: near end's dates, far end's date, and what is said of them."""

from typing import Any

import pytest

from annotator.links.comparison import compare, within

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
    ("2022-12-31", None, "2023", "later", "at most 1 year", "This statement is at most 1 year later"),
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
    found = compare("statement", "2020", None, "2022", claimant, speaker, far_claimant)
    assert found["same_speaker"] is same
    assert found["sentence"] == f"This statement is about 2 years later{ending}"


# near date, valid from, valid until, where the near date lies
VALIDITY: list[tuple[str | None, str | None, str | None, str | None]] = [
    ("2024-05-03", "2024-05-01", "2024-05-31", "inside"), ("2024-05-01", "2024-05-01", "2024-05-01", "inside"),
    ("2024-04-30", "2024-05-01", None, "outside"), ("2024-05-02", None, "2024-05-01", "outside"),
    ("2024-05-02", "2024-05-01", None, "inside"), ("2024-04-30", None, "2024-05-01", "inside"),
    ("2024-05", "2024-05-01", "2024-05-31", "inside"), ("2024-05", "2024-05-02", None, "overlapping"),
    ("2024-05", None, "2024-05-30", "overlapping"), ("2024", "2023-12", "2025-01", "inside"),
    ("2024", "2024-05", "2026", "overlapping"), ("2024", "2025-01", None, "outside"),
    ("2024-05-03", "2024", "2026", "overlapping"), ("2024-05-03", "2023", "2024", "overlapping"),
    ("2024-05-03", "2024-05", None, "overlapping"), ("2024-05-03", "2023", "2025", "inside"),
    ("2026-01-01", None, "2025", "outside"), ("2022-12-31", "2023", None, "outside"),
    (None, "2024", "2025", None), ("2024", None, None, None), (None, None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("near", "first", "last", "where"), VALIDITY)
def test_a_date_lies_inside_a_time_only_where_no_day_it_can_mean_lies_outside(
    near: str | None, first: str | None, last: str | None, where: str | None
) -> None:
    assert within(near, first, last) == where


# claimed on, published on, far date, whether the far end is later than the article
ARTICLES: list[tuple[str | None, str | None, str | None, bool | None]] = [
    ("2020", "2022-05-04", "2022-05-05", True), ("2020", "2022-05-04", "2022-05-04", False),
    ("2020", "2022-05-04", "2021", False), (None, "2022-05-04", "2022-05", None), (None, "2022", "2023-01", True),
    ("2020", None, "2023", None), (None, "2022", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("claimed", "published", "far", "later"), ARTICLES)
def test_evidence_later_than_the_article_is_told_apart(
    claimed: str | None, published: str | None, far: str | None, later: bool | None
) -> None:
    assert compare("source", claimed, published, far, None, None, None)["after_article"] is later


# kind, near date, far date, claimant, speaker, what is proposed
PROPOSALS: list[tuple[str, str | None, str, str | None, str | None, str | None]] = [
    ("statement", "2022-10-04", "2025-02", "a", "a", "supersedes"),
    ("statement", "2025-02", "2022-10-04", "a", "a", None),
    ("statement", "2022-10-04", "2025-02", "a", "b", None), ("statement", "2022-10-04", "2025-02", None, "a", None),
    ("statement", "2022", "2022-10", "a", "a", None), ("statement", None, "2022-10", "a", "a", None),
    ("annotation", "2022-10-04", "2025-02", "a", "a", "supersedes"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "near", "far", "claimant", "speaker", "proposal"), PROPOSALS)
def test_supersedes_is_proposed_for_a_later_statement_by_the_same_speaker_alone(
    kind: str, near: str | None, far: str, claimant: str | None, speaker: str | None, proposal: str | None
) -> None:
    assert compare(kind, near, None, far, claimant, speaker, None)["proposal"] == proposal


# what is compared, and the whole sentence
SENTENCES: list[tuple[tuple[Any, ...], str]] = [
    (("statement", "2022-10-04", None, "2025-02", "a", "a", None),
     "This statement is 2 years 4 months later; the same speaker."),
    (("statement", "2022-10-04", None, "2025-02", "a", "a", None, "2023", None),
     ("This statement is 2 years 4 months later; the same speaker."
      " The claim lies outside the time in which the statement holds.")),
    (("statement", None, "2025-02-03", "2024", None, None, None, "2024-01-01", "2026-01-01"),
     ("This statement is at most 1 year 2 months earlier."
      " The article lies inside the time in which the statement holds.")),
    (("statement", "2024", None, "2024-05", "a", "b", None, "2024-05", None),
     ("The dates are not precise enough to tell which came first: some time in 2024 and some time in May 2024;"
      " another speaker. Whether the statement holds at that time, the dates cannot tell.")),
    (("source", "2024-05-02", None, "2024-05", None, None, None),
     "The dates are not precise enough to tell which came first: 2 May 2024 and some time in May 2024."),
    (("annotation", None, None, "2024", None, None, None), "The order in time is not known: a date is missing."),
]  # fmt: skip


@pytest.mark.parametrize(("ends", "sentence"), SENTENCES)
def test_the_sentence_says_order_distance_speaker_and_validity(ends: Any, sentence: str) -> None:
    assert compare(*ends)["sentence"] == sentence


def test_what_is_given_out_can_be_changed_without_changing_the_next_answer() -> None:
    compare("statement", "2020", None, "2022", None, None, None)["sentence"] = "Another."
    assert compare("statement", "2020", None, "2022", None, None, None)["sentence"].startswith(
        "This statement"
    )
