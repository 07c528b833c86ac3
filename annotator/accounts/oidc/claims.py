"""Whether an ID token may be believed (OpenID Connect Core 1.0, 3.1.3.7), and what it says of the person."""

import logging
from collections.abc import Iterable
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ClaimError, InvalidKeyIdError, JoseError, UnsupportedAlgorithmError
from joserfc.jwk import JWKRegistry, Key, KeySet
from joserfc.jws import JWSRegistry

from annotator.accounts.oidc.settings import SingleSignOn
from annotator.accounts.oidc.stated import Stated

log = logging.getLogger(__name__)
ALGORITHMS = ("RS256", "ES256", "PS256", "EdDSA")
KINDS = ("RSA", "EC", "OKP")  # no shared secrets: anybody who has a public key could sign with it
LEEWAY = 60
LONGEST = 255
# RFC 8176; the others name a second factor by a level of trust (NIST, REFEDS, OpenID EAP, Entra)
FACTORS = frozenset({"mfa"})
LEVELS = frozenset(
    {
        "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
        "https://refeds.org/profile/mfa",
        "phr",
        "phrh",
        "possessionorinherence",
    }
)


class Registry(JWSRegistry):
    """The listed algorithms and no other; headers that are not understood are passed over (RFC 7515, 4)."""

    def get_alg(self, name: str) -> Any:
        """Give the algorithm; joserfc would warn of the name EdDSA, which providers use all the same."""
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError
        return self.algorithms[name]


class NotBelieved(Exception):
    """The token, or what it says, does not hold; the message is a word for the log and names no person."""


class UnknownKey(NotBelieved):
    """The token was signed with a key that is not among those known: the provider may have changed them."""


def read_id_token(
    token: dict[str, Any], keys: list[dict[str, Any]], config: SingleSignOn, *, nonce: str
) -> dict[str, Any]:
    """Give the claims of the ID token in a token answer; NotBelieved unless all of it holds."""
    value = token.get("id_token")
    if not isinstance(value, str):
        raise NotBelieved("none there")
    registry = Registry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        found = jwt.decode(value, KeySet(usable(keys)), algorithms=ALGORITHMS, registry=registry)
        claims = CodeIDToken(
            found.claims,
            found.header,
            options=_expected(config, nonce),
            params={
                "client_id": config.client_id,
                "nonce": nonce,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(leeway=LEEWAY)
    except InvalidKeyIdError:
        raise UnknownKey("unknown key") from None
    except ClaimError as error:
        raise NotBelieved(f"claim {error.claim}") from None
    except (JoseError, ValueError, TypeError) as error:
        raise NotBelieved(type(error).__name__) from None
    return dict(claims)


def usable(keys: Iterable[dict[str, Any]]) -> list[Key]:
    """Give the keys that an ID token may be signed with; what is not understood is passed over (RFC 7517, 5)."""
    found = []
    for key in keys:
        if key.get("kty") not in KINDS or key.get("use", "sig") != "sig":
            continue
        try:
            found.append(JWKRegistry.import_key(key))
        except (JoseError, ValueError, TypeError) as error:
            log.warning("single sign-on: a key of the provider is not understood: %s", type(error).__name__)
    return found


def _expected(config: SingleSignOn, nonce: str) -> Any:
    return {
        "iss": {"essential": True, "value": config.issuer},
        "aud": {"essential": True, "value": config.client_id},
        "sub": {"essential": True},
        "exp": {"essential": True},
        "iat": {"essential": True},
        "nonce": {"essential": True, "value": nonce},
    }


def stated(claims: dict[str, Any], config: SingleSignOn) -> Stated:
    """Give what the claims say; NotBelieved for a subject or groups that make no sense."""
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST:
        raise NotBelieved("claim sub")
    confirmed = claims.get("email_verified", True) is not False
    return Stated(
        issuer=config.issuer,
        subject=subject,
        email=_text(claims, "email") if confirmed else "",
        name=_text(claims, "name") or _text(claims, "preferred_username"),
        groups=_groups(claims, config),
        authenticated_at=_moment(claims.get("auth_time")),
        second_factor=_second_factor(claims),
    )


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""


def _groups(claims: dict[str, Any], config: SingleSignOn) -> frozenset[str]:
    """Give the groups; one that says nothing of them has none. NotBelieved when the provider left them out.

    Providers that would have to send very many say only where they can be had (OpenID Connect Core 1.0, 5.6.2).
    """
    elsewhere = claims.get("_claim_names")
    if config.by_groups and isinstance(elsewhere, dict) and config.groups_claim in elsewhere:
        raise NotBelieved("too many groups to be sent; let the provider send those that OIDC_ROLES names")
    value = claims.get(config.groups_claim)
    rows = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return frozenset(row for row in rows if isinstance(row, str) and row)


def _moment(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _second_factor(claims: dict[str, Any]) -> bool:
    methods = claims.get("amr")
    named = isinstance(methods, list) and any(
        method in FACTORS for method in methods if isinstance(method, str)
    )
    level = claims.get("acr")
    return named or (isinstance(level, str) and level in LEVELS)
