"""What can be wrong in a file: where, with which value, and what is said of it."""

from collections.abc import Callable
from typing import Any

from exchange.rich import HASH, rich_document

from annotator.columns import new_id

DOCUMENT = rich_document()
Change = Callable[[dict[str, Any]], Any]


def put(path: str, value: Any) -> Change:
    """Give the change that puts a value at a pointer."""

    def change(document: dict[str, Any]) -> None:
        *steps, last = path.strip("/").split("/")
        place: Any = document
        for step in steps:
            place = place[int(step) if isinstance(place, list) else step]
        place[int(last) if isinstance(place, list) else last] = value

    return change


def drop(path: str) -> Change:
    def change(document: dict[str, Any]) -> None:
        *steps, last = path.strip("/").split("/")
        place: Any = document
        for step in steps:
            place = place[int(step) if isinstance(place, list) else step]
        del place[int(last) if isinstance(place, list) else last]

    return change


def of(name: str, **wanted: Any) -> str:
    """Give the pointer to the first row of a list with these values."""
    rows = DOCUMENT[name]
    place = next(at for at, row in enumerate(rows) if all(row[key] == value for key, value in wanted.items()))
    return f"/{name}/{place}"


CLAIM = of("annotations", kind="claim")
CONTRADICTION = of("links", relation="contradicts")
SUPPORT = of("links", relation="supports")
WITH_PASSAGE = next(f"/links/{at}" for at, row in enumerate(DOCUMENT["links"]) if row["passage"])
HELD = next(at for at, span in enumerate(DOCUMENT["annotations"][0]["spans"]) if span["anchor"] == "exact")
SPAN = f"/annotations/0/spans/{HELD}"
OTHER_TEXT = next(row["id"] for row in DOCUMENT["snapshots"] if row["source"] and row["text"])
CAPTURED = of("snapshots", source=None)
MARKED = next(
    f"/snapshots/{at}" for at, row in enumerate(DOCUMENT["snapshots"]) if row["marks"] and row["sentences"]
)
OF_SOURCE = of("snapshots", id=OTHER_TEXT)
UNREAD = of("snapshots", text="")
FETCHED = of("snapshots", method="fetch")
PASTED = of("snapshots", method="paste")
FAILED, CHANGED = of("checks", outcome="failed"), of("checks", outcome="changed")
MERGED = next(f"/speakers/{at}" for at, row in enumerate(DOCUMENT["speakers"]) if row["merged_into"])
UNDONE = next(f"/merges/{at}" for at, row in enumerate(DOCUMENT["merges"]) if row["undone_at"])
TAGGED = next(f"/statements/{at}" for at, row in enumerate(DOCUMENT["statements"]) if row["tags"])
PROPOSED, ACCEPTED = of("links", contradiction_state="proposed"), of("links", contradiction_state="accepted")
REJECTED = of("links", contradiction_state="rejected")
BARE = next(
    f"/links/{at}"
    for at, row in enumerate(DOCUMENT["links"])
    if row["source"] and not (row["passage"] or row["locator"])
)
NEAR = DOCUMENT["links"][0]["annotation"]
TO_ANNOTATION = next(f"/links/{at}" for at, row in enumerate(DOCUMENT["links"]) if row["target"])
WRONG_VALUES = [
    ("/scope", "all", "project, article"),
    ("/exported_at", "yesterday", "2025-04-30T12:00:00.000000Z"),
    ("/exported_by", {"id": "1", "name": "Ann"}, "UUID"),
    ("/generator", 7, "name of the program"),
    ("/left_out", {"links": "many"}, "numbers"),
    ("/project/slug", "Not a slug", "small letters"),
    ("/project/approvals_needed", 0, "greater than or equal to 1"),
    ("/project/primary_required", 1, "Not a valid boolean"),
    ("/people/0/name", "", "cannot be empty"),
    ("/articles/0/title", None, "null"),
    ("/articles/0/url", "javascript:alert(1)", "http://"),
    ("/articles/0/status", "done", "Choose one of"),
    ("/articles/0/published_on", "2025-02-30", "no such date"),
    ("/articles/0/due_on", "30.04.2025", "Not a valid date"),
    ("/articles/0/priority", 4, "less than or equal to 3"),
    ("/articles/0/version", 1.5, "Not a valid integer"),
    ("/articles/0/created_at", "2025-13-01T00:00:00.000000Z", "Write a time as"),
    ("/articles/0/created_at", "2025-01-01T00:00:00Z", "Write a time as"),
    ("/articles/0/created_by", new_id(), "“people”"),
    ("/articles/0/assignees", [DOCUMENT["people"][0]["id"]] * 2, "twice"),
    ("/articles/0/request_sha256", "abc", "SHA-256"),
    ("/sources/0/authors", [7], "Not a valid string"),
    ("/sources/0/type", "tweet", "Choose one of"),
    (f"{MARKED}/text_sha256", HASH, "SHA-256 of the text"),
    (f"{MARKED}/raw_sha256", HASH, "SHA-256 of the bytes"),
    (f"{MARKED}/raw", "!!", "Base64"),
    (f"{MARKED}/captured_by", None, "null"),
    (f"{MARKED}/blocks/0/end", 1000, "outside"),
    (f"{MARKED}/blocks/0/kind", "table", "Choose one of"),
    (f"{MARKED}/marks/0/href", "javascript:x", "http, https or mailto"),
    (f"{MARKED}/sentences/0", [1], "outside"),
    ("/snapshots/0/number", 0, "greater than or equal to 1"),
    ("/speakers/0/same_as", "wikidata", "http://"),
    ("/statements/0/quote", "", "cannot be empty"),
    ("/statements/0/said_on", "4.10.2022", "Write a date as"),
    ("/statements/0/speaker", new_id(), "“speakers”"),
    (f"{TAGGED}/valid_until", "2021-12-31", "begins to hold"),
    (f"{CLAIM}/state", "not_checkable", "reason"),
    (f"{CLAIM}/tags", ["a", "a"], "twice"),
    (f"{CLAIM}/tags/0", "", "cannot be empty"),
    (f"{CLAIM}/spans", [], "at least one span"),
    (f"{SPAN}/start", -1, "greater than or equal to 0"),
    (f"{SPAN}/end", 10_000, "within the text"),
    (f"{SPAN}/end", 2**53, "less than or equal to"),
    (f"{SPAN}/exact", "other words", "not the words"),
    (f"{SPAN}/snapshot", OTHER_TEXT, "another article"),
    (f"{SPAN}/snapshot", new_id(), "“snapshots”"),
    (f"{SPAN}/anchor", "changed", "reason"),
    (f"{SPAN}/score", 1.5, "less than or equal to 1"),
    (f"{SPAN}/score", True, "Not a valid number"),
    (f"{SUPPORT}/acknowledged", "yes", "Only a contradiction"),
    (f"{CONTRADICTION}/contradiction_kind", "irony", "Choose one of"),
    (f"{SUPPORT}/annotation", new_id(), "“annotations”"),
    (f"{WITH_PASSAGE}/passage/exact", "x", "not the words"),
    (f"{WITH_PASSAGE}/passage/exact", " ", "A passage has words"),
    (f"{BARE}/draft", False, "is a draft"),
    (f"{SUPPORT}/explanation", "Why", "Only a contradiction"),
    (f"{SUPPORT}/contradiction_state", "proposed", "Only a contradiction"),
    (f"{SUPPORT}/proposed_by", DOCUMENT["people"][0]["id"], "Only a contradiction"),
    (f"{SUPPORT}/decided_at", "2025-01-01T00:00:00.000000Z", "Only a contradiction"),
    (f"{PROPOSED}/contradiction_state", None, "proposed, accepted or rejected"),
    (f"{PROPOSED}/contradiction_state", "accepted", "is decided"),
    (f"{PROPOSED}/contradiction_state", "perhaps", "Choose one of"),
    (f"{PROPOSED}/proposed_by", None, "say who"),
    (f"{PROPOSED}/decided_by", DOCUMENT["people"][1]["id"], "is decided"),
    (f"{ACCEPTED}/decided_by", None, "is decided"),
    (
        f"{ACCEPTED}/decided_by",
        DOCUMENT["links"][int(ACCEPTED.split("/")[2])]["proposed_by"],
        "second person",
    ),
    (f"{ACCEPTED}/decided_at", None, "together"),
    (f"{REJECTED}/decision_reason", "", "has a reason"),
    (f"{UNREAD}/unread", "", "says why"),
    (f"{PASTED}/status_code", 200, "Only what was fetched"),
    (f"{FETCHED}/status_code", 99, "greater than or equal to 100"),
    (f"{FETCHED}/headers", [["content-type"]], "a name and a value"),
    (f"{FETCHED}/headers", {}, "Not a valid list"),
    (f"{FETCHED}/redirects", ["file:///etc/passwd"], "http://"),
    (f"{CAPTURED}/raw", None, "either"),
    (f"{CAPTURED}/file", f"copies/{HASH}", "either"),
    (f"{CAPTURED}/file", "../../etc/passwd", "name of a copy"),
    (f"{CAPTURED}/blocks/0/page", 0, "greater than or equal to 1"),
    (f"{CAPTURED}/blocks/0/page", None, "null"),
    (f"{FAILED}/detail", "", "says why"),
    (f"{FAILED}/snapshot", OTHER_TEXT, "only there"),
    (f"{CHANGED}/snapshot", None, "only there"),
    (f"{CHANGED}/snapshot", DOCUMENT["annotations"][0]["spans"][0]["snapshot"], "none of the source"),
    (f"{CHANGED}/outcome", "lost", "Choose one of"),
    (f"{MERGED}/merged_into", new_id(), "“speakers”"),
    (f"{MERGED}/merged_into", DOCUMENT["speakers"][int(MERGED.split("/")[2])]["id"], "into themselves"),
    (f"{UNDONE}/undone_by", None, "together"),
    ("/merges/0/merged", DOCUMENT["merges"][0]["kept"], "two different"),
    ("/merges/0/moved", ["x"], "object"),
    ("/merges/0/moved/names", [7], "lists of ids"),
    ("/merges/0/moved/same_as", None, "what moved"),
    ("/merges/0/moved", {}, "what moved"),
    (f"{TAGGED}/tags", ["a", "a"], "twice"),
    ("/events/0/subject", new_id(), "nothing in the file"),
    ("/events/0/subject_kind", "user", "does not fit"),
    ("/events/0/action", "user:admin-granted", "project's journal"),
    ("/events/0/after", [1], "object"),
    ("/events/0/actor", new_id(), "“people”"),
    ("/articles", {}, "list"),
]
