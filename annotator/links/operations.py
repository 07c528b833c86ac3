"""Verbs on links: add, change, delete, restore."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator.annotations.models import Annotation
from annotator.annotations.operations import cut_passage
from annotator.articles.models import Snapshot
from annotator.columns import new_id, now
from annotator.creating import stamps
from annotator.errors import Invalid, WrongState
from annotator.journal.operations import changed_fields, record
from annotator.journal.tags import Action
from annotator.links.models import ContradictionState, Link
from annotator.links.schemas import OF_CONTRADICTIONS
from annotator.sources.models import Source
from annotator.statements.models import Statement

PLAIN = ("relation", "locator_kind", "locator", "group", "assumption", "note", *OF_CONTRADICTIONS)
FAR = {
    "source": (Source, "source_id"),
    "statement": (Statement, "statement_id"),
    "target": (Annotation, "target_id"),
}
PASSAGE = ("start", "end", "exact", "prefix", "suffix")


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
    for name in ("locator", "group", "assumption", "note"):
        setattr(link, name, "")
    for name, (model, column) in FAR.items():
        if name in data:
            _check_far(session, model, name, data[name], annotation.project_id)
            setattr(link, column, data[name])
    _set_fields(session, link, data)
    _settle(link, actor)
    session.add(link)
    session.flush()
    record(session, Action.LINK_ADDED, link, actor=actor, after=state(link), article=annotation.article_id)
    return link


def _article_of(session: Session, link: Link) -> str | None:
    return session.scalar(select(Annotation.article_id).where(Annotation.id == link.annotation_id))


def _check_far(session: Session, model: Any, name: str, key: str, project_id: str) -> None:
    query = select(model.project_id).where(model.id == key)
    if model is Annotation:
        query = query.where(Annotation.live())
    if session.scalar(query) != project_id:
        what = "annotation" if name == "target" else name
        raise Invalid({name: [f"There is no such {what} in this project."]})


def _set_fields(session: Session, link: Link, data: Mapping[str, Any]) -> None:
    if (
        "passage" in data
    ):  # first, since its queries would flush what is set before them: one UPDATE, one version
        _set_passage(session, link, data["passage"])
    for name in PLAIN:
        if name in data:
            setattr(link, name, data[name])
    if link.relation != "contradicts":
        given = [name for name in OF_CONTRADICTIONS if data.get(name) is not None]
        if given:
            raise Invalid({given[0]: ["Only a contradiction has this."]})
        for name in OF_CONTRADICTIONS:
            setattr(link, name, None)


def _settle(link: Link, actor: str) -> None:
    """Set what follows from the fields: whether it is a draft, and that a new contradiction is proposed."""
    link.draft = link.source_id is not None and link.passage_snapshot_id is None and not link.locator
    if link.relation != "contradicts":
        link.contradiction_state = link.proposed_by_id = link.decided_by_id = link.decided_at = None
        link.explanation = link.decision_reason = ""
    elif link.contradiction_state is None:
        link.contradiction_state, link.proposed_by_id = ContradictionState.PROPOSED.value, actor


def _set_passage(session: Session, link: Link, passage: Mapping[str, Any] | None) -> None:
    found: Mapping[str, Any] = {}
    if passage is not None:
        snapshot = session.get(Snapshot, passage["snapshot"])
        if snapshot is None or not _belongs_to_far_end(session, link, snapshot):
            raise Invalid({"passage": {"snapshot": ["This is no snapshot of the far end."]}})
        try:
            found = cut_passage(session, snapshot, passage)
        except Invalid as error:
            messages: Any = error.messages
            raise Invalid({"passage": messages["spans"][0]}) from None
    link.passage_snapshot_id = passage["snapshot"] if passage else None
    for name in PASSAGE:
        setattr(link, f"passage_{name}", found.get(name))


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
    """Change the given fields (checked by LinkChange)."""
    before = state(link)
    with session.no_autoflush:
        _set_fields(session, link, data)
        _settle(link, actor)
    old, new = changed_fields(before, state(link))
    if new:
        link.stamp(actor, now())
        session.flush()
        article = _article_of(session, link)
        record(session, Action.LINK_CHANGED, link, actor=actor, before=old, after=new, article=article)
    return link


def delete_link(session: Session, link: Link, *, actor: str) -> None:
    """Delete a link softly; `restore_link` undoes it."""
    link.deleted_at, link.deleted_by_id = now(), actor
    link.stamp(actor, link.deleted_at)
    session.flush()
    record(session, Action.LINK_DELETED, link, actor=actor, article=_article_of(session, link))


def restore_link(session: Session, link: Link, *, actor: str) -> None:
    """Bring a deleted link back; WrongState when it is not deleted."""
    if link.deleted_at is None:
        raise WrongState("This link is not deleted.")
    link.deleted_at = link.deleted_by_id = None
    link.stamp(actor, now())
    session.flush()
    record(session, Action.LINK_RESTORED, link, actor=actor, article=_article_of(session, link))
