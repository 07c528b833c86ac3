"""A project in which everything occurs: every choice of every list, every field with and without a value."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from itertools import cycle, zip_longest
from typing import Any

from exchange.rich_work import annotations, events, links, merges, speakers, statements

from annotator.articles.models import Direction, Method, Status
from annotator.columns import as_time, new_id, now
from annotator.exchange.kinds import KINDS
from annotator.exchange.redacting import STUB
from annotator.exchange.writing import FORMAT, NAMES, VERSION, layout
from annotator.sources.models import Confidentiality, Outcome, SourceType, Tier

Row = dict[str, Any]
TEXT = "«Ні», сказала 👩🏽‍⚖️ מחר. The mayor said: “Never.”\n\nTab\tand \\ and \u2028 and é."
OLD = "Other words, of an older text."
HASH = "ab" * 32


def as_file(document: Row) -> bytes:
    """The document as an export would write it, with the right counts and checksum."""
    counted = {**document, "counts": {name: len(document[name]) for name in KINDS if name in document}}
    return b"".join(layout((name, counted[name]) for name in NAMES if name in counted))


def moments() -> Iterator[str]:
    for number in range(1_000_000):
        yield f"2025-01-{number % 28 + 1:02}T23:59:59.{number:06}Z"


class Maker:
    """Makes rows; `ann` and `ben` are the people in them."""

    def __init__(self) -> None:
        self.time = moments()
        self.ann, self.ben = new_id(), new_id()

    def thing(self, *, full: bool = True, **more: Any) -> Row:
        """What every changeable thing has."""
        return {
            "id": new_id(),
            "version": 7 if full else 1,
            "created_at": next(self.time),
            "created_by": self.ann if full else None,
            "updated_at": next(self.time),
            "updated_by": self.ben if full else None,
            "request_sha256": HASH if full else None,
            **more,
        }

    def deletable(self, *, full: bool = True, deleted: bool = False, **more: Any) -> Row:
        """What can be deleted has these besides."""
        gone = {
            "deleted_at": next(self.time) if deleted else None,
            "deleted_by": self.ben if deleted else None,
        }
        return {**self.thing(full=full), **gone, **more}


def rich_document() -> Row:
    """A file's content; everything in it is imported, so that an export gives it again."""
    maker = Maker()
    found: Row = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": as_time(now()),
        "exported_by": {"id": maker.ann, "name": "Ann"},
        "generator": "tests",
        "scope": "project",
        "project": project(maker),
        "people": [{"id": maker.ann, "name": 'Ann "Ж" 👩🏽‍⚖️'}, {"id": maker.ben, "name": "Ben"}],
    }
    found["articles"] = articles(maker)
    found["sources"] = sources(maker)
    found["snapshots"] = snapshots(maker, found)
    found["checks"] = checks(maker, found)
    found["speakers"] = speakers(maker)
    found["merges"] = merges(maker, found)
    found["statements"] = statements(maker, found)
    found["annotations"] = annotations(maker, found)
    found["links"] = links(maker, found)
    for name in KINDS:
        if name in found:
            found[name] = sorted(found[name], key=lambda row: str(row["id"]))
    found["events"] = events(maker, found)
    hidden = sum(row["confidentiality"] == "protected" for row in found["sources"])
    return {**found, "left_out": {"sources": hidden}}


def project(maker: Maker) -> Row:
    about = {
        "name": "Талки",
        "slug": "talks",
        "description": "a\nb",
        "rating_scale": "True\nFalse",
        "language": "uk",
    }
    needs = {"approvals_needed": 2, "independent_sources_needed": 3, "primary_required": True}
    more = {"archived_copy_required": True, "locator_required": False, "archived_at": next(maker.time)}
    return maker.thing(**about, **needs, **more)


def articles(maker: Maker) -> list[Row]:
    found = []
    for place, (status, direction) in enumerate(zip_longest(Status, Direction, fillvalue=Direction.AUTO)):
        full = place % 2 == 0
        found.append(
            maker.deletable(
                full=full,
                deleted=place == 4,
                title=f"Title {place} “ж”",
                url="https://example.org/a?b=ü" if full else "",
                publisher="Paper" if full else "",
                byline="By Ann" if full else "",
                published_on=("2025", "2025-04", "2025-04-30", None, "2024-02-29")[place],
                language="uk" if full else "",
                direction=direction.value,
                status=status.value,
                due_on="2025-05-01" if full else None,
                priority=place % 4,
                assignees=sorted([maker.ann, maker.ben]) if full else [],
            )
        )
    return found


def sources(maker: Maker) -> list[Row]:
    tiers, kept = cycle([*Tier, None]), cycle(Confidentiality)
    rows = [
        maker.deletable(
            full=place % 2 == 0,
            deleted=place == 4,
            title=f"Source {place}",
            url="http://example.org/" if place % 2 else "",
            publisher="",
            authors=["Б. Автор", "C. D."] if place % 2 else [],
            published_on="2020-12" if place % 2 else None,
            type=kind.value,
            tier=(tier := next(tiers)) and tier.value,
            independence_group="g" if place % 2 else "",
            confidentiality=next(kept).value,
            note="n\n\nm",
            doi="10.1000/182" if place % 2 else "",
            interests="Paid by the harbour" if place % 2 else "",
        )
        for place, kind in enumerate(SourceType)
    ]
    return [as_shown(row) for row in rows]


def as_shown(source: Row) -> Row:
    """A source as every export shows it: a protected one without anything of it."""
    stub = {**STUB, "updated_at": source["created_at"]}
    return {**source, **stub} if source["confidentiality"] == "protected" else source


def snapshot(maker: Maker, number: int, text: str, raw: bytes, **owner: Any) -> Row:
    block = {"kind": "quote", "level": 0, "depth": 1, "role": None, "start": 0, "end": 5, "page": 1}
    head = {"kind": "heading", "level": 2, "depth": 0, "role": "title", "start": 6, "end": 9}
    link = {"type": "link", "start": 1, "end": 3, "href": "https://example.org/ж"}
    methods = list(Method)
    method = methods[number % len(methods)]
    fetched = method is Method.FETCH
    return {
        "id": new_id(),
        "article": owner.get("article"),
        "source": owner.get("source"),
        "number": number,
        "captured_at": next(maker.time),
        "captured_by": maker.ben,
        "method": method.value,
        "url": "https://example.org/" if number == 1 else "",
        "final_url": "https://example.org/x" if number == 2 else "",
        "media_type": "text/plain",
        "raw": b64encode(raw).decode(),
        "file": None,
        "raw_sha256": sha256(raw).hexdigest(),
        "text": text,
        "text_sha256": sha256(text.encode()).hexdigest(),
        "blocks": [block, head],
        "marks": [link, {"type": "strong", "start": 0, "end": 2, "href": None}],
        "sentences": [[0, 4], [5, len(text)]],
        "sentence_rule": number,
        "note": "one\ntwo" if number == 1 else None,
        "filename": "звіт.pdf" if method is Method.UPLOAD else "",
        "unread": "",
        "status_code": 200 if fetched else None,
        "headers": [["content-type", "text/plain"], ["x-empty", ""]] if fetched else None,
        "redirects": ["https://example.org/old"] if fetched else None,
        "request_sha256": HASH if fetched else None,
    }


def unread(shot: Row) -> Row:
    """The snapshot as one that no text could be made of."""
    empty = {"text": "", "text_sha256": sha256(b"").hexdigest(), "blocks": [], "marks": [], "sentences": []}
    return {**shot, **empty, "unread": "It is encrypted."}


def snapshots(maker: Maker, found: Row) -> list[Row]:
    rows = [
        snapshot(maker, number, text, b"\x00\xff" + text.encode("utf-16"), article=article["id"])
        for article in found["articles"]
        for number, text in ((1, OLD), (2, TEXT))
    ]
    source = found["sources"][0]["id"]
    locked = snapshot(maker, 2, TEXT, b"%PDF-1.7 \x00", source=source) | {"media_type": "application/pdf"}
    pasted = snapshot(maker, 3, OLD, OLD.encode(), source=source)
    return [*rows, snapshot(maker, 1, TEXT, b"", source=source), unread(locked), pasted]


def checks(maker: Maker, found: Row) -> list[Row]:
    shots = {row["number"]: row["id"] for row in found["snapshots"] if row["source"]}
    copies = {"first": shots[1], "unchanged": shots[1], "changed": shots[2]}
    return [
        {
            "id": new_id(),
            "source": found["sources"][0]["id"],
            "snapshot": copies.get(outcome),
            "at": next(maker.time),
            "by": maker.ann,
            "outcome": outcome.value,
            "detail": "It did not answer.\nЖ" if outcome is Outcome.FAILED else "",
            "request_sha256": HASH if outcome is Outcome.GONE else None,
        }
        for outcome in Outcome
    ]
