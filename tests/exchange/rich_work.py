"""What people make with an article in the rich project: speakers, statements, annotations, links, journal."""

from itertools import cycle
from typing import Any

from annotator.annotations.models import AnchorReason, Kind, State
from annotator.columns import new_id
from annotator.links.models import Acknowledged, Consistency, ContradictionKind, ContradictionState, Relation
from annotator.statements.models import LocatorKind, Medium, SpeakerKind

Row = dict[str, Any]
Maker = Any


def speakers(maker: Maker) -> list[Row]:
    rows = [
        maker.thing(
            full=place % 2 == 0,
            name=f"Speaker {place}",
            kind=kind.value,
            also_known_as=["Спікер"] if place % 2 else [],
            same_as="https://www.wikidata.org/wiki/Q1" if place % 2 else "",
            description="d" if place % 2 else "",
            merged_into=None,
        )
        for place, kind in enumerate(SpeakerKind)
    ]
    first, second, third, _ = rows
    first["merged_into"], second["merged_into"] = second["id"], third["id"]
    return rows


def merges(maker: Maker, found: Row) -> list[Row]:
    first, second, third, _ = (row["id"] for row in found["speakers"])
    moved: Row = {"statements": [], "annotations": [], "names": [], "same_as": ""}
    made = {"made_by": maker.ben, "undone_at": None, "undone_by": None}
    undone = {"made_by": maker.ben, "undone_at": next(maker.time), "undone_by": maker.ann}
    return [
        {"id": new_id(), "kept": kept, "merged": merged, "moved": what, "made_at": next(maker.time), **more}
        for kept, merged, what, more in (
            (second, first, {**moved, "statements": [new_id()], "annotations": [new_id()]}, made),
            (third, second, {**moved, "same_as": "https://www.wikidata.org/wiki/Q1"}, made),
            (third, first, {**moved, "names": ["Ж"]}, undone),
        )
    ]


def statements(maker: Maker, found: Row) -> list[Row]:
    locators = cycle([*LocatorKind, None])
    rows = [
        maker.deletable(
            full=place % 2 == 0,
            deleted=place == 3,
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
            tags=["порт", "a b", "A"] if place % 2 else [],
        )
        for place, medium in enumerate(Medium)
    ]
    protected = {row["id"] for row in found["sources"] if row["confidentiality"] == "protected"}
    for row in rows:
        row.update({"locator_kind": None, "locator": ""} if row["source"] in protected else {})
    return rows


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
    shot = next(row for row in found["snapshots"] if row["source"] and row["text"])
    place = {"snapshot": shot["id"], "start": 1, "end": 3, "exact": shot["text"][1:3]}
    ends = far_ends(found, near[1])
    rows = []
    for number in range(3 * len(Relation)):
        relation = list(Relation)[number % len(Relation)]
        full = number % 2 == 0
        rows.append(
            maker.deletable(
                full=full,
                deleted=number == 5,
                annotation=near[0],
                **ends[number % 3],
                relation=relation.value,
                passage={**place, "prefix": "«", "suffix": None} if number % 3 == 0 else None,
                locator_kind="timecode" if full else None,
                locator="1:02" if full else "",
                group="g" if full else "",
                assumption="a" if full else "",
                note="n" if full else "",
                **undecided(),
                draft=number % 5 == 0,
            )
        )
    contradictions = [row for row in rows if row["relation"] == "contradicts"]
    near_end = {"annotation": near[0], "relation": "contradicts"}
    rest = {"passage": None, "locator_kind": None, "locator": "", "group": "", "assumption": "", "note": ""}
    while len(contradictions) < len(ContradictionKind):
        contradictions.append(maker.deletable(**near_end, **ends[1], **rest, **undecided(), draft=False))
    decide(maker, contradictions)
    hidden = next(row["id"] for row in found["sources"] if row["confidentiality"] == "protected")
    stub = {**ends[0], "source": hidden, "request_sha256": None}
    withheld = maker.deletable(annotation=near[0], relation="quotes", **rest, **undecided(), draft=True)
    return [*rows, *contradictions[3:], {**withheld, **stub}]


def undecided() -> Row:
    """What a link that is no contradiction has of these."""
    names = ("contradiction_kind", "acknowledged", "consistency", "contradiction_state", "proposed_by")
    nothing = dict.fromkeys((*names, "decided_by", "decided_at"))
    return {**nothing, "explanation": "", "decision_reason": ""}


def decide(maker: Maker, contradictions: list[Row]) -> None:
    """Let every kind of contradiction occur, and every state; the second person decides."""
    owned, flips, states = cycle([*Acknowledged, None]), cycle(Consistency), cycle(ContradictionState)
    for row, kind in zip(contradictions, [*ContradictionKind], strict=True):
        state, own = next(states), next(owned)
        row.update(
            contradiction_kind=kind.value, acknowledged=own and own.value, consistency=next(flips).value
        )
        row.update(contradiction_state=state.value, proposed_by=maker.ann, explanation="Він обіцяв.\n**No.**")
        if state is not ContradictionState.PROPOSED:
            row.update(decided_by=maker.ben, decided_at=next(maker.time), decision_reason="Read both.")


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
    shown = next(row["id"] for row in found["sources"] if row["confidentiality"] != "protected")
    hidden = next(row["id"] for row in found["sources"] if row["confidentiality"] == "protected")
    rows += [line("source:added", shown, after={}), line("source:changed", hidden)]
    others = ("snapshots", "speakers", "statements", "annotations", "links")
    return rows + [
        line(f"{name.removesuffix('s')}:added", first(found[name])["id"], after={}) for name in others
    ]


def first(rows: list[Row]) -> Row:
    """The first row that nothing of is protected."""
    return next(row for row in rows if row.get("note") or not row.get("source"))
