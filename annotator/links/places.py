"""Where words stand at the far end, who may see and set that, and whether the far end still stands."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from annotator.annotations.models import Annotation
from annotator.articles.models import Snapshot
from annotator.articles.passages import Passage, cut, places_of
from annotator.errors import Invalid, NotAllowed
from annotator.links.models import Link
from annotator.protection import readable, readable_id
from annotator.sources.models import Source
from annotator.statements.models import Statement

FAR = {
    "source": (Source, "source_id"),
    "statement": (Statement, "statement_id"),
    "target": (Annotation, "target_id"),
}
PASSAGE = ("start", "end", "exact", "prefix", "suffix")
PLACED = ("passage", "locator_kind", "locator")
NOT_A_READER = "This source is protected. Only its named readers can change its links."


def check_far(session: Session, name: str, key: str, project_id: str) -> None:
    """Raise Invalid unless there is such a `source`, `statement` or `target` in the project that may be seen."""
    if not stands(session, name, key, project_id):
        what = "annotation" if name == "target" else name
        raise Invalid({name: [f"There is no such {what} in this project."]})


def stands(session: Session, name: str, key: str, project_id: str) -> bool:
    """Tell whether the far end is there, undeleted and to be seen; it stays so until the transaction ends."""
    model: Any = FAR[name][0]
    query = select(model.project_id).where(model.id == key, model.live())
    if model is Source:
        query = query.where(readable(Source))
    # a delete at the same time waits, or is seen
    held = query.with_for_update(read=True, key_share=True, of=model)
    return session.scalar(held) == project_id


def far_stands(session: Session, link: Link) -> bool:
    """Tell whether the link's far end stands, as `stands` does."""
    name, key = next(
        (name, getattr(link, column)) for name, (_, column) in FAR.items() if getattr(link, column)
    )
    return stands(session, name, key, link.project_id)


def check_readable(session: Session, link: Link) -> None:
    """Raise NotAllowed where whoever acts may not see the link's source, or the one whose copy its words stand in."""
    words_in = select(Snapshot.source_id).where(Snapshot.id == link.passage_snapshot_id).scalar_subquery()
    behind = or_(Source.id == link.source_id, Source.id == words_in)
    if session.scalar(select(Source.id).where(behind, ~readable(Source)).limit(1)) is not None:
        raise NotAllowed(NOT_A_READER)


def check_placing(session: Session, link: Link, data: Mapping[str, Any]) -> None:
    """Raise NotAllowed where it is said where words stand in a statement's source that whoever acts may not see."""
    if link.statement_id is None or not any(name in data for name in PLACED):
        return
    said_in = select(Statement.source_id).where(Statement.id == link.statement_id).scalar_subquery()
    if session.scalar(select(Source.id).where(Source.id == said_in, ~readable(Source))) is not None:
        raise NotAllowed(NOT_A_READER)


def set_passage(session: Session, link: Link, given: Mapping[str, Any] | None) -> None:
    """Set the passage to a place (PassageIn), or take it away; Invalid where it is no place of the far end."""
    if given is None:
        _put(link, None, None)
        return
    snapshot = snapshot_of_far_end(session, link, given["snapshot"])
    try:
        passage = cut(session, snapshot, given["start"], given["end"], given.get("exact"))
    except Invalid as error:
        raise Invalid({"passage": error.messages}) from None
    _put(link, snapshot.id, passage)


def set_words(session: Session, link: Link, data: Mapping[str, Any]) -> None:
    """Set the passage to where the words (WordsIn) stand; Invalid when that is nowhere, or not certain."""
    snapshot = snapshot_of_far_end(session, link, data["snapshot"])
    places = places_of(snapshot.text, data["words"])
    start, end = places[_which(len(places), data.get("which"))]
    _put(link, snapshot.id, cut(session, snapshot, start, end))


def _put(link: Link, snapshot: str | None, passage: Passage | None) -> None:
    link.passage_snapshot_id = snapshot
    for name in PASSAGE:
        setattr(link, f"passage_{name}", getattr(passage, name, None))


def snapshot_of_far_end(session: Session, link: Link, key: str) -> Snapshot:
    """Give the snapshot; Invalid when it is none of the far end's, or of a source that whoever acts may not see."""
    seen = select(Snapshot).where(Snapshot.id == key, Snapshot.project_id == link.project_id)
    with session.no_autoflush:
        snapshot = session.scalar(seen.where(readable_id(Snapshot.source_id)))
        if snapshot is None or not _belongs_to_far_end(session, link, snapshot):
            raise Invalid({"passage": {"snapshot": ["This is no snapshot of the far end."]}})
    return snapshot


def _belongs_to_far_end(session: Session, link: Link, snapshot: Snapshot) -> bool:
    """Tell whether the snapshot is one of the source, of the statement's source, or of the target's article."""
    source = link.source_id
    if link.statement_id:
        source = session.scalar(select(Statement.source_id).where(Statement.id == link.statement_id))
    if link.target_id:
        article = session.scalar(select(Annotation.article_id).where(Annotation.id == link.target_id))
        return snapshot.article_id is not None and snapshot.article_id == article
    return snapshot.source_id is not None and snapshot.source_id == source


def _which(count: int, which: int | None) -> int:
    if count == 0:
        sentence = "These words do not stand in this copy. Copy them from there, or use fewer words."
        raise Invalid({"words": [sentence]})
    if count == 1 and which is None:
        return 0
    if which is None:
        what_to_do = f"Say which place counts, 1 to {count}, or use more words."
        raise Invalid({"which": [f"These words stand {count} times in this copy. {what_to_do}"]})
    if which > count:
        times = "once" if count == 1 else f"{count} times"
        raise Invalid({"which": [f"These words stand only {times} in this copy."]})
    return which - 1
