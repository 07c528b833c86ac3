"""What machines ask: `/healthz` (alive), `/readyz` (fit to serve) and `/metrics`."""

from threading import Lock
from time import monotonic

import orjson
from flask import Flask, Response, current_app, request

from annotator import metrics
from annotator.database import db
from annotator.health import Check, Site, State, examine
from annotator.health_machine import READY
from annotator.permissions import Permission, permit

TEXT = "text/plain; charset=utf-8"
SECONDS = 5.0  # an answer of /readyz is kept
KEPT = "annotator.readiness"


class Kept:
    """What was found last, kept a few seconds for all who ask: one request at a time examines, others do not wait."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.checks: list[Check] = []
        self.until = 0.0

    def found(self) -> list[Check]:
        """Give what was found, not older than SECONDS but while it is being looked at anew."""
        if monotonic() >= self.until and self.lock.acquire(blocking=not self.checks):
            try:
                if monotonic() >= self.until:  # not found by who had the lock before
                    self.checks = examine(Site(current_app.config["SETTINGS"], db.here.engine), READY)
                    self.until = monotonic() + SECONDS
            finally:
                self.lock.release()
        return self.checks


@permit(Permission.PUBLIC)
def healthz() -> Response:
    """Say that the process serves."""
    return Response("ok\n", content_type=TEXT)


@permit(Permission.PUBLIC)
def readyz() -> Response:
    """Say whether requests can be served well: 200, or 503 with what is wrong; as JSON for who asks for it."""
    found = current_app.extensions[KEPT].found()
    ready = all(check.state is not State.WRONG for check in found)
    status = 200 if ready else 503
    if request.accept_mimetypes.best_match(["text/plain", "application/json"]) == "application/json":
        body = {"ready": ready, "checks": [_told(check) for check in found]}
        return Response(orjson.dumps(body), status, content_type="application/json")
    lines = [": ".join(_told(check).values()) for check in found]
    return Response("\n".join(["ready" if ready else "not ready", *lines, ""]), status, content_type=TEXT)


def _told(check: Check) -> dict[str, str]:
    """Give what everybody may know: of what is well, no more than that."""
    told = {"name": check.name, "state": check.state.value}
    return told if check.state is State.GOOD else {**told, "sentence": check.sentence}


@permit(Permission.PUBLIC)
def metrics_page() -> Response:
    """Give what Prometheus reads, to whoever brings the token of the settings."""
    return metrics.answer()


def register(app: Flask) -> None:
    """Add the three pages."""
    app.extensions[KEPT] = Kept()
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    app.add_url_rule("/metrics", "metrics", metrics_page)
