"""What must hold inside one row beyond its fields: the rules that the database and the operations keep."""

import binascii
from base64 import b64decode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from annotator import text
from annotator.links.schemas import FAR_ENDS, OF_CONTRADICTIONS

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


def article(row: Row, things: dict[str, Rows]) -> Found:
    """Check an article: it has a text, and names each assignee once."""
    if row["id"] not in things["captured"]:
        yield "", "This article has no snapshot."
    if len(set(row["assignees"])) != len(row["assignees"]):
        yield "/assignees", "Somebody is named twice."


def snapshot(row: Row, things: dict[str, Rows]) -> Found:
    """Check a snapshot: one owner, hashes, and every place inside the text."""
    if (row["article"] is None) == (row["source"] is None):
        yield "", "A snapshot belongs to either an article or a source."
    try:
        content = b64decode(row["raw"], validate=True)
    except binascii.Error:
        yield "/raw", "This is not Base64."
    else:
        if sha256(content).hexdigest() != row["raw_sha256"]:
            yield "/raw_sha256", "This is not the SHA-256 of the bytes in “raw”."
    if text.sha256(row["text"]) != row["text_sha256"]:
        yield "/text_sha256", "This is not the SHA-256 of the text."
    yield from _pieces(row, len(row["text"]))


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
    for name in OF_CONTRADICTIONS:
        if row[name] is not None and row["relation"] != "contradicts":
            yield f"/{name}", "Only a contradiction has this."
    found = things["texts"].get(row["passage"]["snapshot"]) if row["passage"] else None
    if found is not None:
        for where, what in _place(row["passage"], found["text"], held=True):
            yield f"/passage{where}", what


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
    "annotations": annotation,
    "links": link,
    "events": event,
}
