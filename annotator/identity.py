"""Who acts: what a request knows of a person, free of the database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from flask_login import current_user


class Scope(StrEnum):
    """How far an API token reaches; each scope holds the ones before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Identity:
    """A signed-in person, by cookie or by API token; its attributes are those Flask-Login asks for, and ours."""

    user_id: str
    name: str
    email: str
    is_admin: bool
    via: str  # "cookie" or "token"
    scope: Scope
    session_id: str | None = None
    csrf_seed: bytes = b""
    project_id: str | None = None  # of a token that reaches one project alone
    authenticated_at: datetime | None = None  # when a session's person last proved who they are
    needs_factor: bool = False  # the site asks for a second factor, and there is none yet
    time_zone: str = "UTC"  # that times are shown in

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Give the person's public id."""
        return self.user_id


def current() -> Identity | None:
    """Give who acts in this request, or None."""
    return cast(Identity, current_user._get_current_object()) if current_user.is_authenticated else None


def acting() -> Identity:
    """Give who acts in a view that has been permitted; an error in our own code when nobody does."""
    identity = current()
    if identity is None:
        raise RuntimeError("a view asked who acts without a permission that needs somebody")
    return identity
