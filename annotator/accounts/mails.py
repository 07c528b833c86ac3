"""The mails about an account: links that were asked for, and news of what changed; nothing without a mail server."""

from annotator import mailing
from annotator.accounts.models import User

NOT_YOU = """If this was not you, set a new password now, and tell the person who runs the site.
Your account: {account}
"""


def tell_new_device(user: User, device: str) -> None:
    """Tell of signing in with a browser that the person never used before."""
    _tell(user, "New sign-in", f"Somebody signed in as you with a browser that is new here: {device}.")


def tell_password_changed(user: User) -> None:
    """Tell of a new password."""
    _tell(
        user,
        "Your password was changed",
        "Your password was changed. All other devices are signed out, and API tokens have ended.",
    )


def tell_factor_changed(user: User, what: str) -> None:
    """Tell of a change to the second factor; `what` is a whole sentence, such as "A passkey was added."."""
    _tell(user, "Your second factor was changed", what)


def tell_many_tries(user: User) -> None:
    """Tell that somebody gets to the second factor, and tries it again and again."""
    _tell(
        user,
        "Many tries with a second factor",
        "Somebody began to sign in as you, and then tried the second factor very often. Your password, or a link "
        "that was sent to you, is probably known. The browsers that you sign in with still work.",
    )


def tell_email_changed(user: User, before: str) -> None:
    """Tell the address that the person signed in with before."""
    _send(
        before,
        "Your e-mail address was changed",
        f"Hello {user.name},\n\nyou now sign in with another e-mail address; this one is no longer yours here.\n\n"
        "If this was not you, tell the person who runs the site at once.",
    )


def send_reset(user: User, token: str) -> None:
    """Send the link that sets a new password."""
    _send(
        user.email or "",
        "Set a new password",
        f"Hello {user.name},\n\nsomebody, probably you, asked for a link to set a new password. It works once, "
        f"for an hour:\n\n{mailing.link_to(f'/password/{token}')}\n\n"
        "If you did not ask, do nothing: your password stays as it is.",
    )


def send_email_change(user: User, email: str, token: str) -> None:
    """Send the link that makes `email` the address the person signs in with."""
    _send(
        email,
        "Confirm your e-mail address",
        f"Hello {user.name},\n\nyou want to sign in with this e-mail address from now on. Confirm it here, "
        f"within a day:\n\n{mailing.link_to(f'/email/{token}')}\n\nIf you did not ask, do nothing.",
    )


def send_email_taken(email: str) -> None:
    """Tell an address which somebody wanted for themselves, but with which another person signs in already."""
    _send(
        email,
        "This e-mail address is in use",
        "Hello,\n\nsomebody wanted to sign in with this e-mail address, but a person does so already. "
        "Nothing was changed.",
    )


def _tell(user: User, subject: str, sentence: str) -> None:
    words = NOT_YOU.format(account=mailing.link_to("/account"))
    _send(user.email or "", subject, f"Hello {user.name},\n\n{sentence}\n\n{words}")


def _send(to: str, subject: str, text: str) -> None:
    mailing.send(to, f"Annotator: {subject}", text + "\n")
