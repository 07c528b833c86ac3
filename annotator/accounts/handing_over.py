"""One-time links on their way to people: mailed where the site can send mail, else shown once to hand on."""

import os
from datetime import datetime

from flask import current_app, has_request_context, request

from annotator import mailing
from annotator.accounts.invitations import note_sent
from annotator.accounts.models import User
from annotator.accounts.oidc.settings import local_sign_in, single_sign_on
from annotator.accounts.proof_models import Invitation
from annotator.database import db

INVITATION = """Hello{to},

{inviter} invites you to Annotator, where articles are checked and each claim is tied to its evidence.

Accept the invitation here; the link works once, until {end}:

{link}

If you do not know what this is about, do nothing: no account is made.
"""
RESET = """Hello {name},

an administrator sends you a link with which you set {what}. It works once, for {time}:

{link}

{after}
"""
JOINING = """Hello {name},

an administrator sends you a link. Open it and sign in through {provider} once; from then on you sign in there:

{link}

The link works once.
"""


def address_of(path: str) -> str:
    """Give the whole address of one of our pages: from BASE_URL, else as asked (of this machine, on a terminal).

    Without BASE_URL no request is answered but for this machine's own names, so that nobody can choose the host.
    """
    base: str = current_app.config["SETTINGS"].base_url
    if not base:
        port = os.environ.get("PORT") or 8123
        base = request.host_url if has_request_context() else f"http://localhost:{port}"
    return base.rstrip("/") + path


def hand_over_invitation(row: Invitation, token: str, *, inviter: str, mail: bool = True) -> str | None:
    """Mail the link and give None, or give it to be shown once where there is no mail (or none is wanted)."""
    link = address_of(f"/invitation/{token}")
    if not (mail and mailing.possible()):
        return link
    to = f" {row.name}" if row.name else ""
    text = INVITATION.format(to=to, inviter=inviter or "Somebody", end=_day(row.expires_at), link=link)
    subject, invitation_id = f"{inviter or 'Somebody'} invites you to Annotator", row.id
    mailing.send(row.email, subject, text, then=lambda left: _note(invitation_id, token) if left else None)
    return None


def _note(invitation_id: str, token: str) -> None:
    """Keep that the mail left: in the sending thread, long after the request's own transaction."""
    with db.here.apart() as session:
        note_sent(session, invitation_id, token)


def hand_over_password_link(user: User, token: str, *, mail: bool = True) -> str | None:
    """Do the same with a link to set a password."""
    link = address_of(f"/password/{token}")
    if not (mail and mailing.possible()):
        return link
    provider = single_sign_on()
    if provider is not None and not local_sign_in(user):
        mailing.send(
            user.email or "",
            "A link to sign in to Annotator",
            JOINING.format(name=user.name, provider=provider.name, link=link),
        )
        return None
    known = bool(user.password_hash)
    text = RESET.format(
        name=user.name,
        what="a new password" if known else "your password",
        time="an hour" if known else "24 hours",
        link=link,
        after="Until you use it your password stays as it is."
        if known
        else "You sign in with this e-mail address.",
    )
    mailing.send(user.email or "", "A link to set your password in Annotator", text)
    return None


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"
