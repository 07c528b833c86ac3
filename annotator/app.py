"""The application: create_app as a list of steps, one commit per request, one place for errors."""

from typing import Any

from flask import Flask, Request, g, request
from flask_login import LoginManager
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from annotator import (
    __version__,
    assets,
    csrf,
    dates,
    headers,
    health_pages,
    logs,
    markdown,
    metrics,
    wording,
)
from annotator.api import PREFIX, make_api
from annotator.articles.ingest import MAX_BYTES
from annotator.config import Settings, read_settings
from annotator.database import Database, db
from annotator.features import API_BLUEPRINTS, BLUEPRINTS, load_identity
from annotator.fields import ID
from annotator.identity import Identity, current
from annotator.notices import notice
from annotator.permissions import check_views
from annotator.refusing import register_errors

LARGE = ("/articles/new", "/sources/new", "/copies", "/import", "/recognise")
CAPTURED = ("article", "snapshot")


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
    logs.init_app(app)
    metrics.init_app(app)
    prepare_sign_in(app)
    prepare_templates(app)
    register_features(app)
    register_errors(app)
    health_pages.register(app)
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

    def load_once(asked: Request) -> Identity | None:
        """Find who acts; what failed once is not tried again by the page that says so."""
        if g.get("nobody_found"):
            return None
        g.nobody_found = True
        found = load_identity(asked)
        g.nobody_found = False
        return found

    manager.request_loader(load_once)
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
    app.jinja_env.filters["clean"] = markdown.clean


def register_features(app: Annotator) -> None:
    """Register every feature's pages and API."""
    api = make_api(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for blueprint in API_BLUEPRINTS:
        api.register_blueprint(blueprint, url_prefix=PREFIX)
