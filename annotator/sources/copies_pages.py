"""The pages of a source's copies: bringing one in, looking at it, comparing two."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts.answers import done
from annotator.articles import incoming
from annotator.articles.models import Snapshot
from annotator.articles.rendering import block_views
from annotator.database import Model, db
from annotator.errors import AnnotatorError, Invalid, NotFound, TooLarge, TooMany
from annotator.fields import ID
from annotator.forms import Form
from annotator.identity import acting
from annotator.permissions import Permission, permit
from annotator.projects.context import project_context
from annotator.projects.models import Project
from annotator.sources import capturing, changes, checks, library, queries
from annotator.sources.capturing import Brought
from annotator.sources.form_schemas import CopyForm
from annotator.sources.kind import SOURCE
from annotator.sources.models import Source
from annotator.sources.readers import may_read, reach
from annotator.sources.showing import MOST_USES, claim_words, show

blueprint = Blueprint("copies", __name__)
NO_FILE = "Choose a file."


def after_adding(source_id: str, *, capture: bool) -> AnyResponse:
    """Go on to a source that was just added; with `capture`, bring in a copy, and be content when none can be had."""
    source = db.session.get_one(Source, source_id)
    if not capture or not source.url:
        return done(f"/sources/{source_id}/", "source-added")
    db.commit()  # the source is safe, whatever comes of its page
    try:
        outcome = _keep(source_id, capturing.brought_page(source.url, _language(source)))
    except TooMany:
        outcome = "busy"
    return done(f"/sources/{source_id}/", f"copy-{outcome}")


def _language(source: Source) -> str:
    return db.session.get_one(Project, source.project_id).language


def _keep(source_id: str, brought: Brought) -> str:
    """Keep what was brought in; the rights are asked for again, since that took its time."""
    source = reach(source_id)
    return capturing.keep(db.session, source, brought, actor=acting().user_id).outcome


@blueprint.post("/sources/<id:source_id>/copies")
@permit(Permission.CONTENT_ADD)
def add_copy(source_id: str) -> AnyResponse:
    """Bring in a copy: what stands at the address now, a file, or pasted text."""
    source = reach(source_id)
    form = _copy_form()
    if form:
        try:
            outcome = _keep(source_id, _brought(form, source))
            return done(f"/sources/{source_id}/", f"copy-{outcome}")
        except (Invalid, TooMany, TooLarge) as error:
            form.refuse(error, form.data["way"])
        except AnnotatorError as error:
            if error.status != 415:
                raise
            form.refuse(error, "file")
        db.rollback()
    return Response(show(reach(source_id), form), 422)


def _copy_form() -> Form:
    try:
        file = request.files.get("file")
    except RequestEntityTooLarge:
        raise TooLarge(incoming.TOO_LARGE) from None
    names = ("way", "text", "media_type")
    form = forms.check(CopyForm(), {name: request.form[name] for name in names if name in request.form})
    form.shown = request.form.to_dict()
    if form.data.get("way") == "file" and (file is None or not file.filename):
        form.errors.setdefault("file", []).append(NO_FILE)
    if form.data.get("way") == "text" and not form.data["text"].strip():
        form.errors.setdefault("text", []).append(capturing.NO_WORDS)
    return form


def _brought(form: Form, source: Source) -> Brought:
    language, way = _language(source), form.data["way"]
    if way == "fetch":
        return capturing.brought_page(source.url, language)
    if way == "file":
        return capturing.brought_file(incoming.uploaded(request.files["file"]), language)
    return capturing.brought_text(form.data["text"], form.data["media_type"] or None, language)


@blueprint.get("/sources/<id:source_id>/copies/<id:snapshot_id>")
@permit(Permission.PROJECT_READ, Source)
def show_copy(source: Source, snapshot_id: str) -> str:
    """Show the text of a copy as it was captured, with the passages that links quote."""
    copy = _copy(source, snapshot_id)
    passages = _passages(copy.id)
    spans = [(row["link"], row["start"], row["end"], "supported") for row in passages]
    return render_template(
        "sources/copy.html",
        **_context(source),
        copy=checks.copies(db.session, Snapshot.id == copy.id)[0],
        redirects=copy.redirects or [],
        blocks=block_views(copy.text, copy.blocks, copy.marks, spans),
        pages=[block.get("page") for block in copy.blocks],
        passages=passages,
        older=checks.before(db.session, copy),
    )


def _copy(source: Source, snapshot_id: str) -> Snapshot:
    copy = db.session.get(Snapshot, snapshot_id) if may_read(db.session, source, acting().user_id) else None
    if copy is None or copy.source_id != source.id:
        raise NotFound
    return copy


def _context(source: Source) -> dict[str, Any]:
    project = db.session.get_one(Project, source.project_id)
    return {**project_context(project), "source": library.read_one(db.session, SOURCE, source.id)}


def _passages(snapshot_id: str) -> list[dict[str, Any]]:
    links, annotations = (Model.metadata.tables[name] for name in ("links", "annotations"))
    query = queries.live_links("passage_snapshot_id", snapshot_id).with_only_columns(
        links.c.id.label("link"),
        links.c.annotation_id.label("annotation"),
        links.c.relation,
        claim_words(annotations).label("claim"),
        links.c.passage_start.label("start"),
        links.c.passage_end.label("end"),
        links.c.passage_exact.label("exact"),
    )
    rows = db.session.execute(query.order_by(links.c.passage_start, links.c.id).limit(MOST_USES))
    return [dict(row) for row in rows.mappings()]


@blueprint.get("/sources/<id:source_id>/changes")
@permit(Permission.PROJECT_READ, Source)
def show_changes(source: Source) -> str:
    """Show what two copies differ in: `from` and `to`, else the newest and the one before."""
    copies = checks.copies(db.session, Snapshot.source_id == source.id) if _seen(source) else []
    new = _chosen(source, "to", copies)
    old = checks.before(db.session, new) if "from" not in request.args else _chosen(source, "from", copies)
    if old is None:
        raise NotFound
    pieces = checks.compared(old, new)
    return render_template(
        "sources/changes.html",
        **_context(source),
        copies=copies,
        old=old,
        new=new,
        pieces=changes.shortened(pieces),
        counts=changes.counts(pieces),
    )


def _seen(source: Source) -> bool:
    return may_read(db.session, source, acting().user_id)


def _chosen(source: Source, name: str, copies: list[dict[str, Any]]) -> Snapshot:
    newest = next((copy["id"] for copy in copies if copy["length"]), "")
    key = request.args.get(name, newest)
    if not ID.fullmatch(key):
        raise NotFound
    return _copy(source, key)
