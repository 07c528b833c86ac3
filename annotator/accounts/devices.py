"""Browsers: what they call themselves, and those in which a person has signed in before.

A known device is no way in. It only says that tries from elsewhere must not lock the person out here (docs/adr/0022).
"""

import re
from datetime import timedelta

from flask import Request, has_request_context, request
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from annotator.accounts.models import User
from annotator.accounts.proof_models import KnownDevice
from annotator.accounts.secret_values import digest, new_value
from annotator.columns import new_id, now

COOKIE = "__Host-annotator-device"
KEPT = timedelta(days=180)
MOST = 20
BROWSERS = (
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


def device_of(asked: Request) -> str:
    """Name the browser and system of a request in a few words, for the list of one's sessions."""
    agent = asked.headers.get("User-Agent", "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or re.sub(r"[^\w ./-]", "", agent)[:60] or "Unknown device"


def known_device(session: Session, value: str | None, email: str) -> KnownDevice | None:
    """Give the device of this cookie's value if the person with this e-mail address has signed in with it."""
    query = (
        select(KnownDevice)
        .join(User, User.id == KnownDevice.user_id)
        .where(
            KnownDevice.token_hash == digest(value or ""),
            KnownDevice.last_used_at > now() - KEPT,
            User.email == email.strip().casefold(),
        )
    )
    return session.scalar(query)


def has_device(session: Session, user: User) -> bool:
    """Tell whether the person has signed in anywhere before, as far as is remembered."""
    return session.scalar(select(KnownDevice.id).where(KnownDevice.user_id == user.id).limit(1)) is not None


def remember(session: Session, user: User, device: str) -> str:
    """Note that the person signed in with a browser that was not known; gives the cookie's value.

    Of more than twenty those used last are kept: each gives tries that no other limit counts.
    """
    value, at = new_value(), now()
    row = KnownDevice(
        id=new_id(),
        token_hash=digest(value),
        user_id=user.id,
        device=device[:200],
        created_at=at,
        last_used_at=at,
    )
    session.add(row)
    session.flush()
    mine = select(KnownDevice.id).where(KnownDevice.user_id == user.id)
    last = mine.order_by(KnownDevice.last_used_at.desc(), KnownDevice.id.desc()).limit(MOST)
    session.execute(delete(KnownDevice).where(KnownDevice.user_id == user.id, KnownDevice.id.not_in(last)))
    return value


def device_here() -> str | None:
    """Give the mark of the browser that asks, if it has one; None outside of requests."""
    return request.cookies.get(COOKIE) if has_request_context() else None


def forget_devices(session: Session, user_id: str, *, but: str | None) -> None:
    """Delete the person's known devices but the one whose cookie's value is `but`."""
    others = (KnownDevice.user_id == user_id, KnownDevice.token_hash != digest(but or ""))
    session.execute(delete(KnownDevice).where(*others))


def forget_unused(session: Session) -> None:
    """Delete the devices that nobody signed in with for half a year."""
    session.execute(delete(KnownDevice).where(KnownDevice.last_used_at < now() - KEPT))


def set_device_cookie(response: Response, value: str) -> None:
    """Give the browser the mark by which it is known again; it lets nobody in."""
    response.set_cookie(COOKIE, value, max_age=KEPT, path="/", secure=True, httponly=True, samesite="Lax")
