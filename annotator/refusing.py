"""How a failure is answered: in one shape, a problem document under /api/, a page elsewhere. Composes for app.py."""

import logging
from datetime import timedelta

import orjson
from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from flask.globals import request_ctx
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from annotator import limits
from annotator.accounts.confirm_pages import ask_again
from annotator.config import Settings
from annotator.database import db
from annotator.errors import (
    AnnotatorError,
    BadRequest,
    FactorNeeded,
    Invalid,
    NotFound,
    NotFresh,
    NotSignedIn,
    Stale,
    TooLarge,
    TooMany,
    Unavailable,
    WrongType,
)
from annotator.identity import Identity, current
from annotator.journal.refusals import record_refusal
from annotator.logs import request_id

log = logging.getLogger(__name__)
NAMES = {kind.status: kind.name for kind in (BadRequest, TooLarge, WrongType)}
GUESSING = "Too many things were asked for that are not there. Nothing is lost; wait a little and try again."
BUSY_SIGNS = (
    "locked",
    "interrupted",
    "connection",
    "timeout",
    "deadlock",
    "could not serialize",
    "too many clients",
    "shutting down",
)


def register_errors(app: Flask) -> None:
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
    if isinstance(error, SecurityError):
        found.detail = "This site does not answer to this address. Ask for the one that you were given."
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
    mark = request_id()
    log.error("unexpected error %s", mark, exc_info=error)
    return AnnotatorError(
        f"Something went wrong on our side, and nothing of this change was kept. Tell your administrator: {mark}."
    )


def refuse(error: AnnotatorError) -> Response:
    """Roll back, then answer `error` as a problem document or as a page."""
    db.rollback()
    if isinstance(error, NotFound) and request.url_rule is not None and request.url_rule.arguments:
        error = _counted(error)
    if error.status == 403:
        record_refusal(request, who())
    response = as_problem(error) if request.path.startswith("/api/") else as_page(error)
    response.headers.update(error.headers)
    return response


def who() -> Identity | None:
    """Give who acts, or None; also when finding that out is the very thing that failed."""
    try:
        return current()
    except (AnnotatorError, SQLAlchemyError):
        return None


def _counted(error: AnnotatorError) -> AnnotatorError:
    """Give TooMany instead of NotFound to a person who asked for too many things that are not there for them."""
    identity = who()
    if identity is None:
        return error
    settings: Settings = current_app.config["SETTINGS"]
    try:
        limits.spend(
            f"unknown:{identity.user_id}", settings.unknown_ids, timedelta(minutes=10), sentence=GUESSING
        )
    except TooMany as many:
        return many
    except OperationalError as failure:  # busy or full: the answer is no worse for that
        log.warning("an unknown id was not counted: %s", failure.orig)
    return error


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
    if isinstance(error, NotFresh):
        return ask_again(error)
    if isinstance(error, FactorNeeded) and request.method in ("GET", "HEAD"):
        return redirect("/account/second-factor?notice=factor-needed", 302)  # type: ignore[return-value]
    if request_ctx.url_adapter is None:  # a refused Host leaves none, and the page has links of its own
        request_ctx.url_adapter = current_app.url_map.bind("localhost")
    who()  # so that the page's header does not stumble over what went wrong already
    return Response(render_template("errors/error.html", error=error), error.status)
