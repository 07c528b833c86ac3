"""How long ago a person proved who they are: what changes the way in, and all administration, asks for it anew.

The setting `fresh_for` counts for one's own account, `admin_fresh_for` for the administrators' pages (ASVS 5.0, 7.5).
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import current_app

from annotator.columns import now
from annotator.errors import NotFresh
from annotator.identity import Identity, current

View = TypeVar("View", bound=Callable[..., Any])
CONFIRM = (
    "It is a while since you signed in. Confirm that it is you, and this goes on; nothing you typed is lost."
)


def is_fresh(identity: Identity, setting: str = "fresh_for") -> bool:
    """Tell whether the session's person proved who they are within so many seconds; a token never goes stale."""
    if identity.via != "cookie":
        return True
    limit = timedelta(seconds=getattr(current_app.config["SETTINGS"], setting))
    return identity.authenticated_at is not None and now() - identity.authenticated_at <= limit


def refuse_stale(setting: str = "fresh_for") -> None:
    """Raise NotFresh when whoever is signed in proved it too long ago; others are the permission's matter."""
    identity = current()
    if identity is not None and not is_fresh(identity, setting):
        raise NotFresh(CONFIRM)


def fresh(view: View) -> View:
    """Ask for a recent proof before the view; stands below `@permit`."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        refuse_stale()
        return view(*args, **kwargs)

    return guarded  # type: ignore[return-value]
