"""The button that adds the sample project."""

from flask import Blueprint
from werkzeug.wrappers import Response

from annotator.accounts.answers import done
from annotator.accounts.operations import find_user
from annotator.database import db
from annotator.demo.operations import add_sample
from annotator.identity import acting
from annotator.permissions import Permission, permit

blueprint = Blueprint("demo", __name__)


@blueprint.post("/admin/demo")
@permit(Permission.SITE_MANAGE)
def add_demo() -> Response:
    """Make the sample project and go there."""
    project = add_sample(db.session, find_user(db.session, acting().user_id))
    return done(f"/projects/{project.slug}/", "demo-added")
