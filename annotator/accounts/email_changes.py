"""Another e-mail address: asked for by the person, in force once its link was followed. No Flask of its own."""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from annotator.accounts import mails, operations
from annotator.accounts.doors import lock_person
from annotator.accounts.models import User
from annotator.accounts.proof_models import EmailChange
from annotator.accounts.queries import by_email, open_email_change
from annotator.accounts.secret_values import digest, new_value
from annotator.columns import new_id, now
from annotator.errors import Gone

LIFE = timedelta(days=1)
OVER = "This link has been used, replaced by a newer one, or has expired. Your e-mail address is as it was."


def ask_for(session: Session, user: User, email: str) -> None:
    """Mail a link to the new address; whether somebody signs in with it already, only its mailbox learns."""
    if session.scalar(by_email(email)) is not None:
        mails.send_email_taken(email)
        return
    at, token = now(), new_value()
    waiting = (EmailChange.user_id == user.id, EmailChange.used_at.is_(None))
    session.execute(update(EmailChange).where(*waiting).values(used_at=at))
    session.add(
        EmailChange(
            id=new_id(),
            token_hash=digest(token),
            user_id=user.id,
            email=email,
            created_at=at,
            expires_at=at + LIFE,
        )
    )
    session.flush()
    mails.send_email_change(user, email, token)


def find(session: Session, token: str) -> tuple[str, User]:
    """Give the new address and its person; Gone when the link works no more."""
    found = session.execute(open_email_change(token, now())).one_or_none()
    if found is None:
        raise Gone(OVER)
    return found[0].email, found[1]


def use(session: Session, token: str, *, keep: str | None = None) -> User:
    """Change the address, once; every way in of the person ends but the session `keep`.

    Gone when the link works no more, Invalid when somebody else signs in with the address by now.
    """
    email, user = find(session, token)
    lock_person(session, user.id)
    unused = (EmailChange.token_hash == digest(token), EmailChange.used_at.is_(None))
    if session.execute(update(EmailChange).where(*unused).values(used_at=now())).rowcount != 1:  # type: ignore[attr-defined]
        raise Gone(OVER)
    return operations.change_user(session, user, email=email, name=user.name, actor=user.id, keep=keep)
