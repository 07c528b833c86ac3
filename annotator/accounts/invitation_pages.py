"""The page of an invitation: who invites to what, and the invited person's name and password."""

from flask import Blueprint, Response
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms
from annotator.accounts import invitations
from annotator.accounts.answers import attempt
from annotator.accounts.invitation_queries import inviter_of, roles_of_invitations
from annotator.accounts.models import Method, User
from annotator.accounts.oidc.settings import local_account
from annotator.accounts.schemas import Welcome
from annotator.accounts.sessions import finish
from annotator.database import db
from annotator.errors import NotAllowed
from annotator.forms import Form
from annotator.permissions import Permission, permit

blueprint = Blueprint("invitations", __name__)
INSTEAD = (
    "This site signs people in through its provider, and there are no passwords. Nothing was changed; "
    "go back and use the button."
)


@blueprint.get("/invitation/<token>")
@permit(Permission.PUBLIC)
def show(token: str) -> Response:
    """Show who invites to what, and the form; 410, saying why, when the link works no more."""
    return _page(token, Form())


def _page(token: str, form: Form) -> Response:
    with Session(
        db.here.reading
    ) as session:  # apart from the request's own session, which may be one that writes
        row = invitations.look_up(session, token)
        passwords = local_account(is_admin=row.is_admin)
        context = {
            "invitation": row,
            "inviter": inviter_of(session, row),
            "roles": session.execute(roles_of_invitations([row.id])).all(),
        }
    return forms.page("accounts/invitation.html", form, token=token, passwords=passwords, **context)


@blueprint.post("/invitation/<token>")
@permit(Permission.PUBLIC)
def accept(token: str) -> AnyResponse:
    """Make the account, once, and sign in; what it may do is what the invitation says."""
    with Session(db.here.reading) as session:
        row = invitations.look_up(session, token)
    if not local_account(is_admin=row.is_admin):
        raise NotAllowed(INSTEAD)
    form = forms.check(Welcome())
    made: list[User] = []
    if attempt(form, lambda: made.append(invitations.accept(db.session, token, **form.data)), "_form"):
        return finish(made[0], method=Method.LINK, target="/")
    return _page(token, form)
