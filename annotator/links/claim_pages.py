"""A claim's page, and the pictures of a dispute: about a claim, and about what a speaker said."""

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms, timeline
from annotator.accounts.answers import attempt, done
from annotator.annotations.models import Annotation
from annotator.columns import new_id
from annotator.database import db
from annotator.errors import Invalid
from annotator.identity import acting
from annotator.journal.reading import history
from annotator.links import claims, disputes, operations
from annotator.links.aging import changed_since
from annotator.links.form_schemas import SuggestedIn
from annotator.links.sides import near_end
from annotator.permissions import Permission, permit
from annotator.projects.context import project_context
from annotator.projects.models import Project
from annotator.statements.models import Speaker

blueprint = Blueprint("claims", __name__)
LANES = {"above": "Supports", "below": "Contradicts"}
LEGEND = {
    "submitted": "Claim",
    "supported": "Supports",
    "refuted": "Contradicts",
    "conflicting": "Qualifies",
    "aside": "Other evidence",
}
SUGGESTED = 6


@blueprint.get("/annotations/<id:annotation_id>/")
@permit(Permission.PROJECT_READ, Annotation)
def show(annotation: Annotation) -> str:
    """Show a claim with its evidence, what that lacks, its appearances, and what may be of use."""
    found = claims.claim(db.session, annotation.id)
    return render_template(
        "annotations/claim.html",
        **project_context(db.session.get_one(Project, annotation.project_id)),
        claim=found,
        near=near_end(db.session, annotation.id),
        changed=changed_since(db.session, found["evidence"]),
        rows=claims.by_group(found["evidence"]),
        time=_drawn(found["timeline"]),
        suggestions=claims.suggestions(db.session, annotation, limit=SUGGESTED),
        history=history(db.session, annotation.id),
    )


def _drawn(points: list[dict[str, Any]]) -> timeline.Timeline:
    return timeline.draw([timeline.Point(**point) for point in points], lanes=LANES, legend=LEGEND)


@blueprint.get("/annotations/<id:annotation_id>/dispute")
@permit(Permission.PROJECT_READ, Annotation)
def show_dispute(annotation: Annotation) -> str:
    """Draw a claim and its evidence on one axis of time: what supports it above, what contradicts it below."""
    found = claims.claim(db.session, annotation.id)
    return render_template(
        "links/dispute.html",
        **project_context(db.session.get_one(Project, annotation.project_id)),
        claim=found,
        speaker=None,
        time=_drawn(found["timeline"]),
        more=0,
    )


@blueprint.get("/speakers/<id:speaker_id>/dispute")
@permit(Permission.PROJECT_READ, Speaker)
def show_speakers_dispute(speaker: Speaker) -> str:
    """Draw what a speaker claimed and said, and what supports and contradicts it, on one axis of time."""
    points, more = disputes.of_speaker(db.session, speaker)
    return render_template(
        "links/dispute.html",
        **project_context(db.session.get_one(Project, speaker.project_id)),
        claim=None,
        speaker=speaker,
        time=_drawn(points),
        more=more,
    )


@blueprint.post("/annotations/<id:annotation_id>/links")
@permit(Permission.CONTENT_ADD, Annotation)
def link_suggestion(annotation: Annotation) -> AnyResponse:
    """Link a suggestion by the relation that was chosen, and go on to the link."""
    form = forms.check(SuggestedIn())
    if not form:
        raise Invalid({"relation": ["Choose how it is related, then link it."]})
    far = "target" if form.data["kind"] == "annotation" else form.data["kind"]
    data = {"relation": form.data["relation"], far: form.data["id"]}
    key, actor, back = new_id(), acting().user_id, request.path.removesuffix("links")
    added = attempt(
        form, lambda: operations.add_link(db.session, data, annotation=annotation, actor=actor, key=key)
    )
    return done(f"/links/{key}/", "link-added") if added else done(back, "link-refused")
