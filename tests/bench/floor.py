"""What the list of annotations is held against: raw driver rows and hand-written dicts; and the usual slow way."""

import json
import sqlite3
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator.accounts.models import User
from annotator.annotations.models import Annotation, Span, Tag
from annotator.annotations.schemas import AnnotationOut
from annotator.columns import as_time
from annotator.links.comparison import compare
from annotator.links.models import Link
from annotator.links.schemas import LinkOut
from annotator.sources.models import Source
from annotator.statements.models import Speaker, Statement

ANNOTATIONS = """
SELECT a.id, a.version, a.created_at, a.created_by_id, c.name, a.updated_at, a.updated_by_id, u.name, a.project_id,
 a.article_id, a.kind, a.state, a.reason, a.body, a.body_html, a.claim_text, k.id, k.name, a.claimed_on, p.id, p.name,
 a.deleted_at
FROM annotations a JOIN spans s ON s.annotation_id = a.id AND s.ordinal = 0 AND s.snapshot_id = ?
LEFT JOIN users c ON c.id = a.created_by_id LEFT JOIN users u ON u.id = a.updated_by_id
LEFT JOIN users p ON p.id = a.assignee_id LEFT JOIN speakers k ON k.id = a.claimant_id
WHERE a.article_id = ? AND a.deleted_at IS NULL ORDER BY s.start, a.id
"""
SPANS = """
SELECT annotation_id, snapshot_id, start, "end", exact, prefix, suffix, anchor, reason FROM spans
WHERE snapshot_id = ? ORDER BY annotation_id, ordinal
"""
TAGS = """
SELECT t.annotation_id, t.tag FROM annotation_tags t JOIN annotations a ON a.id = t.annotation_id
WHERE a.article_id = ? ORDER BY t.annotation_id, t.ordinal
"""
LINKS = """
SELECT l.annotation_id, l.id, l.version, l.created_at, l.created_by_id, c.name, l.updated_at, l.updated_by_id, u.name,
 l.project_id, l.relation, l.locator_kind, l.locator, l.evidence_group, l.assumption, l.note, l.contradiction_kind,
 l.acknowledged, l.consistency, t.id, k.id, k.name, t.quote, t.role, t.occasion, t.medium, t.said_on, s.id, s.title,
 s.url, s.publisher, t.version, a.claimed_on, r.published_on, a.claimant_id, l.explanation, l.contradiction_state,
 l.proposed_by_id, o.name, l.decided_by_id, d.name, l.decided_at, l.decision_reason, l.draft, t.valid_from_on,
 t.valid_until_on, t.locator, s.tier, s.independence_group, s.confidentiality
FROM links l JOIN annotations a ON a.id = l.annotation_id JOIN articles r ON r.id = a.article_id
JOIN statements t ON t.id = l.statement_id JOIN speakers k ON k.id = t.speaker_id
LEFT JOIN sources s ON s.id = t.source_id
LEFT JOIN users c ON c.id = l.created_by_id LEFT JOIN users u ON u.id = l.updated_by_id
LEFT JOIN users o ON o.id = l.proposed_by_id LEFT JOIN users d ON d.id = l.decided_by_id
WHERE a.article_id = ? AND l.deleted_at IS NULL ORDER BY l.created_at, l.id
"""
LINK_OUT = LinkOut()


def raw_list(connection: sqlite3.Connection, article: str, snapshot: str) -> bytes:
    """Give the list as the API does, by four queries of the driver and one dict written by hand for each thing."""
    spans, tags, links = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in connection.execute(SPANS, (snapshot,)):
        spans[row[0]].append(_span(row))
    for key, tag in connection.execute(TAGS, (article,)):
        tags[key].append(tag)
    for row in connection.execute(LINKS, (article,)):
        links[row[0]].append(_link(row))
    rows = connection.execute(ANNOTATIONS, (snapshot, article)).fetchall()
    items = [_annotation(row, spans[row[0]], tags[row[0]], links[row[0]]) for row in rows]
    return orjson.dumps({"items": items, "next": None})


def _span(r: Any) -> dict[str, Any]:
    return {
        "snapshot": r[1],
        "start": r[2],
        "end": r[3],
        "exact": r[4],
        "prefix": r[5],
        "suffix": r[6],
        "anchor": r[7],
        "reason": r[8],
    }


def _annotation(r: Any, spans: list[Any], tags: list[Any], links: list[Any]) -> dict[str, Any]:
    return {
        "id": r[0],
        "version": r[1],
        "created_at": r[2],
        "created_by": {"id": r[3], "name": r[4]},
        "updated_at": r[5],
        "updated_by": {"id": r[6], "name": r[7]},
        "project": r[8],
        "article": r[9],
        "kind": r[10],
        "state": r[11],
        "reason": r[12],
        "tone": "open",
        "body": r[13],
        "body_html": r[14],
        "tags": tags,
        "claim_text": r[15],
        "claimant": {"id": r[16], "name": r[17]} if r[16] else None,
        "claimed_on": r[18],
        "assignee": {"id": r[19], "name": r[20]} if r[19] else None,
        "spans": spans,
        "links": links,
        "deleted": r[21] is not None,
    }


def _link(r: Any) -> dict[str, Any]:
    return {
        "id": r[1],
        "version": r[2],
        "created_at": r[3],
        "created_by": {"id": r[4], "name": r[5]},
        "updated_at": r[6],
        "updated_by": {"id": r[7], "name": r[8]},
        "project": r[9],
        "annotation": r[0],
        "relation": r[10],
        "locator_kind": r[11],
        "locator": r[12],
        "passage": None,
        "group": r[13],
        "assumption": r[14],
        "note": r[15],
        "contradiction_kind": r[16],
        "acknowledged": r[17],
        "consistency": r[18],
        "explanation": r[35],
        "contradiction_state": r[36],
        "proposed_by": {"id": r[37], "name": r[38]} if r[37] else None,
        "decided_by": {"id": r[39], "name": r[40]} if r[39] else None,
        "decided_at": r[41],
        "decision_reason": r[42],
        "draft": bool(r[43]),
        "missing": [],
        "far": _far(r),
        "comparison": compare("statement", r[32], r[33], r[26], r[34], r[20], None, r[44], r[45]),
        "deleted": False,
    }


def _far(r: Any) -> dict[str, Any]:
    return {
        "id": r[19],
        "kind": "statement",
        "title": r[21],
        "quote": r[22],
        "role": r[23],
        "occasion": r[24],
        "medium": r[25],
        "date": r[26],
        "valid_from": r[44],
        "valid_until": r[45],
        "locator": r[46],
        "tier": r[47],
        "independence_group": r[48] or None,
        "copy": None,
        "protected": r[49] == "protected",
        "hidden": False,
        "url": r[29] or None,
        "publisher": r[30] or None,
        "speaker": {"id": r[20], "name": r[21]},
        "article": None,
        "source": {"id": r[27], "title": r[28], "url": r[29]} if r[27] else None,
        "version": r[31],
        "deleted": False,
    }


def usual_list(session: Session, article: str) -> str:
    """Give the same by the usual way: rows as mapped objects, marshmallow's own dump, the standard library's JSON."""
    here = select(Annotation.id).where(Annotation.article_id == article)
    users = {user.id: user for user in session.scalars(select(User))}
    spans, tags, links = defaultdict(list), defaultdict(list), defaultdict(list)
    for span in session.scalars(select(Span).where(Span.annotation_id.in_(here))):
        spans[span.annotation_id].append(span)
    for tag in session.scalars(select(Tag).where(Tag.annotation_id.in_(here))):
        tags[tag.annotation_id].append(tag.tag)
    query = select(Link, Statement, Speaker, Source).where(Link.annotation_id.in_(here))
    query = query.join(Statement, Statement.id == Link.statement_id)
    query = query.join(Speaker, Speaker.id == Statement.speaker_id).join(
        Source, Source.id == Statement.source_id
    )
    for found in session.execute(query):
        links[found[0].annotation_id].append(LINK_OUT.dump(_mapped_link(users, *found)))
    query = select(Annotation, Speaker).join(Speaker, Speaker.id == Annotation.claimant_id)
    objects = [
        {
            **_mapped(users, annotation),
            "claimant": claimant,
            "spans": spans[annotation.id],
            "tags": tags[annotation.id],
            "links": links[annotation.id],
        }
        for annotation, claimant in session.execute(query.where(Annotation.article_id == article))
    ]
    return json.dumps({"items": AnnotationOut(many=True).dump(objects), "next": None})


def _mapped(users: dict[str, User], row: Any) -> dict[str, Any]:
    names = [column.key for column in row.__mapper__.column_attrs if column.key != "folded"]
    found = {name: getattr(row, name) for name in names}
    times = {"created_at": as_time(row.created_at), "updated_at": as_time(row.updated_at)}
    people = {"created_by": users[row.created_by_id], "updated_by": users[row.updated_by_id]}
    return {**found, **times, **people, "project": row.project_id, "deleted": row.deleted_at is not None}


def _mapped_link(users: dict[str, User], link: Any, said: Any, speaker: Any, source: Any) -> dict[str, Any]:
    far = SimpleNamespace(
        id=said.id, kind="statement", title=speaker.name, quote=said.quote, role=said.role, occasion=said.occasion,
        medium=said.medium, date=said.said_on, url=source.url, publisher=source.publisher, speaker=speaker,
        article=None, source=source, version=said.version, deleted=False,
    )  # fmt: skip
    return {**_mapped(users, link), "annotation": link.annotation_id, "far": far, "passage": None}
