"""What people make with an article in the rich project: speakers, statements, annotations, links, journal."""

from itertools import cycle
from typing import Any

from annotator.annotations.models import AnchorReason, Kind, State
from annotator.links.models import Acknowledged, Consistency, ContradictionKind, Relation
from annotator.statements.models import LocatorKind, Medium, SpeakerKind

Row = dict[str, Any]
Maker = Any


def speakers(maker: Maker) -> list[Row]:
    return [
        maker.thing(
            full=place % 2 == 0,
            name=f"Speaker {place}",
            kind=kind.value,
            also_known_as=["Спікер"] if place % 2 else [],
            same_as="https://www.wikidata.org/wiki/Q1" if place % 2 else "",
            description="d" if place % 2 else "",
        )
        for place, kind in enumerate(SpeakerKind)
    ]


def statements(maker: Maker, found: Row) -> list[Row]:
    locators = cycle([*LocatorKind, None])
    return [
        maker.thing(
            full=place % 2 == 0,
            speaker=found["speakers"][place % 3]["id"],
            role="r" if place % 2 else "",
            quote="Ніколи.",
            language="uk",
            translation="Never." if place % 2 else "",
            translator="T" if place % 2 else "",
            said_on="2022-10-04" if place % 2 else None,
            occasion="o" if place % 2 else "",
            medium=medium.value,
            source=found["sources"][place]["id"] if place % 2 else None,
            locator_kind=(kind := next(locators)) and kind.value,
            locator="12" if place % 2 else "",
            valid_from="2022" if place % 2 else None,
            valid_until="2025-02" if place % 2 else None,
        )
        for place, medium in enumerate(Medium)
    ]


def span(maker: Maker, shot: Row, ordinal: int, **more: Any) -> Row:
    start, end = 3 + ordinal, 9 + ordinal
    text = shot["text"]
    about = {"anchor": "exact", "reason": None, "score": None, "confirmed_by": None}
    place = {"snapshot": shot["id"], "ordinal": ordinal, "start": start, "end": end, "exact": text[start:end]}
    return {**place, "prefix": text[:start], "suffix": text[end : end + 32], **about, **more}


def annotations(maker: Maker, found: Row) -> list[Row]:
    article = found["articles"][0]["id"]
    shots = [row for row in found["snapshots"] if row["article"] == article]
    reasons, states = cycle(AnchorReason), cycle(State)
    rows = []
    for place, kind in enumerate(Kind):
        full, state = place % 2 == 0, next(states).value
        changed = {
            "anchor": "changed",
            "reason": next(reasons).value,
            "exact": "gone",
            "score": 0.5 + place / 100,
        }
        lost = {"anchor": "orphaned", "exact": "no longer there", "score": 0.125}
        spans = [
            span(maker, shots[0], 0),
            span(maker, shots[0], 1, anchor="moved", score=1.0, confirmed_by=maker.ben),
            span(maker, shots[1], 0, **(changed if full else lost)),
        ]
        rows.append(
            maker.deletable(
                full=full,
                deleted=place == 3,
                article=article,
                kind=kind.value,
                state=state,
                reason="An opinion" if state == "not_checkable" else None,
                body="Who is **this**? <b>" if full else "",
                assignee=maker.ann if full else None,
                claim_text="Claim “ж”" if full else "",
                claimant=found["speakers"][0]["id"] if full else None,
                claimed_on="2022-10" if full else None,
                tags=["ж", "a b", "A"] if full else [],
                spans=sorted(spans, key=lambda row: (row["snapshot"], row["ordinal"])),
            )
        )
    return rows


def far_ends(found: Row, target: str) -> list[Row]:
    nothing = dict.fromkeys(("source", "statement", "target"))
    source, statement = found["sources"][0]["id"], found["statements"][0]["id"]
    return [nothing | {"source": source}, nothing | {"statement": statement}, nothing | {"target": target}]


def links(maker: Maker, found: Row) -> list[Row]:
    near = [row["id"] for row in found["annotations"]]
    kinds, owned, flips = cycle([*ContradictionKind, None]), cycle([*Acknowledged, None]), cycle(Consistency)
    shot = next(row for row in found["snapshots"] if row["source"])
    passage = {
        "snapshot": shot["id"],
        "start": 1,
        "end": 3,
        "exact": shot["text"][1:3],
        "prefix": "«",
        "suffix": None,
    }
    ends = far_ends(found, near[1])
    rows = []
    for place in range(3 * len(Relation)):
        relation = list(Relation)[place % len(Relation)]
        contradiction = relation is Relation.CONTRADICTS
        full = place % 2 == 0
        rows.append(
            maker.deletable(
                full=full,
                deleted=place == 5,
                annotation=near[0],
                **ends[place % 3],
                relation=relation.value,
                passage=passage if place % 3 == 0 else None,
                locator_kind="timecode" if full else None,
                locator="1:02" if full else "",
                group="g" if full else "",
                assumption="a" if full else "",
                note="n" if full else "",
                contradiction_kind=(kind := next(kinds)) and kind.value if contradiction else None,
                acknowledged=(own := next(owned)) and own.value if contradiction else None,
                consistency=next(flips).value if contradiction else None,
            )
        )
    return rows


def events(maker: Maker, found: Row) -> list[Row]:
    def line(action: str, subject: str, **more: Any) -> Row:
        kind = action.partition(":")[0]
        about = {"subject_kind": "project" if kind == "member" else kind, "subject": subject}
        rest = {"at": next(maker.time), "actor": maker.ann, "article": None, "before": None, "after": None}
        return {**rest, "action": action, **about, **more}

    article = found["articles"][0]["id"]
    rows = [
        line(
            "project:added",
            found["project"]["id"],
            actor=None,
            after={"name": "Талки", "n": 1, "deep": [{"a": []}]},
        ),
        line("member:added", found["project"]["id"], after={"role": "editor"}),
        line(
            "article:changed",
            article,
            article=article,
            before={"b": 1, "a": None},
            after={"b": 2.5, "aa": True},
        ),
    ]
    others = ("snapshots", "sources", "speakers", "statements", "annotations", "links")
    return rows + [line(f"{name.removesuffix('s')}:added", found[name][0]["id"], after={}) for name in others]
