"""Verbs on annotations: add, change, delete, restore."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from annotator import markdown
from annotator.annotations.models import Annotation, Span, Tag
from annotator.articles.models import Snapshot
from annotator.columns import new_id, now
from annotator.creating import stamps
from annotator.database import Model
from annotator.errors import Conflict, Invalid, WrongState
from annotator.fields import bounds
from annotator.journal.operations import changed_fields, record
from annotator.journal.tags import Action
from annotator.statements.models import Speaker
from annotator.text import CONTEXT, fold

PLAIN = ("kind", "body", "claim_text", "state", "reason")
KEYS = {"claimant": "claimant_id", "assignee": "assignee_id"}


def cut_spans(session: Session, snapshot: Any, spans: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Cut the words of each span from the canonical text, with 32 code points of context on both sides.

    Raises Invalid for a place outside of the text, and when the words the browser saw are not those that stand
    there: nothing is saved at a place that is not certain.
    """
    for ordinal, span in enumerate(spans):
        if not span["start"] < span["end"] <= snapshot.length:
            sentence = f"The place must lie within the text: 0 <= start < end <= {snapshot.length}."
            raise Invalid({"spans": {ordinal: {"end": [sentence]}}})
    lefts = [max(0, span["start"] - CONTEXT) for span in spans]
    pieces = [
        func.substr(Snapshot.text, left + 1, span["end"] - left + CONTEXT)
        for left, span in zip(lefts, spans, strict=True)
    ]
    row = session.execute(select(*pieces).where(Snapshot.id == snapshot.id)).one()
    found: list[dict[str, Any]] = []
    for ordinal, (span, left, words) in enumerate(zip(spans, lefts, row, strict=True)):
        start, end = span["start"], span["end"]
        exact = words[start - left : end - left]
        if "exact" in span and span["exact"] != exact:
            raise Invalid(
                {
                    "spans": {
                        ordinal: {
                            "exact": ["These are not the words at this place. Reload the page and try again."]
                        }
                    }
                }
            )
        found.append(
            {
                "ordinal": ordinal,
                "start": start,
                "end": end,
                "exact": exact,
                "prefix": words[: start - left],
                "suffix": words[end - left :],
                "anchor": "exact",
            }
        )
    return found


def newest_snapshot(session: Session, article_id: str, snapshot_id: str) -> Any:
    """Give id, number and length of the article's newest snapshot; Conflict, naming it, when another is meant."""
    columns = select(Snapshot.id, Snapshot.number, Snapshot.length)
    snapshot = session.execute(
        columns.where(Snapshot.article_id == article_id).order_by(Snapshot.number.desc()).limit(1)
    ).one()
    if snapshot.id != snapshot_id:
        raise Conflict(
            f"The article has a newer text (revision {snapshot.number}). Reload the page; your note is kept.",
            newest=snapshot.id,
        )
    return snapshot


def add_annotation(
    session: Session,
    data: Mapping[str, Any],
    *,
    article: Any,
    actor: str,
    key: str = "",
    digest: str | None = None,
) -> Annotation:
    """Add an annotation with fields checked by AnnotationIn.

    Raises Invalid for a place or a person that does not fit, Conflict when the snapshot is not the newest.
    """
    _check_people(session, article.project_id, data)
    snapshot = newest_snapshot(session, article.id, data["snapshot"])
    spans = cut_spans(session, snapshot, data["spans"])
    annotation = Annotation(
        id=key or new_id(), project_id=article.project_id, article_id=article.id, **stamps(actor, digest)
    )
    for name, default in (("body", ""), ("claim_text", ""), ("state", "open"), ("reason", None)):
        setattr(annotation, name, default)
    _set_fields(annotation, data)
    tags = _distinct(data.get("tags", []))
    annotation.folded = _folded(annotation, spans, tags)
    session.add(annotation)
    session.flush()
    _put_children(session, annotation.id, snapshot.id, spans, tags)
    record(session, Action.ANNOTATION_ADDED, annotation, actor=actor, after=_state(annotation, spans, tags))
    return annotation


def change_annotation(
    session: Session, annotation: Annotation, data: Mapping[str, Any], *, actor: str
) -> Annotation:
    """Change the given fields (checked by AnnotationChange); raises as `add_annotation` does."""
    _check_people(session, annotation.project_id, data)
    spans, tags = spans_of(session, annotation.id), tags_of(session, annotation.id)
    before = _state(annotation, spans, tags)
    _set_fields(annotation, data)
    if "spans" in data:
        if "snapshot" not in data:
            raise Invalid({"snapshot": ["Say which snapshot the new places count on."]})
        snapshot = newest_snapshot(session, annotation.article_id, data["snapshot"])
        spans = cut_spans(session, snapshot, data["spans"])
        session.execute(
            delete(Span).where(Span.annotation_id == annotation.id, Span.snapshot_id == snapshot.id)
        )
        _put_children(session, annotation.id, snapshot.id, spans, [])
    if "tags" in data:
        tags = _distinct(data["tags"])
        session.execute(delete(Tag).where(Tag.annotation_id == annotation.id))
        _put_children(session, annotation.id, "", [], tags)
    old, new = changed_fields(before, _state(annotation, spans, tags))
    if new:
        annotation.folded = _folded(annotation, spans, tags)
        annotation.stamp(actor, now())
        session.flush()
        record(session, Action.ANNOTATION_CHANGED, annotation, actor=actor, before=old, after=new)
    return annotation


def delete_annotation(session: Session, annotation: Annotation, *, actor: str) -> None:
    """Delete an annotation softly; `restore_annotation` undoes it."""
    annotation.deleted_at, annotation.deleted_by_id = now(), actor
    annotation.stamp(actor, annotation.deleted_at)
    session.flush()
    record(session, Action.ANNOTATION_DELETED, annotation, actor=actor)


def restore_annotation(session: Session, annotation: Annotation, *, actor: str) -> None:
    """Bring a deleted annotation back; WrongState when it is not deleted."""
    if annotation.deleted_at is None:
        raise WrongState("This annotation is not deleted.")
    annotation.deleted_at = annotation.deleted_by_id = None
    annotation.stamp(actor, now())
    session.flush()
    record(session, Action.ANNOTATION_RESTORED, annotation, actor=actor)


def _set_fields(annotation: Annotation, data: Mapping[str, Any]) -> None:
    for name in PLAIN:
        if name in data:
            setattr(annotation, name, data[name])
    for name, column in KEYS.items():
        if name in data:
            setattr(annotation, column, data[name])
    if "claimed_on" in data:
        for column, value in bounds("claimed", data["claimed_on"]).items():
            setattr(annotation, column, value)
    if "body" in data:
        annotation.body_html = markdown.render(data["body"])
    if annotation.state != "not_checkable":
        annotation.reason = None
    elif not annotation.reason:
        raise Invalid({"reason": ["Say why this is not checkable."]})


def _check_people(session: Session, project_id: str, data: Mapping[str, Any]) -> None:
    claimant, assignee = data.get("claimant"), data.get("assignee")
    if claimant and session.scalar(select(Speaker.project_id).where(Speaker.id == claimant)) != project_id:
        raise Invalid({"claimant": ["There is no such speaker in this project."]})
    members = Model.metadata.tables["memberships"].c
    here = select(members.role).where(members.project_id == project_id, members.user_id == assignee)
    if assignee and session.scalar(here) is None:
        raise Invalid({"assignee": ["Only members of the project can be assigned."]})


def _put_children(
    session: Session, key: str, snapshot_id: str, spans: list[dict[str, Any]], tags: list[str]
) -> None:
    if spans:
        session.execute(
            insert(Span), [{**span, "annotation_id": key, "snapshot_id": snapshot_id} for span in spans]
        )
    if tags:
        rows = [{"annotation_id": key, "tag": tag, "ordinal": ordinal} for ordinal, tag in enumerate(tags)]
        session.execute(insert(Tag), rows)


def spans_of(session: Session, annotation_id: str) -> list[dict[str, Any]]:
    """Give the spans of the newest snapshot that the annotation stands on, as `cut_spans` does."""
    newest = (
        select(Span.snapshot_id)
        .join(Snapshot, Snapshot.id == Span.snapshot_id)
        .where(Span.annotation_id == annotation_id)
        .order_by(Snapshot.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    names = ("ordinal", "start", "end", "exact", "prefix", "suffix", "anchor")
    query = select(*(getattr(Span, name) for name in names))
    rows = session.execute(
        query.where(Span.annotation_id == annotation_id, Span.snapshot_id == newest).order_by(Span.ordinal)
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def tags_of(session: Session, annotation_id: str) -> list[str]:
    """Give the annotation's tags in their order."""
    return list(
        session.scalars(select(Tag.tag).where(Tag.annotation_id == annotation_id).order_by(Tag.ordinal))
    )


def _state(annotation: Annotation, spans: list[dict[str, Any]], tags: list[str]) -> dict[str, Any]:
    found = {name: getattr(annotation, name) for name in PLAIN}
    found.update({name: getattr(annotation, column) for name, column in KEYS.items()})
    found["claimed_on"] = annotation.claimed_on
    found["tags"] = list(tags)
    found["spans"] = [{"start": span["start"], "end": span["end"], "exact": span["exact"]} for span in spans]
    return found


def _folded(annotation: Annotation, spans: list[dict[str, Any]], tags: list[str]) -> str:
    return fold(
        "\n".join([annotation.claim_text, annotation.body, *(span["exact"] for span in spans), *tags])
    )


def _distinct(tags: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(tags))
