"""Verbs on links: add, change, set the passage by words, delete, restore. Deciding: `deciding`."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from annotator.annotations.models import Annotation
from annotator.columns import new_id, now
from annotator.creating import stamps
from annotator.errors import Invalid, WrongState
from annotator.journal.operations import changed_fields, record
from annotator.journal.tags import Action
from annotator.links.deciding import DECIDED_ABOUT, article_of, propose
from annotator.links.models import Link
from annotator.links.places import (
    FAR,
    check_far,
    check_placing,
    check_readable,
    far_stands,
    set_passage,
    set_words,
)
from annotator.links.schemas import OF_CONTRADICTIONS

PLAIN = ("relation", "locator_kind", "locator", "group", "assumption", "note", *OF_CONTRADICTIONS)


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


def _set_fields(session: Session, link: Link, data: Mapping[str, Any]) -> None:
    if "passage" in data:
        # first, since its queries would flush what is set before them: one UPDATE, one version
        set_passage(session, link, data["passage"])
    for name in PLAIN:
        if name in data:
            setattr(link, name, data[name])
    explained = data.get("explanation", link.explanation).strip()
    if explained != link.explanation.strip():  # white space around it is no change
        link.explanation = explained
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
        propose(link, actor)


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

    Raises NotAllowed where `actor` may not see the source at the far end or the one its words stand in, and for a
    place in the source of a statement that `actor` may not see.
    """
    check_readable(session, link)
    check_placing(session, link, data)
    before = state(link)
    with session.no_autoflush:
        _set_fields(session, link, data)
    return _finish(session, link, before, actor=actor)


def set_passage_by_words(session: Session, link: Link, data: Mapping[str, Any], *, actor: str) -> Link:
    """Set the passage to where the words stand in a snapshot of the far end (checked by WordsIn).

    Raises Invalid when they stand nowhere, or in several places and `which` (from 1) does not choose one of them;
    NotAllowed as in `change_link`.
    """
    check_readable(session, link)
    before = state(link)
    set_words(session, link, data)
    return _finish(session, link, before, actor=actor)


def _finish(session: Session, link: Link, before: dict[str, Any], *, actor: str) -> Link:
    """Settle a changed link and keep its line in the journal; nothing when nothing changed."""
    changed, _ = changed_fields(before, state(link))
    _settle(link, actor, changed)
    old, new = changed_fields(before, state(link))
    if new:
        link.stamp(actor, now())
        session.flush()
        article = article_of(session, link)
        record(session, Action.LINK_CHANGED, link, actor=actor, before=old, after=new, article=article)
    return link


def delete_link(session: Session, link: Link, *, actor: str) -> None:
    """Delete a link softly; `restore_link` undoes it. NotAllowed as in `change_link`."""
    check_readable(session, link)
    link.deleted_at, link.deleted_by_id = now(), actor
    link.stamp(actor, link.deleted_at)
    session.flush()
    record(session, Action.LINK_DELETED, link, actor=actor, article=article_of(session, link))


def restore_link(session: Session, link: Link, *, actor: str) -> None:
    """Bring a deleted link back; WrongState where it is not deleted or its far end is, NotAllowed as above."""
    check_readable(session, link)
    if link.deleted_at is None:
        raise WrongState("This link is not deleted.")
    if not far_stands(session, link):
        raise WrongState("What this link leads to is deleted. Bring that back first.")
    link.deleted_at = link.deleted_by_id = None
    link.stamp(actor, now())
    session.flush()
    record(session, Action.LINK_RESTORED, link, actor=actor, article=article_of(session, link))
