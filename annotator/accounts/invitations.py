"""Invitations: made, renewed, revoked, accepted once. What an invited person may do stands in the table alone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annotator.accounts.invitation_queries import roles_of_invitations
from annotator.accounts.models import User
from annotator.accounts.passwords import check_password, hash_password
from annotator.accounts.proof_models import Invitation, InvitationRole
from annotator.accounts.queries import by_email
from annotator.accounts.secret_values import digest, new_value
from annotator.accounts.vouching import hold_vouchers, is_vouched
from annotator.accounts.weak_words import words_around
from annotator.columns import new_id, now
from annotator.database import one_at_a_time
from annotator.errors import Conflict, Gone, Invalid, NotFound, WrongState
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.permissions import Role

LIFE = timedelta(days=7)
HERE = "Somebody with this e-mail address is here already."
WAITING = (
    "There is an open invitation for this address already. Make a new link for it, or revoke it, in the list."
)
OVER = {
    "accepted": "This invitation has been accepted. Sign in with the password that was set then.",
    "revoked": "This invitation was withdrawn. Ask whoever sent it to you.",
    "expired": "This invitation has expired. Ask whoever sent it to you to send it again.",
}
UNVOUCHED = (
    "Whoever sent this invitation is no administrator here any more, so it does not count. "
    "Ask an administrator of this site for a new one."
)
UNKNOWN = (
    "This invitation is unknown, or a newer one has taken its place. Look for the newest mail, "
    "or ask whoever sent it to you."
)
TAKEN = (
    "Somebody with the e-mail address of this invitation has an account here already. "
    "Sign in with it, or ask your administrator."
)


def invite(
    session: Session,
    *,
    email: str,
    name: str = "",
    is_admin: bool = False,
    roles: Mapping[str, Role] | None = None,
    actor: str | None,
) -> tuple[Invitation, str]:
    """Invite somebody (checked by InvitationIn); gives the row and the link's token, which is kept nowhere.

    `roles` are by project id. Invalid when the address is somebody's here, or has an open invitation; an expired one
    is revoked and replaced.
    """
    address = email.strip().casefold()
    one_at_a_time(session, f"invitation:{address}")
    refuse_uninvitable(session, address, actor=actor)
    token, at = new_value(), now()
    row = Invitation(
        id=new_id(),
        email=address,
        name=name,
        is_admin=is_admin,
        token_hash=digest(token),
        expires_at=at + LIFE,
        created_at=at,
        created_by_id=actor,
        updated_at=at,
        updated_by_id=actor,
    )
    session.add(row)
    session.flush()
    for project_id, role in (roles or {}).items():
        session.add(InvitationRole(invitation_id=row.id, project_id=project_id, role=role.value))
    after = {"email": address, "name": name, "is_admin": is_admin, "roles": _said(roles or {})}
    record(session, Action.INVITATION_ADDED, row, actor=actor, after=after, at=at)
    return row, token


def refuse_uninvitable(session: Session, address: str, *, actor: str | None) -> None:
    """Raise Invalid at `email` for somebody here, or invited and awaited; end an invitation that has expired."""
    if session.scalar(by_email(address)) is not None:
        raise Invalid({"email": [HERE]})
    waiting = session.scalar(open_invitation(address))
    if waiting is not None and waiting.expires_at > now():
        raise Invalid({"email": [WAITING]})
    if waiting is not None:
        revoke_invitation(session, waiting, actor=actor)


def open_invitation(address: str) -> Any:
    """Select the invitation of this address that was neither accepted nor revoked, expired or not."""
    return select(Invitation).where(
        Invitation.email == address, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None)
    )


def state_of(invitation: Invitation, at: datetime) -> str:
    """Tell whether the invitation is "open", "expired", "accepted" or "revoked" at this moment."""
    if invitation.accepted_at is not None:
        return "accepted"
    if invitation.revoked_at is not None:
        return "revoked"
    return "open" if invitation.expires_at > at else "expired"


def find_invitation(session: Session, invitation_id: str) -> Invitation:
    """Give the invitation with this id; NotFound when there is none."""
    row = session.get(Invitation, invitation_id)
    if row is None:
        raise NotFound
    return row


def renew_invitation(session: Session, row: Invitation, *, actor: str | None) -> str:
    """Give the token of a new link for another seven days; the old link ends.

    WrongState when the invitation was accepted or revoked, its address is somebody's here by now, or whoever sent it
    is no administrator any more.
    """
    _refuse_closed(row)
    if not is_vouched(session, row):
        raise WrongState(
            "Whoever sent this invitation is no administrator any more. Revoke it and send a new one."
        )
    if session.scalar(by_email(row.email)) is not None:
        raise WrongState(f"{HERE} Revoke the invitation.")
    token, at = new_value(), now()
    row.token_hash, row.expires_at, row.sent_at = digest(token), at + LIFE, None
    row.stamp(actor, at)
    session.flush()
    record(session, Action.INVITATION_RENEWED, row, actor=actor, after={"email": row.email}, at=at)
    return token


def revoke_invitation(session: Session, row: Invitation, *, actor: str | None) -> None:
    """Withdraw an invitation: its link ends at once. WrongState when it was accepted or revoked."""
    _refuse_closed(row)
    row.revoked_at = now()
    row.stamp(actor, row.revoked_at)
    session.flush()
    record(session, Action.INVITATION_REVOKED, row, actor=actor, before={"email": row.email})


def note_sent(session: Session, invitation_id: str, token: str) -> None:
    """Keep when the mail with this link left; the row's version stays, since nobody changed anything."""
    mine = (Invitation.id == invitation_id, Invitation.token_hash == digest(token))
    session.execute(update(Invitation).where(*mine).values(sent_at=now()))


def _refuse_closed(row: Invitation) -> None:
    if row.accepted_at is not None:
        raise WrongState("This invitation has been accepted.")
    if row.revoked_at is not None:
        raise WrongState("This invitation was revoked.")


def look_up(session: Session, token: str) -> Invitation:
    """Give the open invitation of a link; Gone, saying why, when it works no more."""
    row = session.scalar(select(Invitation).where(Invitation.token_hash == digest(token)))
    return _in_force(session, row)


def _in_force(session: Session, row: Invitation | None) -> Invitation:
    state = "" if row is None else state_of(row, now())
    if row is None or state != "open":
        raise Gone(OVER.get(state, UNKNOWN))
    if not is_vouched(session, row):
        raise Gone(UNVOUCHED)
    return row


def accept(session: Session, token: str, *, name: str, password: str | None) -> User:
    """Make the invited person an account by the link, once; gives the person.

    Raises Gone when the link works no more, or whoever sent it is no administrator any more; Conflict when the
    address was taken meanwhile; Invalid for an easy password. Look the link up first: a password is hashed before
    the session is asked anything, since hashing takes its time and a writing session holds SQLite's only writing
    place.
    """
    hashed = None if password is None else hash_password(password)
    row = look_up(session, token)
    if password is not None:
        around = words_around(session, None)
        around += [given.project for given in session.execute(roles_of_invitations([row.id]))]
        check_password(password, name=name, email=row.email, around=around)
    return take_up(session, row.id, token_hash=row.token_hash, name=name, password_hash=hashed)


def take_up(
    session: Session,
    invitation_id: str,
    *,
    name: str,
    password_hash: str | None = None,
    token_hash: str | None = None,
) -> User:
    """Make the person of an open invitation; projects follow in the same transaction. Single sign-on comes in here.

    Of two at once one gets the account; the other waits for the row and then finds it accepted: Gone.
    """
    hold_vouchers(session, invitation_id)
    query = select(Invitation).where(Invitation.id == invitation_id)
    if token_hash is not None:
        query = query.where(Invitation.token_hash == token_hash)
    locked = query.with_for_update().execution_options(populate_existing=True)
    row = _in_force(session, session.scalar(locked))
    if session.scalar(by_email(row.email)) is not None:
        raise Conflict(TAKEN)
    user = _new_person(session, row, name, password_hash)
    row.accepted_at, row.user_id = user.created_at, user.id
    row.stamp(user.id, user.created_at)
    session.flush()
    record(session, Action.INVITATION_ACCEPTED, row, actor=user.id, after={"user": user.id})
    return user


def _new_person(session: Session, row: Invitation, name: str, password_hash: str | None) -> User:
    at = now()
    user = User(
        id=new_id(),
        email=row.email,
        name=name or row.name or row.email.partition("@")[0],
        is_admin=row.is_admin,
        active=True,
        locale=row.locale,
        password_hash=password_hash,
        created_at=at,
        created_by_id=row.created_by_id,
        updated_at=at,
        updated_by_id=row.created_by_id,
    )
    session.add(user)
    session.flush()
    after = {"name": user.name, "email": user.email, "is_admin": user.is_admin}
    record(session, Action.USER_ADDED, user, actor=row.created_by_id, after=after)
    return user


def _said(roles: Mapping[str, Role]) -> dict[str, str]:
    return {project_id: role.value for project_id, role in roles.items()}
