"""The JSON API of articles and snapshots."""

from typing import Any

from flask import Response

from annotator.api import Blueprint, page_of
from annotator.articles import operations, queries, reading
from annotator.articles.models import Article, Method, Snapshot
from annotator.articles.recognising import recognise
from annotator.articles.schemas import (
    ArticleArgs,
    ArticleChange,
    ArticleIn,
    ArticleOut,
    RecognisedOut,
    RecogniseIn,
    SnapshotOut,
    SnapshotText,
)
from annotator.concurrency import answer, check_version, digest
from annotator.creating import made_before
from annotator.database import db
from annotator.errors import Conflict
from annotator.identity import acting
from annotator.paging import with_total
from annotator.permissions import Permission, load, permit, refuse_archived
from annotator.projects.models import Project

blueprint = Blueprint("articles_api", __name__)
EDITORS_ONLY = frozenset({"due_on", "priority", "assignees"})


@blueprint.post("/projects/<id:project_id>/recognise")
@permit(Permission.CONTENT_ADD, Project)
@blueprint.arguments(RecogniseIn)
@blueprint.response(200, RecognisedOut)
@blueprint.changes()
def recognise_text(data: dict[str, Any], project: Project) -> Response:
    """Say what title, date, address and so on a text holds, and whether the project has it already."""
    return answer(recognise(db.session, project, data["text"], data.get("media_type")))


@blueprint.get("/projects/<id:project_id>/articles")
@permit(Permission.PROJECT_READ, Project)
@blueprint.arguments(ArticleArgs, location="query")
@blueprint.response(200, page_of(ArticleOut))
def list_articles(args: dict[str, Any], project: Project) -> Response:
    """List a project's articles, newest first; find them by words, status, tag and assignee."""
    found = queries.found(words=args["q"], status=args["status"], tag=args["tag"], assignee=args["assignee"])
    condition = (Article.project_id == project.id) & found
    page = reading.page(db.session, condition, limit=args["limit"], cursor=args["cursor"])
    return answer(with_total(db.session, page, args, Article, condition))


@blueprint.put("/articles/<id:article_id>")
@permit(Permission.CONTENT_ADD)
@blueprint.arguments(ArticleIn)
@blueprint.response(201, ArticleOut)
@blueprint.changes()
def add_article(data: dict[str, Any], article_id: str) -> Response:
    """Bring an article in; 409 with `existing` when the project holds the same text, unless `allow_same`."""
    identity, content = acting(), digest(data)
    project = load(Project, data["project"], identity, Permission.CONTENT_ADD)
    if made_before(Article, article_id, content, identity):
        return answer(reading.one(db.session, article_id))
    given = operations.Input(data["text"].encode(), data.get("media_type"), Method.PASTE, charset="utf-8")
    try:
        operations.bring_in(
            db.session,
            given,
            data,
            project=project,
            actor=identity.user_id,
            key=article_id,
            digest=content,
            allow_same=data["allow_same"],
        )
    except Conflict:
        if not made_before(Article, article_id, content, identity):
            raise
        # the same text is there since this very request was sent twice, and its twin came in between
        return answer(reading.one(db.session, article_id))
    return answer(reading.one(db.session, article_id), 201)


@blueprint.get("/articles/<id:article_id>")
@permit(Permission.PROJECT_READ, Article)
@blueprint.response(200, ArticleOut)
def get_article(article: Article) -> Response:
    """Give an article without its text."""
    return answer(reading.one(db.session, article.id))


@blueprint.patch("/articles/<id:article_id>")
@permit(Permission.CONTENT_CHANGE, Article)
@blueprint.arguments(ArticleChange)
@blueprint.response(200, ArticleOut)
@blueprint.changes(conditional=True)
def change_article(data: dict[str, Any], article: Article) -> Response:
    """Change the given fields of an article; due date, priority, assignees and archiving are the editors'."""
    if EDITORS_ONLY & set(data) or data.get("status") == "archived":
        load(Article, article.id, acting(), Permission.PROJECT_MANAGE)
    check_version(article, lambda: reading.one(db.session, article.id))
    operations.change_article(db.session, article, data, actor=acting().user_id)
    return answer(reading.one(db.session, article.id))


@blueprint.delete("/articles/<id:article_id>")
@permit(Permission.PROJECT_MANAGE, Article)
@blueprint.response(204)
@blueprint.changes(conditional=True)
def delete_article(article: Article) -> Response:
    """Delete an article softly, with all that stands in it."""
    refuse_archived(article.project_id)
    check_version(article, lambda: reading.one(db.session, article.id))
    operations.delete_article(db.session, article, actor=acting().user_id)
    return Response(status=204)


@blueprint.post("/articles/<id:article_id>/restore")
@permit(Permission.PROJECT_MANAGE, Article, deleted=True)
@blueprint.response(200, ArticleOut)
@blueprint.changes(conditional=True)
def restore_article(article: Article) -> Response:
    """Bring a deleted article back."""
    refuse_archived(article.project_id)
    check_version(article, lambda: reading.one(db.session, article.id))
    operations.restore_article(db.session, article, actor=acting().user_id)
    return answer(reading.one(db.session, article.id))


@blueprint.get("/articles/<id:article_id>/snapshots")
@permit(Permission.PROJECT_READ, Article)
@blueprint.response(200, page_of(SnapshotOut))
def list_snapshots(article: Article) -> Response:
    """List an article's snapshots, newest first, without their texts."""
    return answer({"items": reading.snapshot_list(db.session, article.id), "next": None})


@blueprint.get("/snapshots/<id:snapshot_id>")
@permit(Permission.PROJECT_READ, Snapshot)
@blueprint.response(200, SnapshotText)
def get_snapshot(snapshot: Snapshot) -> Response:
    """Give a snapshot with its text, blocks, marks and sentences."""
    return answer(reading.snapshot_text(db.session, snapshot.id))
