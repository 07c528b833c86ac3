"""Signing in from a script, and who one is."""

from typing import Any

from flask import Response, request

from annotator.accounts.schemas import MeOut, SessionOut, SignIn
from annotator.accounts.sessions import device_of, end_present, identity_of, set_cookie, sign_in
from annotator.api import Blueprint
from annotator.concurrency import answer
from annotator.csrf import make_token
from annotator.identity import acting
from annotator.permissions import Permission, permit

blueprint = Blueprint("accounts_api", __name__, description="Signing in, and who one is.")


@blueprint.post("/session")
@permit(Permission.PUBLIC)
@blueprint.arguments(SignIn)
@blueprint.response(200, SessionOut)
@blueprint.changes()
def begin_session(given: dict[str, str]) -> Response:
    """Sign in and begin a session; 401 when address or password is wrong, 429 after too many tries.

    The answer sets the session's cookie; a session that the request came with ends. The page that asked goes on
    with the new `csrf` token.
    """
    user, value = sign_in(**given, address=request.remote_addr or "", device=device_of(request))
    end_present()
    response = answer({"csrf": make_token(identity_of(user, value))})
    set_cookie(response, value)
    return response


@blueprint.get("/me")
@permit(Permission.SIGNED_IN)
@blueprint.response(200, MeOut)
def me() -> Any:
    """Say who asks: the person behind the cookie or the API token."""
    return acting()
