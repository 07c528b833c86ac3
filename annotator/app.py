"""The application: create_app as a list of steps, one commit per request, one place for errors."""

import logging
import uuid
from typing import Any

import orjson
from flask import Flask, Request, Response, current_app, g, redirect, render_template, request, url_for
from flask.globals import request_ctx
from flask_login import LoginManager
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from annotator import __version__, assets, csrf, dates, headers, wording
from annotator.api import PREFIX, make_api
from annotator.articles.ingest import MAX_BYTES
from annotator.config import Settings, read_settings
from annotator.database import Database, db
from annotator.errors import (
    AnnotatorError,
    BadRequest,
    Invalid,
    NotAllowed,
    NotSignedIn,
    Stale,
    TooLarge,
    Unavailable,
    WrongType,
)
from annotator.features import API_BLUEPRINTS, BLUEPRINTS, load_identity
from annotator.fields import ID
from annotator.identity import current
from annotator.journal.refusals import record_refusal
from annotator.notices import notice
from annotator.permissions import Permission, check_views, permit

log = logging.getLogger(__name__)
NAMES = {kind.status: kind.name for kind in (BadRequest, TooLarge, WrongType)}
LARGE = ("/articles/new", "/sources/new", "/copies", "/import", "/recognise")
CAPTURED = ("article", "snapshot")
BUSY_SIGNS = (
    "locked",
    "connection",
    "timeout",
    "deadlock",
    "could not serialize",
    "too many clients",
    "shutting down",
)


class Annotator(Flask):
    """Flask with one commit per request."""

    def dispatch_request(self) -> Any:
        """Commit once, when the view returns; an exception leaves everything to be rolled back.

        An API request that loses a race is run once more and sees what the winner left: a PUT finds its twin's row
        and answers the same, a change finds a newer version and answers 412 with the present state.
        """
        try:
            result = super().dispatch_request()
            db.commit()
        except (IntegrityError, StaleDataError):
            if not request.path.startswith("/api/") or g.get("second_run"):
                raise
            db.rollback()
            g.second_run = True
            return self.dispatch_request()
        return result


class IdConverter(BaseConverter):
    """A public id in a route: a UUID in its canonical, lower-case form, as bodies and cursors take it too."""

    regex = ID.pattern
    part_isolating = True


class SlugConverter(BaseConverter):
    """A project's short name in a route."""

    regex = "[a-z0-9][a-z0-9-]{0,79}"


class BoundedRequest(Request):
    """A request whose body is limited by its route: bringing text in and importing take more than the rest."""

    @property
    def max_content_length(self) -> int | None:
        """Give the limit in bytes."""
        settings: Settings = self.environ["annotator.settings"]
        rule = self.url_rule.rule if self.url_rule else ""
        if rule.endswith("/file"):
            return min(settings.max_upload, MAX_BYTES)
        large = rule.endswith(LARGE) or rule in {f"{PREFIX}/{thing}s/<id:{thing}_id>" for thing in CAPTURED}
        return settings.max_upload if large else settings.max_body

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        """Keep the limit a matter of the route."""


def create_app(settings: Settings | None = None) -> Annotator:
    """Make the application; ConfigError when a setting is unsafe, RuntimeError for a view without permission."""
    settings = settings or read_settings()
    app = Annotator(
        "annotator",
        static_folder=None,
        template_folder=str(assets.asset_folder("templates")),
        instance_path=settings.instance,
    )
    configure(app, settings)
    Database(app, settings.database_url)
    assets.init_app(app)
    headers.init_app(app)
    prepare_sign_in(app)
    prepare_templates(app)
    register_features(app)
    register_errors(app)
    register_health(app)
    check_views(app)
    return app


def configure(app: Annotator, settings: Settings) -> None:
    """Hand the settings to Flask."""
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=settings.trusted_hosts,
        MAX_FORM_MEMORY_SIZE=settings.max_upload,
        MAX_FORM_PARTS=200,
        PREFERRED_URL_SCHEME="https" if settings.base_url.startswith("https") else "http",
    )
    app.request_class = BoundedRequest
    app.url_map.converters.update(id=IdConverter, slug=SlugConverter)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    inner = app.wsgi_app

    def with_settings(environ: dict[str, Any], start_response: Any) -> Any:
        environ["annotator.settings"] = settings
        return inner(environ, start_response)

    app.wsgi_app = with_settings  # type: ignore[method-assign]
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def prepare_sign_in(app: Annotator) -> None:
    """Let Flask-Login find who acts from cookie or token, and refuse what comes from other sites."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(load_identity)
    app.before_request(csrf.protect)


def prepare_templates(app: Annotator) -> None:
    """Give templates what every page needs."""

    @app.context_processor
    def every_page() -> dict[str, Any]:
        identity = current()
        return {
            "identity": identity,
            "csrf_token": lambda: csrf.make_token(identity),
            "notice": notice(),
            "version": __version__,
        }

    app.jinja_env.globals["shown_date"] = dates.shown
    app.jinja_env.globals["shown_time"] = wording.shown_time
    app.jinja_env.globals["wording"] = wording


def register_features(app: Annotator) -> None:
    """Register every feature's pages and API."""
    api = make_api(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for blueprint in API_BLUEPRINTS:
        api.register_blueprint(blueprint, url_prefix=PREFIX)


def register_health(app: Annotator) -> None:
    """Answer `/healthz` once requests are served."""

    @permit(Permission.PUBLIC)
    def healthz() -> Response:
        """Say that the process serves."""
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    app.add_url_rule("/healthz", "healthz", healthz)


def register_errors(app: Annotator) -> None:
    """Answer every failure in one shape: a problem document under /api/, a page elsewhere."""
    app.register_error_handler(AnnotatorError, refuse)
    app.register_error_handler(HTTPException, lambda error: refuse(from_http(error)))
    app.register_error_handler(ValidationError, lambda error: refuse(Invalid(error.messages)))
    app.register_error_handler(
        StaleDataError, lambda _: refuse(Stale("Somebody changed this at the same moment. Try again."))
    )
    app.register_error_handler(IntegrityError, lambda error: refuse(_clash(error)))
    app.register_error_handler(OperationalError, lambda error: refuse(_busy(error)))
    app.register_error_handler(Exception, lambda error: refuse(_unexpected(error)))


def from_http(error: HTTPException) -> AnnotatorError:
    """Turn Werkzeug's error into ours; its own words name no version and no path."""
    found = AnnotatorError(error.description or "")
    found.status = error.code or 500
    found.title = error.name
    found.name = NAMES.get(found.status) or error.name.lower().replace(" ", "-")
    found.headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() not in ("content-type", "content-length")
    }
    if isinstance(error.response, Response):
        found.headers["Location"] = error.response.headers.get("Location", "")
    if error.code == 404:
        found.name, found.title, found.detail = "not-found", "There is nothing here", "There is nothing here"
    return found


def _clash(error: IntegrityError) -> AnnotatorError:
    log.warning("a rule of the database refused a change: %s", _rule(error))
    found = AnnotatorError(
        "The change breaks a rule of the database, and nothing of it was kept. Reload and try again."
    )
    found.status, found.name, found.title = 409, "conflict", "This clashes with what is stored"
    return found


def _rule(error: IntegrityError) -> str:
    """Give the name of the rule; the rest of what PostgreSQL says may hold the row, and with it what is protected."""
    diagnosis = getattr(error.orig, "diag", None)
    return str(diagnosis.constraint_name if diagnosis else error.orig)


def _busy(error: OperationalError) -> AnnotatorError:
    words = str(error.orig)
    log.error("the database cannot work now: %s", words)
    if "disk is full" in words or "No space left" in words:
        found = AnnotatorError(
            "The server's disk is full. Nothing of this change was kept; tell your administrator."
        )
        found.status, found.name, found.title = 507, "disk-full", "The disk is full"
        return found
    if not any(sign in words for sign in BUSY_SIGNS):
        return _unexpected(error)
    unavailable = Unavailable("The database is busy. Nothing of this change was kept; try again in a moment.")
    unavailable.headers = {"Retry-After": "2"}
    return unavailable


def _unexpected(error: Exception) -> AnnotatorError:
    mark = uuid.uuid4().hex[:12]
    log.error("unexpected error %s", mark, exc_info=error)
    return AnnotatorError(
        f"Something went wrong on our side, and nothing of this change was kept. Tell your administrator: {mark}."
    )


def refuse(error: AnnotatorError) -> Response:
    """Roll back, then answer `error` as a problem document or as a page."""
    db.rollback()
    if isinstance(error, NotAllowed):
        record_refusal(request, current())
    response = as_problem(error) if request.path.startswith("/api/") else as_page(error)
    response.headers.update(error.headers)
    return response


def as_problem(error: AnnotatorError) -> Response:
    """Give RFC 9457 problem details."""
    body = {
        "type": f"/problems/{error.name}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        **error.more,
    }
    return Response(orjson.dumps(body), error.status, content_type="application/problem+json")


def as_page(error: AnnotatorError) -> Response:
    """Give the page that says what happened, what is safe and what to do; signed out, ask to sign in."""
    if isinstance(error, NotSignedIn) and request.method in ("GET", "HEAD"):
        target = request.full_path if request.query_string else request.path
        return redirect(url_for("accounts.login", next=target), 302)  # type: ignore[return-value]
    if request_ctx.url_adapter is None:  # a refused Host leaves none, and the page has links of its own
        request_ctx.url_adapter = current_app.url_map.bind("localhost")
    return Response(render_template("errors/error.html", error=error), error.status)
