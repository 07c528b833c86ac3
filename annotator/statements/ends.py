"""What a statement hangs on: its speaker, its source and the place there, and how long it holds."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator import dates
from annotator.errors import Invalid, NotAllowed, WrongState
from annotator.protection import readable
from annotator.sources.models import Source
from annotator.sources.readers import may_read
from annotator.statements import queries
from annotator.statements.models import Speaker, Statement

MOST_NAMED = 3
STRANGER = (
    "The source of this statement is protected. Only its named readers can change it and the place in it."
)
ENDS_EARLY = "It would hold until a day before it begins to hold. Change one of the two dates."


def checked_ends(
    session: Session, data: Mapping[str, Any], project_id: str, *, now: str | None = None
) -> dict[str, Any]:
    """Give the data with its speaker followed through merges; Invalid for what is none of this project's.

    A source is live and may be seen by whoever asks, unless it is the one that the statement has `now`.
    """
    found = dict(data)
    if "speaker" in found:
        found["speaker"] = standing(session, found["speaker"], project_id)
        if found["speaker"] is None:
            raise Invalid({"speaker": ["There is no such speaker in this project."]})
    source = found.get("source")
    if source not in (None, now) and not held_source(session, source, project_id, seen=True):
        raise Invalid({"source": ["There is no such source in this project."]})
    return found


def held_source(session: Session, key: str, project_id: str, *, seen: bool = False) -> bool:
    """Tell whether the project has this live source; with `seen`, that whoever asks may see it.

    Its row is held until the commit, so that a delete meanwhile either waits or is seen.
    """
    query = select(Source.id).where(Source.id == key, Source.project_id == project_id, Source.live())
    query = query.where(readable(Source)) if seen else query
    return session.scalar(query.with_for_update(read=True, key_share=True)) is not None


def standing(session: Session, key: str, project_id: str) -> str | None:
    """Give the speaker of the project that this one is now, after all merges; None when there is none such.

    Its row is held until the commit, so that a merge meanwhile either waits or is seen.
    """
    seen = {key}
    while True:
        query = select(Speaker.project_id, Speaker.merged_into_id).where(Speaker.id == key)
        row = session.execute(query.with_for_update(read=True, key_share=True)).one_or_none()
        if row is None or row.project_id != project_id:
            return None
        if row.merged_into_id is None or row.merged_into_id in seen:
            return key
        key = row.merged_into_id
        seen.add(key)


def checked_place(
    session: Session, statement: Statement, data: Mapping[str, Any], *, actor: str
) -> dict[str, Any]:
    """Give the data in which another source takes the place in the old one away, unless a new one is given.

    Raises NotAllowed where `actor` may not read the present source: even an equal place is refused, for it would tell
    who tries that it is the right one. Raises WrongState while a link, deleted or not, has its words in a copy of that
    source.
    """
    now = statement.source_id
    moves = "source" in data and data["source"] != now
    if now is None or not (moves or "locator" in data or "locator_kind" in data):
        return dict(data)
    if not may_read(session, session.get_one(Source, now), actor):
        raise NotAllowed(STRANGER)
    if not moves:
        return dict(data)
    rows = session.execute(queries.quoting(statement.id, now)).all()
    if rows:
        has = "has its words" if len(rows) == 1 else "have their words"
        back = " Bring back what is deleted of them to do so." if any(row.deleted for row in rows) else ""
        raise WrongState(
            f"{named_links(rows)} {has} in a copy of the present source. Take those words out first.{back}",
            links=[row.id for row in rows],
        )
    return {"locator": "", "locator_kind": None, **data}


def named_links(rows: Sequence[Any]) -> str:
    """Name links by the articles they are in: `2 links in “The harbour”, “The bridge”`."""
    articles = list(dict.fromkeys(f"“{row.title}”" for row in rows))
    named = ", ".join(articles[:MOST_NAMED]) + (" and others" if len(articles) > MOST_NAMED else "")
    return f"{'A link' if len(rows) == 1 else f'{len(rows)} links'} in {named}"


def check_validity(data: Mapping[str, Any]) -> None:
    """Raise Invalid at `valid_until` when even the last day it can mean lies before the first of `valid_from`."""
    if dates.order(data.get("valid_until"), data.get("valid_from")) == dates.Order.EARLIER:
        raise Invalid({"valid_until": [ENDS_EARLY]})
