"""The pages of speakers: the list, what one said and when, adding, correcting, merging."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts.answers import attempt, done
from annotator.articles.pages import filled, older
from annotator.database import db
from annotator.errors import Conflict, Stale
from annotator.identity import acting
from annotator.paging import count
from annotator.permissions import Permission, permit
from annotator.projects.context import project_context
from annotator.projects.models import Project
from annotator.statements import alike, filling, operations, queries, reading, telling
from annotator.statements.form_schemas import SPEAKER_FIELDS, Filters, SpeakerForm
from annotator.statements.merge_pages import blueprint as merging
from annotator.statements.merge_pages import merges_into
from annotator.statements.models import Speaker, Statement
from annotator.statements.schemas import LikeSpeakerArgs, SpeakerArgs
from annotator.timeline import draw

blueprint = Blueprint("speakers", __name__)
blueprint.register_blueprint(merging)
FILTERS = ("q", "tag", "since", "until")


@blueprint.get("/projects/<slug:project_slug>/speakers/")
@permit(Permission.PROJECT_READ, Project, key="slug")
def list_speakers(project: Project) -> Response:
    """List the project's speakers by name; find them by words."""
    form = forms.check(SpeakerArgs(), filled(request.args))
    asked = form.data if form else SpeakerArgs().load({})
    page = reading.speakers_page(
        db.session, project.id, asked["q"], limit=asked["limit"], cursor=asked["cursor"]
    )
    words = {"q": asked["q"]} if asked["q"] else {}
    return forms.page(
        "speakers/list.html",
        form,
        **project_context(project),
        speakers=page["items"],
        more=older(page["next"], words),
        words=asked["q"],
    )


@blueprint.get("/speakers/<id:speaker_id>/")
@permit(Permission.PROJECT_READ, Speaker)
def show(speaker: Speaker) -> AnyResponse:
    """Show what a speaker said, in time; one that was merged leads on to the speaker it is the same as."""
    if speaker.merged_into_id:
        return redirect(f"/speakers/{speaker.merged_into_id}/?from={speaker.id}", 302)
    form = forms.check(Filters(), filled(request.args))
    asked = form.data if form else Filters().load({})
    condition = queries.found({**asked, "speaker": speaker.id})
    page = reading.page_in_time(db.session, condition, limit=asked["limit"], cursor=asked["cursor"])
    filters = {name: form.shown[name] for name in FILTERS if form.shown.get(name)}
    context = _context(speaker)
    return forms.page(
        "speakers/speaker.html",
        form,
        **context,
        statements=page["items"],
        more=older(page["next"], filters),
        filters=filters,
        total=count(db.session, select(Statement.id).where(condition)),
        time=draw(reading.points(db.session, condition, language=context["project"].language)),
        tags=list(db.session.scalars(queries.topic_tags(speaker.project_id, speaker.id))),
        merges=merges_into(speaker),
        undo=_deleted(speaker),
    )


def _context(speaker: Speaker) -> dict[str, Any]:
    project = db.session.get_one(Project, speaker.project_id)
    return {**project_context(project), "speaker": speaker}


def _deleted(speaker: Speaker) -> Statement | None:
    """Give the statement just deleted that the address offers to bring back."""
    query = select(Statement).where(
        Statement.speaker_id == speaker.id,
        Statement.deleted_at.is_not(None),
        Statement.id == filling.asked_id("undo"),
    )
    return db.session.scalar(query)


@blueprint.get("/projects/<slug:project_slug>/speakers/new")
@permit(Permission.CONTENT_ADD, Project, key="slug")
def new_speaker(project: Project) -> str:
    """Show the form of a new speaker."""
    return render_template(
        "speakers/form.html", form=None, speaker=None, values={}, same=[], **project_context(project)
    )


@blueprint.post("/projects/<slug:project_slug>/speakers/new")
@permit(Permission.CONTENT_ADD, Project, key="slug")
def add_speaker(project: Project) -> AnyResponse:
    """Add a speaker; 409, once, when one of that name is there already."""
    form = forms.check(SpeakerForm(), filling.typed_values())
    same = _same(form, project.id)
    asked = bool(form and same and not form.data["another"])
    if form and not asked:
        form.data.pop("another")
        speaker = operations.add_speaker(db.session, form.data, project=project.id, actor=acting().user_id)
        return done(f"/speakers/{speaker.id}/", "speaker-added")
    context = project_context(project)
    page = forms.page("speakers/form.html", form, speaker=None, values={}, same=same, **context)
    page.status_code = Conflict.status if asked else page.status_code
    return page


def _same(form: forms.Form, project_id: str) -> list[dict[str, Any]]:
    asked = forms.check(LikeSpeakerArgs(), {"name": form.shown.get("name", "")})
    return alike.speakers_like(db.session, project_id, **asked.data) if asked else []


@blueprint.get("/speakers/<id:speaker_id>/edit")
@permit(Permission.CONTENT_CHANGE, Speaker)
def edit(speaker: Speaker) -> str:
    """Show a speaker's form, and its history."""
    return render_template("speakers/form.html", form=None, **_editing(speaker))


def _editing(speaker: Speaker) -> dict[str, Any]:
    now = filling.speaker_text(speaker)
    lines = telling.lines(db.session, speaker.id)
    return {
        **_context(speaker),
        "values": now,
        "was": now,
        "version": speaker.version,
        "clashes": {},
        "lines": lines,
        "same": [],
    }


@blueprint.post("/speakers/<id:speaker_id>/edit")
@permit(Permission.CONTENT_CHANGE, Speaker)
def change(speaker: Speaker) -> AnyResponse:
    """Keep the fields that were changed; 412 with both versions where somebody else changed the same ones."""
    context = _editing(speaker)
    mine = filling.Correction(SPEAKER_FIELDS, context["values"], speaker.version)
    context.update(values=mine.values, clashes=mine.clashes)
    if mine.clashes:
        return Response(render_template("speakers/form.html", form=None, **context), Stale.status)
    form = forms.check(SpeakerForm(), mine.values)
    form.data.pop("another", None)
    if attempt(
        form,
        lambda: operations.change_speaker(
            db.session, speaker, filling.only(form.data, mine.wanted), actor=acting().user_id
        ),
    ):
        return done(url_for("speakers.show", speaker_id=speaker.id), "saved")
    return forms.page("speakers/form.html", form, **context)
