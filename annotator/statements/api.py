"""The JSON API of statements; that of speakers: `speakers_api`."""

from typing import Any

from flask import Response

from annotator.api import Blueprint, page_of
from annotator.concurrency import answer, check_version, digest
from annotator.creating import made_before
from annotator.database import db
from annotator.identity import acting
from annotator.paging import with_total
from annotator.permissions import Permission, load, permit
from annotator.projects.models import Project
from annotator.statements import alike, operations, queries, reading
from annotator.statements.models import Statement
from annotator.statements.schemas import (
    LikeStatementArgs,
    LikeStatements,
    StatementArgs,
    StatementChange,
    StatementIn,
    StatementOut,
)
from annotator.statements.speakers_api import blueprint as speakers

blueprint = Blueprint("statements_api", __name__)
blueprint.register_blueprint(speakers)


@blueprint.get("/projects/<id:project_id>/statements")
@permit(Permission.PROJECT_READ, Project)
@blueprint.arguments(StatementArgs, location="query")
@blueprint.response(200, page_of(StatementOut))
def list_statements(args: dict[str, Any], project: Project) -> Response:
    """List a project's statements, newest first; find them by words, `speaker`, `tag`, `from` and `until`."""
    condition = (Statement.project_id == project.id) & queries.found(args)
    page = reading.page(db.session, condition, limit=args["limit"], cursor=args["cursor"])
    return answer(with_total(db.session, page, args, Statement, condition))


@blueprint.get("/projects/<id:project_id>/statements/like")
@permit(Permission.PROJECT_READ, Project)
@blueprint.arguments(LikeStatementArgs, location="query")
@blueprint.response(200, LikeStatements)
def like_statements(args: dict[str, Any], project: Project) -> Response:
    """Give statements that are there already and like what is being typed; `speaker` is an id or a name."""
    return answer({"items": alike.statements_like(db.session, project.id, **args)})


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
        return answer(reading.statement(db.session, statement_id))
    operations.add_statement(
        db.session, data, project=project.id, actor=identity.user_id, key=statement_id, digest=content
    )
    return answer(reading.statement(db.session, statement_id), 201)


@blueprint.get("/statements/<id:statement_id>")
@permit(Permission.PROJECT_READ, Statement)
@blueprint.response(200, StatementOut)
def get_statement(statement: Statement) -> Response:
    """Give a statement."""
    return answer(reading.statement(db.session, statement.id))


@blueprint.patch("/statements/<id:statement_id>")
@permit(Permission.CONTENT_CHANGE, Statement)
@blueprint.arguments(StatementChange)
@blueprint.response(200, StatementOut)
@blueprint.changes(conditional=True)
def change_statement(data: dict[str, Any], statement: Statement) -> Response:
    """Change the given fields of a statement; needs If-Match."""
    check_version(statement, lambda: reading.statement(db.session, statement.id))
    operations.change_statement(db.session, statement, data, actor=acting().user_id)
    return answer(reading.statement(db.session, statement.id))


@blueprint.delete("/statements/<id:statement_id>")
@permit(Permission.CONTENT_CHANGE, Statement)
@blueprint.response(204)
@blueprint.changes(conditional=True)
def delete_statement(statement: Statement) -> Response:
    """Delete a statement softly; 409, naming the `links`, while one uses it."""
    check_version(statement, lambda: reading.statement(db.session, statement.id))
    operations.delete_statement(db.session, statement, actor=acting().user_id)
    return Response(status=204)


@blueprint.post("/statements/<id:statement_id>/restore")
@permit(Permission.CONTENT_CHANGE, Statement, deleted=True)
@blueprint.response(200, StatementOut)
@blueprint.changes(conditional=True)
def restore_statement(statement: Statement) -> Response:
    """Bring a deleted statement back; its version is one more than before the delete."""
    check_version(statement, lambda: reading.statement(db.session, statement.id))
    operations.restore_statement(db.session, statement, actor=acting().user_id)
    return answer(reading.statement(db.session, statement.id))
