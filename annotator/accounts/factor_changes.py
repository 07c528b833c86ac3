"""What a change of second factors brings with it: other sessions end, the journal says so, the person is told."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from annotator.accounts import mails, recovery, totp
from annotator.accounts.factors import has_factor, must_have
from annotator.accounts.login_sessions import end_sessions_of
from annotator.accounts.models import User
from annotator.accounts.proof_models import Passkey, TotpFactor
from annotator.errors import WrongState
from annotator.journal.operations import Fields, record
from annotator.journal.tags import Action

LAST = (
    "This site asks you for a second factor, and this is the only one you have. Add another first; "
    "then this one can go."
)
SENTENCES = {
    Action.FACTOR_ADDED: "An authenticator app was set up for your account.",
    Action.FACTOR_REMOVED: "The authenticator app was removed from your account.",
    Action.PASSKEY_ADDED: "A passkey was added to your account.",
    Action.PASSKEY_REMOVED: "A passkey was removed from your account.",
    Action.CODES_MADE: "New recovery codes were made for your account. The earlier ones no longer work.",
    Action.CODE_USED: "Somebody signed in to your account with one of its recovery codes.",
    Action.FACTORS_RESET: "An administrator removed all second factors from your account.",
}


def changed(
    session: Session,
    user: User,
    action: Action,
    *,
    actor: str | None,
    keep: str | None = None,
    about: Fields | None = None,
) -> None:
    """Journal the change, end the person's sessions but `keep`, and write to them when the site can send mail."""
    record(session, action, user, actor=actor, after=about)
    end_others(session, user, action, actor=actor, keep=keep)


def end_others(session: Session, user: User, action: Action, *, actor: str | None, keep: str | None) -> None:
    """End the person's sessions but `keep`, and write to them, for what has its line in the journal already."""
    end_sessions_of(session, user, actor=actor, except_id=keep)
    tell(user, action)


def tell(user: User, action: Action) -> None:
    """Write to the person what was done, if the site can send mail."""
    if user.email and user.active:
        mails.tell_factor_changed(user, SENTENCES[action])


def remove_app(session: Session, user: User, *, actor: str, keep: str | None) -> None:
    """Take the authenticator app away; WrongState when it is the last factor and the site demands one."""
    _refuse_last(session, user)
    if totp.remove(session, user.id):
        drop_codes_without_factor(session, user)
        changed(session, user, Action.FACTOR_REMOVED, actor=actor, keep=keep)


def remove_passkey(session: Session, user: User, passkey: Passkey, *, actor: str, keep: str | None) -> None:
    """Take a passkey away; WrongState when it is the last factor and the site demands one."""
    _refuse_last(session, user)
    session.delete(passkey)
    session.flush()
    drop_codes_without_factor(session, user)
    changed(session, user, Action.PASSKEY_REMOVED, actor=actor, keep=keep, about={"name": passkey.name})


def reset_factors(session: Session, user: User, *, actor: str | None) -> None:
    """Take all second factors of a person away who cannot use them any more, and end their sessions.

    WrongState when there is nothing to take away.
    """
    if not has_factor(session, user.id):
        raise WrongState(f"{user.name} has no second factor.")
    totp.remove(session, user.id)
    session.execute(delete(Passkey).where(Passkey.user_id == user.id))
    recovery.drop_codes(session, user.id)
    changed(session, user, Action.FACTORS_RESET, actor=actor)


def drop_codes_without_factor(session: Session, user: User) -> None:
    """Let the recovery codes end with the last factor that they stand in for."""
    if not has_factor(session, user.id):
        recovery.drop_codes(session, user.id)


def _refuse_last(session: Session, user: User) -> None:
    """Lock the person first: of two factors taken away at once, the second finds itself the last one."""
    session.execute(select(User.id).where(User.id == user.id).with_for_update())
    apps = session.scalar(select(func.count()).where(TotpFactor.user_id == user.id)) or 0
    passkeys = session.scalar(select(func.count()).where(Passkey.user_id == user.id)) or 0
    if apps + passkeys == 1 and must_have(session, user.id, user.is_admin):
        raise WrongState(LAST)
