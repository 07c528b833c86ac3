"""What follows when somebody has come back from the provider: signed in, joined to an account, or confirmed."""

from datetime import UTC, datetime

from flask import redirect
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from annotator.accounts import factors, sealing, sessions
from annotator.accounts.answers import own_path
from annotator.accounts.confirm_pages import go_on
from annotator.accounts.invitations import take_up
from annotator.accounts.models import LoginSession, Method, PasswordLink, User
from annotator.accounts.oidc import trouble
from annotator.accounts.oidc.people import (
    about_of,
    admit,
    bind,
    find_identity,
    follow_groups,
    lock_person,
    name_of,
)
from annotator.accounts.oidc.settings import SingleSignOn
from annotator.accounts.oidc.stated import Stated
from annotator.accounts.operations import change_user
from annotator.accounts.proof_models import SignInStep
from annotator.accounts.queries import FIRST_EMAIL, by_email
from annotator.accounts.secret_values import digest
from annotator.columns import now
from annotator.database import db
from annotator.errors import Gone
from annotator.identity import acting

FRESH = 60.0  # seconds by which the provider's clock may be behind ours
KEPT = "kept fields of "  # what the sealed text is about, with the session
OVER = "This link has been used, replaced by a newer one, or has expired."


def sign_in(found: Stated, step: SignInStep, config: SingleSignOn) -> Response:
    """Sign the person in with the rights that their groups give; SignOnFailed for one who is unknown here."""
    user = admit(db.session, found, config)
    return _begin(user, found, step, config, trusting=True)


def accept_invitation(found: Stated, step: SignInStep, config: SingleSignOn) -> Response:
    """Make the account that the invitation promises and join the identity to it; Gone when it works no more."""
    user = take_up(
        db.session, step.data["invitation"], token_hash=step.data["token_hash"], name=name_of(found)
    )
    return _joined(user, found, step, config)


def follow_link(found: Stated, step: SignInStep, config: SingleSignOn) -> Response:
    """Join the identity to the person whom the one-time link is for; Gone when it works no more.

    Raises SignOnFailed, and leaves the link, for somebody with a second factor here: whoever reads their mail has the
    link, too, and the factor of whom the provider knows says nothing about theirs (docs/adr/0024).
    """
    find_identity(db.session, found)  # whose lock comes first, as when somebody signs in
    user = lock_person(db.session, step.user_id or "")
    if factors.methods_of(db.session, user.id):
        raise trouble.has_factor(user.id)
    _use_link(db.session, step.data["link"])
    about = about_of(found)
    if user.email == FIRST_EMAIL and about and db.session.scalar(by_email(about["email"])) is None:
        change_user(db.session, user, **about, actor=user.id)
    return _joined(user, found, step, config)


def _use_link(session: Session, link_id: str) -> None:
    unused = (PasswordLink.id == link_id, PasswordLink.used_at.is_(None), PasswordLink.expires_at > now())
    used = session.execute(update(PasswordLink).where(*unused).values(used_at=now()))
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise Gone(OVER)


def _joined(user: User, found: Stated, step: SignInStep, config: SingleSignOn) -> Response:
    if not user.active:
        raise trouble.deactivated(user.id)
    bind(db.session, user, found)
    follow_groups(db.session, user, found.groups, config)
    return _begin(user, found, step, config, trusting=False)


def _begin(user: User, found: Stated, step: SignInStep, config: SingleSignOn, *, trusting: bool) -> Response:
    """Begin the session, after the second factor where this site asks for one and the provider's is not enough.

    Unless `trusting`, the provider's never stands in for one that the person has here.
    """
    target = own_path(step.data.get("next"))
    trusted = config.second_factor == "provider" and found.second_factor
    if not (trusted and trusting) and factors.methods_of(db.session, user.id):
        return sessions.begin_sign_in(user, method=Method.OIDC, target=target)
    answer = redirect(target, 303)
    method = Method.OIDC_FACTOR if trusted else Method.OIDC
    value = sessions.start(user, answer, method=method)
    proven = _proven_at(found)
    if proven is not None:
        mine = LoginSession.token_hash == digest(value)
        db.session.execute(update(LoginSession).where(mine).values(authenticated_at=proven))
    return answer


def _proven_at(found: Stated) -> datetime | None:
    """Give when the person last proved to the provider who they are, if it says so: never a time to come."""
    if found.authenticated_at is None:
        return None
    return datetime.fromtimestamp(max(0.0, min(found.authenticated_at, now().timestamp())), UTC)


def confirm(found: Stated, step: SignInStep, config: SingleSignOn) -> Response:
    """Give the session that went to the provider a new value and a recent proof; it must be the same person.

    Raises SignOnFailed for another person, and when the provider does not say that they have just signed in there.
    """
    identity = acting()
    known = find_identity(db.session, found)
    if known is None or known.user_id != identity.user_id or step.session_id != identity.session_id:
        raise trouble.other_person()
    proven = found.authenticated_at
    if proven is None or proven < step.created_at.timestamp() - FRESH:
        raise trouble.not_recent(config.name)
    return go_on(own_path(step.data.get("next")), _open_kept(step), renew=True)


def seal_kept(kept: str, session_id: str) -> str:
    """Give what a refused form held as it may wait in the database; it can hold addresses and names."""
    return sealing.seal(kept, KEPT + session_id) if kept else ""


def _open_kept(step: SignInStep) -> str:
    sealed = step.data.get("kept", "")
    return sealing.unseal(sealed, KEPT + (step.session_id or "")) if sealed else ""
