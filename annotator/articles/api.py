"""The JSON API of articles and snapshots."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from flask import Response

from annotator.api import Blueprint, page_of
from annotator.articles import incoming, operations, queries, reading
from annotator.articles.capturing import Input
from annotator.articles.ingest import Document
from annotator.articles.models import Article, Method, Snapshot
from annotator.articles.originals import original
from annotator.articles.recognising import recognised
from annotator.articles.schemas import (
    ArticleArgs,
    ArticleChange,
    ArticleFileArgs,
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
from annotator.fetched import Fetched
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
    key, language = project.id, project.language
    given = pasted(data)
    document = incoming.read_apart(given, language)
    load(Project, key, acting(), Permission.CONTENT_ADD)
    return answer(recognised(db.session, key, given, document))


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
    """Bring an article in; 409 with `existing` when the project holds the same text, unless `allow_same`.

    With `fetch` the text is that of the page at `url`.
    """
    if data.get("fetch"):
        return _bring_in(data, article_id, digest(data), lambda at: incoming.fetched_apart(data["url"], at))
    given = pasted(data)
    return _bring_in(data, article_id, digest(data), lambda at: (given, incoming.read_apart(given, at), None))


@blueprint.put("/articles/<id:article_id>/file")
@permit(Permission.CONTENT_ADD)
@blueprint.arguments(ArticleFileArgs, location="query")
@blueprint.response(201, ArticleOut)
@blueprint.changes()
@blueprint.doc(requestBody=incoming.BYTES)
def add_article_file(args: dict[str, Any], article_id: str) -> Response:
    """Bring an article in from a file: HTML, Markdown, plain text, PDF or DOCX, up to 10 MB."""
    load(Project, args["project"], acting(), Permission.CONTENT_ADD)
    given = incoming.body_input(args["name"])
    content = digest({**args, "type": given.media_type, "sha256": sha256(given.raw).hexdigest()})
    return _bring_in(args, article_id, content, lambda at: (given, incoming.read_apart(given, at), None))


def pasted(data: dict[str, Any]) -> Input:
    """Give the text of a request as what came in."""
    return Input(
        data["text"].encode("utf-8", "replace"), data.get("media_type"), Method.PASTE, charset="utf-8"
    )


def _bring_in(
    data: dict[str, Any],
    key: str,
    content: str,
    read: Callable[[str], tuple[Input, Document, Fetched | None]],
) -> Response:
    """Bring in what `read` gives for the project's language; it reads while no transaction is open."""
    identity = acting()
    project = load(Project, data["project"], identity, Permission.CONTENT_ADD)
    if made_before(Article, key, content, identity):
        return answer(reading.one(db.session, key))
    given, document, page = read(project.language)
    project = load(Project, data["project"], identity, Permission.CONTENT_ADD)
    try:
        operations.bring_in(
            db.session,
            given,
            data,
            project=project,
            actor=identity.user_id,
            key=key,
            digest=content,
            allow_same=data["allow_same"],
            document=document,
            fetched=page,
        )
    except Conflict:
        if not made_before(Article, key, content, identity):
            raise
        # the same text is there since this very request was sent twice, and its twin came in between
        return answer(reading.one(db.session, key))
    return answer(reading.one(db.session, key), 201)


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


@blueprint.get("/snapshots/<id:snapshot_id>/raw")
@permit(Permission.PROJECT_READ, Snapshot)
@blueprint.response(200, None)
def get_raw(snapshot: Snapshot) -> Response:
    """Give the very bytes of a snapshot, to be kept and not to be opened here."""
    return original(snapshot)
