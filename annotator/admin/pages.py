"""All pages of administrators under one address."""

from flask import Blueprint

from annotator.admin import people, projects

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
for part in (people, projects):
    blueprint.register_blueprint(part.blueprint)
