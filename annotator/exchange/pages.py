"""Pages to take a project or an article out, and to bring one in."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from annotator import forms
from annotator.articles.models import Article
from annotator.database import db
from annotator.errors import AnnotatorError, Invalid, TooLarge
from annotator.exchange import answers, operations
from annotator.exchange.answers import ExportArgs
from annotator.exchange.loading import Copies
from annotator.exchange.operations import Outcome
from annotator.exchange.reading import Document, NotNative
from annotator.exchange.unpacking import read_file
from annotator.fields import InSchema
from annotator.forms import Form
from annotator.identity import acting
from annotator.permissions import Permission, load, permit
from annotator.projects.context import project_context
from annotator.projects.models import Project
from annotator.projects.schemas import Slug

blueprint = Blueprint("exchange", __name__)
NO_FILE = "Choose the file that an export gave."


class ImportForm(InSchema):
    """What the form of an import sends besides the file."""

    slug = Slug(max=80, load_default="")


@blueprint.get("/projects/<slug:project_slug>/export")
@permit(Permission.PROJECT_READ, Project, key="slug")
def export_project(project: Project) -> Response:
    """Give everything of a project as a file."""
    return answers.download(project, _copies())


@blueprint.get("/articles/<id:article_id>/export")
@permit(Permission.PROJECT_READ, Article)
def export_article(article: Article) -> Response:
    """Give an article with everything it refers to as a file."""
    return answers.download(article, _copies())


def _copies() -> str:
    form = forms.check(ExportArgs(), request.args)
    if not form:
        raise Invalid(form.errors)
    copies: str = form.data["copies"]
    return copies


@blueprint.get("/admin/import")
@permit(Permission.SITE_MANAGE)
def show_site_import() -> str:
    """Show the page on which a whole project comes in."""
    return _page(Form())


@blueprint.post("/admin/import")
@permit(Permission.SITE_MANAGE)
def import_project() -> Response:
    """Bring a whole project in."""
    form = forms.check(ImportForm())
    actor = acting().user_id
    return _import(
        form,
        lambda document, copies: operations.import_project(
            db.session, document, actor=actor, slug=form.data["slug"], copies=copies
        ),
    )


@blueprint.get("/projects/<slug:project_slug>/import")
@permit(Permission.PROJECT_MANAGE, Project, key="slug")
def show_project_import(project: Project) -> str:
    """Show the page on which an article's file comes into the project."""
    return _page(Form(), **project_context(project))


@blueprint.post("/projects/<slug:project_slug>/import")
@permit(Permission.PROJECT_MANAGE, Project, key="slug")
def import_article(project: Project) -> Response:
    """Bring an article's file into the project."""
    key, actor = project.id, acting()
    return _import(
        Form(),
        lambda document, copies: operations.import_article(
            db.session,
            document,
            project=load(Project, key, actor, Permission.PROJECT_MANAGE),
            actor=actor.user_id,
            copies=copies,
        ),
        **project_context(project),
    )


def _import(form: Form, action: Callable[[Document, Copies], Outcome], **context: Any) -> Response:
    """Show what came in, or what is wrong and where; nothing of a file that is refused is kept."""
    problems: list[Any] = []
    outcome = None
    try:
        content = _content(form)
        if form:
            db.rollback()  # reading takes its time, and others write meanwhile
            outcome = action(*read_file(content, most=request.max_content_length))
    except NotNative as error:
        db.rollback()
        problems = error.problems
        form.refuse(AnnotatorError(error.detail), "file")
    return Response(_page(form, problems=problems, outcome=outcome, **context), 422 if not form else 200)


def _content(form: Form) -> bytes:
    try:
        file = request.files.get("file")
    except RequestEntityTooLarge:
        raise TooLarge(f"The file is larger than {request.max_content_length:,} bytes.") from None
    if file is None or not file.filename:
        form.errors.setdefault("file", []).append(NO_FILE)
        return b""
    content: bytes = file.read()
    file.close()
    return content


def _page(form: Form, **context: Any) -> str:
    return render_template("exchange/import.html", form=form, in_words=answers.in_words, **context)
