"""The one way to the provider of single sign-on: its metadata, its keys, its tokens.

The operator names the provider, and it may stand in the newsroom's own network: the guard of fetching.py, which
refuses private addresses, is therefore not asked. Instead: TLS always, but on this machine; no redirect; five seconds
for each step and ten in all; a megabyte; no proxy and no credentials from the environment (docs/adr/0024).
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.urls import add_params_to_uri
from authlib.integrations.requests_client import OAuth2Session

from annotator.accounts.oidc.settings import SingleSignOn, is_safe

SECONDS = 5
ALTOGETHER = 10
MOST = 1_000_000
KEPT = 3600.0
AT_ONCE = 8
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
OPTIONAL = ("userinfo_endpoint", "end_session_endpoint")


class ProviderDown(Exception):
    """The provider cannot be reached, or does not answer as the standard asks; the message names no person."""


class CodeRefused(Exception):
    """The provider refused the code: it was used, has expired, or belongs to somebody else."""


class Wire(OAuth2Session):  # type: ignore[misc]
    """Authlib's client with our limits on everything it sends."""

    slots = threading.BoundedSemaphore(AT_ONCE)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send one request and read its whole answer; ProviderDown beyond a limit."""
        if not is_safe(request.url or ""):
            raise ProviderDown("an address that is not https")
        kwargs |= {"timeout": SECONDS, "stream": True, "allow_redirects": False}
        if not self.slots.acquire(timeout=SECONDS):
            raise ProviderDown("too many wait for it")
        until = time.monotonic() + ALTOGETHER
        try:
            with super().send(request, **kwargs) as answer:
                answer._content = _body(answer, until)
                answer._content_consumed = True
        except (requests.RequestException, OSError) as error:
            raise ProviderDown(type(error).__name__) from None
        finally:
            self.slots.release()
        if answer.status_code >= 500 or 300 <= answer.status_code < 400:
            raise ProviderDown(f"status {answer.status_code}")
        return answer  # type: ignore[no-any-return]

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Follow nothing, whatever the answer says."""


def _body(answer: requests.Response, until: float) -> bytes:
    found = b""
    for chunk in answer.iter_content(8192):
        found += chunk
        if len(found) > MOST:
            raise ProviderDown("an answer of more than a megabyte")
        if time.monotonic() > until:
            raise ProviderDown("an answer that takes too long")
    return found


@dataclass(frozen=True)
class Metadata:
    """What the provider says of itself (OpenID Connect Discovery 1.0, 3), as far as it is needed."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    end_session_endpoint: str
    names_itself: bool  # in its answers (RFC 9207)
    posts_secret: bool  # takes the secret in the body alone


class Provider:
    """The provider of this site; what it says of itself and its keys are kept for an hour."""

    def __init__(self, config: SingleSignOn) -> None:
        """Contact nobody yet."""
        self.config = config
        self._kept: dict[str, tuple[float, Any]] = {}

    def metadata(self) -> Metadata:
        """Give what the provider says of itself; ProviderDown when it does not, or speaks as another issuer."""
        return self._remembered("metadata", self._discover)  # type: ignore[no-any-return]

    def known_metadata(self) -> Metadata | None:
        """Give what is known of the provider without asking it."""
        kept = self._kept.get("metadata")
        return kept[1] if kept else None

    def keys(self, *, anew: bool = False) -> list[dict[str, Any]]:
        """Give the provider's public keys as JWKs (RFC 7517); `anew` asks again, for a key that is not among them."""
        if anew:
            self._kept.pop("keys", None)
        return self._remembered("keys", self._fetch_keys)  # type: ignore[no-any-return]

    def authorization_url(self, **asked: str) -> str:
        """Give the address to send the browser to, with PKCE (RFC 7636) by the given `code_verifier`."""
        url, _ = self._wire().create_authorization_url(self.metadata().authorization_endpoint, **asked)
        return str(url)

    def token(self, code: str, *, verifier: str, redirect_uri: str) -> dict[str, Any]:
        """Change the code for tokens; CodeRefused when the provider does not take it."""
        endpoint = self.metadata().token_endpoint
        try:
            found = self._wire().fetch_token(
                endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                redirect_uri=redirect_uri,
            )
        except AuthlibBaseError as error:
            if error.error == "invalid_grant":
                raise CodeRefused from None
            raise ProviderDown(f"token endpoint: {_word(error.error)}") from None
        except (requests.RequestException, ValueError):
            raise ProviderDown("token endpoint: no JSON") from None
        return dict(found)

    def userinfo(self, access_token: str) -> dict[str, Any]:
        """Give what the provider says of the person besides (OpenID Connect Core 1.0, 5.3)."""
        return self._get(self.metadata().userinfo_endpoint, {"Authorization": f"Bearer {access_token}"})

    def sign_out_url(self, back: str) -> str:
        """Give the address of the provider's page to sign out there; empty when it has none. `back`: where to after."""
        endpoint = self.metadata().end_session_endpoint
        if not endpoint:
            return ""
        asked = {"client_id": self.config.client_id, "post_logout_redirect_uri": back}
        return str(add_params_to_uri(endpoint, asked.items()))

    def _wire(self) -> Wire:
        config = self.config
        kept = self.known_metadata()
        posts = kept is not None and kept.posts_secret
        wire = Wire(
            config.client_id,
            config.client_secret or None,
            scope=config.scopes,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_post" if posts and config.client_secret else None,
        )
        wire.trust_env = False
        wire.verify = config.ca_file or True
        wire.headers.update({"Accept": "application/json", "Accept-Encoding": "identity"})
        return wire

    def _get(self, address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        answer = self._wire().request("GET", address, withhold_token=True, headers=headers)
        try:
            found = answer.json()
        except ValueError:
            found = None
        if answer.status_code != 200 or not isinstance(found, dict):
            raise ProviderDown(f"status {answer.status_code}, or no JSON object")
        return found

    def _discover(self) -> Metadata:
        found = self._get(f"{self.config.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.config.issuer:
            raise ProviderDown(
                "metadata of another issuer; OIDC_ISSUER must be written as the provider writes it"
            )
        addresses = {name: found.get(name) or "" for name in (*NEEDED, *OPTIONAL)}
        for name, address in addresses.items():
            if (address or name in NEEDED) and not (isinstance(address, str) and is_safe(address)):
                raise ProviderDown(f"metadata without a safe {name}")
        methods = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return Metadata(
            **addresses,
            names_itself=found.get("authorization_response_iss_parameter_supported") is True,
            posts_secret="client_secret_basic" not in methods and "client_secret_post" in methods,
        )

    def _fetch_keys(self) -> list[dict[str, Any]]:
        keys = self._get(self.metadata().jwks_uri).get("keys")
        if not isinstance(keys, list):
            raise ProviderDown("no keys")
        return [key for key in keys if isinstance(key, dict)]

    def _remembered(self, name: str, find: Callable[[], Any]) -> Any:
        kept = self._kept.get(name)
        if kept is None or kept[0] < time.monotonic():
            kept = self._kept[name] = (time.monotonic() + KEPT, find())
        return kept[1]


def _word(text: Any) -> str:
    """Give an error's name for the log, and nothing else that a provider may put there."""
    return "".join(sign for sign in str(text) if sign.isascii() and (sign.isalnum() or sign in "_-"))[:40]
