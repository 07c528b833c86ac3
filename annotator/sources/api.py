"""The JSON API of sources."""

from typing import Any

from flask import Response

from annotator.api import Blueprint, page_of
from annotator.concurrency import answer, check_version, digest
from annotator.creating import made_before
from annotator.database import db
from annotator.fields import Line
from annotator.identity import acting
from annotator.paging import PageArgs, with_total
from annotator.permissions import Permission, load, permit
from annotator.projects.models import Project
from annotator.sources import library
from annotator.sources.kind import SOURCE
from annotator.sources.models import Source
from annotator.sources.schemas import SourceChange, SourceIn, SourceOut

blueprint = Blueprint("sources_api", __name__)


class SourceArgs(PageArgs):
    """What the list of sources takes."""

    q = Line(load_default="")


@blueprint.get("/projects/<id:project_id>/sources")
@permit(Permission.PROJECT_READ, Project)
@blueprint.arguments(SourceArgs, location="query")
@blueprint.response(200, page_of(SourceOut))
def list_sources(args: dict[str, Any], project: Project) -> Response:
    """List a project's sources, newest first; `q` finds words."""
    condition = (Source.project_id == project.id) & library.matching(SOURCE, args["q"])
    page = library.page(db.session, SOURCE, condition, limit=args["limit"], cursor=args["cursor"])
    return answer(with_total(db.session, page, args, Source, condition))


@blueprint.put("/sources/<id:source_id>")
@permit(Permission.CONTENT_ADD)
@blueprint.arguments(SourceIn)
@blueprint.response(201, SourceOut)
@blueprint.changes()
def add_source(data: dict[str, Any], source_id: str) -> Response:
    """Add a source under an id of the client's own making."""
    identity, content = acting(), digest(data)
    project = load(Project, data["project"], identity, Permission.CONTENT_ADD)
    if made_before(Source, source_id, content, identity):
        return answer(library.read_one(db.session, SOURCE, source_id))
    library.add(
        db.session, SOURCE, data, project=project.id, actor=identity.user_id, key=source_id, digest=content
    )
    return answer(library.read_one(db.session, SOURCE, source_id), 201)


@blueprint.get("/sources/<id:source_id>")
@permit(Permission.PROJECT_READ, Source)
@blueprint.response(200, SourceOut)
def get_source(source: Source) -> Response:
    """Give a source."""
    return answer(library.read_one(db.session, SOURCE, source.id))


@blueprint.patch("/sources/<id:source_id>")
@permit(Permission.CONTENT_CHANGE, Source)
@blueprint.arguments(SourceChange)
@blueprint.response(200, SourceOut)
@blueprint.changes(conditional=True)
def change_source(data: dict[str, Any], source: Source) -> Response:
    """Change the given fields of a source; needs If-Match."""
    check_version(source, lambda: library.read_one(db.session, SOURCE, source.id))
    library.change(db.session, SOURCE, source, data, actor=acting().user_id)
    return answer(library.read_one(db.session, SOURCE, source.id))
