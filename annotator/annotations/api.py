"""The JSON API of annotations."""

from typing import Any

from flask import Response

from annotator.annotations import operations, queries, reading
from annotator.annotations.models import Annotation
from annotator.annotations.schemas import (
    AnnotationArgs,
    AnnotationChange,
    AnnotationIn,
    AnnotationOut,
    FilterArgs,
    HistoryOut,
    SpansOut,
    StretchArgs,
    TagsOut,
)
from annotator.api import Blueprint, page_of
from annotator.articles.models import Article
from annotator.articles.reading import latest
from annotator.concurrency import answer, check_version, digest
from annotator.creating import made_before
from annotator.database import db
from annotator.identity import acting
from annotator.journal.reading import history
from annotator.paging import with_total
from annotator.permissions import Permission, load, permit, reach
from annotator.projects.models import Project

blueprint = Blueprint("annotations_api", __name__)


@blueprint.get("/articles/<id:article_id>/spans")
@permit(Permission.PROJECT_READ, Article)
@blueprint.arguments(FilterArgs, location="query")
@blueprint.response(200, SpansOut)
def list_spans(args: dict[str, Any], article: Article) -> Response:
    """Give what a page is painted from: `[annotation, start, end, tone]`, by start, longest first."""
    snapshot = latest(db.session, article.id).id
    spans = reading.compact_spans(db.session, snapshot, queries.found(args))
    return answer({"snapshot": snapshot, "spans": spans})


@blueprint.get("/articles/<id:article_id>/annotations")
@permit(Permission.PROJECT_READ, Article)
@blueprint.arguments(StretchArgs, location="query")
@blueprint.response(200, page_of(AnnotationOut))
def list_of_article(args: dict[str, Any], article: Article) -> Response:
    """List an article's annotations in the order of the text; `from` and `to` give a stretch of it."""
    snapshot = latest(db.session, article.id).id
    condition = (Annotation.article_id == article.id) & queries.found(args)
    if args["start"] is not None or args["end"] is not None:
        condition &= queries.touching(snapshot, args["start"], args["end"])
    page = reading.page_of_article(
        db.session, snapshot, condition, limit=args["limit"], cursor=args["cursor"]
    )
    return answer(with_total(db.session, page, args, Annotation, condition))


@blueprint.get("/projects/<id:project_id>/annotations")
@permit(Permission.PROJECT_READ, Project)
@blueprint.arguments(AnnotationArgs, location="query")
@blueprint.response(200, page_of(AnnotationOut))
def list_of_project(args: dict[str, Any], project: Project) -> Response:
    """List a project's annotations, newest first."""
    condition = (Annotation.project_id == project.id) & Annotation.live() & queries.found(args)
    page = reading.page_of_project(db.session, condition, limit=args["limit"], cursor=args["cursor"])
    return answer(with_total(db.session, page, args, Annotation, condition))


@blueprint.get("/projects/<id:project_id>/tags")
@permit(Permission.PROJECT_READ, Project)
@blueprint.response(200, TagsOut)
def list_tags(project: Project) -> Response:
    """Give the project's tags, each once, in order."""
    return answer({"tags": list(db.session.scalars(queries.tags_of(project.id)))})


@blueprint.put("/annotations/<id:annotation_id>")
@permit(Permission.CONTENT_ADD)
@blueprint.arguments(AnnotationIn)
@blueprint.response(201, AnnotationOut)
@blueprint.changes()
def add_annotation(data: dict[str, Any], annotation_id: str) -> Response:
    """Add an annotation under an id of the client's own making."""
    identity, content = acting(), digest(data)
    article = reach(Article, data["article"], identity, Permission.CONTENT_ADD)
    if made_before(Annotation, annotation_id, content, identity):
        return answer(reading.one(db.session, annotation_id))
    _check_assigning(data, article.project_id)
    made = operations.add_annotation(
        db.session, data, article=article, actor=identity.user_id, key=annotation_id, digest=content
    )
    return answer(reading.just_made(db.session, made), 201)


@blueprint.get("/annotations/<id:annotation_id>")
@permit(Permission.PROJECT_READ, Annotation)
@blueprint.response(200, AnnotationOut)
def get_annotation(annotation: Annotation) -> Response:
    """Give an annotation with its spans, tags and links."""
    return answer(reading.one(db.session, annotation.id))


@blueprint.patch("/annotations/<id:annotation_id>")
@permit(Permission.CONTENT_CHANGE, Annotation)
@blueprint.arguments(AnnotationChange)
@blueprint.response(200, AnnotationOut)
@blueprint.changes(conditional=True)
def change_annotation(data: dict[str, Any], annotation: Annotation) -> Response:
    """Change the given fields of an annotation; new places come with their `snapshot`."""
    check_version(annotation, lambda: reading.one(db.session, annotation.id))
    _check_assigning(data, annotation.project_id, annotation.assignee_id)
    operations.change_annotation(db.session, annotation, data, actor=acting().user_id)
    return answer(reading.one(db.session, annotation.id))


@blueprint.delete("/annotations/<id:annotation_id>")
@permit(Permission.CONTENT_CHANGE, Annotation)
@blueprint.response(204)
@blueprint.changes(conditional=True)
def delete_annotation(annotation: Annotation) -> Response:
    """Delete an annotation softly."""
    check_version(annotation, lambda: reading.one(db.session, annotation.id))
    operations.delete_annotation(db.session, annotation, actor=acting().user_id)
    return Response(status=204)


@blueprint.post("/annotations/<id:annotation_id>/restore")
@permit(Permission.CONTENT_CHANGE, Annotation, deleted=True)
@blueprint.response(200, AnnotationOut)
@blueprint.changes(conditional=True)
def restore_annotation(annotation: Annotation) -> Response:
    """Bring a deleted annotation back; its version is one more than before the delete."""
    check_version(annotation, lambda: reading.one(db.session, annotation.id))
    operations.restore_annotation(db.session, annotation, actor=acting().user_id)
    return answer(reading.one(db.session, annotation.id))


@blueprint.get("/annotations/<id:annotation_id>/history")
@permit(Permission.PROJECT_READ, Annotation, deleted=True)
@blueprint.response(200, HistoryOut)
def annotation_history(annotation: Annotation) -> Response:
    """Give the journal's lines of an annotation, oldest first."""
    return answer({"items": history(db.session, annotation.id)})


def _check_assigning(data: dict[str, Any], project_id: str, now: str | None = None) -> None:
    """Raise NotAllowed unless the assignee stays `now`, an editor assigns, or one takes (or gives back) the work."""
    asked, me = data.get("assignee", now), acting().user_id
    mine = asked == me or (asked is None and now == me)
    if asked != now and not mine:
        load(Project, project_id, acting(), Permission.PROJECT_MANAGE)
