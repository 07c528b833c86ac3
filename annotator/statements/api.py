"""The JSON API of speakers and statements."""

from typing import Any

from flask import Response
from sqlalchemy import ColumnElement, or_, select

from annotator.api import Blueprint, page_of
from annotator.concurrency import answer, check_version, digest
from annotator.creating import made_before
from annotator.database import db
from annotator.errors import Invalid
from annotator.fields import Line, PublicId
from annotator.identity import acting
from annotator.paging import PageArgs, with_total
from annotator.permissions import Permission, load, permit
from annotator.projects.models import Project
from annotator.reading import like
from annotator.sources import library
from annotator.sources.models import Source
from annotator.statements.kind import SPEAKER, STATEMENT
from annotator.statements.models import Speaker, Statement
from annotator.statements.schemas import (
    SpeakerChange,
    SpeakerIn,
    SpeakerOut,
    StatementChange,
    StatementIn,
    StatementOut,
)
from annotator.text import fold

blueprint = Blueprint("statements_api", __name__)


class SpeakerArgs(PageArgs):
    """What the list of speakers takes."""

    q = Line(load_default="")


class StatementArgs(SpeakerArgs):
    """What the list of statements takes."""

    speaker = PublicId(load_default=None)


def spoken(words: str) -> ColumnElement[bool]:
    """Give the condition that each word stands in the statement or in its speaker's names."""
    condition: ColumnElement[bool] = Statement.id.is_not(None)
    for word in fold(words).split()[:16]:
        pattern = like(word)
        speakers = select(Speaker.id).where(Speaker.folded.like(pattern, escape="\\"))
        condition &= or_(Statement.folded.like(pattern, escape="\\"), Statement.speaker_id.in_(speakers))
    return condition


def check_ends(data: dict[str, Any], project_id: str) -> None:
    """Raise Invalid when the speaker or the source is none of this project's."""
    for name, model in (("speaker", Speaker), ("source", Source)):
        key = data.get(name)
        if (
            key is not None
            and db.session.scalar(select(model.project_id).where(model.id == key)) != project_id
        ):
            raise Invalid({name: [f"There is no such {name} in this project."]})


@blueprint.get("/projects/<id:project_id>/speakers")
@permit(Permission.PROJECT_READ, Project)
@blueprint.arguments(SpeakerArgs, location="query")
@blueprint.response(200, page_of(SpeakerOut))
def list_speakers(args: dict[str, Any], project: Project) -> Response:
    """List a project's speakers, newest first; `q` finds names."""
    condition = (Speaker.project_id == project.id) & library.matching(SPEAKER, args["q"])
    page = library.page(db.session, SPEAKER, condition, limit=args["limit"], cursor=args["cursor"])
    return answer(with_total(db.session, page, args, Speaker, condition))


@blueprint.put("/speakers/<id:speaker_id>")
@permit(Permission.CONTENT_ADD)
@blueprint.arguments(SpeakerIn)
@blueprint.response(201, SpeakerOut)
@blueprint.changes()
def add_speaker(data: dict[str, Any], speaker_id: str) -> Response:
    """Add a speaker under an id of the client's own making."""
    identity, content = acting(), digest(data)
    project = load(Project, data["project"], identity, Permission.CONTENT_ADD)
    if made_before(Speaker, speaker_id, content, identity):
        return answer(library.read_one(db.session, SPEAKER, speaker_id))
    library.add(
        db.session, SPEAKER, data, project=project.id, actor=identity.user_id, key=speaker_id, digest=content
    )
    return answer(library.read_one(db.session, SPEAKER, speaker_id), 201)


@blueprint.get("/speakers/<id:speaker_id>")
@permit(Permission.PROJECT_READ, Speaker)
@blueprint.response(200, SpeakerOut)
def get_speaker(speaker: Speaker) -> Response:
    """Give a speaker."""
    return answer(library.read_one(db.session, SPEAKER, speaker.id))


@blueprint.patch("/speakers/<id:speaker_id>")
@permit(Permission.CONTENT_CHANGE, Speaker)
@blueprint.arguments(SpeakerChange)
@blueprint.response(200, SpeakerOut)
@blueprint.changes(conditional=True)
def change_speaker(data: dict[str, Any], speaker: Speaker) -> Response:
    """Change the given fields of a speaker; needs If-Match."""
    check_version(speaker, lambda: library.read_one(db.session, SPEAKER, speaker.id))
    library.change(db.session, SPEAKER, speaker, data, actor=acting().user_id)
    return answer(library.read_one(db.session, SPEAKER, speaker.id))


@blueprint.get("/projects/<id:project_id>/statements")
@permit(Permission.PROJECT_READ, Project)
@blueprint.arguments(StatementArgs, location="query")
@blueprint.response(200, page_of(StatementOut))
def list_statements(args: dict[str, Any], project: Project) -> Response:
    """List a project's statements, newest first; `q` finds words and speakers, `speaker` one speaker's."""
    condition = (Statement.project_id == project.id) & spoken(args["q"])
    if args["speaker"]:
        condition &= Statement.speaker_id == args["speaker"]
    page = library.page(db.session, STATEMENT, condition, limit=args["limit"], cursor=args["cursor"])
    return answer(with_total(db.session, page, args, Statement, condition))


@blueprint.put("/statements/<id:statement_id>")
@permit(Permission.CONTENT_ADD)
@blueprint.arguments(StatementIn)
@blueprint.response(201, StatementOut)
@blueprint.changes()
def add_statement(data: dict[str, Any], statement_id: str) -> Response:
    """Add a statement under an id of the client's own making."""
    identity, content = acting(), digest(data)
    project = load(Project, data["project"], identity, Permission.CONTENT_ADD)
    if made_before(Statement, statement_id, content, identity):
        return answer(library.read_one(db.session, STATEMENT, statement_id))
    check_ends(data, project.id)
    library.add(
        db.session,
        STATEMENT,
        data,
        project=project.id,
        actor=identity.user_id,
        key=statement_id,
        digest=content,
    )
    return answer(library.read_one(db.session, STATEMENT, statement_id), 201)


@blueprint.get("/statements/<id:statement_id>")
@permit(Permission.PROJECT_READ, Statement)
@blueprint.response(200, StatementOut)
def get_statement(statement: Statement) -> Response:
    """Give a statement."""
    return answer(library.read_one(db.session, STATEMENT, statement.id))


@blueprint.patch("/statements/<id:statement_id>")
@permit(Permission.CONTENT_CHANGE, Statement)
@blueprint.arguments(StatementChange)
@blueprint.response(200, StatementOut)
@blueprint.changes(conditional=True)
def change_statement(data: dict[str, Any], statement: Statement) -> Response:
    """Change the given fields of a statement; needs If-Match."""
    check_version(statement, lambda: library.read_one(db.session, STATEMENT, statement.id))
    check_ends(data, statement.project_id)
    library.change(db.session, STATEMENT, statement, data, actor=acting().user_id)
    return answer(library.read_one(db.session, STATEMENT, statement.id))
