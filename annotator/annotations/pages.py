"""Pages."""

from flask import Blueprint

blueprint = Blueprint("annotations", __name__)
