"""Going to the provider and coming back. Without a provider in the settings these addresses are not there (404).

Going is a GET, since the content policy lets no form lead to another site; it changes nothing but what is kept of the
way itself. Where coming back joins an identity for good, our own page must have led there: else a stranger's page could
join its reader to an account of the stranger's, without one click. To confirm, a form is sent first, and the page that
answers leads on.
"""

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as AnyResponse

from annotator.accounts import invitations, sessions
from annotator.accounts.account_pages import at_the_browser
from annotator.accounts.answers import own_path
from annotator.accounts.handing_over import address_of
from annotator.accounts.models import User
from annotator.accounts.oidc import arriving
from annotator.accounts.oidc.settings import EXTENSION, read_single_sign_on, single_sign_on
from annotator.accounts.oidc.trouble import SignOnFailed
from annotator.accounts.queries import open_link
from annotator.columns import now
from annotator.config import ConfigError
from annotator.database import db
from annotator.errors import Gone, NotFound
from annotator.identity import current
from annotator.journal.operations import record
from annotator.journal.refusals import record_refusal
from annotator.journal.tags import Action
from annotator.permissions import Permission, permit

if TYPE_CHECKING:
    from annotator.accounts.oidc.flow import Flow

log = logging.getLogger(__name__)
blueprint = Blueprint("single_sign_on", __name__)
FLOW = "annotator.single_sign_on.flow"
MISSING = (
    "OIDC_ISSUER names a provider of single sign-on, but what speaks with it is not installed: "
    "pip install 'annotator[oidc]'"
)
ARRIVING = {
    "sign-in": arriving.sign_in,
    "invitation": arriving.accept_invitation,
    "link": arriving.follow_link,
    "confirm": arriving.confirm,
}


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    """Read the settings at start, and load what needs the extra only where there is a provider."""
    config = read_single_sign_on(state.app.config["SETTINGS"])
    state.app.extensions[EXTENSION] = config
    if config is None:
        return
    try:
        from annotator.accounts.oidc.flow import Flow
    except ImportError:
        raise ConfigError(MISSING) from None
    state.app.extensions[FLOW] = Flow(config)


@blueprint.app_context_processor
def _offered() -> dict[str, Any]:
    return {"single_sign_on": single_sign_on(), "still_signed_in_there": lambda: the_flow().offers_sign_out()}


def the_flow() -> "Flow":
    """Give the way to the provider; NotFound where there is none.

    Who asks is known after it: what is refused later is journalled apart, beside no transaction that may write.
    """
    current()  # looked up first: a token that works no more is refused here as everywhere
    found: Flow | None = current_app.extensions.get(FLOW)
    if found is None:
        raise NotFound
    return found


@blueprint.get("/login/oidc")
@permit(Permission.PUBLIC)
def begin() -> AnyResponse:
    """Go to the provider to sign in; who is signed in already goes on."""
    flow = the_flow()
    target = own_path(request.args.get("next"))
    if current() is not None:
        return redirect(target, 303)
    return _leave(flow, "sign-in", next=target)


@blueprint.get("/login/oidc/invitation/<token>")
@permit(Permission.PUBLIC)
def accept_invitation(token: str) -> AnyResponse:
    """Go to the provider to accept an invitation, from its page; 410, saying why, when its link works no more."""
    flow = the_flow()
    with db.here.apart() as session:
        row = invitations.look_up(session, token)
    if not _from_own_page():
        return redirect(url_for("invitations.show", token=token), 303)
    return _leave(flow, "invitation", invitation=row.id, token_hash=row.token_hash)


@blueprint.get("/login/oidc/link/<token>")
@permit(Permission.PUBLIC)
def follow_link(token: str) -> AnyResponse:
    """Go to the provider by a one-time link, which joins the identity there to its person; 410 when it is over.

    From the page of the link, which says whose it is.
    """
    flow = the_flow()
    with db.here.apart() as session:
        found = session.execute(open_link(token, now())).one_or_none()
    if found is None:
        raise Gone(arriving.OVER)
    if not _from_own_page():
        return redirect(url_for("accounts.password_form", token=token), 303)
    link, user = found
    return _leave(flow, "link", user_id=user.id, link=link.id)


def _from_own_page() -> bool:
    """Tell whether a page of ours led here; browsers without Fetch Metadata say so by Referer or Origin."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    came_from = urlsplit(request.headers.get("Origin") or request.headers.get("Referer", ""))
    ours = urlsplit(address_of("/"))
    return (came_from.scheme, came_from.netloc) == (ours.scheme, ours.netloc)


@blueprint.post("/login/oidc/confirm")
@permit(Permission.SIGNED_IN)
def confirm() -> AnyResponse:
    """Go to the provider to sign in there anew; what a refused form held waits here, and is sent again afterwards."""
    flow, identity = the_flow(), at_the_browser()
    target = own_path(request.form.get("next") or "/account")
    try:
        begun = flow.begin(
            request,
            "confirm",
            user_id=identity.user_id,
            session_id=identity.session_id,
            next=target,
            kept=arriving.seal_kept(request.form.get("kept", ""), identity.session_id or ""),
        )
    except SignOnFailed as error:
        return _tell(error)
    return make_response(render_template("accounts/going_on.html", address=begun.address))


def _leave(flow: "Flow", purpose: str, **more: Any) -> AnyResponse:
    try:
        begun = flow.begin(request, purpose, **more)
    except SignOnFailed as error:
        return _tell(error)
    answer = redirect(begun.address, 302)
    if begun.cookie is not None:
        sessions.set_cookie(answer, begun.cookie)
    return answer


@blueprint.get("/login/oidc/return")
@permit(Permission.PUBLIC)
def come_back() -> AnyResponse:
    """Take the provider's answer, once, and go on to where one wanted to be."""
    flow = the_flow()
    try:
        came = flow.receive(request)
        db.here.start_writing()
        return ARRIVING[came.step.data["purpose"]](came.stated, came.step, flow.config)
    except SignOnFailed as error:
        return _tell(error)


def _tell(error: SignOnFailed) -> AnyResponse:
    """Show what happened, what is safe and what to do; journal or log which it was, and nothing of the person."""
    db.rollback()
    identity = current()
    log.warning("single sign-on refused: %s", error.reason)
    if identity is not None:
        record_refusal(request, identity, reason=error.reason)
    if error.user_id is not None:
        with db.here.apart() as session:
            record(session, Action.SIGN_IN_FAILED, session.get_one(User, error.user_id), actor=None)
    answer = make_response(render_template("accounts/sign_on_failed.html", error=error), error.status)
    if identity is None and request.endpoint == "single_sign_on.come_back":
        sessions.clear_cookie(answer)
    return answer


@blueprint.get("/login/oidc/sign-out")
@permit(Permission.PUBLIC)
def sign_out() -> AnyResponse:
    """Go to the provider's page to sign out there, too; one's session here is not touched by that."""
    flow = the_flow()
    try:
        address = flow.sign_out_address()
    except SignOnFailed as error:
        return _tell(error)
    if not address:
        raise NotFound
    return redirect(address, 302)
