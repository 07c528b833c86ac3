"""The JSON API of the copies of sources: bringing them in, listing and comparing them."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from flask import Response

from annotator.api import Blueprint, page_of
from annotator.articles import incoming
from annotator.articles.models import Snapshot
from annotator.concurrency import answer, digest
from annotator.database import db
from annotator.errors import Invalid, NotFound
from annotator.identity import acting
from annotator.permissions import Permission, permit
from annotator.projects.models import Project
from annotator.sources import capturing, checks
from annotator.sources.capturing import Brought
from annotator.sources.models import Source, SourceCheck
from annotator.sources.readers import may_read, reach
from annotator.sources.schemas import BroughtOut, ChangesArgs, ChangesOut, CheckOut, CopyIn, CopyOut, FileArgs

blueprint = Blueprint("copies_api", __name__)
NO_COPY = "There is no such copy of this source with text."


def _readable(source: Source) -> Source:
    """Give the source, or NotFound for who is no reader of it: nobody else learns whether it has copies."""
    if not may_read(db.session, source, acting().user_id):
        raise NotFound
    return source


@blueprint.get("/sources/<id:source_id>/snapshots")
@permit(Permission.PROJECT_READ, Source)
@blueprint.response(200, page_of(CopyOut))
def list_copies(source: Source) -> Response:
    """List the copies of a source, newest first, without their texts."""
    found = checks.copies(db.session, Snapshot.source_id == _readable(source).id)
    return answer({"items": found, "next": None})


@blueprint.get("/sources/<id:source_id>/checks")
@permit(Permission.PROJECT_READ, Source)
@blueprint.response(200, page_of(CheckOut))
def list_checks(source: Source) -> Response:
    """List what came of looking for a source's page and of bringing copies in, newest first."""
    return answer({"items": checks.checks(db.session, _readable(source).id), "next": None})


@blueprint.put("/snapshots/<id:snapshot_id>")
@permit(Permission.CONTENT_ADD)
@blueprint.arguments(CopyIn)
@blueprint.response(201, BroughtOut)
@blueprint.changes()
def add_copy(data: dict[str, Any], snapshot_id: str) -> Response:
    """Keep a copy of a source: pasted text, or what stands at its address now; 200 when there was none to keep."""

    def bring(source: Source, language: str) -> Brought:
        if data.get("fetch"):
            return capturing.brought_page(source.url, language)
        return capturing.brought_text(data["text"], data.get("media_type"), language)

    return _bring_in(data["source"], snapshot_id, digest(data), bring)


@blueprint.put("/snapshots/<id:snapshot_id>/file")
@permit(Permission.CONTENT_ADD)
@blueprint.arguments(FileArgs, location="query")
@blueprint.response(201, BroughtOut)
@blueprint.changes()
@blueprint.doc(requestBody=incoming.BYTES)
def add_file(args: dict[str, Any], snapshot_id: str) -> Response:
    """Keep a file as a copy of a source: HTML, Markdown, plain text, PDF or DOCX, up to 10 MB."""
    reach(args["source"])
    given = incoming.body_input(args["name"])
    content = digest({**args, "type": given.media_type, "sha256": sha256(given.raw).hexdigest()})
    return _bring_in(
        args["source"], snapshot_id, content, lambda _, language: capturing.brought_file(given, language)
    )


def _bring_in(source_id: str, key: str, content: str, bring: Callable[[Source, str], Brought]) -> Response:
    """Keep what `bring` gives. It fetches and reads while no transaction is open; the rights are asked for again."""
    actor, source = acting().user_id, reach(source_id)
    known = checks.made_before(db.session, key, content, source.id, actor)
    if known is not None:
        return _told(known)
    language = db.session.get_one(Project, source.project_id).language
    brought = bring(source, language)
    check = capturing.keep(db.session, reach(source_id), brought, actor=actor, key=key, digest=content)
    return _told(check, 201 if check.snapshot_id else 200)


def _told(check: SourceCheck, status: int = 200) -> Response:
    """Say what came of it; it is kept first, so that nobody waits while long texts are compared."""
    found = checks.kept(db.session, check)
    db.commit()
    return answer(checks.told(found), status)


@blueprint.get("/snapshots/<id:snapshot_id>/changes")
@permit(Permission.PROJECT_READ, Snapshot)
@blueprint.arguments(ChangesArgs, location="query")
@blueprint.response(200, ChangesOut)
def get_changes(args: dict[str, Any], snapshot: Snapshot) -> Response:
    """Compare a copy with another one of the same source (`from`), else with the one before, by words."""
    older = checks.before(db.session, snapshot)
    if args["from_"]:
        older = db.session.get(Snapshot, args["from_"])
    if older is None or snapshot.source_id is None or older.source_id != snapshot.source_id:
        raise Invalid({"from": [NO_COPY]})
    return answer({"pieces": [list(piece) for piece in checks.compared(older, snapshot)]})
