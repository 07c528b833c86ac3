"""Making the sample project, by the same operations that people's clicks run."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marshmallow import Schema
from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator.accounts.models import User
from annotator.accounts.operations import activate_user, add_user, deactivate_user
from annotator.accounts.queries import by_email
from annotator.annotations.models import Annotation
from annotator.annotations.operations import add_annotation
from annotator.annotations.schemas import AnnotationIn
from annotator.articles.capturing import Input, read_input
from annotator.articles.models import Article, Method, Snapshot
from annotator.articles.operations import bring_in
from annotator.articles.reading import latest
from annotator.errors import WrongState
from annotator.links.deciding import decide
from annotator.links.operations import add_link
from annotator.links.schemas import LinkIn
from annotator.permissions import Role
from annotator.projects.models import Project
from annotator.projects.operations import add_project, join_project, set_member
from annotator.projects.queries import DEMO_SLUG
from annotator.sources.capturing import Brought, keep
from annotator.sources.kind import SOURCE
from annotator.sources.library import Kind, add
from annotator.sources.models import Source
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
    """Make the sample project, with `user` as its editor; WrongState when it is here already.

    A colleague who never signs in proposes one of its contradictions and decides another, since nobody decides what
    they proposed: the first waits for whoever tries the sample.
    """
    if sample_project(session) is not None:
        raise WrongState("The sample project is here already.")
    sample = json.loads((HERE / "sample.json").read_bytes())
    project = add_project(session, **sample["project"], actor=user.id)
    join_project(session, project, user)
    articles = {name: _bring_in(session, project, file, user.id) for name, file in sample["articles"].items()}
    ids: Ids = {}
    for name, (kind, schema) in LIBRARY.items():
        ids[name] = _add_things(session, kind, schema(), sample[name], ids, project.id, user.id)
    copies = _keep_copies(session, sample["copies"], ids, user.id)
    ids["annotations"] = _annotate(session, articles, sample["annotations"], ids, user.id)
    colleague = _colleague(session, project, sample["colleague"], user.id)
    for given in sample["links"]:
        _link(session, _resolved(given, ids), copies, user.id, colleague.id)
    deactivate_user(session, colleague, actor=user.id)
    return project


def _bring_in(session: Session, project: Project, file: str, actor: str) -> Article:
    given = Input((HERE / file).read_bytes(), "text/markdown", Method.UPLOAD, filename=file)
    return bring_in(session, given, {}, project=project, actor=actor)


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


def _keep_copies(
    session: Session, given: Mapping[str, Any], ids: Ids, actor: str
) -> dict[str, tuple[str, str]]:
    """Keep pasted words as copies of the sources; gives the id and the text of each."""
    found = {}
    for name, fields in given.items():
        source = session.get_one(Source, ids["sources"][fields["source"]])
        pasted = Input("\n\n".join(fields["words"]).encode(), "text/plain", Method.PASTE, charset="utf-8")
        document = read_input(pasted, "en")
        key = keep(session, source, Brought(pasted, document), actor=actor).id
        found[name] = (key, document.text)
    return found


def _annotate(
    session: Session, articles: Mapping[str, Article], given: Mapping[str, Any], ids: Ids, actor: str
) -> dict[str, str]:
    found = {}
    for name, fields in given.items():
        article = articles[fields["article"]]
        snapshot, text = latest(session, article.id, Snapshot.id, Snapshot.text)
        rest = {key: value for key, value in fields.items() if key != "words"}
        spans = [_span(text, words) for words in fields["words"]]
        where = {"article": article.id, "snapshot": snapshot, "spans": spans}
        data = AnnotationIn().load({**_resolved(rest, ids), **where})
        found[name] = add_annotation(session, data, article=article, actor=actor).id
    return found


def _link(
    session: Session,
    given: dict[str, Any],
    copies: Mapping[str, tuple[str, str]],
    actor: str,
    colleague: str,
) -> None:
    decision = given.pop("decision", None)
    maker = {"you": actor, "colleague": colleague}[given.pop("by", "you")]
    if passage := given.get("passage"):
        snapshot, text = copies[passage["copy"]]
        given["passage"] = {"snapshot": snapshot, **_span(text, passage["words"])}
    data = LinkIn().load(given)
    link = add_link(session, data, annotation=session.get_one(Annotation, data["annotation"]), actor=maker)
    if decision:
        decide(session, link, decision, actor=colleague)


def _colleague(session: Session, project: Project, given: Mapping[str, str], actor: str) -> User:
    """Give the sample's second person, who takes part until the sample is made."""
    known = session.scalar(by_email(given["email"]))
    colleague = known or add_user(session, email=given["email"], name=given["name"], actor=actor)
    activate_user(session, colleague, actor=actor)
    set_member(session, project, colleague, Role.REVIEWER, actor=actor)
    return colleague


def _span(text: str, words: str) -> dict[str, Any]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "exact": words}
