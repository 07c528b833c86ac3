"""Who asks: the cookie or the API token of a request, looked up in the tables (docs/adr/0014).

A session is a row, so that it can be ended at once; the cookie holds 32 random bytes and nothing else.
"""

import hashlib
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import Request, current_app, redirect, request
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from annotator.accounts import devices, factors, mails
from annotator.accounts.login_sessions import clear_away, end_session, renew_session, start_session
from annotator.accounts.models import ApiToken, LoginSession, Method, User
from annotator.accounts.proof_models import StepKind
from annotator.accounts.secret_values import TOKEN_PREFIX, digest
from annotator.accounts.steps import begin_step
from annotator.columns import now
from annotator.csrf import bearer_token
from annotator.database import SAFE_METHODS, db
from annotator.errors import BadRequest, NotSignedIn
from annotator.identity import Identity, Scope, acting, current
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.reading import rows_of

log = logging.getLogger(__name__)

COOKIE = "__Host-annotator"
SEEN_EVERY = timedelta(minutes=1)
DEACTIVATED = "You cannot sign in here any more. Ask an administrator."
TOKEN_ENDED = "This API token does not work: it is unknown, revoked or expired, or its person is deactivated."  # noqa: S105
TOKEN_IN_ADDRESS = "Send the API token in the header Authorization, never in the address; revoke this one."  # noqa: S105


def load_identity(asked: Request) -> Identity | None:
    """Give who sends the request, or None.

    A bearer token that fails raises NotSignedIn and never falls back to the cookie; a token in the address
    raises BadRequest.
    """
    _refuse_token_in_address(asked)
    token = bearer_token(asked)
    return _by_cookie(asked) if token is None else _by_token(asked, token)


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
        time_zone=row.time_zone,
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
            User.time_zone,
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
    shown_there = row.method == Method.OIDC_FACTOR.value  # the provider asked for a second factor
    return replace(found, needs_factor=not shown_there and _needs_factor(row))


def _cookie_identity(
    person: Any, value: str, session_id: str | None, authenticated_at: datetime | None = None
) -> Identity:
    return Identity(
        person.id,
        person.name,
        person.email,
        person.is_admin,
        "cookie",
        Scope.ADMIN,
        session_id,
        _seed(value),
        authenticated_at=authenticated_at,
        time_zone=person.time_zone,
    )


def _seed(value: str) -> bytes:
    """Give what a session's CSRF tokens are made of: they die with the value."""
    return hashlib.sha256(b"csrf:" + value.encode("utf-8", "surrogatepass")).digest()


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
            User.time_zone,
            LoginSession.id.label("session_id"),
            LoginSession.last_seen_at,
            LoginSession.authenticated_at,
            LoginSession.method,
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


def begin_sign_in(user: User, *, method: str, target: str) -> Response:
    """Go on after the first proof (password, provider, link): to the second factor where there is one, else sign in.

    The step's value stands in the login cookie meanwhile; it lets nobody in.
    """
    if not factors.methods_of(db.session, user.id):
        return finish(user, method=method, target=target)
    end_present()
    value = begin_step(
        db.session, StepKind.SECOND_FACTOR, user_id=user.id, data={"method": method, "next": target}
    )
    answer = redirect("/login/second-factor", 303)
    set_cookie(answer, value)
    return answer


def finish(user: User, *, method: str, target: str) -> Response:
    """Sign the person in and go on to `target`, a path of our own: what every way of signing in ends with.

    NotSignedIn when the person was deactivated meanwhile.
    """
    answer = redirect(target, 303)
    start(user, answer, method=method)
    return answer


def start(user: User, answer: Response, *, method: str) -> str:
    """Begin a session and give `answer` its cookies; the session that the request came with ends.

    Gives the session's value. `finish` is the same for a page. The person's row is locked: a deactivation at the
    same moment either comes first, and NotSignedIn is raised, or finds this session and ends it.
    """
    if not db.session.scalar(select(User.active).where(User.id == user.id).with_for_update()):
        raise NotSignedIn(DEACTIVATED)
    end_present()
    row, value = start_session(db.session, user, device=devices.device_of(request), method=Method(method))
    record(db.session, Action.SIGNED_IN, user, actor=user.id, after={"session": row.id, "method": method})
    _note_device(user, answer)
    clear_away(db.session)
    set_cookie(answer, value)
    return value


def _note_device(user: User, answer: Response) -> None:
    """Know this browser again; a person who has signed in elsewhere before is told of a new one."""
    known = devices.known_device(db.session, request.cookies.get(devices.COOKIE), user.email or "")
    if known is not None:
        known.last_used_at = now()
        return
    name = devices.device_of(request)
    if devices.has_device(db.session, user):
        mails.tell_new_device(user, name)
    devices.set_device_cookie(answer, devices.remember(db.session, user, name))


def renew_present(answer: Response, *, proven: bool = False) -> Identity:
    """Let the session that the request came with go on under a new value, and give who acts under it.

    With `proven` the person has just shown again who they are. NotSignedIn when the session has ended meanwhile.
    """
    identity = acting()
    value = renew_session(db.session, identity.session_id or "", proven=proven)
    set_cookie(answer, value)
    proven_at = now() if proven else identity.authenticated_at
    return replace(identity, csrf_seed=_seed(value), authenticated_at=proven_at)
