"""Who is there: selects over people, their sessions and tokens; the caller executes them."""

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, exists, func, or_, select

from annotator.accounts.models import ApiToken, LoginSession, PasswordLink, User
from annotator.accounts.proof_models import EmailChange, ExternalIdentity
from annotator.accounts.secret_values import digest
from annotator.database import Model
from annotator.permissions import memberships

Opened = TypeVar("Opened", PasswordLink, EmailChange)
FIRST_EMAIL = "admin@localhost"


def by_email(email: str) -> Select[User]:
    """Select the person with this e-mail address, however it is written."""
    return select(User).where(User.email == email.strip().casefold())


def people(find: str = "", show: str = "all") -> Select[User]:
    """Select people by name; `find` looks into name and e-mail, `show` is all, active, deactivated or admins."""
    query = select(User).order_by(func.lower(User.name), User.id)
    if find:
        query = query.where(
            or_(
                func.lower(User.name).contains(find.lower(), autoescape=True),
                User.email.contains(find.casefold(), autoescape=True),
            )
        )
    if show == "admins":
        return query.where(User.is_admin)
    if show in ("active", "deactivated"):
        return query.where(User.active.is_(show == "active"), User.email.is_not(None))
    return query


def active_admins() -> Select[User]:
    """Select the administrators and lock them, so that two cannot take the right from each other at once."""
    return select(User).where(User.is_admin, User.active).order_by(User.id).with_for_update()


def ready_admins() -> Select[User]:
    """Select the active administrators who can sign in: they have set a password, or come through the provider."""
    known = exists().where(ExternalIdentity.user_id == User.id)
    return (
        select(User).where(User.is_admin, User.active, or_(User.password_hash.is_not(None), known)).limit(1)
    )


def open_link(token: str, at: datetime) -> Select[PasswordLink, User]:
    """Select the link of `token` and its person while it can be used."""
    return _while_open(PasswordLink, token, at)


def _while_open(kind: type[Opened], token: str, at: datetime) -> Select[Opened, User]:
    """Select what `token` opens, and its person, until it is used or over."""
    return (
        select(kind, User)
        .join(User, User.id == kind.user_id)
        .where(kind.token_hash == digest(token), kind.used_at.is_(None), kind.expires_at > at, User.active)
    )


def sessions_of(user_id: str, seen_after: datetime, made_after: datetime) -> Select[LoginSession]:
    """Select a person's sessions in force, latest seen first."""
    return (
        select(LoginSession)
        .where(
            LoginSession.user_id == user_id,
            LoginSession.ended_at.is_(None),
            LoginSession.last_seen_at > seen_after,
            LoginSession.created_at > made_after,
        )
        .order_by(LoginSession.last_seen_at.desc())
    )


def tokens_of(user_id: str) -> Select[ApiToken]:
    """Select a person's API tokens that were not revoked, newest first."""
    return (
        select(ApiToken)
        .where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.created_at.desc())
    )


def projects_of(user_id: str, slug: str = "") -> Select[Any, Any]:
    """Select `id` and `name` of the projects a person is a member of, by name; or of the one with this short name."""
    projects, members = Model.metadata.tables["projects"], memberships()
    query = (
        select(projects.c.id, projects.c.name)
        .join(members, members.c.project_id == projects.c.id)
        .where(members.c.user_id == user_id)
        .order_by(func.lower(projects.c.name), projects.c.id)
    )
    return query.where(projects.c.slug == slug) if slug else query


def open_email_change(token: str, at: datetime) -> Select[EmailChange, User]:
    """Select the change of address that `token` confirms, and its person, while it can be used."""
    return _while_open(EmailChange, token, at)
