"""People, their sign-in sessions, one-time links, API tokens, and failed tries."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from annotator.columns import IdType, OptionalTime, OptionalWords, PublicId, Time, one_of, user_key
from annotator.database import Model, Thing
from annotator.identity import Scope


class Method(StrEnum):
    """How somebody signed in."""

    PASSWORD = "password"  # noqa: S105 - the name of a way in
    PASSWORD_TOTP = "password+totp"  # noqa: S105
    PASSWORD_PASSKEY = "password+passkey"  # noqa: S105
    PASSWORD_RECOVERY = "password+recovery"  # noqa: S105
    PASSKEY = "passkey"
    OIDC = "oidc"
    OIDC_FACTOR = "oidc+factor"  # the provider said that it asked for a second factor
    LINK = "link"  # an invitation, or a one-time link to set a password


class User(Thing, Model):
    """A person. Deactivated, never deleted: the name stays on the work.

    A person known only by name from an imported file has no e-mail address and is never active.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("email IS NOT NULL OR NOT active", name="active_has_email"),
        CheckConstraint("length(name) > 0", name="name_said"),
        CheckConstraint("active OR NOT is_admin", name="admin_active"),
    )

    email: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[OptionalWords]
    is_admin: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="UTC", server_default="UTC")


class LoginSession(Model):
    """One sign-in on one device; the cookie's value is kept only as its SHA-256.

    `authenticated_at` is when the person last proved who they are, `method` how they did it to begin with.
    """

    __tablename__ = "login_sessions"
    __table_args__ = (one_of("method", Method), Index(None, "user_id", "ended_at"))

    id: Mapped[PublicId]
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[str] = user_key()
    device: Mapped[str] = mapped_column(default="")
    method: Mapped[str] = mapped_column(default="password", server_default="password")
    created_at: Mapped[Time]
    last_seen_at: Mapped[Time]
    authenticated_at: Mapped[Time]
    ended_at: Mapped[OptionalTime]


class PasswordLink(Model):
    """A one-time link to set a password; kept as the SHA-256 of its token."""

    __tablename__ = "password_links"

    id: Mapped[PublicId]
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[str] = mapped_column(IdType, ForeignKey("users.id"), index=True)
    created_at: Mapped[Time]
    created_by_id: Mapped[str | None] = user_key(optional=True)
    expires_at: Mapped[Time]
    used_at: Mapped[OptionalTime]


class ApiToken(Model):
    """A bearer token for the API; kept as its SHA-256, shown once. With a project it reaches no other."""

    __tablename__ = "api_tokens"
    __table_args__ = (one_of("scope", Scope), CheckConstraint("length(name) > 0", name="name_said"))

    id: Mapped[PublicId]
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[str] = mapped_column(IdType, ForeignKey("users.id"), index=True)
    name: Mapped[str]
    scope: Mapped[str]
    project_id: Mapped[str | None] = mapped_column(IdType, ForeignKey("projects.id"))
    created_at: Mapped[Time]
    expires_at: Mapped[OptionalTime]
    last_used_at: Mapped[OptionalTime]
    revoked_at: Mapped[OptionalTime]


class SignInTry(Model):
    """A failed sign-in, counted for the person and for the address across all processes."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (Index(None, "key", "at"),)

    id: Mapped[PublicId]
    key: Mapped[str]
    at: Mapped[Time]
