"""Invitations to be shown: found, filtered, counted, and what they give; the caller executes the selects."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from annotator.accounts.models import User
from annotator.accounts.proof_models import Invitation, InvitationRole
from annotator.database import Model
from annotator.paging import Order

NEWEST = Order((Invitation.created_at, Invitation.id), descending=True)
STATES = ("open", "expired", "accepted", "revoked")


def is_in(state: str, at: datetime) -> ColumnElement[bool]:
    """Give the condition that an invitation is in one of STATES at this moment."""
    waiting = Invitation.accepted_at.is_(None) & Invitation.revoked_at.is_(None)
    return {
        "open": waiting & (Invitation.expires_at > at),
        "expired": waiting & (Invitation.expires_at <= at),
        "accepted": Invitation.accepted_at.is_not(None),
        "revoked": Invitation.revoked_at.is_not(None),
    }[state]


def invitations(find: str = "", state: str = "all", *, at: datetime) -> Select[Any]:
    """Select (invitation, name of who sent it, name of who it became); `find` looks into address and names."""
    inviter, guest = (
        Model.metadata.tables["users"].alias("inviter"),
        Model.metadata.tables["users"].alias("guest"),
    )
    query = (
        select(Invitation, inviter.c.name.label("inviter"), guest.c.name.label("guest"))
        .outerjoin(inviter, inviter.c.id == Invitation.created_by_id)
        .outerjoin(guest, guest.c.id == Invitation.user_id)
    )
    if find:
        query = query.where(
            or_(
                Invitation.email.contains(find.casefold(), autoescape=True),
                func.lower(Invitation.name).contains(find.lower(), autoescape=True),
                func.lower(guest.c.name).contains(find.lower(), autoescape=True),
            )
        )
    return query.where(is_in(state, at)) if state in STATES else query


def counts(session: Session, at: datetime) -> dict[str, int]:
    """Count the invitations by state, and all of them."""
    row = session.execute(
        select(func.count(), *(func.count().filter(is_in(state, at)) for state in STATES)).select_from(
            Invitation
        )
    ).one()
    return dict(zip(("all", *STATES), row, strict=True))


def roles_of_invitations(ids: list[str]) -> Select[Any]:
    """Select (invitation's id, project's id, name and slug, role), by the project's name."""
    projects = Model.metadata.tables["projects"]
    return (
        select(
            InvitationRole.invitation_id,
            projects.c.id.label("project_id"),
            projects.c.name.label("project"),
            projects.c.slug,
            InvitationRole.role,
        )
        .join(projects, projects.c.id == InvitationRole.project_id)
        .where(InvitationRole.invitation_id.in_(ids))
        .order_by(func.lower(projects.c.name), projects.c.id)
    )


def inviter_of(session: Session, row: Invitation) -> str:
    """Give the name of who sent an invitation; empty when it was made on a terminal."""
    return session.scalar(select(User.name).where(User.id == row.created_by_id)) or ""
