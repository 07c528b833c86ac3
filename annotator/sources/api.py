"""The JSON API of sources."""

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
from annotator.sources import library, operations, queries
from annotator.sources.duplicates import bare_doi, like
from annotator.sources.kind import SOURCE
from annotator.sources.models import Source
from annotator.sources.readers import refuse_strangers
from annotator.sources.schemas import LikeArgs, LikeOut, SourceArgs, SourceChange, SourceIn, SourceOut

blueprint = Blueprint("sources_api", __name__)


@blueprint.get("/projects/<id:project_id>/sources")
@permit(Permission.PROJECT_READ, Project)
@blueprint.arguments(SourceArgs, location="query")
@blueprint.response(200, page_of(SourceOut))
def list_sources(args: dict[str, Any], project: Project) -> Response:
    """List a project's sources, newest first; `q` finds words, `group` an independence group."""
    condition = (Source.project_id == project.id) & library.matching(SOURCE, args["q"])
    condition &= queries.filtered(args)
    page = library.page(db.session, SOURCE, condition, limit=args["limit"], cursor=args["cursor"])
    return answer(with_total(db.session, page, args, Source, condition))


@blueprint.get("/projects/<id:project_id>/sources/like")
@permit(Permission.PROJECT_READ, Project)
@blueprint.arguments(LikeArgs, location="query")
@blueprint.response(200, LikeOut)
def list_like_sources(args: dict[str, Any], project: Project) -> Response:
    """Find sources that the project has already, by address, DOI or title, before one is added."""
    items = like(
        db.session,
        project.id,
        url=args["url"],
        doi=bare_doi(args["doi"]),
        title=args["title"],
        source=args["source"],
    )
    return answer({"items": items})


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
    operations.add_source(
        db.session, data, project=project.id, actor=identity.user_id, key=source_id, digest=content
    )
    return answer(library.read_one(db.session, SOURCE, source_id), 201)


@blueprint.get("/sources/<id:source_id>")
@permit(Permission.PROJECT_READ, Source)
@blueprint.response(200, SourceOut)
def get_source(source: Source) -> Response:
    """Give a source; of a protected one only its readers see more than that it is one."""
    return answer(library.read_one(db.session, SOURCE, source.id))


def _check(source: Source) -> None:
    """Refuse those who may not read a protected source, then those who saw an older version."""
    refuse_strangers(db.session, source, acting().user_id)
    check_version(source, lambda: library.read_one(db.session, SOURCE, source.id))


@blueprint.patch("/sources/<id:source_id>")
@permit(Permission.CONTENT_CHANGE, Source)
@blueprint.arguments(SourceChange)
@blueprint.response(200, SourceOut)
@blueprint.changes(conditional=True)
def change_source(data: dict[str, Any], source: Source) -> Response:
    """Change the given fields of a source; needs If-Match."""
    _check(source)
    operations.change_source(db.session, source, data, actor=acting().user_id)
    return answer(library.read_one(db.session, SOURCE, source.id))


@blueprint.delete("/sources/<id:source_id>")
@permit(Permission.CONTENT_CHANGE, Source)
@blueprint.response(204)
@blueprint.changes(conditional=True)
def delete_source(source: Source) -> Response:
    """Delete a source softly, with its copies; 409 with `used` while a link or a statement needs it."""
    _check(source)
    operations.delete_source(db.session, source, actor=acting().user_id)
    return Response(status=204)


@blueprint.post("/sources/<id:source_id>/restore")
@permit(Permission.CONTENT_CHANGE, Source, deleted=True)
@blueprint.response(200, SourceOut)
@blueprint.changes(conditional=True)
def restore_source(source: Source) -> Response:
    """Bring a deleted source back."""
    _check(source)
    operations.restore_source(db.session, source, actor=acting().user_id)
    return answer(library.read_one(db.session, SOURCE, source.id))
