"""Which rows belong to an export: of a whole project, or of one article with what it refers to."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, union

from annotator.accounts.models import User
from annotator.annotations.models import Annotation, Span
from annotator.articles.models import Article, Assignee, Snapshot
from annotator.exchange.kinds import KINDS
from annotator.exchange.redacting import hidden_snapshots, protected
from annotator.journal.models import Event
from annotator.journal.tags import Action
from annotator.links.models import Link
from annotator.projects.models import Project
from annotator.sources.models import Source, SourceCheck
from annotator.statements.models import Speaker, SpeakerMerge, Statement

# Who took data out is a matter of this installation's audit, not of the project's history.
EXPORTS = (Action.PROJECT_EXPORTED.value, Action.ARTICLE_EXPORTED.value)


@dataclass(frozen=True)
class Scope:
    """What goes into a file: by list, the condition for its rows; `left_out` counts what does not."""

    name: str
    project_id: str
    conditions: dict[str, ColumnElement[bool]]
    left_out: dict[str, Select[Any]]


def whole_project(project_id: str) -> Scope:
    """Give everything of a project, but for what protected sources hold."""
    found: dict[str, ColumnElement[bool]] = {
        name: kind.model.project_id == project_id for name, kind in KINDS.items() if kind.model is not User
    }
    found["events"] = and_(Event.project_id == project_id, Event.action.not_in(EXPORTS))
    return _scope("project", project_id, found, {})


def single_article(project_id: str, article_id: str) -> Scope:
    """Give an article with the sources, statements and speakers it refers to, and the links that stay inside."""
    mine = select(Annotation.id).where(Annotation.article_id == article_id)
    links = _links_inside(article_id, mine)
    linked = {name: select(column).where(links) for name, column in _far_columns().items()}
    statements = Statement.id.in_(linked["statements"])
    cited = select(Snapshot.source_id).where(Snapshot.id.in_(linked["passages"]))
    sources = or_(
        Source.id.in_(linked["sources"]),
        Source.id.in_(select(Statement.source_id).where(statements)),
        Source.id.in_(cited),
    )
    their = select(Source.id).where(sources)
    speakers = _with_those_merged_into(article_id, statements)
    merged = select(Speaker.id).where(speakers)
    here = {
        "articles": Article.id == article_id,
        "sources": sources,
        "snapshots": or_(Snapshot.article_id == article_id, Snapshot.source_id.in_(their)),
        "checks": SourceCheck.source_id.in_(their),
        "speakers": speakers,
        "merges": and_(SpeakerMerge.kept_id.in_(merged), SpeakerMerge.merged_id.in_(merged)),
        "statements": statements,
        "annotations": Annotation.article_id == article_id,
        "links": links,
    }
    here["events"] = _events_of(project_id, article_id, here)
    touching = or_(Link.annotation_id.in_(mine), Link.target_id.in_(mine))
    outside = select(func.count()).where(touching, Link.id.not_in(select(Link.id).where(links)))
    return _scope("article", project_id, here, {"links": outside})


def _with_those_merged_into(article_id: str, statements: ColumnElement[bool]) -> ColumnElement[bool]:
    """Give the speakers whom the article's claims and the statements name, and whom these were merged into."""
    named = select(Speaker.id, Speaker.merged_into_id).where(
        or_(
            Speaker.id.in_(select(Annotation.claimant_id).where(Annotation.article_id == article_id)),
            Speaker.id.in_(select(Statement.speaker_id).where(statements)),
        )
    )
    found = named.cte(recursive=True)
    found = found.union(
        select(Speaker.id, Speaker.merged_into_id).join(found, found.c.merged_into_id == Speaker.id)
    )
    return Speaker.id.in_(select(found.c.id))


def _far_columns() -> dict[str, Any]:
    return {
        "sources": Link.source_id,
        "statements": Link.statement_id,
        "passages": Link.passage_snapshot_id,
    }


def _links_inside(article_id: str, mine: Select[Any]) -> ColumnElement[bool]:
    passages = select(Snapshot.id).where(
        or_(Snapshot.article_id == article_id, Snapshot.article_id.is_(None))
    )
    return and_(
        Link.annotation_id.in_(mine),
        or_(Link.target_id.is_(None), Link.target_id.in_(mine)),
        or_(Link.passage_snapshot_id.is_(None), Link.passage_snapshot_id.in_(passages)),
    )


def _events_of(project_id: str, article_id: str, here: dict[str, ColumnElement[bool]]) -> ColumnElement[bool]:
    links = select(Link.id).where(here["links"])
    of_article = and_(
        Event.article_id == article_id, or_(Event.subject_kind != "link", Event.subject_id.in_(links))
    )
    around = [
        Event.subject_id.in_(select(KINDS[name].model.id).where(here[name]))
        for name in ("sources", "snapshots", "speakers", "statements")
    ]
    return and_(
        Event.project_id == project_id,
        Event.subject_kind != "project",
        Event.action.not_in(EXPORTS),
        or_(of_article, *around),
    )


def _scope(
    name: str, project_id: str, here: dict[str, ColumnElement[bool]], left_out: dict[str, Select[Any]]
) -> Scope:
    """Take out what protected sources hold, and add whoever is named anywhere in the file."""
    secret = select(Source.id).where(protected(project_id))
    withheld = {
        "snapshots": Snapshot.source_id.in_(secret),
        "checks": SourceCheck.source_id.in_(secret),
        "events": Event.subject_id.in_(hidden_snapshots(project_id)),
    }
    for key, condition in withheld.items():
        model = KINDS[key].model
        left_out[key] = select(func.count()).select_from(model).where(here[key], condition)
        here[key] = and_(here[key], func.coalesce(condition, false()).is_(false()))
    left_out["sources"] = (
        select(func.count()).select_from(Source).where(here["sources"], protected(project_id))
    )
    people = _people(project_id, {**here, "sources": and_(here["sources"], Source.id.not_in(secret))})
    return Scope(name, project_id, {"people": people, **here}, left_out)


def _people(project_id: str, here: dict[str, ColumnElement[bool]]) -> ColumnElement[bool]:
    found: list[tuple[Any, ColumnElement[bool]]] = [(Project, Project.id == project_id)]
    found += [(KINDS[key].model, condition) for key, condition in here.items()]
    named = [select(column).where(condition) for model, condition in found for column in _people_of(model)]
    named.append(
        select(Span.confirmed_by_id)
        .join(Annotation, Annotation.id == Span.annotation_id)
        .where(here["annotations"])
    )
    named.append(
        select(Assignee.user_id).join(Article, Article.id == Assignee.article_id).where(here["articles"])
    )
    return User.id.in_(union(*named))


def _people_of(model: Any) -> list[Any]:
    return [
        column
        for column in model.__table__.c
        if any(key.target_fullname == "users.id" for key in column.foreign_keys)
    ]
