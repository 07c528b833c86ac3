"""Two speakers that are one: merged in one transaction, and taken back as long as the kept one stands.

Requests that merge in one project take turns (`one_at_a_time`), so that two merges at once never cross.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annotator.columns import new_id, now
from annotator.database import Model, one_at_a_time
from annotator.errors import Invalid, WrongState
from annotator.journal.operations import ADDING, record
from annotator.journal.tags import Action
from annotator.search import operations as search
from annotator.sources import library
from annotator.statements import queries
from annotator.statements.kind import SPEAKER
from annotator.statements.models import Speaker, SpeakerMerge, Statement
from annotator.text import fold

MOST_NAMES = 50


def take_turns(session: Session, speaker_id: str) -> None:
    """Wait until no other request merges speakers in this one's project; before any speaker is loaded."""
    project = session.scalar(select(Speaker.project_id).where(Speaker.id == speaker_id))
    one_at_a_time(session, f"merging speakers of {project}")


def merge_speakers(session: Session, kept: Speaker, merged: Speaker, *, actor: str) -> SpeakerMerge:
    """Give all that `merged` said and claimed to `kept`, with its names; `merged` then points there.

    Raises Invalid for one and the same speaker or one of another project, WrongState when either is merged already.
    """
    _hold(session, kept, merged)
    _check(kept, merged)
    at = now()
    statements = list(session.scalars(select(Statement.id).where(Statement.speaker_id == merged.id)))
    claims = list(session.scalars(queries.claims_of(merged.id)))
    moved = {
        "statements": _move_statements(session, statements, merged.id, kept.id, actor),
        "annotations": _move_claims(session, claims, merged.id, kept.id, actor),
        "names": new_names(kept, merged),
        "same_as": merged.same_as if not kept.same_as else "",
    }
    _take_names(session, kept, moved, actor)
    merged.merged_into_id = kept.id
    merged.stamp(actor, at)
    merge = SpeakerMerge(
        id=new_id(),
        project_id=kept.project_id,
        kept_id=kept.id,
        merged_id=merged.id,
        moved=moved,
        made_at=at,
        made_by_id=actor,
    )
    session.add(merge)
    session.flush()
    record(session, Action.SPEAKER_MERGED, merged, actor=actor, after={"merged_into": kept.id, **moved})
    return merge


def _hold(session: Session, *speakers: Speaker) -> None:
    """Hold the rows, in one order, against whoever is just adding something to them, and see their present state."""
    keys = [speaker.id for speaker in speakers]
    query = select(Speaker).where(Speaker.id.in_(keys)).order_by(Speaker.id).with_for_update()
    session.scalars(query.execution_options(populate_existing=True)).all()


def _check(kept: Speaker, merged: Speaker) -> None:
    if kept.id == merged.id:
        raise Invalid({"into": ["This is the same speaker. Choose the other one."]})
    if kept.project_id != merged.project_id:
        raise Invalid({"into": ["There is no such speaker in this project."]})
    for speaker in (kept, merged):
        if speaker.merged_into_id is not None:
            raise WrongState(f"{speaker.name} was merged into another speaker already. Choose that one.")


def new_names(kept: Speaker, merged: Speaker) -> list[str]:
    """Give the names of `merged` that `kept` does not have yet."""
    known = {fold(name) for name in (kept.name, *kept.also_known_as)}
    names = {fold(name): name for name in (merged.name, *merged.also_known_as) if fold(name) not in known}
    return list(names.values())[: max(0, MOST_NAMES - len(kept.also_known_as))]


def _take_names(session: Session, kept: Speaker, moved: dict[str, Any], actor: str) -> None:
    more = {"also_known_as": [*kept.also_known_as, *moved["names"]]} if moved["names"] else {}
    same = {"same_as": moved["same_as"]} if moved["same_as"] else {}
    library.change(session, SPEAKER, kept, {**more, **same}, actor=actor)


def _move_statements(session: Session, keys: Iterable[str], old: str, new: str, actor: str) -> list[str]:
    """Give these statements to another speaker, each with a line in its own history; gives those moved, in order."""
    table = Model.metadata.tables["statements"]
    return _move(session, table, "speaker", keys, (old, new), actor)


def _move_claims(session: Session, keys: Iterable[str], old: str, new: str, actor: str) -> list[str]:
    """Give these annotations' claims to another claimant, each with a line in its own history."""
    table = Model.metadata.tables["annotations"]  # it stands on our right
    return _move(session, table, "claimant", keys, (old, new), actor)


def _move(
    session: Session, table: Any, field: str, keys: Iterable[str], ends: tuple[str, str], actor: str
) -> list[str]:
    at, (old, new) = now(), ends
    column, subject = table.c[f"{field}_id"], table.name.removesuffix("s")
    about = [table.c.id, table.c.project_id, *([table.c.article_id] if "article_id" in table.c else [])]
    here = column == old
    rows = session.execute(
        select(*about).where(table.c.id.in_(list(keys)), here).order_by(table.c.id)
    ).mappings()
    lines = [
        {
            "at": at,
            "actor_id": actor,
            "action": Action(f"{subject}:changed").value,
            "subject_kind": subject,
            "subject_id": row["id"],
            "project_id": row["project_id"],
            "article_id": row.get("article_id"),
            "before": {field: old},
            "after": {field: new},
        }
        for row in rows
    ]
    moved = [str(line["subject_id"]) for line in lines]
    if moved:
        stamped = {"version": table.c.version + 1, "updated_at": at, "updated_by_id": actor}
        session.execute(update(table).where(table.c.id.in_(moved), here).values({column: new, **stamped}))
        session.connection().execute(ADDING, lines)
        search.changed(session, subject, moved)
    return moved


def undo_merge(session: Session, merge: SpeakerMerge, *, actor: str) -> None:
    """Give back what came by this merge and still belongs to the kept speaker; names that came with it go.

    Raises WrongState when it was taken back already, or when the kept speaker was itself merged later.
    """
    kept, merged = session.get_one(Speaker, merge.kept_id), session.get_one(Speaker, merge.merged_id)
    _hold(session, kept, merged)
    session.refresh(merge)
    if merge.undone_at is not None or merged.merged_into_id != kept.id:
        raise WrongState("This merge was taken back already.")
    if kept.merged_into_id is not None:
        raise WrongState(f"{kept.name} was itself merged into another speaker later. Take that back first.")
    moved = merge.moved
    returned = {
        "statements": _move_statements(session, moved["statements"], kept.id, merged.id, actor),
        "annotations": _move_claims(session, moved["annotations"], kept.id, merged.id, actor),
    }
    names = [name for name in kept.also_known_as if name not in moved["names"]]
    same = {"same_as": ""} if moved["same_as"] and kept.same_as == moved["same_as"] else {}
    library.change(session, SPEAKER, kept, {"also_known_as": names, **same}, actor=actor)
    merged.merged_into_id = None
    merged.stamp(actor, now())
    merge.undone_at, merge.undone_by_id = merged.updated_at, actor
    session.flush()
    record(
        session,
        Action.SPEAKER_MERGE_UNDONE,
        merged,
        actor=actor,
        before={"merged_into": kept.id},
        after={"merged_into": None, **returned},
    )


def last_merge(session: Session, merged_id: str) -> SpeakerMerge | None:
    """Give the merge by which a speaker went into another one and which was not taken back."""
    query = select(SpeakerMerge).where(SpeakerMerge.merged_id == merged_id, SpeakerMerge.undone_at.is_(None))
    return session.scalar(query.order_by(SpeakerMerge.made_at.desc()).limit(1))
