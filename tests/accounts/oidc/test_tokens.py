"""ID tokens that must not be believed, one fault each; and those that must."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.oidc.conftest import Visitor, signed_in
from accounts.oidc.provider import CLIENT, KEYS, Provider, encode, strangely, unsigned, with_public_key
from joserfc.jwk import RSAKey

from annotator.app import Annotator

Join = Callable[..., None]


@pytest.fixture(autouse=True)
def _ann(known: Join) -> None:
    known("ann", "ann-1")


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("iss", {"iss": "https://other.example"}),
    ("iss", {"iss": None}),
    ("aud", {"aud": "another client"}),
    ("azp", {"aud": [CLIENT, "another"]}),
    ("azp", {"aud": [CLIENT, "another"], "azp": "another"}),
    ("azp", {"azp": "another"}),
    ("nonce", {"nonce": "another nonce"}),
    ("nonce", {"nonce": None}),
    ("exp", {"exp": 1}),
    ("exp", {"exp": None}),
    ("exp", {"exp": "tomorrow"}),
    ("iat", {"iat": 99_999_999_999}),
    ("iat", {"iat": None}),
    ("nbf", {"nbf": 99_999_999_999}),
    ("at_hash", {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}),
    ("sub", {"sub": ""}),
    ("sub", {"sub": "a" * 256}),
    ("sub", {"sub": 7}),
]


@pytest.mark.parametrize(("name", "claims"), WRONG, ids=str)
def test_a_wrong_claim_signs_nobody_in(
    app: Annotator, visitor: Visitor, caplog: pytest.LogCaptureFixture, name: str, claims: dict[str, Any]
) -> None:
    answer = planted(visitor, claims)
    assert (answer.status_code, signed_in(app, visitor)) == (403, "")
    assert "was not believed" in answer.text
    assert f"id token: claim {name}" in caplog.text


def planted(visitor: Visitor, claims: dict[str, Any]) -> Any:
    address = visitor.provider.authorize(visitor.leave())
    visitor.provider.claims = {"sub": "ann-1", **claims}
    return visitor.come_back(address)


@pytest.mark.parametrize(
    ("sign", "why"),
    [
        (unsigned, "UnsupportedAlgorithmError"),
        (strangely, "BadSignatureError"),
        (with_public_key, "UnsupportedAlgorithmError"),
    ],
)
def test_a_wrong_signature_signs_nobody_in(
    app: Annotator, visitor: Visitor, caplog: pytest.LogCaptureFixture, sign: Callable[..., str], why: str
) -> None:
    visitor.provider.sign = sign
    assert (visitor.go().status_code, signed_in(app, visitor)) == (403, "")
    assert f"id token: {why}" in caplog.text


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "RS256"},
        {"alg": "RS256", "kid": "unknown"},
        {"alg": "RS256", "kid": "ec"},
        {"alg": "PS512", "kid": "rsa"},
    ],
    ids=str,
)
def test_a_header_that_names_no_fitting_key_signs_nobody_in(
    app: Annotator, visitor: Visitor, header: dict[str, Any]
) -> None:
    visitor.provider.header = header
    visitor.provider.sign = lambda header, claims: encode(header, claims, KEYS["RS256"])
    assert (visitor.go().status_code, signed_in(app, visitor)) == (403, "")


@pytest.mark.parametrize("name", ["jku", "jwk", "x5u"])
def test_a_key_that_the_token_brings_along_is_not_looked_at(
    app: Annotator, visitor: Visitor, name: str
) -> None:
    key = RSAKey.generate_key(2048)
    brought: Any = {
        "jku": f"{visitor.provider.url}/other-keys",
        "jwk": key.as_dict(private=False),
        "x5u": f"{visitor.provider.url}/other-keys",
    }[name]
    visitor.provider.header = {"alg": "RS256", "kid": "rsa", name: brought}
    visitor.provider.sign = lambda header, claims: encode(header, claims, key)
    assert (visitor.go().status_code, signed_in(app, visitor)) == (403, "")


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "RS256", "kid": "rsa"},
        {"alg": "PS256", "kid": "rsa"},
        {"alg": "ES256", "kid": "ec"},
        {"alg": "EdDSA", "kid": "okp"},
    ],
    ids=str,
)
def test_each_listed_algorithm_is_believed(app: Annotator, visitor: Visitor, header: dict[str, Any]) -> None:
    visitor.provider.header = header
    visitor.go()
    assert signed_in(app, visitor) == "Ann"


@pytest.mark.parametrize("aside", [-50, 50])
def test_clocks_may_differ_by_a_minute(app: Annotator, visitor: Visitor, aside: int) -> None:
    moment = int(time.time()) + aside
    planted(visitor, {"iat": moment, "exp": moment + 1, "nbf": moment})
    assert signed_in(app, visitor) == "Ann"


@pytest.mark.parametrize("aside", [-70, 70])
def test_clocks_that_differ_by_more_are_refused(visitor: Visitor, aside: int) -> None:
    moment = int(time.time()) + aside
    assert planted(visitor, {"iat": moment, "exp": moment + 1}).status_code == 403


def test_keys_that_the_provider_has_changed_are_asked_for_once_more(app: Annotator, visitor: Visitor) -> None:
    new = RSAKey.generate_key(2048, {"kid": "new"})
    visitor.go()
    assert signed_in(app, visitor) == "Ann"
    visitor.client.delete_cookie("__Host-annotator")
    visitor.provider.keys, visitor.provider.header = [new], {"alg": "RS256", "kid": "new"}
    visitor.provider.sign = lambda header, claims: encode(header, claims, new)
    visitor.go()
    assert signed_in(app, visitor) == "Ann"


def test_what_the_token_lacks_is_asked_of_the_provider(
    through: Callable[..., Annotator], provider: Provider, people: SimpleNamespace
) -> None:
    provider.userinfo = {"sub": "new-1", "email": "new@example.org", "name": "Nora", "groups": ["desk"]}
    visitor = Visitor(through(oidc_admin_group="desk"), provider)
    visitor.go("new-1")
    assert signed_in(visitor.app, visitor) == "Nora"


def test_what_the_provider_says_of_another_subject_is_not_believed(visitor: Visitor) -> None:
    visitor.provider.userinfo = {"sub": "eve-1", "email": "eve@example.org"}
    assert visitor.go().status_code == 403
