"""Answers of passkeys that do not fit: why, in the words of the journal."""

from collections.abc import Callable
from typing import TypeVar

Given = TypeVar("Given")
# what the library says first, and how the journal names it
REASONS = {
    "Client data challenge": "challenge",
    "Unexpected client data origin": "origin",
    "Unexpected RP ID hash": "site",
    "User verification": "verification",
    "Response sign count": "count",
    "Could not verify": "signature",
}


class Unfit(Exception):
    """What was sent does not hold; `reason` is one of REASONS, or "form"."""

    def __init__(self, reason: str) -> None:
        """Keep why."""
        super().__init__(reason)
        self.reason = reason


def trying(work: Callable[[], Given]) -> Given:
    """Run what takes apart bytes that anybody can send: whatever it raises means that they do not fit (Unfit)."""
    try:
        return work()
    except Exception as error:
        words = str(error)
        raise Unfit(
            next((name for start, name in REASONS.items() if words.startswith(start)), "form")
        ) from error
