"""Who asks: the cookie or the API token of a request, looked up in the tables (docs/adr/0014).

A session is a row, so that it can be ended at once; the cookie holds 32 random bytes and nothing else.
"""

import hashlib
import logging
import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import Request, current_app, g
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from annotator.accounts import factors
from annotator.accounts.login_sessions import claim_try, end_session, forget_try, settle_try, start_session
from annotator.accounts.models import ApiToken, LoginSession, User
from annotator.accounts.passwords import fits, hash_password, is_outdated
from annotator.accounts.queries import by_email
from annotator.accounts.secret_values import TOKEN_PREFIX, digest
from annotator.columns import now
from annotator.csrf import bearer_token
from annotator.database import SAFE_METHODS, db
from annotator.errors import BadRequest, NotSignedIn
from annotator.identity import Identity, Scope, current
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.reading import rows_of

log = logging.getLogger(__name__)

COOKIE = "__Host-annotator"
SEEN_EVERY = timedelta(minutes=1)
WRONG = "The e-mail address or the password is wrong."
TOKEN_ENDED = "This API token does not work: it is unknown, revoked or expired, or its person is deactivated."  # noqa: S105
TOKEN_IN_ADDRESS = "Send the API token in the header Authorization, never in the address; revoke this one."  # noqa: S105
DEVICES = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def load_identity(asked: Request) -> Identity | None:
    """Give who sends the request, or None.

    A bearer token that fails raises NotSignedIn and never falls back to the cookie; a token in the address
    raises BadRequest.
    """
    if g.get("identity_refused"):  # the page that tells of the refusal asks again
        return None
    try:
        _refuse_token_in_address(asked)
        token = bearer_token(asked)
        return _by_cookie(asked) if token is None else _by_token(asked, token)
    except (BadRequest, NotSignedIn):
        g.identity_refused = True
        raise


def _refuse_token_in_address(asked: Request) -> None:
    if any(value.startswith(TOKEN_PREFIX) for values in asked.args.listvalues() for value in values):
        raise BadRequest(TOKEN_IN_ADDRESS)


def _by_token(asked: Request, token: str) -> Identity:
    at = now()
    row = _read(asked, _token_query(), {"token_hash": digest(token)})
    if row is None or (row.expires_at is not None and row.expires_at <= at):
        raise NotSignedIn(TOKEN_ENDED)
    other = _by_cookie(asked) if COOKIE in asked.cookies else None
    if other is not None and other.user_id != row.id:
        raise BadRequest("The API token and the cookie belong to different people. Send one of them.")
    if row.last_used_at is None or at - row.last_used_at > SEEN_EVERY:
        _note_use(update(ApiToken).where(ApiToken.id == row.token_id).values(last_used_at=at))
    return Identity(
        row.id,
        row.name,
        row.email,
        row.is_admin,
        "token",
        Scope(row.scope),
        project_id=row.project_id,
        needs_factor=_needs_factor(row),
    )


def _needs_factor(row: Any) -> bool:
    """Tell whether the site demands a second factor that this person has not; without a policy nothing is asked."""
    if not row.second_factor_for or row.has_factor:
        return False
    with db.here.engine.connect() as connection:
        return factors.demands(connection, row.second_factor_for, row.id, is_admin=row.is_admin)


@cache
def _token_query() -> Any:
    return (
        select(
            User.id,
            User.name,
            User.email,
            User.is_admin,
            ApiToken.id.label("token_id"),
            ApiToken.scope,
            ApiToken.project_id,
            ApiToken.expires_at,
            ApiToken.last_used_at,
            *factors.columns(User.id),
        )
        .join(User, User.id == ApiToken.user_id)
        .where(ApiToken.token_hash == bindparam("token_hash"), ApiToken.revoked_at.is_(None), User.active)
    )


def _by_cookie(asked: Request) -> Identity | None:
    value = asked.cookies.get(COOKIE)
    if not value:
        return None
    at = now()
    seen_after, made_after = in_force(at)
    known = {"token_hash": digest(value), "seen_after": seen_after, "made_after": made_after}
    row = _read(asked, _session_query(), known)
    if row is None:
        return None
    if at - row.last_seen_at > SEEN_EVERY:
        still = (LoginSession.id == row.session_id, LoginSession.ended_at.is_(None))
        _note_use(update(LoginSession).where(*still).values(last_seen_at=at))
    found = _cookie_identity(row, value, row.session_id, row.authenticated_at)
    return replace(found, needs_factor=_needs_factor(row))


def _cookie_identity(
    person: Any, value: str, session_id: str | None, authenticated_at: datetime | None = None
) -> Identity:
    seed = hashlib.sha256(b"csrf:" + value.encode("utf-8", "surrogatepass")).digest()
    return Identity(
        person.id,
        person.name,
        person.email,
        person.is_admin,
        "cookie",
        Scope.ADMIN,
        session_id,
        seed,
        authenticated_at=authenticated_at,
    )


def identity_of(user: User, value: str) -> Identity:
    """Give who the session with this cookie's value belongs to, before the cookie has come back."""
    return _cookie_identity(user, value, None)


@cache
def _session_query() -> Any:
    return (
        select(
            User.id,
            User.name,
            User.email,
            User.is_admin,
            LoginSession.id.label("session_id"),
            LoginSession.last_seen_at,
            LoginSession.authenticated_at,
            *factors.columns(User.id),
        )
        .join(User, User.id == LoginSession.user_id)
        .where(
            LoginSession.token_hash == bindparam("token_hash"),
            LoginSession.ended_at.is_(None),
            LoginSession.last_seen_at > bindparam("seen_after"),
            LoginSession.created_at > bindparam("made_after"),
            User.active,
        )
    )


def in_force(at: datetime) -> tuple[datetime, datetime]:
    """Give the times after which a session must have been seen, and made, to be in force at `at`."""
    settings = current_app.config["SETTINGS"]
    return at - timedelta(seconds=settings.session_idle), at - timedelta(seconds=settings.session_absolute)


def _read(asked: Request, query: Any, values: dict[str, Any]) -> Any:
    """Read apart from a writing request's transaction, which would hold SQLite's only writing place meanwhile."""
    if asked.method in SAFE_METHODS:
        return rows_of(db.session, query, values).one_or_none()
    with db.here.engine.connect() as connection:
        return connection.execute(query, values).one_or_none()


def _note_use(statement: Any) -> None:
    """Write down when something was last used; a database that cannot write must not stop people from reading."""
    try:
        with db.here.apart() as session:
            session.execute(statement)
    except OperationalError:
        log.exception("the time of last use was not kept")


def sign_in(email: str, password: str, *, address: str, device: str) -> tuple[User, str]:
    """Begin a session; gives the person and the cookie's value.

    Raises TooMany beyond the limit, NotSignedIn with one and the same sentence for a wrong password and an
    unknown person, Unavailable when too many sign in at once.
    """
    proven = _prove(email, password, address)
    user = db.session.scalar(by_email(email))
    if user is None or not user.active or user.password_hash != proven:  # changed while we were hashing
        raise NotSignedIn(WRONG)
    if is_outdated(proven):
        user.password_hash = hash_password(password)
    row, value = start_session(db.session, user, device=device)
    record(db.session, Action.SIGNED_IN, user, actor=user.id, after={"session": row.id})
    return user, value


def confirm_password(email: str, password: str, *, address: str) -> bool:
    """Tell whether this is the person's password; counted like a sign-in, so that it cannot be guessed here either.

    Call it before anything is asked of the request's own session, which would hold SQLite's only writing place.
    """
    try:
        return bool(_prove(email, password, address))
    except NotSignedIn:
        return False


def _prove(email: str, password: str, address: str) -> str:
    """Give the hash that `password` fits; no transaction is open while it is compared."""
    with db.here.apart() as session:
        tries = claim_try(session, email, address)
        known = session.scalar(by_email(email))
    usable = known.password_hash if known is not None and known.active else None
    right = fits(usable, password)
    with db.here.apart() as session:
        if right:
            forget_try(session, tries)
        else:
            settle_try(session, tries, user=known, at=now())
    if usable is None or not right:
        raise NotSignedIn(WRONG)
    return usable


def end_present() -> None:
    """End the session that the request came with, if any: on signing out, and where signing in makes a new one."""
    identity = current()
    if identity is not None and identity.session_id:
        end_session(db.session, identity.session_id, actor=identity.user_id, user_id=identity.user_id)


def set_cookie(response: Response, value: str) -> None:
    """Give the browser its session's value, for this host alone and out of scripts' reach."""
    response.set_cookie(COOKIE, value, path="/", secure=True, httponly=True, samesite="Lax")


def clear_cookie(response: Response) -> None:
    """Make the browser forget the session."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")


def device_of(asked: Request) -> str:
    """Name the browser and system of a request in a few words, for the list of one's sessions."""
    agent = asked.headers.get("User-Agent", "")
    browser = next((name for mark, name in DEVICES if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or re.sub(r"[^\w ./-]", "", agent)[:60] or "Unknown device"


__all__ = [
    "COOKIE",
    "clear_cookie",
    "confirm_password",
    "device_of",
    "end_present",
    "identity_of",
    "in_force",
    "load_identity",
    "set_cookie",
    "sign_in",
    "start_session",
]
