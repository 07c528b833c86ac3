"""A thing's history in words: who did what when, and from what to what each field changed."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator import dates
from annotator.journal.reading import history
from annotator.protection import TITLE, masked
from annotator.sources.models import Source
from annotator.statements.models import Speaker
from annotator.wording import words_of

ACTIONS = {
    "added": "Added",
    "changed": "Changed",
    "deleted": "Deleted",
    "restored": "Brought back",
    "merged": "Merged into another speaker",
    "merge-undone": "Merge taken back",
}
LABELS = {
    "name": "Name", "kind": "Kind", "also_known_as": "Other names", "same_as": "Same as", "description": "Description",
    "speaker": "Speaker", "quote": "Words", "language": "Language", "translation": "Translation",
    "translator": "Translator", "said_on": "Said on", "role": "Role", "occasion": "Occasion", "medium": "Medium",
    "source": "Source", "locator_kind": "Kind of place", "locator": "Place", "valid_from": "Holds from",
    "valid_until": "Holds until", "tags": "Tags", "merged_into": "Merged into", "statements": "Statements",
    "annotations": "Claims", "names": "Names taken over",
}  # fmt: skip
DATES = frozenset({"said_on", "valid_from", "valid_until"})
CHOICES = {"medium": "medium", "kind": "speaker_kind", "locator_kind": "locator_kind"}
COUNTED = frozenset({"statements", "annotations"})


def lines(session: Session, key: str) -> list[dict[str, Any]]:
    """Give the history of a speaker or statement, newest first: `at`, `who`, `words` and `changes`."""
    found = history(session, key)
    ends = _Ends(session, found)
    return [
        {
            "at": line["at"],
            "who": line["actor"]["name"] if line["actor"] else "Somebody",
            "words": ACTIONS.get(line["action"].partition(":")[2], line["action"]),
            "changes": list(_changes(line, ends)),
        }
        for line in reversed(found)
    ]


def _changes(line: dict[str, Any], ends: "_Ends") -> Iterable[tuple[str, str, str]]:
    """Give (field, before, after) in words for each field that a line changed; of what was added, nothing."""
    before, after = line["before"] or {}, line["after"] or {}
    if line["action"].endswith((":added", ":deleted", ":restored")):
        return
    for name, value in after.items():
        if name in LABELS and (before.get(name) or value):
            yield LABELS[name], _said(name, before.get(name), ends), _said(name, value, ends)


def _said(name: str, value: Any, ends: "_Ends") -> str:
    if not value:
        return ""
    if name in COUNTED:
        return str(len(value))
    if name in DATES:
        return dates.shown(value)
    if name in CHOICES:
        return words_of(CHOICES[name], value)
    return ", ".join(value) if isinstance(value, list) else ends.get(value, str(value))


class _Ends(dict[str, str]):
    """The names of all speakers and sources that a history speaks of."""

    def __init__(self, session: Session, found: list[dict[str, Any]]) -> None:
        super().__init__()
        keys = self._keys(found)
        speakers = select(Speaker.id, Speaker.name).where(Speaker.id.in_(keys))
        sources = select(Source.id, masked(Source, Source.title, TITLE)).where(Source.id.in_(keys))
        for query in (speakers, sources):
            self.update((row[0], row[1]) for row in session.execute(query))

    @staticmethod
    def _keys(found: list[dict[str, Any]]) -> list[str]:
        states = [line[side] or {} for line in found for side in ("before", "after")]
        named = [state.get(name) for state in states for name in ("speaker", "source", "merged_into")]
        return [key for key in set(named) if key]
