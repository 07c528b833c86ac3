"""How the two ends of a link lie to each other in time, and whether the same speaker speaks: a pure function."""

from functools import lru_cache
from typing import Any

from annotator import dates


def compare(
    kind: str,
    claimed_on: str | None,
    published_on: str | None,
    far_on: str | None,
    claimant: str | None,
    speaker: str | None,
    far_claimant: str | None,
) -> dict[str, Any]:
    """Give what follows from the dates and speakers of both ends; it states order and distance, and judges nothing.

    The near end's date is that of its claim, else that of its article. `order` says how the far end lies to the
    near one. `same_speaker` is None when one of the two is not known.
    """
    near_on = claimed_on or published_on
    near_from = "claim" if claimed_on else "article" if published_on else None
    other = speaker or far_claimant
    same = claimant == other if claimant and other else None
    order, distance, sentence = _in_words(kind, near_on, far_on, same=same)
    return {
        "near_on": near_on,
        "near_from": near_from,
        "far_on": far_on,
        "order": order,
        "distance": distance,
        "same_speaker": same,
        "sentence": sentence,
    }


@lru_cache(maxsize=4096)
def _in_words(
    kind: str, near_on: str | None, far_on: str | None, *, same: bool | None
) -> tuple[str, str | None, str]:
    order = dates.order(far_on, near_on)
    distance = dates.distance(near_on, far_on)
    who = {True: "the same speaker", False: "another speaker", None: ""}[same]
    if order is dates.Order.UNKNOWN:
        when = "The order in time is not known: a date is missing"
    elif order is dates.Order.SAME:
        when = f"Both are dated {dates.shown(near_on or '')}"
    elif order is dates.Order.OVERLAPPING:
        when = "The dates are not precise enough to tell which came first"
    else:
        when = f"This {kind} is {distance} {order.value}"
    return order.value, distance, f"{when}; {who}." if who else f"{when}."
