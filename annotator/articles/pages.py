"""The queue of a project's articles, and bringing one in."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts.answers import done
from annotator.articles import choosing, details, incoming, operations, queries, reading
from annotator.articles.capturing import Input
from annotator.articles.form_schemas import NewArticle
from annotator.articles.ingest import Document
from annotator.articles.models import Article, Method
from annotator.articles.schemas import ArticleArgs
from annotator.columns import now
from annotator.database import db
from annotator.errors import Conflict, Invalid, TooLarge, TooMany, WrongType
from annotator.fetched import Fetched
from annotator.fields import ID
from annotator.forms import Form
from annotator.identity import acting
from annotator.paging import count
from annotator.permissions import Permission, load, permit
from annotator.projects.context import project_context
from annotator.projects.models import Project

Reading = Callable[[str], tuple[Input, Document, Fetched | None]]

blueprint = Blueprint("articles", __name__)
blueprint.register_blueprint(details.blueprint)
CLEARABLE = ("title", "url", "publisher", "byline", "published_on", "language")
FILTERS = ("q", "status", "tag", "assignee")
NOTHING = "Paste the article's text, or choose a file, or fetch it from its address."
NO_ADDRESS = "Give the address of the page."
NOT_ALONE = "There is text or a file already. Take it out to fetch the page, or add the article as it is."
BOTH = "There is pasted text and a file. Empty the text, or do not choose a file."
CHOOSE_AGAIN = "A browser does not send a file twice: choose the file again."


@blueprint.get("/projects/<slug:project_slug>/")
@permit(Permission.PROJECT_READ, Project, key="slug")
def list_articles(project: Project) -> Response:
    """List the project's articles, newest first; find them by words, status, tag and assignee."""
    form = forms.check(ArticleArgs(), filled(request.args))
    asked = form.data if form else ArticleArgs().load({})
    condition = (Article.project_id == project.id) & queries.found(
        words=asked["q"], status=asked["status"], tag=asked["tag"], assignee=asked["assignee"]
    )
    page = reading.page(db.session, condition, limit=asked["limit"], cursor=asked["cursor"])
    filters = {name: form.shown[name] for name in FILTERS if form.shown.get(name)}
    return forms.page(
        "articles/list.html",
        form,
        **project_context(project),
        articles=page["items"],
        total=count(db.session, select(Article.id).where(condition)),
        older=older(page["next"], filters),
        filters=filters,
        members=choosing.members(db.session, project.id),
        tags=choosing.tags(db.session, project.id),
        today=now().date().isoformat(),
        undo=_deleted(project, request.args.get("undo", "")),
    )


def filled(values: Any) -> MultiDict[str, str]:
    """Give the values that are not empty: an empty field of a form counts as not given."""
    return MultiDict((name, value) for name, value in values.items(multi=True) if value.strip())


def older(cursor: str | None, filters: dict[str, Any]) -> str | None:
    """Give the address of the next page of a list, with its filters; None when there is none."""
    return f"?{urlencode({**filters, 'cursor': cursor})}" if cursor else None


def _deleted(project: Project, key: str) -> Article | None:
    if not ID.fullmatch(key):
        return None
    query = select(Article).where(
        Article.id == key, Article.project_id == project.id, Article.deleted_at.is_not(None)
    )
    return db.session.scalar(query)


@blueprint.get("/projects/<slug:project_slug>/articles/new")
@permit(Permission.CONTENT_ADD, Project, key="slug")
def new_article(project: Project) -> str:
    """Show the page on which text comes in."""
    return render_template("articles/new.html", form=None, existing=None, **project_context(project))


@blueprint.post("/projects/<slug:project_slug>/articles/new")
@permit(Permission.CONTENT_ADD, Project, key="slug")
def add_article(project: Project) -> AnyResponse:
    """Bring in pasted text, a file or a page; what was left open is recognised. 409 for the same text, 422 for none."""
    key, language = project.id, project.language
    form, read = read_form()
    existing = None
    if form and read:
        try:
            given, document, page = read(language)
            project = load(Project, key, acting(), Permission.CONTENT_ADD)
            article = _bring_in(form, project, given, document, page)
            return done(f"/articles/{article.id}/", "article-added")
        except (Invalid, TooMany) as error:
            form.refuse(error, "_form")
        except (TooLarge, WrongType) as error:
            form.refuse(error, "url" if "fetch" in form.shown else "file")
        except Conflict as error:
            existing = error.more["existing"]
        db.rollback()
    project = load(Project, key, acting(), Permission.CONTENT_ADD)
    response = forms.page("articles/new.html", form, existing=existing, **project_context(project))
    if existing:
        response.status_code = Conflict.status
    return response


def read_form() -> tuple[Form, Reading | None]:
    """Read the form of a new article: its checked details, and how to read what came in; errors stand in the form."""
    text, file = request.form.get("text", ""), request.files.get("file")
    form = forms.check(NewArticle(), _details(request.form))
    form.shown = {**request.form.to_dict(), "text": text}
    read = _given(form, text, file if file and file.filename else None)
    if file and file.filename and not form:
        form.errors.setdefault("file", []).append(CHOOSE_AGAIN)
    return form, read


def _details(values: Any) -> MultiDict[str, str]:
    """Give the fields to check: an empty one is open to be recognised, unless the person saw what was."""
    kept = CLEARABLE if values.get("recognised") else ()
    given = ((name, value) for name, value in values.items() if value.strip() or name in kept)
    return MultiDict(
        (name, value) for name, value in given if name != "text"
    )  # the reader of texts checks that


def _given(form: Form, text: str, file: FileStorage | None) -> Reading | None:
    media_type = form.shown.get("media_type") or None
    if "fetch" in form.shown:
        return _page(form, nothing_else=not text.strip() and not file)
    if text.strip() and file:
        form.errors.setdefault("text", []).append(BOTH)
    elif file:
        return lambda language: _read(incoming.uploaded(file, media_type), language)
    elif text.strip():
        raw = text.encode("utf-8", "replace")
        return lambda language: _read(Input(raw, media_type, Method.PASTE, charset="utf-8"), language)
    else:
        form.errors.setdefault("text", []).append(NOTHING)
    return None


def _page(form: Form, *, nothing_else: bool) -> Reading | None:
    address = form.shown.get("url", "").strip()
    if nothing_else and address:
        return lambda language: incoming.fetched_apart(address, language)
    form.errors.setdefault("url", []).append(NOT_ALONE if address else NO_ADDRESS)
    return None


def _read(given: Input, language: str) -> tuple[Input, Document, None]:
    return given, incoming.read_apart(given, language), None


def _bring_in(
    form: Form, project: Project, given: Input, document: Document, page: Fetched | None
) -> Article:
    details = {name: value for name, value in form.data.items() if name not in ("allow_same", "fetch")}
    return operations.bring_in(
        db.session,
        given,
        details,
        project=project,
        actor=acting().user_id,
        allow_same=form.data["allow_same"],
        document=document,
        fetched=page,
    )
