"""What pages and API share: the download of an export, and reading what was sent to be imported."""

from collections.abc import Iterator
from typing import Any

from flask import Response, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from annotator.articles.models import Article
from annotator.columns import now
from annotator.database import db
from annotator.exchange.operations import Outcome
from annotator.exchange.queries import Scope, single_article, whole_project
from annotator.exchange.writing import export
from annotator.identity import acting
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.projects.models import Project
from annotator.projects.slugs import slug_of

NEVER_LISTED = ("people", "events")


def download(thing: Project | Article) -> Response:
    """Give the native file of a project or an article, streamed; the journal says who took it out."""
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
    response = Response(_stream(db.here.engine, scope, by), content_type="application/json")
    response.headers["Content-Disposition"] = f"attachment; filename={file_name(name)}"
    return response


def file_name(name: str) -> str:
    """Give the name of a file to be saved: letters, digits and hyphens alone, with the day."""
    return f"annotator-{name}-{now():%Y-%m-%d}.json"


def _stream(engine: Engine, scope: Scope, by: dict[str, str]) -> Iterator[bytes]:
    # a session of its own: the request's is closed before the first piece is sent
    with Session(engine) as session:
        yield from export(session, scope, by=by)


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
        f"{number:,} {name if number != 1 else name.removesuffix('s')}"
        for name, number in counts.items()
        if number and name not in NEVER_LISTED
    ]
    return ", ".join(found)
