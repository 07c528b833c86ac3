"""Signing in from a script, and who one is."""

from typing import Any

import orjson
from flask import Response

from annotator.accounts import factors
from annotator.accounts.models import Method
from annotator.accounts.pages import asked_from, refuse_passwords
from annotator.accounts.proving import prove
from annotator.accounts.schemas import MeOut, SessionOut, SignIn
from annotator.accounts.sessions import identity_of, start
from annotator.api import Blueprint
from annotator.concurrency import answer
from annotator.csrf import make_token
from annotator.database import db
from annotator.errors import NotSignedIn
from annotator.identity import acting
from annotator.permissions import Permission, permit

blueprint = Blueprint("accounts_api", __name__, description="Signing in, and who one is.")
SECOND_FACTOR = (
    "You sign in with a second factor. Sign in in another tab, then try again here; "
    "a script uses an API token."
)


@blueprint.post("/session")
@permit(Permission.PUBLIC)
@blueprint.arguments(SignIn)
@blueprint.response(200, SessionOut)
@blueprint.changes()
def begin_session(given: dict[str, str]) -> Response:
    """Sign in and begin a session; 401 when address or password is wrong, 429 after too many tries.

    401, too, for a person with a second factor: they sign in in the browser, and scripts of theirs use an API token.
    The answer sets the session's cookie; a session that the request came with ends. The page that asked goes on
    with the new `csrf` token.
    """
    refuse_passwords()
    user = prove(**given, **asked_from())
    if factors.methods_of(db.session, user.id):
        raise NotSignedIn(SECOND_FACTOR)
    response = answer({})
    value = start(user, response, method=Method.PASSWORD)
    response.set_data(orjson.dumps({"csrf": make_token(identity_of(user, value))}))
    return response


@blueprint.get("/me")
@permit(Permission.SIGNED_IN)
@blueprint.response(200, MeOut)
def me() -> Any:
    """Say who asks: the person behind the cookie or the API token."""
    return acting()
