"""Verbs on annotations: add, change, delete, restore."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, delete, func, insert, literal_column, select
from sqlalchemy.orm import Session

from annotator import markdown
from annotator.annotations.models import Annotation, Span, Tag
from annotator.annotations.searching import words_of
from annotator.articles.models import Article, Snapshot
from annotator.articles.passages import cut_piece, window
from annotator.columns import new_id, now
from annotator.creating import stamps
from annotator.database import Model
from annotator.errors import Conflict, Invalid, WrongState
from annotator.fields import bounds
from annotator.journal.operations import changed_fields, record
from annotator.journal.tags import Action
from annotator.reading import rows_of
from annotator.search import operations as search
from annotator.statements.ends import standing
from annotator.text import fold

PLAIN = ("kind", "body", "claim_text", "state", "reason")
KEYS = {"claimant": "claimant_id", "assignee": "assignee_id"}
UNSAID = {"body": "", "body_html": "", "claim_text": "", "state": "open", "reason": None}
COLUMNS = tuple(column.key for column in Annotation.__table__.columns)
ADDING = insert(Annotation)
ADDING_SPANS = insert(Span)
ADDING_TAGS = insert(Tag)
LANGUAGE = select(Article.language).where(Article.id == bindparam("owner"))


@dataclass(frozen=True)
class Made:
    """An annotation that was just added: what its answer, its journal line and its links need of it."""

    id: str
    project_id: str
    article_id: str
    snapshot: str
    spans: list[dict[str, Any]]
    tags: list[str]


@cache
def _cutting(count: int) -> Select[Any]:
    """Give the Select of id, number and length of an article's newest snapshot, and of `count` pieces of its text."""
    pieces = [
        func.substr(
            Snapshot.text,
            bindparam(f"from{place}", type_=Integer),
            bindparam(f"length{place}", type_=Integer),
        )
        for place in range(count)
    ]
    columns = select(Snapshot.id, Snapshot.number, Snapshot.length, *pieces)
    newest = columns.where(Snapshot.article_id == bindparam("owner")).order_by(Snapshot.number.desc())
    return newest.limit(literal_column("1"))


def _places(spans: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Say to `_cutting` where each span lies, with its context."""
    found = {}
    for place, span in enumerate(spans):
        found[f"from{place}"], found[f"length{place}"] = window(span["start"], span["end"])
    return found


def cut_spans(
    session: Session, article_id: str, snapshot_id: str, spans: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Cut the words of each span from the article's newest text, with 32 code points of context on both sides.

    Raises Conflict, naming it, when another snapshot is the newest; Invalid for a place outside of the text, and
    when the words the browser saw are not those that stand there: nothing is saved at a place that is not certain.
    """
    row = rows_of(session, _cutting(len(spans)), {"owner": article_id, **_places(spans)}).one()
    if row.id != snapshot_id:
        raise Conflict(
            f"The article has a newer text (revision {row.number}). Reload the page; your note is kept.",
            newest=row.id,
        )
    return [_cut(ordinal, span, row[3 + ordinal], row.length) for ordinal, span in enumerate(spans)]


def _cut(ordinal: int, span: Mapping[str, Any], piece: str, length: int) -> dict[str, Any]:
    try:
        found = cut_piece(span["start"], span["end"], piece, length, span.get("exact"))
    except Invalid as error:
        raise Invalid({"spans": {ordinal: error.messages}}) from None
    return {
        "ordinal": ordinal,
        "start": found.start,
        "end": found.end,
        "exact": found.exact,
        "prefix": found.prefix,
        "suffix": found.suffix,
        "anchor": "exact",
    }


def add_annotation(
    session: Session,
    data: Mapping[str, Any],
    *,
    article: Any,
    actor: str,
    key: str = "",
    digest: str | None = None,
) -> Made:
    """Add an annotation with fields checked by AnnotationIn.

    Raises Invalid for a place or a person that does not fit, Conflict when the snapshot is not the newest.
    """
    data = _with_people(session, article.project_id, data)
    spans = cut_spans(session, article.id, data["snapshot"], data["spans"])
    annotation = Annotation(
        id=key or new_id(), project_id=article.project_id, article_id=article.id, **stamps(actor, digest)
    )
    for name in UNSAID:
        setattr(annotation, name, UNSAID[name])
    _set_fields(annotation, data)
    tags = _distinct(data.get("tags", []))
    annotation.folded = _folded(annotation, spans, tags)
    # plain rows: the ORM's own way to write an object takes twice as long (docs/adr/0003)
    session.connection().execute(ADDING, {name: annotation.__dict__.get(name) for name in COLUMNS})
    _put_children(session, annotation.id, data["snapshot"], spans, tags)
    _index(session, annotation, article, spans, tags)
    record(session, Action.ANNOTATION_ADDED, annotation, actor=actor, after=_state(annotation, spans, tags))
    return Made(annotation.id, article.project_id, article.id, data["snapshot"], spans, tags)


def change_annotation(
    session: Session, annotation: Annotation, data: Mapping[str, Any], *, actor: str
) -> Annotation:
    """Change the given fields (checked by AnnotationChange); raises as `add_annotation` does."""
    data = _with_people(session, annotation.project_id, data)
    spans, tags = spans_of(session, annotation.id), tags_of(session, annotation.id)
    before = _state(annotation, spans, tags)
    if "spans" in data:
        if "snapshot" not in data:
            raise Invalid({"snapshot": ["Say which snapshot the new places count on."]})
        newest = data["snapshot"]
        spans = cut_spans(session, annotation.article_id, newest, data["spans"])
        session.execute(delete(Span).where(Span.annotation_id == annotation.id, Span.snapshot_id == newest))
        _put_children(session, annotation.id, newest, spans, [])
    if "tags" in data:
        tags = _distinct(data["tags"])
        session.execute(delete(Tag).where(Tag.annotation_id == annotation.id))
        _put_children(session, annotation.id, "", [], tags)
    _set_fields(annotation, data)  # after all queries, which would flush it: one UPDATE, one version
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


def _with_people(session: Session, project_id: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the data with its claimant followed through merges; Invalid for people who are none of the project's."""
    claimant, assignee = data.get("claimant"), data.get("assignee")
    if claimant:
        claimant = standing(session, claimant, project_id)
        if claimant is None:
            raise Invalid({"claimant": ["There is no such speaker in this project."]})
    members = Model.metadata.tables["memberships"].c
    here = select(members.role).where(members.project_id == project_id, members.user_id == assignee)
    if assignee and session.scalar(here) is None:
        raise Invalid({"assignee": ["Only members of the project can be assigned."]})
    return {**data, "claimant": claimant} if claimant else data


def _put_children(
    session: Session, key: str, snapshot_id: str, spans: list[dict[str, Any]], tags: list[str]
) -> None:
    if spans:
        rows = [{**span, "annotation_id": key, "snapshot_id": snapshot_id} for span in spans]
        session.connection().execute(ADDING_SPANS, rows)
    if tags:
        rows = [{"annotation_id": key, "tag": tag, "ordinal": ordinal} for ordinal, tag in enumerate(tags)]
        session.connection().execute(ADDING_TAGS, rows)


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


def _index(
    session: Session, annotation: Annotation, article: Any, spans: list[dict[str, Any]], tags: list[str]
) -> None:
    search.index(
        session,
        "annotation",
        annotation.id,
        project=annotation.project_id,
        words=words_of(annotation.claim_text, annotation.body, [span["exact"] for span in spans], tags),
        language=rows_of(session, LANGUAGE, {"owner": article.id}).scalar_one(),
        speaker=annotation.claimant_id,
        day=annotation.claimed_earliest,
        within=article.id,
    )


def _distinct(tags: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(tags))
