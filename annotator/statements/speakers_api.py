"""The JSON API of speakers, and of merging two that are one."""

from typing import Any

from flask import Response

from annotator.api import Blueprint, page_of
from annotator.concurrency import answer, check_version, digest
from annotator.creating import made_before
from annotator.database import db
from annotator.errors import Invalid, NotFound, WrongState
from annotator.identity import acting
from annotator.paging import with_total
from annotator.permissions import Permission, load, permit
from annotator.projects.models import Project
from annotator.sources import library
from annotator.statements import alike, merging, operations, queries, reading
from annotator.statements.kind import SPEAKER
from annotator.statements.models import Speaker
from annotator.statements.schemas import (
    LikeSpeakerArgs,
    LikeSpeakers,
    MergeIn,
    SpeakerArgs,
    SpeakerChange,
    SpeakerIn,
    SpeakerOut,
)

blueprint = Blueprint("speakers_api", __name__)


@blueprint.get("/projects/<id:project_id>/speakers")
@permit(Permission.PROJECT_READ, Project)
@blueprint.arguments(SpeakerArgs, location="query")
@blueprint.response(200, page_of(SpeakerOut))
def list_speakers(args: dict[str, Any], project: Project) -> Response:
    """List a project's speakers, newest first, without those merged into others; `q` finds names."""
    condition = queries.unmerged(project.id) & library.matching(SPEAKER, args["q"])
    page = library.page(db.session, SPEAKER, condition, limit=args["limit"], cursor=args["cursor"])
    return answer(with_total(db.session, page, args, Speaker, condition))


@blueprint.get("/projects/<id:project_id>/speakers/like")
@permit(Permission.PROJECT_READ, Project)
@blueprint.arguments(LikeSpeakerArgs, location="query")
@blueprint.response(200, LikeSpeakers)
def like_speakers(args: dict[str, Any], project: Project) -> Response:
    """Give speakers that are there already under this name, another name of theirs, or a similar one."""
    return answer({"items": alike.speakers_like(db.session, project.id, args["name"])})


@blueprint.put("/speakers/<id:speaker_id>")
@permit(Permission.CONTENT_ADD)
@blueprint.arguments(SpeakerIn)
@blueprint.response(201, SpeakerOut)
@blueprint.changes()
def add_speaker(data: dict[str, Any], speaker_id: str) -> Response:
    """Add a speaker under an id of the client's own making."""
    identity, content = acting(), digest(data)
    project = load(Project, data["project"], identity, Permission.CONTENT_ADD)
    if made_before(Speaker, speaker_id, content, identity):
        return answer(reading.speaker(db.session, speaker_id))
    operations.add_speaker(
        db.session, data, project=project.id, actor=identity.user_id, key=speaker_id, digest=content
    )
    return answer(reading.speaker(db.session, speaker_id), 201)


@blueprint.get("/speakers/<id:speaker_id>")
@permit(Permission.PROJECT_READ, Speaker)
@blueprint.response(200, SpeakerOut)
def get_speaker(speaker: Speaker) -> Response:
    """Give a speaker; one that was merged says into which other by `merged_into`."""
    return answer(reading.speaker(db.session, speaker.id))


@blueprint.patch("/speakers/<id:speaker_id>")
@permit(Permission.CONTENT_CHANGE, Speaker)
@blueprint.arguments(SpeakerChange)
@blueprint.response(200, SpeakerOut)
@blueprint.changes(conditional=True)
def change_speaker(data: dict[str, Any], speaker: Speaker) -> Response:
    """Change the given fields of a speaker; needs If-Match."""
    check_version(speaker, lambda: reading.speaker(db.session, speaker.id))
    operations.change_speaker(db.session, speaker, data, actor=acting().user_id)
    return answer(reading.speaker(db.session, speaker.id))


@blueprint.post("/speakers/<id:speaker_id>/merge")
@permit(Permission.CONTENT_CHANGE)
@blueprint.arguments(MergeIn)
@blueprint.response(200, SpeakerOut)
@blueprint.changes(conditional=True)
def merge_speaker(data: dict[str, Any], speaker_id: str) -> Response:
    """Merge this speaker `into` another, which takes its statements, claims and names; needs If-Match."""
    merged = in_turn(speaker_id)
    check_version(merged, lambda: reading.speaker(db.session, merged.id))
    merging.merge_speakers(db.session, other(data["into"]), merged, actor=acting().user_id)
    return answer(reading.speaker(db.session, merged.id))


@blueprint.post("/speakers/<id:speaker_id>/unmerge")
@permit(Permission.CONTENT_CHANGE)
@blueprint.response(200, SpeakerOut)
@blueprint.changes(conditional=True)
def unmerge_speaker(speaker_id: str) -> Response:
    """Take the merge of this speaker back: what came by it and is still there returns; needs If-Match."""
    merged = in_turn(speaker_id)
    check_version(merged, lambda: reading.speaker(db.session, merged.id))
    take_back(merged)
    return answer(reading.speaker(db.session, merged.id))


def in_turn(speaker_id: str) -> Speaker:
    """Load a speaker to be changed when no other request merges in its project; raises as `load` does."""
    merging.take_turns(db.session, speaker_id)
    speaker: Speaker = load(Speaker, speaker_id, acting(), Permission.CONTENT_CHANGE)
    return speaker


def other(key: str) -> Speaker:
    """Load the speaker to be kept; Invalid when there is none such in the project."""
    try:
        speaker: Speaker = load(Speaker, key, acting(), Permission.CONTENT_CHANGE)
    except NotFound:
        raise Invalid({"into": ["There is no such speaker in this project."]}) from None
    return speaker


def take_back(merged: Speaker) -> None:
    """Undo the speaker's last merge; WrongState when it is not merged."""
    merge = merging.last_merge(db.session, merged.id)
    if merge is None:
        raise WrongState("This speaker is not merged into another one.")
    merging.undo_merge(db.session, merge, actor=acting().user_id)
