"""Making the sample project, by the same operations that people's clicks run."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marshmallow import Schema
from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.annotations.operations import add_annotation
from annotator.annotations.schemas import AnnotationIn
from annotator.articles.models import Article, Method, Snapshot
from annotator.articles.operations import Input, bring_in
from annotator.articles.reading import latest
from annotator.errors import WrongState
from annotator.links.operations import add_link
from annotator.links.schemas import LinkIn
from annotator.projects.models import Project
from annotator.projects.operations import add_project, join_project
from annotator.projects.queries import DEMO_SLUG
from annotator.sources.kind import SOURCE
from annotator.sources.library import Kind, add
from annotator.sources.schemas import SourceIn
from annotator.statements.kind import SPEAKER, STATEMENT
from annotator.statements.schemas import SpeakerIn, StatementIn

HERE = Path(__file__).parent
LIBRARY: Mapping[str, tuple[Kind, type[Schema]]] = {
    "speakers": (SPEAKER, SpeakerIn),
    "sources": (SOURCE, SourceIn),
    "statements": (STATEMENT, StatementIn),
}
ENDS = {"speaker": "speakers", "source": "sources", "statement": "statements", "claimant": "speakers"}
ENDS |= {"annotation": "annotations", "target": "annotations"}
Ids = dict[str, dict[str, str]]


def sample_project(session: Session) -> Project | None:
    """Give the project that has the sample's short name; None when there is none."""
    return session.scalar(select(Project).where(Project.slug == DEMO_SLUG))


def add_sample(session: Session, user: User) -> Project:
    """Make the sample project, with `user` as its editor; WrongState when it is here already."""
    if sample_project(session) is not None:
        raise WrongState("The sample project is here already.")
    sample = json.loads((HERE / "sample.json").read_bytes())
    project = add_project(session, **sample["project"], actor=user.id)
    join_project(session, project, user)
    article = bring_in(
        session,
        Input((HERE / "article.md").read_bytes(), "text/markdown", Method.UPLOAD, filename="article.md"),
        {},
        project=project,
        actor=user.id,
    )
    ids: Ids = {}
    for name, (kind, schema) in LIBRARY.items():
        ids[name] = _add_things(session, kind, schema(), sample[name], ids, project.id, user.id)
    ids["annotations"] = _annotate(session, article, sample["annotations"], ids, user.id)
    for given in sample["links"]:
        data = LinkIn().load(_resolved(given, ids))
        near = session.get_one(Annotation, data["annotation"])
        add_link(session, data, annotation=near, actor=user.id)
    return project


def _resolved(given: Mapping[str, Any], ids: Ids) -> dict[str, Any]:
    """Put ids for the names by which things of the sample refer to each other."""
    return {name: ids[ENDS[name]][value] if name in ENDS else value for name, value in given.items()}


def _add_things(
    session: Session, kind: Kind, schema: Schema, given: Mapping[str, Any], ids: Ids, project: str, actor: str
) -> dict[str, str]:
    found = {}
    for name, fields in given.items():
        data = schema.load({**_resolved(fields, ids), "project": project})
        found[name] = add(session, kind, data, project=project, actor=actor).id
    return found


def _annotate(
    session: Session, article: Article, given: Mapping[str, Any], ids: Ids, actor: str
) -> dict[str, str]:
    snapshot, text = latest(session, article.id, Snapshot.id, Snapshot.text)
    found = {}
    for name, fields in given.items():
        rest = {key: value for key, value in fields.items() if key != "words"}
        spans = [_span(text, words) for words in fields["words"]]
        where = {"article": article.id, "snapshot": snapshot, "spans": spans}
        data = AnnotationIn().load({**_resolved(rest, ids), **where})
        found[name] = add_annotation(session, data, article=article, actor=actor).id
    return found


def _span(text: str, words: str) -> dict[str, Any]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "exact": words}
