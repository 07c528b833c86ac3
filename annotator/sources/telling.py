"""Sources, copies and checks in words. Pure: no database, no request."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from annotator import dates, wording
from annotator.articles.ingest import DOCX, PDF

METHODS = {"paste": "Pasted", "upload": "File", "fetch": "Fetched"}
TYPES = {
    "text/plain": "plain text",
    "text/markdown": "Markdown",
    "text/html": "HTML",
    PDF: "PDF",
    DOCX: "DOCX",
}
OUTCOMES = {
    "first": ("First copy", "supported"),
    "unchanged": ("Unchanged", "supported"),
    "changed": ("Changed", "conflicting"),
    "gone": ("Gone", "refuted"),
    "failed": ("Not reached", "unproven"),
}
ACTIONS = {
    "source:added": "added it",
    "source:changed": "changed it",
    "source:deleted": "deleted it",
    "source:restored": "brought it back",
    "source:checked": "looked for its page",
    "source:reader-added": "named a reader",
    "source:reader-removed": "took a reader out",
}
LABELS = {
    "title": "Title", "url": "Address", "doi": "DOI", "publisher": "Publisher", "authors": "Authors",
    "published_on": "Published on", "type": "Type", "tier": "Tier", "independence_group": "Independence group",
    "interests": "Interests", "confidentiality": "Who may see it", "note": "Note", "outcome": "Outcome",
    "detail": "What happened", "reader": "Reader",
}  # fmt: skip
CHOICES = {"type": "source_type", "tier": "tier", "confidentiality": "confidentiality"}


def method(value: str) -> str:
    """Say how a copy came in."""
    return METHODS.get(value, value)


def media_type(value: str) -> str:
    """Say what a copy was read as."""
    return TYPES.get(value, value)


def outcome(value: str | None) -> tuple[str, str]:
    """Say what came of a capture, and in which tone."""
    return OUTCOMES.get(value or "", ("Kept", "aside"))


def host(url: str) -> str:
    """Give the host of an address, for a line that has no room for more."""
    try:
        return (urlsplit(url).hostname or url).removeprefix("www.")
    except ValueError:
        return url


def value_words(name: str, value: Any, people: Mapping[str, str]) -> str:
    """Say a field's value."""
    if value in (None, "", []):
        return "nothing"
    if name == "reader":
        return people.get(value, "somebody who is no member any more")
    if name in CHOICES:
        return wording.words_of(CHOICES[name], value)
    if name == "published_on":
        return dates.shown(value)
    return ", ".join(value) if isinstance(value, list) else str(OUTCOMES.get(value, (value,))[0])


def history_lines(events: list[dict[str, Any]], people: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give the journal's lines of a source as a page shows them: when, who, what, and each field before and after."""
    return [
        {
            "at": event["at"],
            "actor": event["actor"]["name"] if event["actor"] else "Command line",
            "words": ACTIONS.get(event["action"], event["action"]),
            "fields": _fields(event, people),
        }
        for event in events
    ]


def _fields(event: dict[str, Any], people: Mapping[str, str]) -> list[tuple[str, str, str]]:
    before, after = event["before"] or {}, event["after"] or {}
    return [
        (
            LABELS.get(name, name),
            value_words(name, before[name], people) if name in before else "",
            value_words(name, value, people),
        )
        for name, value in after.items()
        if name in before or value not in (None, "", [])
    ]
