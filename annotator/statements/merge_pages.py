"""The pages on which two speakers become one, and are parted again."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts.answers import done
from annotator.articles.pages import filled
from annotator.database import Model, db
from annotator.errors import AnnotatorError, Invalid, Stale, WrongState
from annotator.identity import acting
from annotator.permissions import Permission, permit
from annotator.projects.context import project_context
from annotator.projects.models import Project
from annotator.sources import library
from annotator.statements import alike, filling, merging, queries
from annotator.statements.kind import SPEAKER
from annotator.statements.models import Speaker, SpeakerMerge, Statement
from annotator.statements.schemas import SpeakerArgs
from annotator.statements.speakers_api import in_turn, other, take_back

blueprint = Blueprint("merging", __name__)
MOST = 20
CHANGED = "Somebody changed this speaker meanwhile. Nothing was merged; look at it again and merge then."

MERGED_ANEW = "Somebody changed this speaker meanwhile. Nothing was taken back; open the page again and look."


@blueprint.get("/projects/<slug:project_slug>/speakers/merges")
@permit(Permission.PROJECT_READ, Project, key="slug")
def list_merges(project: Project) -> str:
    """List the project's merges, newest first, each with its undoing."""
    return render_template(
        "speakers/merges.html",
        merges=_merges(SpeakerMerge.project_id == project.id),
        **project_context(project),
    )


def _merges(condition: Any) -> list[dict[str, Any]]:
    kept, merged, users = aliased(Speaker), aliased(Speaker), Model.metadata.tables["users"]
    query = (
        select(SpeakerMerge, kept.name, kept.merged_into_id, merged.name, merged.version, users.c.name)
        .join(kept, kept.id == SpeakerMerge.kept_id)
        .join(merged, merged.id == SpeakerMerge.merged_id)
        .join(users, users.c.id == SpeakerMerge.made_by_id)
        .where(condition)
        .order_by(SpeakerMerge.made_at.desc(), SpeakerMerge.id.desc())
        .limit(200)
    )
    return [
        {
            "merge": merge,
            "kept": kept_name,
            "merged": name,
            "version": version,
            "by": by,
            "statements": len(merge.moved.get("statements", [])),
            "claims": len(merge.moved.get("annotations", [])),
            "can_undo": merge.undone_at is None and into is None,
        }
        for merge, kept_name, into, name, version, by in db.session.execute(query)
    ]


def merges_into(speaker: Speaker) -> list[dict[str, Any]]:
    """Give the merges by which other speakers went into this one, and which were not taken back."""
    return _merges((SpeakerMerge.kept_id == speaker.id) & SpeakerMerge.undone_at.is_(None))


@blueprint.get("/speakers/<id:speaker_id>/merge")
@permit(Permission.CONTENT_CHANGE, Speaker)
def choose(speaker: Speaker) -> AnyResponse:
    """Find the speaker that this one is the same as; with `into`, show what would move."""
    if speaker.merged_into_id:
        return redirect(f"/speakers/{speaker.merged_into_id}/?from={speaker.id}", 302)
    return Response(render_template("speakers/merge.html", **_context(speaker)))


def _context(speaker: Speaker) -> dict[str, Any]:
    project = db.session.get_one(Project, speaker.project_id)
    form = forms.check(SpeakerArgs(), filled(request.args))
    words = form.data["q"] if form else ""
    into = db.session.scalar(
        select(Speaker).where(
            Speaker.id == filling.asked_id("into"),
            Speaker.id != speaker.id,
            queries.unmerged(speaker.project_id),
        )
    )
    condition = queries.unmerged(project.id) & library.matching(SPEAKER, words) & (Speaker.id != speaker.id)
    return {
        **project_context(project),
        "speaker": speaker,
        "words": words,
        "found": [] if into else _likest(speaker, condition),
        "into": into,
        "preview": _preview(speaker, into) if into else {},
        "error": "",
    }


def _likest(speaker: Speaker, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Give the speakers that fit, as the list of speakers has them, the most alike first; `likely` are the same."""
    likely = dict(alike.by_likeness(db.session, speaker, condition, most=MOST))
    rows = db.session.execute(queries.speaker_list(Speaker.id.in_(likely))).mappings()
    found = {row["id"]: {**row, "likely": likely[row["id"]]} for row in rows}
    return [found[key] for key in likely]


def _preview(speaker: Speaker, into: Speaker) -> dict[str, Any]:
    said = select(func.count()).select_from(Statement).where(Statement.speaker_id == speaker.id)
    return {
        "statements": db.session.scalar(said.where(Statement.live())) or 0,
        "claims": len(db.session.scalars(queries.claims_of(speaker.id)).all()),
        "names": merging.new_names(into, speaker),
        "same_as": speaker.same_as if not into.same_as else "",
        "different": speaker.same_as and into.same_as and speaker.same_as != into.same_as,
    }


@blueprint.post("/speakers/<id:speaker_id>/merge")
@permit(Permission.CONTENT_CHANGE)
def merge(speaker_id: str) -> AnyResponse:
    """Merge this speaker into the chosen one, and offer to undo it; 412 when it changed meanwhile."""
    merged = in_turn(speaker_id)
    kept_id = filling.asked_id("into", request.form)
    try:
        kept = other(kept_id)
        if request.form.get("version", "") != str(merged.version):
            raise Stale(CHANGED)
        merging.merge_speakers(db.session, kept, merged, actor=acting().user_id)
    except (Invalid, WrongState, Stale) as error:
        return _refused(speaker_id, error)
    return redirect(f"/speakers/{kept_id}/?from={merged.id}&notice=speakers-merged", 303)


def _refused(speaker_id: str, error: AnnotatorError) -> Response:
    db.rollback()
    speaker = db.session.get_one(Speaker, speaker_id)
    context = {**_context(speaker), "error": error.detail}
    return Response(render_template("speakers/merge.html", **context), error.status)


@blueprint.post("/speakers/<id:speaker_id>/unmerge")
@permit(Permission.CONTENT_CHANGE)
def unmerge(speaker_id: str) -> AnyResponse:
    """Take a merge back; 409 with the reason where that is not possible any more, 412 when it was merged anew."""
    merged = in_turn(speaker_id)
    if request.form.get("version", "") != str(merged.version):
        raise Stale(MERGED_ANEW)
    take_back(merged)
    return done(f"/speakers/{speaker_id}/", "merge-undone")
