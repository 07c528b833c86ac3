"""What must hold inside one row beyond its fields: the rules that the database and the operations keep."""

import binascii
from base64 import b64decode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from annotator import dates, text
from annotator.exchange.checking import Problem
from annotator.exchange.fields import COPY
from annotator.links.schemas import FAR_ENDS

Row = dict[str, Any]
Rows = dict[str, Row]
Found = Iterator[tuple[str, str]]
SUBJECTS = {
    "article": "articles",
    "snapshot": "snapshots",
    "source": "sources",
    "speaker": "speakers",
    "statement": "statements",
    "annotation": "annotations",
    "link": "links",
}
HELD = ("exact", "moved")
MOVED = ("statements", "annotations", "names")
DECIDED = ("accepted", "rejected")
ONLY_OF_CONTRADICTIONS = (
    "contradiction_kind",
    "acknowledged",
    "consistency",
    "explanation",
    "contradiction_state",
    "proposed_by",
    "decided_by",
    "decided_at",
)


def article(row: Row, things: dict[str, Rows]) -> Found:
    """Check an article: it has a text, and names each assignee once."""
    if row["id"] not in things["captured"]:
        yield "", "This article has no snapshot."
    if len(set(row["assignees"])) != len(row["assignees"]):
        yield "/assignees", "Somebody is named twice."


def snapshot(row: Row, things: dict[str, Rows]) -> Found:
    """Check a snapshot: one owner, hashes, a text or why there is none, and every place inside the text."""
    if (row["article"] is None) == (row["source"] is None):
        yield "", "A snapshot belongs to either an article or a source."
    yield from _bytes(row, things["copies"])
    if text.sha256(row["text"]) != row["text_sha256"]:
        yield "/text_sha256", "This is not the SHA-256 of the text."
    if not row["text"] and not row["unread"]:
        yield "/unread", "A snapshot without text says why it has none."
    if row["status_code"] is not None and row["method"] != "fetch":
        yield "/status_code", "Only what was fetched has a status."
    for place, pair in enumerate(row["headers"] or ()):
        if len(pair) != 2:
            yield f"/headers/{place}", "A header is a name and a value."
    yield from _pieces(row, len(row["text"]))


def _bytes(row: Row, copies: Rows) -> Found:
    if (row["raw"] is None) == (row["file"] is None):
        yield "/raw", "The bytes stand either in “raw” or in an archive under the name in “file”."
    elif row["file"] is not None:
        match = COPY.fullmatch(row["file"])
        if match is None or match[1] != row["raw_sha256"]:
            yield "/file", "This copy has another SHA-256 in its name than the bytes."
        elif row["file"] not in copies:
            yield "/file", "This copy is missing: there is no such file in the archive."
    else:
        try:
            content = b64decode(row["raw"], validate=True)
        except binascii.Error:
            yield "/raw", "This is not Base64."
        else:
            if sha256(content).hexdigest() != row["raw_sha256"]:
                yield "/raw_sha256", "This is not the SHA-256 of the bytes in “raw”."


def check(row: Row, things: dict[str, Rows]) -> Found:
    """Check a look at a source's page: what it found is a copy of that source, and a failure says why."""
    if (row["outcome"] in ("gone", "failed")) != (row["snapshot"] is None):
        yield "/snapshot", "A snapshot stands where a copy was had, and only there."
    elif row["snapshot"] is not None and things["snapshots"][row["snapshot"]].get("source") != row["source"]:
        yield "/snapshot", "This snapshot is none of the source."
    if row["outcome"] == "failed" and not row["detail"]:
        yield "/detail", "A failure says why."


def speaker(row: Row, things: dict[str, Rows]) -> Found:
    """Check a speaker: nobody is merged into themselves."""
    if row["merged_into"] == row["id"]:
        yield "/merged_into", "A speaker cannot be merged into themselves."


def merge(row: Row, things: dict[str, Rows]) -> Found:
    """Check a merge: it has two speakers, and whoever took it back did so at a time."""
    if row["kept"] == row["merged"]:
        yield "/merged", "A merge has two different speakers."
    if (row["undone_at"] is None) != (row["undone_by"] is None):
        yield "/undone_by", "The time and the person of taking it back stand together or not at all."
    moved = row["moved"]
    if moved.keys() != {*MOVED, "same_as"} or not isinstance(moved["same_as"], str):
        yield "/moved", "Give what moved: statements, annotations, names and same_as."
    elif not all(isinstance(moved[name], list) and all(map(_is_text, moved[name])) for name in MOVED):
        yield "/moved", "Give lists of ids and of names."


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def merged_in_circles(speakers: Rows) -> Iterator[Problem]:
    """Find speakers who, merged one into the other, come back to where they began."""
    places = {key: place for place, key in enumerate(speakers)}
    passed: set[str] = set()
    for key in speakers:
        seen: dict[str, None] = {}
        step: Any = key
        while isinstance(step, str) and step in speakers and not (step in passed or step in seen):
            seen[step] = None
            step = speakers[step].get("merged_into")
        if isinstance(step, str) and step in seen and speakers[step].get("merged_into") != step:
            yield Problem(f"/speakers/{places[step]}/merged_into", "These speakers are merged in a circle.")
        passed.update(seen)


def statement(row: Row, things: dict[str, Rows]) -> Found:
    """Check a statement: it names each tag once, and does not end to hold before it begins."""
    if len(set(row["tags"])) != len(row["tags"]):
        yield "/tags", "A tag stands here twice."
    if dates.order(row["valid_until"], row["valid_from"]) == dates.Order.EARLIER:
        yield "/valid_until", "This lies before the day on which it begins to hold."


def _pieces(row: Row, length: int) -> Found:
    outside = f"This lies outside of the text, which has {length} characters."
    for name in ("blocks", "marks"):
        for place, piece in enumerate(row[name]):
            if not piece["start"] <= piece["end"] <= length:
                yield f"/{name}/{place}", outside
    for place, pair in enumerate(row["sentences"]):
        if len(pair) != 2 or not pair[0] <= pair[1] <= length:
            yield f"/sentences/{place}", outside


def annotation(row: Row, things: dict[str, Rows]) -> Found:
    """Check an annotation: state and reason, tags, and each span against its text."""
    if (row["state"] == "not_checkable") != (row["reason"] is not None):
        yield "/reason", "A reason stands where the state is not_checkable, and only there."
    if len(set(row["tags"])) != len(row["tags"]):
        yield "/tags", "A tag stands here twice."
    if not row["spans"]:
        yield "/spans", "An annotation has at least one span."
    places = [(span["snapshot"], span["ordinal"]) for span in row["spans"]]
    if len(set(places)) != len(places):
        yield "/spans", "Two spans of one snapshot have the same ordinal."
    for place, span in enumerate(row["spans"]):
        for where, what in _span(span, row, things):
            yield f"/spans/{place}{where}", what


def _span(span: Row, row: Row, things: dict[str, Rows]) -> Found:
    found = things["texts"].get(span["snapshot"])
    if found is None:
        return
    if found["article"] != row["article"]:
        yield "/snapshot", "This snapshot is of another article than the annotation."
        return
    if (span["anchor"] == "changed") != (span["reason"] is not None):
        yield "/reason", "A reason stands where the anchor is changed, and only there."
    yield from _place(span, found["text"], held=span["anchor"] in HELD)


def _place(place: Row, words: str, *, held: bool) -> Found:
    start, end = place["start"], place["end"]
    if not start < end <= len(words):
        yield "/start", f"The place must lie within the text: 0 <= start < end <= {len(words)}."
    elif held and words[start:end] != place["exact"]:
        yield "/exact", "These are not the words that stand at this place of the text."


def link(row: Row, things: dict[str, Rows]) -> Found:
    """Check a link: one far end, not itself, a passage that stands there, fields that its relation may have."""
    if sum(row[name] is not None for name in FAR_ENDS) != 1:
        yield "", "A link has exactly one far end: source, statement or target."
    if row["target"] == row["annotation"]:
        yield "/target", "An annotation cannot be linked to itself."
    found = things["texts"].get(row["passage"]["snapshot"]) if row["passage"] else None
    if found is not None:
        for where, what in _place(row["passage"], found["text"], held=True):
            yield f"/passage{where}", what
    if row["passage"] and not row["passage"]["exact"].strip():
        yield "/passage/exact", "A passage has words."
    if row["source"] and not (row["draft"] or row["passage"] or row["locator"]):
        yield "/draft", "A link to a source with neither words nor locator is a draft."
    yield from _contradiction(row) if row["relation"] == "contradicts" else _no_contradiction(row)


def _no_contradiction(row: Row) -> Found:
    for name in ONLY_OF_CONTRADICTIONS:
        if row[name]:
            yield f"/{name}", "Only a contradiction has this."


def _contradiction(row: Row) -> Found:
    """Check where a contradiction stands: somebody proposed it, and nobody else than a second person decided it."""
    state, decider = row["contradiction_state"], row["decided_by"]
    if state is None:
        yield "/contradiction_state", "A contradiction is proposed, accepted or rejected."
    if row["proposed_by"] is None:
        yield "/proposed_by", "Somebody proposed the contradiction: say who."
    if (state in DECIDED) != (decider is not None):
        yield "/decided_by", "Somebody stands here where the contradiction is decided, and only there."
    if (decider is None) != (row["decided_at"] is None):
        yield "/decided_at", "The time and the person of a decision stand together or not at all."
    if decider is not None and decider == row["proposed_by"]:
        yield "/decided_by", "A contradiction is decided by a second person."
    if state == "rejected" and not row["decision_reason"]:
        yield "/decision_reason", "A rejection has a reason."


def event(row: Row, things: dict[str, Rows]) -> Found:
    """Check a line of the journal: it is about a thing of this very file."""
    kind, about = row["subject_kind"], row["action"].partition(":")[0]
    if kind != ("project" if about == "member" else about):
        yield "/subject_kind", "This does not fit the action."
    elif row["subject"] not in things["project" if kind == "project" else SUBJECTS[kind]]:
        yield "/subject", "This line is about nothing in the file."


RULES = {
    "articles": article,
    "snapshots": snapshot,
    "checks": check,
    "speakers": speaker,
    "merges": merge,
    "statements": statement,
    "annotations": annotation,
    "links": link,
    "events": event,
}
