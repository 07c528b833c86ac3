"""The JSON API of taking a project or an article out and bringing it in, in the native format."""

from typing import Any

from flask import Response, request
from marshmallow import Schema, fields
from werkzeug.exceptions import RequestEntityTooLarge

from annotator.api import Blueprint
from annotator.articles.models import Article
from annotator.concurrency import answer
from annotator.database import db
from annotator.errors import TooLarge, WrongType
from annotator.exchange import answers, operations
from annotator.exchange.answers import JSON, ZIP, ExportArgs
from annotator.exchange.loading import Copies
from annotator.exchange.operations import Outcome
from annotator.exchange.reading import Document
from annotator.exchange.unpacking import read_file
from annotator.identity import acting
from annotator.permissions import Permission, load, permit
from annotator.projects.models import Project
from annotator.projects.schemas import Slug

blueprint = Blueprint("exchange_api", __name__)


class ImportArgs(Schema):
    """What the import of a project takes besides the file."""

    slug = Slug(max=80, load_default="", metadata={"description": "another short name than the file’s"})


class ImportedProject(Schema):
    """The project that things were brought into."""

    id = fields.String()
    slug = fields.String()
    name = fields.String()


class ImportOut(Schema):
    """What an import did, by list of the file."""

    project = fields.Nested(ImportedProject)
    added = fields.Dict(keys=fields.String(), values=fields.Integer())
    kept = fields.Dict(keys=fields.String(), values=fields.Integer())


@blueprint.get("/projects/<id:project_id>/export")
@permit(Permission.PROJECT_READ, Project)
@blueprint.arguments(ExportArgs, location="query")
@blueprint.response(200, None)
def export_project(args: dict[str, Any], project: Project) -> Response:
    """Give everything of a project as a native file or, with its copies as files, an archive."""
    return answers.download(project, args["copies"])


@blueprint.get("/articles/<id:article_id>/export")
@permit(Permission.PROJECT_READ, Article)
@blueprint.arguments(ExportArgs, location="query")
@blueprint.response(200, None)
def export_article(args: dict[str, Any], article: Article) -> Response:
    """Give an article with everything it refers to as a native file or, with its copies as files, an archive."""
    return answers.download(article, args["copies"])


# The file's own form is told in docs/format.md, and checked as a whole by `annotator.exchange.unpacking`.
NATIVE_FILE = {
    "required": True,
    "content": {
        JSON: {"schema": {"type": "object"}},
        ZIP: {"schema": {"type": "string", "format": "binary"}},
    },
}


@blueprint.post("/import")
@permit(Permission.SITE_MANAGE)
@blueprint.arguments(ImportArgs, location="query")
@blueprint.response(201, ImportOut)
@blueprint.changes()
@blueprint.doc(requestBody=NATIVE_FILE)
def import_project(args: dict[str, Any]) -> Response:
    """Bring in the native file of a project; refused as a whole, with a list, when anything is wrong with it."""
    document, copies = _sent()
    return _imported(
        operations.import_project(
            db.session, document, actor=acting().user_id, slug=args["slug"], copies=copies
        )
    )


@blueprint.post("/projects/<id:project_id>/import")
@permit(Permission.PROJECT_MANAGE, Project)
@blueprint.response(201, ImportOut)
@blueprint.changes()
@blueprint.doc(requestBody=NATIVE_FILE)
def import_article(project: Project) -> Response:
    """Bring an article's native file into a project; 200 when everything in it is here already."""
    key, actor = project.id, acting()
    document, copies = _sent()
    project = load(Project, key, actor, Permission.PROJECT_MANAGE)
    return _imported(
        operations.import_article(db.session, document, project=project, actor=actor.user_id, copies=copies)
    )


def _imported(outcome: Outcome) -> Response:
    return answer(answers.as_json(outcome), 201 if any(outcome.added.values()) else 200)


def _sent() -> tuple[Document, Copies]:
    """Read the file while no transaction is open: others write meanwhile."""
    if request.mimetype not in (JSON, ZIP):
        raise WrongType(f"Send the body as {JSON} or {ZIP}.")
    try:
        data = request.get_data(cache=False)
    except RequestEntityTooLarge:
        sentence = (
            f"The file is larger than {request.max_content_length:,} bytes. Use `annotator import` for it."
        )
        raise TooLarge(sentence) from None
    db.rollback()
    return read_file(data, most=request.max_content_length)
