"""The JSON API of the site's journal, for administrators' tokens."""

from typing import Any

from flask import Response

from annotator.admin.access import SITE
from annotator.admin.audit import page_of as journal_page
from annotator.api import Blueprint, page_of
from annotator.concurrency import answer
from annotator.journal.schemas import AuditArgs, EventOut

blueprint = Blueprint("audit_api", __name__, description="The site's journal.")


@blueprint.get("/audit")
@SITE
@blueprint.arguments(AuditArgs, location="query")
@blueprint.response(200, page_of(EventOut))
def list_events(args: dict[str, Any]) -> Response:
    """List the lines of the site's journal, newest first; of what projects hold, only which fields changed."""
    items, cursor = journal_page(args, args["limit"], args["cursor"])
    return answer({"items": items, "next": cursor})
