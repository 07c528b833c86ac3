"""The password of a sign-in: counted, compared, and answered alike whether or not the person exists."""

from annotator.accounts.devices import known_device
from annotator.accounts.login_sessions import claim_try, forget_try, settle_try
from annotator.accounts.models import User
from annotator.accounts.oidc.settings import local_sign_in
from annotator.accounts.passwords import fits, hash_password, is_outdated
from annotator.accounts.queries import by_email
from annotator.columns import now
from annotator.database import db
from annotator.errors import NotSignedIn

WRONG = "The e-mail address or the password is wrong."


def prove(email: str, password: str, *, address: str, device: str | None) -> User:
    """Give the person whose e-mail address and password these are; `device` is the device cookie's value.

    Raises TooMany beyond the limit, NotSignedIn with one and the same sentence for a wrong password, an unknown
    person and a deactivated one, Unavailable when too many sign in at once. The person's row is locked, so that a
    new password or a deactivation at the same moment ends the session that now begins.
    """
    proven = _compare(email, password, address, device)
    renewed = hash_password(password) if is_outdated(proven) else proven
    user = db.session.scalar(by_email(email).with_for_update())
    if user is None or not user.active or user.password_hash != proven:  # changed while we were hashing
        raise NotSignedIn(WRONG)
    if not local_sign_in(user):  # demoted meanwhile
        raise NotSignedIn(WRONG)
    user.password_hash = renewed
    return user


def confirm_password(email: str, password: str, *, address: str, device: str | None) -> bool:
    """Tell whether this is the person's password, and one that signs them in here.

    It is counted like a sign-in, so that it cannot be guessed here either.
    Call it before anything is asked of the request's own session, which would hold SQLite's only writing place.
    """
    try:
        return bool(_compare(email, password, address, device))
    except NotSignedIn:
        return False


def _compare(email: str, password: str, address: str, device: str | None) -> str:
    """Give the hash that `password` fits; no transaction is open while it is compared."""
    with db.here.apart() as session:
        known = known_device(session, device, email)
        tries = claim_try(session, email, address, device_id=known.id if known else None)
        user = session.scalar(by_email(email))
    usable = user.password_hash if user is not None and user.active and local_sign_in(user) else None
    right = fits(usable, password)
    with db.here.apart() as session:
        if right:
            forget_try(session, tries)
        else:
            settle_try(session, tries, user=user, at=now())
    if usable is None or not right:
        raise NotSignedIn(WRONG)
    return usable
