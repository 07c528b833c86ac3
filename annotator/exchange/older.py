"""Files of version 1 as version 2 has them, row by row: what version 2 added gets the value that is true of them."""

from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]
OLDEST = 1
ADDED_LISTS = ("checks", "merges")
NO_WORDS = "No words were found in it."
UNDELETED: Row = {"deleted_at": None, "deleted_by": None}
ADDED: dict[str, Row] = {
    "sources": {**UNDELETED, "doi": "", "interests": ""},
    "snapshots": {
        "file": None,
        "filename": "",
        "status_code": None,
        "headers": None,
        "redirects": None,
        "request_sha256": None,
    },
    "speakers": {"merged_into": None},
    "statements": {**UNDELETED, "tags": []},
    "links": {"explanation": "", "decided_by": None, "decided_at": None, "decision_reason": ""},
}


def upgrade(document: Row, version: int) -> Row:
    """Give the content of a file of any version we read as one of version 2; what is no list of rows stays as it is."""
    if version > OLDEST:
        return document
    found = {**document, "version": 2, **{name: [] for name in ADDED_LISTS}}
    for name in ADDED:
        if isinstance(found.get(name), list):
            found[name] = list(_upgraded(name, found[name]))
    if isinstance(found.get("counts"), dict):
        found["counts"] = {**found["counts"], **dict.fromkeys(ADDED_LISTS, 0)}
    return found


def _upgraded(name: str, rows: list[Any]) -> Iterator[Any]:
    for row in rows:
        if not isinstance(row, dict):
            yield row
        elif name == "snapshots":
            yield {**ADDED[name], "unread": "" if row.get("text") else NO_WORDS, **row}
        elif name == "links":
            yield {**ADDED[name], **_stand(row), **row}
        else:
            yield {**ADDED[name], **row}


def _stand(link: Row) -> Row:
    """Say where a link of version 1 stands: nobody had decided anything, and whoever made it proposed it."""
    contradiction = link.get("relation") == "contradicts"
    proposer = link.get("created_by") or link.get("updated_by")
    return {
        "contradiction_state": "proposed" if contradiction else None,
        "proposed_by": proposer if contradiction else None,
        "draft": bool(link.get("source")) and link.get("passage") is None and not link.get("locator"),
    }
