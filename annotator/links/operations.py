"""Verbs on links: add, change, set the passage by words, decide, delete, restore."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator.annotations.models import Annotation
from annotator.articles.models import Snapshot
from annotator.articles.passages import Passage, cut, places_of
from annotator.columns import new_id, now
from annotator.creating import stamps
from annotator.errors import Invalid, NotAllowed, WrongState
from annotator.journal.operations import changed_fields, record
from annotator.journal.tags import Action
from annotator.links.models import ContradictionState, Link
from annotator.links.schemas import OF_CONTRADICTIONS
from annotator.protection import readable, readable_id
from annotator.sources.models import Source
from annotator.statements.models import Statement

PLAIN = ("relation", "locator_kind", "locator", "group", "assumption", "note", *OF_CONTRADICTIONS)
FAR = {
    "source": (Source, "source_id"),
    "statement": (Statement, "statement_id"),
    "target": (Annotation, "target_id"),
}
PASSAGE = ("start", "end", "exact", "prefix", "suffix")
DECIDED_ABOUT = ("relation", "passage", "explanation", *OF_CONTRADICTIONS)
PLACED = ("passage", "locator_kind", "locator")
NOT_A_READER = "This source is protected. Only its named readers can change its links."


def add_link(
    session: Session,
    data: Mapping[str, Any],
    *,
    annotation: Annotation,
    actor: str,
    key: str = "",
    digest: str | None = None,
) -> Link:
    """Add a link with fields checked by LinkIn; Invalid when the far end is none of this project's."""
    link = Link(
        id=key or new_id(),
        project_id=annotation.project_id,
        annotation_id=annotation.id,
        **stamps(actor, digest),
    )
    for name in ("locator", "group", "assumption", "note", "explanation", "decision_reason"):
        setattr(link, name, "")
    for name, (_, column) in FAR.items():
        if name in data:
            check_far(session, name, data[name], annotation.project_id)
            setattr(link, column, data[name])
    _set_fields(session, link, data)
    _settle(link, actor)
    session.add(link)
    session.flush()
    record(session, Action.LINK_ADDED, link, actor=actor, after=state(link), article=annotation.article_id)
    return link


def _article_of(session: Session, link: Link) -> str | None:
    return session.scalar(select(Annotation.article_id).where(Annotation.id == link.annotation_id))


def check_far(session: Session, name: str, key: str, project_id: str) -> None:
    """Raise Invalid unless there is such a `source`, `statement` or `target` in the project that may be seen."""
    model: Any = FAR[name][0]
    query = select(model.project_id).where(model.id == key)
    query = query.where(model.live())
    if model is Source:
        query = query.where(readable(Source))
    held = query.with_for_update(
        read=True, key_share=True, of=model
    )  # a delete at the same time waits, or is seen
    if session.scalar(held) != project_id:
        what = "annotation" if name == "target" else name
        raise Invalid({name: [f"There is no such {what} in this project."]})


def _set_fields(session: Session, link: Link, data: Mapping[str, Any]) -> None:
    if (
        "passage" in data
    ):  # first, since its queries would flush what is set before them: one UPDATE, one version
        _set_passage(session, link, data["passage"])
    for name in (*PLAIN, "explanation"):
        if name in data:
            setattr(link, name, data[name])
    if link.relation != "contradicts":
        given = [name for name in (*OF_CONTRADICTIONS, "explanation") if data.get(name)]
        if given:
            raise Invalid({given[0]: ["Only a contradiction has this."]})
        for name in OF_CONTRADICTIONS:
            setattr(link, name, None)


def _settle(link: Link, actor: str, changed: Collection[str] = ()) -> None:
    """Set what follows from the fields: whether it is a draft, and where a contradiction stands.

    Whoever changes what is decided about proposes it anew, so that a second person sees every part of it.
    """
    link.draft = link.source_id is not None and link.passage_snapshot_id is None and not link.locator
    if link.relation != "contradicts":
        link.contradiction_state = link.proposed_by_id = link.decided_by_id = link.decided_at = None
        link.explanation = link.decision_reason = ""
    elif link.contradiction_state is None or not set(DECIDED_ABOUT).isdisjoint(changed):
        link.contradiction_state, link.proposed_by_id = ContradictionState.PROPOSED.value, actor
        link.decided_by_id = link.decided_at = None
        link.decision_reason = ""


def _set_passage(session: Session, link: Link, given: Mapping[str, Any] | None) -> None:
    passage = None
    if given is not None:
        snapshot = _snapshot_of_far_end(session, link, given["snapshot"])
        try:
            passage = cut(session, snapshot, given["start"], given["end"], given.get("exact"))
        except Invalid as error:
            raise Invalid({"passage": error.messages}) from None
    _put_passage(link, given["snapshot"] if given else None, passage)


def _put_passage(link: Link, snapshot: str | None, passage: Passage | None) -> None:
    link.passage_snapshot_id = snapshot
    for name in PASSAGE:
        setattr(link, f"passage_{name}", getattr(passage, name, None))


def _snapshot_of_far_end(session: Session, link: Link, key: str) -> Snapshot:
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


def state(link: Link) -> dict[str, Any]:
    """Give the link's fields as the journal keeps them."""
    found: dict[str, Any] = {name: getattr(link, name) for name in PLAIN}
    found["explanation"], found["state"] = link.explanation, link.contradiction_state
    found["annotation"] = link.annotation_id
    found.update({name: getattr(link, column) for name, (_, column) in FAR.items() if getattr(link, column)})
    if link.passage_snapshot_id:
        found["passage"] = {
            "snapshot": link.passage_snapshot_id,
            "start": link.passage_start,
            "end": link.passage_end,
            "exact": link.passage_exact,
        }
    else:
        found["passage"] = None
    return found


def change_link(session: Session, link: Link, data: Mapping[str, Any], *, actor: str) -> Link:
    """Change the given fields (checked by LinkChange).

    Raises NotAllowed where the source at the far end is protected and `actor` is not named there.
    """
    check_readable(session, link)
    before = state(link)
    with session.no_autoflush:
        _set_fields(session, link, _seen(session, link, data))
    return _finish(session, link, before, actor=actor)


def _seen(session: Session, link: Link, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave out where words stand in a source that `actor` may not see: a form sends it empty, as it was shown.

    Raises NotAllowed when it is given otherwise.
    """
    given = [name for name in PLACED if name in data]
    if not given or _source_seen(session, link):
        return data
    if any(data[name] for name in given):
        raise NotAllowed(NOT_A_READER)
    return {name: value for name, value in data.items() if name not in PLACED}


def _source_seen(session: Session, link: Link) -> bool:
    """Tell whether whoever acts may see the source at the far end, or the one that its statement was found in."""
    said_in = select(Statement.source_id).where(Statement.id == link.statement_id).scalar_subquery()
    key = link.source_id or said_in
    hidden = select(Source.id).where(Source.id == key, ~readable(Source))
    return session.scalar(hidden) is None


def set_passage_by_words(session: Session, link: Link, data: Mapping[str, Any], *, actor: str) -> Link:
    """Set the passage to where the words stand in a snapshot of the far end (checked by WordsIn).

    Raises Invalid when they stand nowhere, or in several places and `which` (from 1) does not choose one of them;
    NotAllowed as in `change_link`.
    """
    check_readable(session, link)
    before = state(link)
    snapshot = _snapshot_of_far_end(session, link, data["snapshot"])
    places = places_of(snapshot.text, data["words"])
    start, end = places[_which(len(places), data.get("which"))]
    _put_passage(link, snapshot.id, cut(session, snapshot, start, end))
    return _finish(session, link, before, actor=actor)


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


def _finish(session: Session, link: Link, before: dict[str, Any], *, actor: str) -> Link:
    """Settle a changed link and keep its line in the journal; nothing when nothing changed."""
    changed, _ = changed_fields(before, state(link))
    _settle(link, actor, changed)
    old, new = changed_fields(before, state(link))
    if new:
        link.stamp(actor, now())
        session.flush()
        article = _article_of(session, link)
        record(session, Action.LINK_CHANGED, link, actor=actor, before=old, after=new, article=article)
    return link


def decide(session: Session, link: Link, data: Mapping[str, Any], *, actor: str) -> Link:
    """Accept or reject a contradiction as a second person (checked by DecisionIn); a decision may be changed.

    Raises NotAllowed for the one who proposed it and for who may not see its source, WrongState for another relation.
    """
    check_readable(session, link)
    if link.relation != "contradicts":
        raise WrongState("Only a contradiction is decided.")
    if link.proposed_by_id == actor:
        raise NotAllowed("You proposed this contradiction. Somebody else decides it.")
    before = {"state": link.contradiction_state, "reason": link.decision_reason}
    link.contradiction_state, link.decision_reason = data["answer"], data.get("reason", "")
    link.decided_by_id, link.decided_at = actor, now()
    link.stamp(actor, link.decided_at)
    session.flush()
    after = {"state": link.contradiction_state, "reason": link.decision_reason}
    article = _article_of(session, link)
    record(session, Action.LINK_DECIDED, link, actor=actor, before=before, after=after, article=article)
    return link


def check_readable(session: Session, link: Link) -> None:
    """Raise NotAllowed where the link's source is protected and whoever acts is not named as its reader."""
    if link.source_id is not None and not _source_seen(session, link):
        raise NotAllowed(NOT_A_READER)


def delete_link(session: Session, link: Link, *, actor: str) -> None:
    """Delete a link softly; `restore_link` undoes it. NotAllowed as in `change_link`."""
    check_readable(session, link)
    link.deleted_at, link.deleted_by_id = now(), actor
    link.stamp(actor, link.deleted_at)
    session.flush()
    record(session, Action.LINK_DELETED, link, actor=actor, article=_article_of(session, link))


def restore_link(session: Session, link: Link, *, actor: str) -> None:
    """Bring a deleted link back; WrongState when it is not deleted, NotAllowed as in `change_link`."""
    check_readable(session, link)
    if link.deleted_at is None:
        raise WrongState("This link is not deleted.")
    link.deleted_at = link.deleted_by_id = None
    link.stamp(actor, now())
    session.flush()
    record(session, Action.LINK_RESTORED, link, actor=actor, article=_article_of(session, link))
