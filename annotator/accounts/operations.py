"""What is done to people: added, changed, deactivated, made administrator, given links and passwords."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from annotator.accounts import mails
from annotator.accounts.doors import close_doors, end_links, lock_person, own_links
from annotator.accounts.editors import refuse_last_editor
from annotator.accounts.login_sessions import end_sessions_of
from annotator.accounts.models import PasswordLink, User
from annotator.accounts.passwords import check_password, hash_password
from annotator.accounts.queries import FIRST_EMAIL, active_admins, by_email, open_link, ready_admins
from annotator.accounts.secret_values import digest, new_value
from annotator.accounts.tokens import make_token as make_token
from annotator.accounts.tokens import revoke_token as revoke_token
from annotator.accounts.vouching import end_handed_on
from annotator.accounts.weak_words import words_around
from annotator.columns import new_id, now
from annotator.errors import Gone, Invalid, NotFound, WrongState
from annotator.journal.operations import changed_fields, record
from annotator.journal.tags import Action

NEW_PERSON = timedelta(hours=24)
RESET = timedelta(hours=1)
BETWEEN = timedelta(minutes=2)
LAST_ADMIN = "This is the last active administrator. Make somebody else an administrator first."


def add_user(
    session: Session,
    *,
    email: str,
    name: str,
    actor: str | None,
    is_admin: bool = False,
    password: str | None = None,
) -> User:
    """Add a person (checked by UserIn); Invalid when the e-mail address is taken or the password too easy."""
    _refuse_taken(session, email)
    if password is not None:
        check_password(password, name=name, email=email, around=words_around(session, None))
    at = now()
    user = User(
        id=new_id(),
        email=email.strip().casefold(),
        name=name,
        is_admin=is_admin,
        active=True,
        password_hash=None if password is None else hash_password(password),
        created_at=at,
        created_by_id=actor,
        updated_at=at,
        updated_by_id=actor,
    )
    session.add(user)
    session.flush()
    record(session, Action.USER_ADDED, user, actor=actor, after=_state(user))
    return user


def find_user(session: Session, user_id: str) -> User:
    """Give the person with this id; NotFound when there is none."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound
    return user


def change_user(
    session: Session, user: User, *, email: str, name: str, actor: str | None, keep: str | None = None
) -> User:
    """Change name and e-mail address; Invalid when the address is another person's.

    With another address every way in of the person ends but the session `keep`, and the address before is told.
    """
    before, told = _state(user), user.email
    moved = email.strip().casefold() != user.email
    if moved:
        _refuse_taken(session, email)
    user.email, user.name = email.strip().casefold(), name
    old, new = changed_fields(before, _state(user))
    if new:
        _keep(session, user, actor)
        record(session, Action.USER_CHANGED, user, actor=actor, before=old, after=new)
    if moved and told and told != FIRST_EMAIL:  # which nobody ever had: it waits for its one link
        close_doors(session, user, actor=actor, keep=keep)
        mails.tell_email_changed(user, told)
    return user


def change_regional(session: Session, user: User, *, locale: str, time_zone: str, actor: str | None) -> None:
    """Change the language and the time zone (checked by Regional)."""
    before = {"locale": user.locale, "time_zone": user.time_zone}
    user.locale, user.time_zone = locale, time_zone
    old, new = changed_fields(before, {"locale": locale, "time_zone": time_zone})
    if new:
        _keep(session, user, actor)
        record(session, Action.USER_CHANGED, user, actor=actor, before=old, after=new)


def deactivate_user(session: Session, user: User, *, actor: str | None, leave: bool = False) -> None:
    """Take away every way in, also those they handed on to others; work, name and memberships stay.

    WrongState for the last active administrator and, unless `leave` is said, for the last editor of an open project.
    """
    if not user.active:
        return
    refuse_last_admin(session, user)
    if not leave:
        refuse_last_editor(session, user)
    lock_person(session, user.id)  # after the administrators, who are locked in one order
    was_admin = user.is_admin
    user.active = user.is_admin = False
    _keep(session, user, actor)
    record(session, Action.USER_DEACTIVATED, user, actor=actor, before={"is_admin": was_admin})
    end_handed_on(session, user, actor=actor)
    close_doors(session, user, actor=actor)


def activate_user(session: Session, user: User, *, actor: str | None) -> None:
    """Let a person in again with the password they had; WrongState for one known only from an import."""
    if user.email is None:
        raise WrongState("This person came with an imported file and has no e-mail address. Add one first.")
    if user.active:
        return
    user.active = True
    _keep(session, user, actor)
    record(session, Action.USER_ACTIVATED, user, actor=actor)


def grant_admin(session: Session, user: User, *, actor: str | None) -> None:
    """Make a person administrator, who signs in anew for it; WrongState for one who is deactivated."""
    if not user.active:
        raise WrongState("This person is deactivated. Reactivate them first.")
    if not user.is_admin:
        user.is_admin = True
        _keep(session, user, actor)
        record(session, Action.ADMIN_GRANTED, user, actor=actor)
        end_sessions_of(session, user, actor=actor)


def withdraw_admin(session: Session, user: User, *, actor: str | None, keep: str | None = None) -> None:
    """Take the administrator's right, and end what they handed on and their sessions but `keep`.

    WrongState for the last active administrator.
    """
    if user.is_admin:
        refuse_last_admin(session, user)
        user.is_admin = False
        _keep(session, user, actor)
        record(session, Action.ADMIN_WITHDRAWN, user, actor=actor)
        end_handed_on(session, user, actor=actor)
        end_sessions_of(session, user, actor=actor, except_id=keep)


def make_password_link(session: Session, user: User, *, actor: str | None) -> str:
    """Give the token of a fresh one-time link: a day for a new person, an hour for a reset; earlier ones end."""
    if not user.active:
        raise WrongState("This person is deactivated. Reactivate them first.")
    end_links(session, user)
    return _new_link(session, user, made_by=actor, actor=actor)


def make_own_link(session: Session, user: User) -> str | None:
    """Give the token of a link that somebody, perhaps the person, asked for; None while another such one is new.

    Anybody can ask: so it ends none that was handed on, and none that the person may be reading about just now.
    """
    lock_person(session, user.id)
    newest = select(func.max(PasswordLink.created_at)).where(*own_links(user.id))
    made = session.scalar(newest)
    if made is not None and now() - made < BETWEEN:
        return None
    end_links(session, user, own=True)
    return _new_link(session, user, made_by=user.id, actor=None)


def _new_link(session: Session, user: User, *, made_by: str | None, actor: str | None) -> str:
    at, token = now(), new_value()
    session.add(
        PasswordLink(
            id=new_id(),
            token_hash=digest(token),
            user_id=user.id,
            created_at=at,
            created_by_id=made_by,
            expires_at=at + (RESET if user.password_hash else NEW_PERSON),
        )
    )
    session.flush()
    record(session, Action.LINK_MADE, user, actor=actor)
    return token


def find_link(session: Session, token: str) -> User:
    """Give the person whose password the link sets; Gone when it was used, replaced or has expired."""
    found = session.execute(open_link(token, now())).one_or_none()
    if found is None:
        raise Gone("This link has been used, replaced by a newer one, or has expired.")
    user: User = found[1]
    return user


def use_link(session: Session, token: str, password: str, *, hashed: str = "") -> User:
    """Set the password by a one-time link, once; `hashed` as in `set_password`.

    Gone when it works no more, Invalid for an easy password. The person is locked before the link, as by a
    deactivation: of the two, one waits for the other.
    """
    user = find_link(session, token)
    lock_person(session, user.id)
    _refuse_easy(session, user, password)
    used = session.execute(
        update(PasswordLink)
        .where(PasswordLink.token_hash == digest(token), PasswordLink.used_at.is_(None))
        .values(used_at=now())
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        raise Gone("This link has just been used. Sign in, or ask your administrator for a new one.")
    set_password(session, user, password, actor=user.id, hashed=hashed)
    return user


def set_password(
    session: Session,
    user: User,
    password: str,
    *,
    actor: str | None,
    keep: str | None = None,
    hashed: str = "",
) -> None:
    """Set the password; every way in of the person ends but the session `keep`, and they are told by mail.

    A request gives the password's hash as `hashed`, made before it asked anything of its own session: hashing takes
    its time, and a writing session holds SQLite's only writing place.
    """
    _refuse_easy(session, user, password)
    first = user.password_hash is None
    user.password_hash = hashed or hash_password(password)
    _keep(session, user, actor)
    record(session, Action.PASSWORD_SET, user, actor=actor)
    close_doors(session, user, actor=actor, keep=keep)
    if not first:
        mails.tell_password_changed(user)


def _refuse_easy(session: Session, user: User, password: str) -> None:
    check_password(password, name=user.name, email=user.email, around=words_around(session, user.id))


def ensure_first_admin(session: Session) -> str | None:
    """Give the token of a one-time link while no active administrator can sign in; None once one can."""
    admins = list(session.scalars(active_admins()))
    if session.scalars(ready_admins()).first() is not None:
        return None
    if admins:
        return make_password_link(session, admins[0], actor=None)
    known = session.scalar(by_email(FIRST_EMAIL))
    if known is None:
        known = add_user(session, email=FIRST_EMAIL, name="Administrator", actor=None, is_admin=True)
    else:
        activate_user(session, known, actor=None)
        grant_admin(session, known, actor=None)
    return make_password_link(session, known, actor=None)


def _state(user: User) -> dict[str, Any]:
    return {"name": user.name, "email": user.email, "is_admin": user.is_admin}


def _keep(session: Session, user: User, actor: str | None) -> None:
    user.stamp(actor, now())
    session.flush()


def _refuse_taken(session: Session, email: str) -> None:
    if session.scalar(by_email(email)) is not None:
        raise Invalid({"email": ["Somebody with this e-mail address is here already."]})


def refuse_last_admin(session: Session, user: User) -> None:
    """Raise WrongState for the last active administrator.

    All administrators are locked first: of two that withdraw each other at once, the second finds itself last.
    """
    admins = {
        admin.id for admin in session.scalars(active_admins().execution_options(populate_existing=True))
    }
    if admins == {user.id}:
        raise WrongState(LAST_ADMIN)
