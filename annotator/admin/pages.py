"""All pages of administrators under one address."""

from flask import Blueprint, request

from annotator.admin import (
    audit,
    bulk,
    health,
    invitations,
    many,
    people,
    person,
    policy_pages,
    projects,
    ways_in,
)
from annotator.freshness import refuse_stale
from annotator.identity import current

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
for part in (people, bulk, person, ways_in, invitations, many, policy_pages, projects, audit, health):
    blueprint.register_blueprint(part.blueprint)


@blueprint.before_app_request
def ask_again_after_an_hour() -> None:
    """Ask an administrator for a recent proof of who they are; whoever is none is the permission's matter.

    All that stands under this address counts, also the pages that other features put there.
    """
    if not request.path.startswith(f"{blueprint.url_prefix}/"):
        return
    identity = current()
    if identity is not None and identity.is_admin and not identity.needs_factor:
        refuse_stale("admin_fresh_for")
