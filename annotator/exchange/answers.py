"""What pages and API share: the download of an export, and reading what was sent to be imported."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any

from flask import Response, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from annotator.articles.models import Article
from annotator.columns import now
from annotator.database import db
from annotator.exchange.operations import Outcome
from annotator.exchange.packing import pack
from annotator.exchange.queries import Scope, single_article, whole_project
from annotator.exchange.writing import export
from annotator.fields import Choice, InSchema
from annotator.identity import acting
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.projects.models import Project
from annotator.projects.slugs import slug_of

NEVER_LISTED = ("people", "events")
JSON, ZIP = "application/json", "application/zip"
ONE = {"checks": "check of a source", "merges": "merge of speakers"}
MANY = {"checks": "checks of sources", "merges": "merges of speakers"}


class CopiesIn(StrEnum):
    """Where the bytes of captured copies are in an export."""

    JSON = "json"
    FILES = "files"


class ExportArgs(InSchema):
    """How a project or an article is taken out."""

    copies = Choice(
        CopiesIn,
        load_default=CopiesIn.JSON.value,
        metadata={
            "description": "where the captured copies are: in the JSON file, or as files beside it in a ZIP"
        },
    )


def download(thing: Project | Article, copies: str) -> Response:
    """Give the native file of a project or an article, streamed, or the archive with its copies as files.

    The journal says who took it out.
    """
    identity = acting()
    if isinstance(thing, Project):
        scope, name, action = whole_project(thing.id), thing.slug, Action.PROJECT_EXPORTED
    else:
        scope, name = single_article(thing.project_id, thing.id), slug_of(thing.title)
        action = Action.ARTICLE_EXPORTED
    if request.method == "GET":
        with db.here.apart() as session:
            record(session, action, thing, actor=identity.user_id)
    by = {"id": identity.user_id, "name": identity.name}
    packed = copies == CopiesIn.FILES
    write = pack if packed else export
    content_type, ending = (ZIP, "zip") if packed else (JSON, "json")
    response = Response(_stream(db.here.engine, write, scope, by), content_type=content_type)
    response.headers["Content-Disposition"] = f"attachment; filename={file_name(name)}.{ending}"
    return response


def file_name(name: str) -> str:
    """Give the name of a file to be saved, without its ending: letters, digits and hyphens alone, with the day."""
    return f"annotator-{name}-{now():%Y-%m-%d}"


def _stream(
    engine: Engine, write: Callable[..., Iterator[bytes]], scope: Scope, by: dict[str, str]
) -> Iterator[bytes]:
    # a session of its own: the request's is closed before the first piece is sent
    with Session(engine) as session:
        yield from write(session, scope, by=by)


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Give what an import did, as the API answers it."""
    project = outcome.project
    return {
        "project": {"id": project.id, "slug": project.slug, "name": project.name},
        "added": outcome.added,
        "kept": outcome.kept,
    }


def in_words(counts: dict[str, int]) -> str:
    """Say how many things there are: `1 article, 3 snapshots`; people and journal lines go without saying."""
    found = [
        f"{number:,} {MANY.get(name, name) if number != 1 else ONE.get(name, name.removesuffix('s'))}"
        for name, number in counts.items()
        if number and name not in NEVER_LISTED
    ]
    return ", ".join(found)
