"""Whether the site is well: what a check finds, and how checks are run (`health_settings.py`, `health_machine.py`)."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Engine

from annotator.columns import now
from annotator.config import Settings

log = logging.getLogger(__name__)


class State(StrEnum):
    """How a check ended."""

    WRONG = "wrong"
    NOTICE = "look at this"
    UNKNOWN = "not known"
    GOOD = "good"


@dataclass(frozen=True)
class Check:
    """What a check found: its name, how it stands, a sentence, and what to do about it."""

    name: str
    state: State
    sentence: str
    todo: str = ""


@dataclass(frozen=True)
class Asked:
    """What a request shows of the way it came: scheme and host as the program sees them, and a proxy's headers."""

    origin: str
    forwarded: bool


@dataclass(frozen=True)
class Site:
    """What the checks look at; without `asked` nobody's request is at hand."""

    settings: Settings
    engine: Engine
    asked: Asked | None = None
    at: datetime = field(default_factory=now)


Checker = Callable[[Site], Check]


def examine(site: Site, checks: Sequence[Checker]) -> list[Check]:
    """Run the checks in order; one that fails itself counts as wrong."""
    return [_guarded(check, site) for check in checks]


def _guarded(check: Checker, site: Site) -> Check:
    try:
        return check(site)
    except Exception as error:
        log.exception("a check of health failed")
        name = check.__name__.replace("_", " ").capitalize()
        sentence = f"This could not be checked ({type(error).__name__})."
        return Check(
            name, State.WRONG, sentence, "See whether what was found before explains it; else the log."
        )


def worst_first(checks: Sequence[Check]) -> list[Check]:
    """Give the checks with what needs somebody before the rest."""
    order = list(State)
    return sorted(checks, key=lambda check: order.index(check.state))
