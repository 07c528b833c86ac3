"""How the two ends of a link lie to each other in time, and whether the same speaker speaks: a pure function."""

from functools import lru_cache
from typing import Any, NamedTuple

from annotator import dates
from annotator.dates import Order

WHO = {True: "the same speaker", False: "another speaker"}
VALIDITY = {
    "inside": "{near} lies inside the time in which the {kind} holds.",
    "outside": "{near} lies outside the time in which the {kind} holds.",
    "overlapping": "Whether the {kind} holds at that time, the dates cannot tell.",
}


class _Ends(NamedTuple):
    kind: str
    near_on: str | None
    near_from: str | None
    published_on: str | None
    far_on: str | None
    valid_from: str | None
    valid_until: str | None
    same: bool | None


def compare(
    kind: str,
    claimed_on: str | None,
    published_on: str | None,
    far_on: str | None,
    claimant: str | None,
    speaker: str | None,
    far_claimant: str | None,
    valid_from: str | None = None,
    valid_until: str | None = None,
) -> dict[str, Any]:
    """Give what follows from the dates and speakers of both ends; it states order and distance, and judges nothing.

    The near end's date is that of its claim, else that of its article. `order` says how the far end lies to the
    near one, `after_article` whether it is later than the article; None where the dates cannot tell. `same_speaker`
    is None when one of the two is not known. `validity` says whether the near end lies `inside` or `outside` the
    time in which a statement holds, `overlapping` where the dates cannot tell, None where nothing is said of it.
    `proposal` is the relation that a later statement by the same speaker has; it is offered, never set.
    """
    other = speaker or far_claimant
    near_from = "claim" if claimed_on else "article" if published_on else None
    near_on = claimed_on or published_on
    same = claimant == other if claimant and other else None
    ends = _Ends(kind, near_on, near_from, published_on, far_on, valid_from, valid_until, same)
    return dict(_compared(ends))


@lru_cache(maxsize=4096)
def _compared(ends: _Ends) -> dict[str, Any]:
    order = dates.order(ends.far_on, ends.near_on)
    distance = dates.distance(ends.near_on, ends.far_on)
    validity = within(ends.near_on, ends.valid_from, ends.valid_until)
    later_by_the_same = order is Order.LATER and ends.same is True and ends.kind != "source"
    return {
        "near_on": ends.near_on,
        "near_from": ends.near_from,
        "far_on": ends.far_on,
        "order": order.value,
        "distance": distance,
        "same_speaker": ends.same,
        "after_article": _is_later(ends.far_on, ends.published_on),
        "validity": validity,
        "proposal": "supersedes" if later_by_the_same else None,
        "sentence": _sentence(ends, order, distance, validity),
    }


def within(when: str | None, first: str | None, last: str | None) -> str | None:
    """Say whether a date lies `inside` or `outside` of the time from `first` to `last`, both counted in.

    `overlapping`: the days that the dates can mean allow both. None when the date or both bounds are missing; a
    single missing bound leaves that side open. All dates as `YYYY[-MM[-DD]]`.
    """
    if when is None or (first is None and last is None):
        return None
    day = dates.parse(when)
    begin = dates.parse(first) if first else None
    end = dates.parse(last) if last else None
    if (begin and day.latest < begin.earliest) or (end and day.earliest > end.latest):
        return "outside"
    surely_begun = begin is None or day.earliest >= begin.latest
    surely_not_ended = end is None or day.latest <= end.earliest
    return "inside" if surely_begun and surely_not_ended else "overlapping"


def _is_later(far_on: str | None, published_on: str | None) -> bool | None:
    order = dates.order(far_on, published_on)
    return None if order in (Order.UNKNOWN, Order.OVERLAPPING) else order is Order.LATER


def _sentence(ends: _Ends, order: Order, distance: str | None, validity: str | None) -> str:
    when = _in_words(ends, order, distance)
    said = f"{when}; {WHO[ends.same]}." if ends.same is not None else f"{when}."
    if validity is None:
        return said
    near = "The claim" if ends.near_from == "claim" else "The article"
    return f"{said} {VALIDITY[validity].format(near=near, kind=ends.kind)}"


def _in_words(ends: _Ends, order: Order, distance: str | None) -> str:
    near_on, far_on = ends.near_on or "", ends.far_on or ""
    if order is Order.UNKNOWN:
        return "The order in time is not known: a date is missing"
    if order is Order.SAME:
        return f"Both are dated {dates.shown(near_on)}"
    if order is Order.OVERLAPPING:
        early, late = (f"{_some_time(on)}" for on in (near_on, far_on))
        return f"The dates are not precise enough to tell which came first: {early} and {late}"
    return f"This {ends.kind} is {distance} {order.value}"


def _some_time(on: str) -> str:
    return dates.shown(on) if len(on) == 10 else f"some time in {dates.shown(on)}"
