"""The way to the provider and back: authorization code with PKCE (RFC 6749 4.1, RFC 7636), state and nonce.

What stands between the two requests is a step that is used once. Nonce and verifier are not kept: they are made anew
from the login cookie's value and the state, so that a copy of the database cannot finish anybody's sign-in, and an
answer fits no browser but the one that asked.
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Request
from sqlalchemy import update

from annotator import limits
from annotator.accounts.handing_over import address_of
from annotator.accounts.oidc import trouble
from annotator.accounts.oidc.claims import NotBelieved, UnknownKey, read_id_token, stated
from annotator.accounts.oidc.provider import CodeRefused, Metadata, Provider, ProviderDown
from annotator.accounts.oidc.settings import SingleSignOn
from annotator.accounts.oidc.stated import Stated
from annotator.accounts.proof_models import SignInStep, StepKind
from annotator.accounts.secret_values import digest, new_value
from annotator.accounts.sessions import COOKIE
from annotator.accounts.steps import begin_step, read_step, use_step
from annotator.asking import asker
from annotator.database import db
from annotator.identity import current

RETURN = "/login/oidc/return"
PER_ADDRESS = 100
LONGEST = 4096
DOWN = frozenset({"server_error", "temporarily_unavailable"})


@dataclass(frozen=True)
class Begun:
    """A way begun: where the browser goes, and the login cookie's value until it is back (None: keep the session's)."""

    address: str
    cookie: str | None


@dataclass(frozen=True)
class Came:
    """Somebody who came back: what the provider states of them, and the step they were on."""

    stated: Stated
    step: SignInStep


class Flow:
    """Single sign-on of this site; all that needs the extra's libraries."""

    def __init__(self, config: SingleSignOn) -> None:
        """Contact nobody yet."""
        self.config = config
        self.provider = Provider(config)

    def begin(
        self,
        asked: Request,
        purpose: str,
        *,
        user_id: str | None = None,
        session_id: str | None = None,
        **data: Any,
    ) -> Begun:
        """Begin a way to the provider: to "sign-in", accept an "invitation", follow a "link", or "confirm" who one is.

        SignOnFailed when the provider does not answer, TooMany for one address beyond the limit.
        """
        limits.spend(f"single-sign-on:{asker(asked)}", PER_ADDRESS, timedelta(minutes=1))
        self._metadata()
        identity = current()
        signed_in = identity is not None and identity.via == "cookie"
        browser = asked.cookies[COOKIE] if signed_in else new_value()
        kept = {"purpose": purpose, "browser": digest(browser), **data}
        with db.here.apart() as session:
            state = begin_step(session, StepKind.OIDC, user_id=user_id, session_id=session_id, data=kept)
        anew = {"prompt": "login", "max_age": "0"} if purpose == "confirm" else {}
        address = self.provider.authorization_url(
            state=state,
            nonce=derived("nonce", browser, state),
            code_verifier=derived("verifier", browser, state),
            redirect_uri=address_of(RETURN),
            **anew,
        )
        return Begun(address, None if signed_in else browser)

    def receive(self, asked: Request) -> Came:
        """Take the provider's answer, which works once; SignOnFailed for whatever is wrong with it.

        No transaction is open while the provider is asked.
        """
        state, browser = _single(asked, "state"), asked.cookies.get(COOKIE, "")
        if not state:  # some providers forget it where they refuse; nothing is done but to say so
            self._refuse_error(asked)
        step = self._step(asked, state, browser)
        self._refuse_error(asked)
        claims = self._claims(_single(asked, "code"), state, browser)
        try:
            found = stated(claims, self.config)
        except NotBelieved as error:
            raise trouble.bad_token(self.config.name, str(error)) from None
        return Came(found, step)

    def _step(self, asked: Request, state: str, browser: str) -> SignInStep:
        """Use up the step that this very browser began; an answer brought by another leaves it as it is."""
        with db.here.apart() as session:
            known = read_step(session, StepKind.OIDC, state)
        if known is None or not browser or known.data["browser"] != digest(browser):
            raise trouble.other_browser()
        self._refuse_other_issuer(asked)
        with db.here.apart() as session:
            step = use_step(session, StepKind.OIDC, state)
            # typed words that a confirmation carries are not kept longer than it takes
            session.execute(
                update(SignInStep).where(SignInStep.token_hash == digest(state)).values(data=None),
                execution_options={"synchronize_session": False},
            )
        if step is None:
            raise trouble.other_browser()
        return step

    def _refuse_other_issuer(self, asked: Request) -> None:
        """Refuse an answer of another provider (RFC 9207 2.4); one that always names itself must have."""
        if "iss" not in asked.args and not self._metadata().names_itself:
            return
        if _single(asked, "iss") != self.config.issuer:
            raise trouble.other_issuer()

    def _refuse_error(self, asked: Request) -> None:
        error = _single(asked, "error")
        if error in DOWN:
            raise trouble.provider_down(self.config.name, error)
        if error:
            raise trouble.denied(self.config.name, "denied" if error == "access_denied" else "error")
        if not _single(asked, "code"):
            raise trouble.other_browser()

    def _claims(self, code: str, state: str, browser: str) -> dict[str, Any]:
        nonce, verifier = (derived(name, browser, state) for name in ("nonce", "verifier"))
        try:
            token = self.provider.token(code, verifier=verifier, redirect_uri=address_of(RETURN))
            try:
                claims = read_id_token(token, self.provider.keys(), self.config, nonce=nonce)
            except UnknownKey:
                claims = read_id_token(token, self.provider.keys(anew=True), self.config, nonce=nonce)
            return self._completed(claims, token)
        except CodeRefused:
            raise trouble.code_refused(self.config.name) from None
        except NotBelieved as error:
            raise trouble.bad_token(self.config.name, str(error)) from None
        except ProviderDown as error:
            raise trouble.provider_down(self.config.name, str(error)) from None

    def _completed(self, claims: dict[str, Any], token: dict[str, Any]) -> dict[str, Any]:
        """Add what the provider says elsewhere of the same subject; the ID token's own claims win."""
        wanted = {"name", "email"} | ({self.config.groups_claim} if self.config.by_groups else set())
        access = token.get("access_token")
        if wanted <= claims.keys() or not isinstance(access, str) or not self._metadata().userinfo_endpoint:
            return claims
        more = self.provider.userinfo(access)
        if more.get("sub") != claims["sub"]:
            raise NotBelieved("userinfo of another subject")
        return {**more, **claims}

    def _metadata(self) -> Metadata:
        try:
            return self.provider.metadata()
        except ProviderDown as error:
            raise trouble.provider_down(self.config.name, str(error)) from None

    def sign_out_address(self) -> str:
        """Give the provider's page to sign out there, too (RP-Initiated Logout 1.0); empty when it has none."""
        self._metadata()
        return self.provider.sign_out_url(address_of("/login"))

    def offers_sign_out(self) -> bool:
        """Tell, without asking the provider, whether it may have a page to sign out."""
        known = self.provider.known_metadata()
        return known is None or bool(known.end_session_endpoint)


def derived(name: str, browser: str, state: str) -> str:
    """Give a value of 256 bits that nobody knows who has not both the browser's cookie and the state."""
    made = hashlib.sha256(f"{name}\n{state}\n{browser}".encode("utf-8", "surrogatepass")).digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


def _single(asked: Request, name: str) -> str:
    values = asked.args.getlist(name)
    if len(values) > 1 or any(len(value) > LONGEST for value in values):
        raise trouble.other_browser()
    return values[0] if values else ""
