"""Two people correct the same article: which fields each changed, and which of them clash.

Values are compared as a form carries them, as text; a form carries beside each field what it read before (`was-`)
and, after a clash, the person's choice (`choose-`).
"""

from collections.abc import Mapping
from typing import Any

FIELDS = ("title", "url", "publisher", "byline", "published_on", "language", "direction", "status")
EDITORS_FIELDS = ("due_on", "priority", "assignees")


def as_text(state: Mapping[str, Any]) -> dict[str, str]:
    """Give an article's state (`operations.state`) as a form carries it; people as their ids with spaces between."""
    found = {name: state[name] for name in FIELDS + EDITORS_FIELDS}
    found["assignees"] = " ".join(found["assignees"])
    return {name: "" if value is None else str(value) for name, value in found.items()}


def typed(form: Any, names: tuple[str, ...], now: Mapping[str, str]) -> dict[str, str]:
    """Give what the person wants for each field, with their choices after a clash applied.

    A field that the form does not have stays as it is. Boxes that are not ticked send nothing: `was-assignees`
    tells that the form had them.
    """
    found = {name: form.get(name, now[name]).strip() for name in names if name != "assignees"}
    if "assignees" in names and "was-assignees" in form:
        found["assignees"] = " ".join(sorted(form.getlist("assignees")))
    return {
        name: form.get(f"was-{name}", now[name]) if form.get(f"choose-{name}") == "theirs" else value
        for name, value in found.items()
    }


def changed(mine: Mapping[str, str], form: Any, now: Mapping[str, str]) -> dict[str, str]:
    """Give the fields the person changed: those that differ from what the form read before."""
    return {name: value for name, value in mine.items() if value != form.get(f"was-{name}", now[name])}


def clashes(mine: Mapping[str, str], form: Any, now: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Give the fields that both changed, and differently, since the form was made: (mine, now)."""
    touched = {
        name: value for name, value in mine.items() if value != form.get(f"was-{name}") and value != now[name]
    }
    return {
        name: (value, now[name]) for name, value in touched.items() if form.get(f"was-{name}") != now[name]
    }
