"""The administrator's page of what is well and what is not; the checks of what features know of themselves."""

from flask import Blueprint, Response, current_app, make_response, render_template, request
from sqlalchemy.orm import Session

from annotator import metrics
from annotator.admin.access import SITE
from annotator.database import db
from annotator.health import Asked, Check, Site, State, examine, worst_first
from annotator.health_machine import CHECKS
from annotator.journal.operations import FOLLOWERS
from annotator.journal.sealing import waiting
from annotator.journal.tags import Action
from annotator.search.operations import stale

blueprint = Blueprint("health", __name__)
MOST_WAITING = 1_000  # lines that may wait for their seal while much is written
TONES = {
    State.WRONG: "refuted",
    State.NOTICE: "open",
    State.UNKNOWN: "aside",
    State.GOOD: "supported",
}


@blueprint.get("/health")
@SITE
def show_health() -> Response:
    """Show every check, what needs somebody first."""
    found = worst_first(examine(Site(current_app.config["SETTINGS"], db.here.engine, asked_by()), CHECKS))
    wrong = sum(check.state is State.WRONG for check in found)
    return make_response(render_template("admin/health.html", checks=found, wrong=wrong, tones=TONES))


def asked_by() -> Asked:
    """Give what this request shows of the way it came."""
    forwarded = any(name.lower().startswith("x-forwarded-") for name, _ in request.headers)
    return Asked(request.host_url.rstrip("/"), forwarded)


def journal(site: Site) -> Check:
    """Tell whether the journal is sealed as it is written."""
    name = "Journal"
    with Session(site.engine) as session:
        count = waiting(session)
    if count > MOST_WAITING:
        return Check(
            name,
            State.WRONG,
            f"{count:,} lines of the journal wait for their seal: nothing seals them.",
            "See whether `annotator run` runs, and what its log says of the journal.",
        )
    sentence = "Its lines are sealed." if not count else f"{count:,} new lines wait for their seal."
    todo = "Note its head outside daily: annotator audit head. Now and then: annotator audit verify."
    return Check(name, State.GOOD, sentence, todo)


def search(site: Site) -> Check:
    """Tell whether search looks into everything."""
    name = "Search"
    with Session(site.engine) as session:
        if stale(session):
            return Check(
                name,
                State.WRONG,
                "What search looks into is missing, or made by an older version.",
                "Run: annotator search rebuild",
            )
    return Check(name, State.GOOD, "It looks into everything that is here.")


def _count_sign_in(*_: object) -> None:
    metrics.count_sign_in("started")


for _check in (journal, search):
    if _check not in CHECKS:
        CHECKS.insert(-1, _check)
FOLLOWERS.setdefault(Action.SIGNED_IN, []).append(_count_sign_in)
