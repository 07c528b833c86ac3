"""Who stands behind what was handed on: an administrator who is none any more lets nobody in."""

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from annotator.accounts.models import PasswordLink, User
from annotator.accounts.proof_models import Invitation
from annotator.columns import now
from annotator.journal.operations import record
from annotator.journal.tags import Action


def is_vouched(session: Session, row: Invitation) -> bool:
    """Tell whether who sent the invitation, and who renewed it, are active administrators; a terminal always is."""
    names = {row.created_by_id, row.updated_by_id} - {None}
    query = select(User.id).where(User.id.in_(names), User.active, User.is_admin)
    return set(session.scalars(query)) == names


def hold_vouchers(session: Session, invitation_id: str) -> None:
    """Let those who stand behind an invitation stay as they are until the transaction ends.

    People are locked before invitations, as where somebody is deactivated, so that nobody waits in a ring.
    """
    ours = select(Invitation.id).where(
        Invitation.id == invitation_id,
        or_(Invitation.created_by_id == User.id, Invitation.updated_by_id == User.id),
    )
    session.execute(select(User.id).where(ours.exists()).order_by(User.id).with_for_update(read=True))


def end_handed_on(session: Session, user: User, *, actor: str | None) -> None:
    """End the open invitations and the unused password links that this person made for others, each with a line."""
    _revoke_invitations(session, user, actor)
    at = now()
    links = (
        PasswordLink.created_by_id == user.id,
        PasswordLink.used_at.is_(None),
        PasswordLink.expires_at > at,
    )
    ids = select(PasswordLink.user_id).where(*links)
    for person in session.scalars(select(User).where(User.id.in_(ids)).order_by(User.id)):
        record(session, Action.LINK_ENDED, person, actor=actor, before={"made_by": user.id})
    session.execute(
        update(PasswordLink).where(*links).values(used_at=at),
        execution_options={"synchronize_session": False},
    )


def _revoke_invitations(session: Session, user: User, actor: str | None) -> None:
    theirs = select(Invitation).where(
        or_(Invitation.created_by_id == user.id, Invitation.updated_by_id == user.id),
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
    )
    locked = theirs.order_by(Invitation.id).with_for_update().execution_options(populate_existing=True)
    for row in session.scalars(locked).all():
        row.revoked_at = now()
        row.stamp(actor, row.revoked_at)
        session.flush()
        record(session, Action.INVITATION_REVOKED, row, actor=actor, before={"email": row.email})
