"""Showing again who one is, and going on with what one was about to do (docs/adr/0022).

What a refused form held travels in the page, never passwords, codes or files; it is sent again by a form of our own.
"""

from typing import Any

import orjson
from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from annotator import csrf, forms
from annotator.accounts import factors, operations
from annotator.accounts.account_pages import at_the_browser
from annotator.accounts.answers import own_path
from annotator.accounts.oidc.settings import local_sign_in
from annotator.accounts.pages import asked_from
from annotator.accounts.proving import confirm_password
from annotator.accounts.schemas import Confirmation
from annotator.accounts.sessions import renew_present
from annotator.database import SAFE_METHODS, db
from annotator.errors import AnnotatorError, TooMany
from annotator.forms import Form
from annotator.freshness import is_fresh
from annotator.identity import Identity, acting
from annotator.permissions import Permission, permit

blueprint = Blueprint("confirm", __name__)
NEVER_KEPT = frozenset({"csrf_token", "password", "current", "code", "recovery"})
ABOUT = {
    "/admin/invitations": "Invitations",
    "/admin/people": "People",
    "/admin/projects": "Projects",
    "/admin/policy": "Sign-in rules",
    "/account/second-factor": "Second factor",
    "/account/passkeys": "Passkeys",
    "/account/tokens": "API tokens",
    "/account": "Account",
}
WRONG = "This is not your password."


@blueprint.get("/confirm")
@permit(Permission.SIGNED_IN)
def ask() -> AnyResponse:
    """Ask who one is; whoever has shown it lately goes on."""
    target = own_path(request.args.get("next") or "/account")
    if _lately(at_the_browser()):
        return redirect(target, 303)
    return ask_page(Form(), target, "")


@blueprint.post("/confirm")
@permit(Permission.SIGNED_IN)
def confirm() -> AnyResponse:
    """Go on under a new session value once the password is right; tries count like those to sign in."""
    identity = at_the_browser()
    form = forms.check(Confirmation())
    lately = _lately(identity)
    if form and not lately:
        _compare(form, identity.email)
    target, kept = own_path(form.shown.get("next") or "/account"), form.shown.get("kept", "")
    return go_on(target, kept, renew=not lately) if form else ask_page(form, target, kept, 422)


def _lately(identity: Identity) -> bool:
    return is_fresh(identity) and is_fresh(identity, "admin_fresh_for")


def _compare(form: Form, email: str) -> None:
    try:
        if not confirm_password(email, form.data["password"], **asked_from()):
            form.errors["password"] = [WRONG]
    except TooMany as error:
        form.refuse(error, "password")


def ask_again(error: AnnotatorError) -> Response:
    """Give the page that refuses and asks: a form's fields go along, so that nothing typed is lost."""
    path = request.full_path if request.query_string else request.path
    if request.method in SAFE_METHODS:
        return ask_page(Form(), own_path(path), "", error.status)
    typed = [[name, text] for name, text in request.form.items(multi=True) if name not in NEVER_KEPT]
    return ask_page(Form(), own_path(path), orjson.dumps(typed).decode(), error.status)


def ask_page(form: Form, target: str, kept: str, status: int = 200) -> Response:
    """Ask who one is, with the ways that the person has; `kept` goes along."""
    user = operations.find_user(db.session, acting().user_id)
    page = render_template(
        "accounts/confirm.html",
        form=form,
        next=target,
        kept=kept,
        has_password=user.password_hash is not None and local_sign_in(user),
        has_passkey="passkey" in factors.methods_of(db.session, user.id),
    )
    return make_response(page, status)


def go_on(target: str, kept: str, *, renew: bool) -> AnyResponse:
    """Go on to `target`: by its address, or by a page that sends the kept fields there once more."""
    fields = _read(kept)
    answer: AnyResponse = redirect(target, 303) if fields is None else make_response()
    identity = renew_present(answer, proven=True) if renew else acting()
    if fields is not None:
        token = csrf.make_token(identity)
        answer.set_data(
            render_template(
                "accounts/confirmed.html",
                identity=identity,
                csrf_token=lambda: token,
                next=target,
                fields=fields,
                about=next((words for path, words in ABOUT.items() if target.startswith(path)), ""),
                whom=next((text for name, text in fields if name in ("email", "name") and text), ""),
            )
        )
    return answer


def _read(kept: str) -> list[tuple[str, str]] | None:
    """Give the kept fields as name and text; None where no form was refused, or what came is none of ours."""
    try:
        found: Any = orjson.loads(kept)
    except orjson.JSONDecodeError:
        return None
    pairs = found if isinstance(found, list) else []
    return [
        (pair[0], pair[1])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)
    ]
