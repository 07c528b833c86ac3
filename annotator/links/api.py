"""The JSON API of links, and of the palette that makes them."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from annotator.annotations.models import Annotation
from annotator.api import Blueprint
from annotator.concurrency import answer, check_version, digest
from annotator.creating import made_before
from annotator.database import db
from annotator.fields import Line, PublicId
from annotator.identity import acting
from annotator.links import claims, deciding, operations, reading
from annotator.links.claim_schemas import ClaimOut, ComparisonOut, SuggestionArgs, SuggestionsOut
from annotator.links.finding import find
from annotator.links.models import Link
from annotator.links.schemas import DecisionIn, FarArgs, FindOut, LinkChange, LinkIn, LinkOut, WordsIn
from annotator.permissions import Permission, load, permit
from annotator.projects.models import Project

blueprint = Blueprint("links_api", __name__)


class FindArgs(Schema):
    """What the palette asks."""

    q = Line(load_default="")
    article = PublicId(load_default=None)
    annotation = PublicId(load_default=None)
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 50))


@blueprint.get("/projects/<id:project_id>/find")
@permit(Permission.PROJECT_READ, Project)
@blueprint.arguments(FindArgs, location="query")
@blueprint.response(200, FindOut)
def find_far_ends(args: dict[str, Any], project: Project) -> Response:
    """Find sources, statements, annotations and speakers while somebody types."""
    near = {name: args[name] for name in ("article", "annotation")}
    results = find(db.session, project.id, args["q"], limit=args["limit"], **near)
    return answer({"results": results})


@blueprint.get("/annotations/<id:annotation_id>/claim")
@permit(Permission.PROJECT_READ, Annotation)
@blueprint.response(200, ClaimOut)
def get_claim(annotation: Annotation) -> Response:
    """Give a claim with its evidence, what that lacks, appearances and points in time."""
    return answer(claims.claim(db.session, annotation.id))


@blueprint.get("/annotations/<id:annotation_id>/comparison")
@permit(Permission.PROJECT_READ, Annotation)
@blueprint.arguments(FarArgs, location="query")
@blueprint.response(200, ComparisonOut)
def compare_ends(args: dict[str, Any], annotation: Annotation) -> Response:
    """Say how a source, statement or annotation would lie to this one in time, before they are linked."""
    ((name, key),) = args.items()
    return answer(claims.comparison(db.session, annotation, name, key))


@blueprint.get("/annotations/<id:annotation_id>/suggestions")
@permit(Permission.PROJECT_READ, Annotation)
@blueprint.arguments(SuggestionArgs, location="query")
@blueprint.response(200, SuggestionsOut)
def list_suggestions(args: dict[str, Any], annotation: Annotation) -> Response:
    """Give earlier statements and annotations of like words that are not linked yet, the same speaker's first."""
    return answer({"items": claims.suggestions(db.session, annotation, limit=args["limit"])})


@blueprint.put("/links/<id:link_id>")
@permit(Permission.CONTENT_ADD)
@blueprint.arguments(LinkIn)
@blueprint.response(201, LinkOut)
@blueprint.changes()
def add_link(data: dict[str, Any], link_id: str) -> Response:
    """Add a link under an id of the client's own making."""
    identity, content = acting(), digest(data)
    annotation = load(Annotation, data["annotation"], identity, Permission.CONTENT_ADD)
    if made_before(Link, link_id, content, identity):
        return answer(reading.one(db.session, link_id))
    operations.add_link(
        db.session, data, annotation=annotation, actor=identity.user_id, key=link_id, digest=content
    )
    return answer(reading.one(db.session, link_id), 201)


@blueprint.get("/links/<id:link_id>")
@permit(Permission.PROJECT_READ, Link)
@blueprint.response(200, LinkOut)
def get_link(link: Link) -> Response:
    """Give a link with both ends."""
    return answer(reading.one(db.session, link.id))


@blueprint.patch("/links/<id:link_id>")
@permit(Permission.CONTENT_CHANGE, Link)
@blueprint.arguments(LinkChange)
@blueprint.response(200, LinkOut)
@blueprint.changes(conditional=True)
def change_link(data: dict[str, Any], link: Link) -> Response:
    """Change the given fields of a link; its ends stay."""
    check_version(link, lambda: reading.one(db.session, link.id))
    operations.change_link(db.session, link, data, actor=acting().user_id)
    return answer(reading.one(db.session, link.id))


@blueprint.post("/links/<id:link_id>/passage")
@permit(Permission.CONTENT_CHANGE, Link)
@blueprint.arguments(WordsIn)
@blueprint.response(200, LinkOut)
@blueprint.changes(conditional=True)
def set_passage(data: dict[str, Any], link: Link) -> Response:
    """Find the words in a copy of the far end and make them the passage; `which` chooses among several places."""
    check_version(link, lambda: reading.one(db.session, link.id))
    operations.set_passage_by_words(db.session, link, data, actor=acting().user_id)
    return answer(reading.one(db.session, link.id))


@blueprint.post("/links/<id:link_id>/decision")
@permit(Permission.CONTENT_CHANGE, Link)
@blueprint.arguments(DecisionIn)
@blueprint.response(200, LinkOut)
@blueprint.changes(conditional=True)
def decide_contradiction(data: dict[str, Any], link: Link) -> Response:
    """Accept or reject a contradiction that somebody else proposed; a rejection needs a reason."""
    check_version(link, lambda: reading.one(db.session, link.id))
    deciding.decide(db.session, link, data, actor=acting().user_id)
    return answer(reading.one(db.session, link.id))


@blueprint.delete("/links/<id:link_id>")
@permit(Permission.CONTENT_CHANGE, Link)
@blueprint.response(204)
@blueprint.changes(conditional=True)
def delete_link(link: Link) -> Response:
    """Delete a link softly."""
    check_version(link, lambda: reading.one(db.session, link.id))
    operations.delete_link(db.session, link, actor=acting().user_id)
    return Response(status=204)


@blueprint.post("/links/<id:link_id>/restore")
@permit(Permission.CONTENT_CHANGE, Link, deleted=True)
@blueprint.response(200, LinkOut)
@blueprint.changes(conditional=True)
def restore_link(link: Link) -> Response:
    """Bring a deleted link back."""
    check_version(link, lambda: reading.one(db.session, link.id))
    operations.restore_link(db.session, link, actor=acting().user_id)
    return answer(reading.one(db.session, link.id))
