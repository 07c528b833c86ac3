"""Sign-in sessions as rows: beginning, ending, and the limit on tries. No Flask; sessions.py does the cookie."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from annotator.accounts.devices import forget_unused
from annotator.accounts.models import LoginSession, Method, PasswordLink, SignInTry, User
from annotator.accounts.proof_models import EmailChange
from annotator.accounts.secret_values import digest, new_value
from annotator.columns import new_id, now
from annotator.database import one_at_a_time
from annotator.errors import NotSignedIn, TooMany
from annotator.journal.operations import record
from annotator.journal.tags import Action

WINDOW = timedelta(minutes=1)
KEPT = timedelta(hours=1)
PER_PERSON = 5
PER_ADDRESS = 20
ALL_TOGETHER = 300
OVER = timedelta(days=30)
ENDED = "This session has ended. Sign in and try again; what you typed is kept in this browser."


def start_session(
    session: Session, user: User, *, device: str = "", method: Method = Method.PASSWORD
) -> tuple[LoginSession, str]:
    """Begin a session of `user`; gives the row and the cookie's value, which is kept nowhere."""
    value = new_value()
    at = now()
    row = LoginSession(
        id=new_id(),
        token_hash=digest(value),
        user_id=user.id,
        device=device[:200],
        method=method.value,
        created_at=at,
        last_seen_at=at,
        authenticated_at=at,
    )
    session.add(row)
    session.flush()
    return row, value


def renew_session(session: Session, session_id: str, *, proven: bool = False) -> str:
    """Give a session another value and return it; the one before stops working. NotSignedIn when it has ended.

    `proven`: the person has shown again who they are.
    """
    value = new_value()
    changed = {"token_hash": digest(value), **({"authenticated_at": now()} if proven else {})}
    still = (LoginSession.id == session_id, LoginSession.ended_at.is_(None))
    renewed = session.execute(update(LoginSession).where(*still).values(changed))
    if renewed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotSignedIn(ENDED)
    return value


def end_session(session: Session, session_id: str, *, actor: str | None, user_id: str) -> bool:
    """End one session of the person, unless it has ended; tells whether it did."""
    ended = session.execute(
        update(LoginSession)
        .where(
            LoginSession.id == session_id, LoginSession.user_id == user_id, LoginSession.ended_at.is_(None)
        )
        .values(ended_at=now())
    )
    if ended.rowcount:  # type: ignore[attr-defined]
        record(session, Action.SIGNED_OUT, session.get_one(User, user_id), actor=actor)
    return bool(ended.rowcount)  # type: ignore[attr-defined]


def end_sessions_of(session: Session, user: User, *, actor: str | None, except_id: str | None = None) -> int:
    """End all sessions of `user` but `except_id`; gives how many there were."""
    query = update(LoginSession).where(LoginSession.user_id == user.id, LoginSession.ended_at.is_(None))
    if except_id is not None:
        query = query.where(LoginSession.id != except_id)
    count: int = session.execute(query.values(ended_at=now())).rowcount  # type: ignore[attr-defined]
    if count:
        record(session, Action.SIGNED_OUT, user, actor=actor, after={"sessions": count})
    return count


def clear_away(session: Session) -> None:
    """Delete what has been over for a month: sessions, links, changes of address, and devices long unused."""
    before = now() - OVER
    session.execute(delete(LoginSession).where(LoginSession.last_seen_at < before))
    session.execute(delete(PasswordLink).where(PasswordLink.expires_at < before))
    session.execute(delete(EmailChange).where(EmailChange.expires_at < before))
    forget_unused(session)


def claim_try(session: Session, email: str, address: str, *, device_id: str | None = None) -> list[str]:
    """Count a sign-in before its password is looked at; gives the tries' ids, TooMany beyond the limit.

    Counting first holds many guesses sent at once to the same limit. A refused one is not counted, so that
    the wait is never longer than a minute. On a device that the person is known by (`device_id`) only the tries
    made there count: what others try elsewhere locks nobody out.
    """
    at = now()
    session.execute(delete(SignInTry).where(SignInTry.at < at - KEPT))
    ids = []
    for key, most in _limits(email, address, device_id):
        one_at_a_time(session, key)
        recent = select(func.count()).where(SignInTry.key == key, SignInTry.at > at - WINDOW)
        if (session.scalar(recent) or 0) >= most:
            raise _too_many()
        row = SignInTry(id=new_id(), key=key, at=at)
        session.add(row)
        session.flush()
        ids.append(row.id)
    return ids


def _limits(email: str, address: str, device_id: str | None) -> list[tuple[str, int]]:
    if device_id is not None:
        return [(f"device:{device_id}", PER_PERSON)]
    return [
        (f"person:{digest(email.strip().casefold())}", PER_PERSON),
        (f"address:{address}", PER_ADDRESS),
        ("all", ALL_TOGETHER),
    ]


def _too_many() -> TooMany:
    seconds = int(WINDOW.total_seconds())
    error = TooMany("Too many tries to sign in. Wait a minute and try again; your password still works.")
    error.headers = {"Retry-After": str(seconds)}
    return error


def settle_try(session: Session, ids: list[str], *, user: User | None, at: datetime) -> None:
    """Keep a failed try; for a known person the journal says so, for others a row that counts nowhere.

    So both cost the same two writes, and the time of the answer does not tell who is known.
    """
    session.execute(update(SignInTry).where(SignInTry.id.in_(ids)).values(at=at))
    if user is not None:
        record(session, Action.SIGN_IN_FAILED, user, actor=None)
    else:
        session.add(SignInTry(id=new_id(), key="nobody", at=at))


def forget_try(session: Session, ids: list[str]) -> None:
    """Take back the count of a try that turned out right."""
    session.execute(delete(SignInTry).where(SignInTry.id.in_(ids)))
