"""The way to the provider and back, over our own requests, and what is refused on it."""

import base64
import hashlib
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from accounts.oidc.conftest import Visitor, sessions_of, signed_in
from accounts.oidc.provider import CLIENT, SECRET, Provider
from flask.testing import FlaskClient
from sqlalchemy import func, select

from annotator.accounts.oidc import provider as wire
from annotator.accounts.proof_models import SignInStep
from annotator.app import Annotator
from annotator.database import db
from annotator.journal.models import Event


@pytest.fixture(autouse=True)
def _ann(known: Callable[..., None]) -> None:
    known("ann", "ann-1")


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def lines(app: Annotator, action: str) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).where(Event.action == action)) or 0


def test_who_comes_back_is_signed_in_and_goes_on(app: Annotator, visitor: Visitor) -> None:
    answer = visitor.go(path="/login/oidc?next=/account")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert signed_in(app, visitor) == "Ann"
    assert lines(app, "session:started") == 1


def test_the_session_says_how_it_began(app: Annotator, visitor: Visitor, people: SimpleNamespace) -> None:
    visitor.go()
    assert [row.method for row in sessions_of(app, people.ann)] == ["oidc"]


def test_the_provider_is_asked_for_a_code_with_pkce_state_and_nonce(visitor: Visitor) -> None:
    begun = asked(visitor.leave())
    assert begun["response_type"] == "code"
    assert begun["client_id"] == CLIENT
    assert begun["scope"] == "openid profile email"
    assert begun["code_challenge_method"] == "S256"
    assert begun["redirect_uri"] == "http://localhost/login/oidc/return"
    assert min(len(begun[name]) for name in ("state", "nonce", "code_challenge")) >= 43


def test_the_provider_is_told_the_verifier_and_the_secret_in_the_header(visitor: Visitor) -> None:
    challenge = asked(visitor.leave())["code_challenge"]
    assert visitor.go().status_code == 303
    told = visitor.provider.asked[0]
    made = base64.urlsafe_b64encode(hashlib.sha256(told["code_verifier"].encode()).digest())
    assert made.decode().rstrip("=") != challenge  # of another way, begun before
    named = base64.b64decode(told["authorization"].removeprefix("Basic ")).decode()
    assert named == f"{CLIENT}:{SECRET}"


def test_a_provider_that_takes_the_secret_in_the_body_gets_it_there(visitor: Visitor) -> None:
    visitor.provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    visitor.go()
    told = visitor.provider.asked[0]
    assert (told["client_secret"], told["authorization"]) == (SECRET, "")


def test_a_site_without_a_secret_names_itself_in_the_body(
    through: Callable[..., Annotator], provider: Provider
) -> None:
    assert Visitor(through(oidc_client_secret=""), provider).go().status_code == 303
    told = provider.asked[0]
    assert (told["client_id"], told["authorization"], "client_secret" in told) == (CLIENT, "", False)


def test_the_cookie_gets_a_new_value_on_the_way_and_at_the_end(visitor: Visitor) -> None:
    visitor.client.set_cookie("__Host-annotator", "chosen by somebody else")
    address = visitor.leave()
    between = visitor.cookie
    visitor.come_back(visitor.provider.authorize(address))
    assert len({"chosen by somebody else", between, visitor.cookie}) == 3


def test_what_is_kept_of_a_way_finishes_nobodys_sign_in(app: Annotator, visitor: Visitor) -> None:
    begun = asked(visitor.leave())
    with app.app_context():
        kept = json.dumps(db.session.scalars(select(SignInStep.data)).one())
    secret = (visitor.cookie, begun["state"], begun["nonce"], begun["code_challenge"])
    assert [value for value in secret if value in kept] == []


def test_who_is_signed_in_goes_on_at_once(visitor: Visitor) -> None:
    visitor.go()
    answer = visitor.client.get("/login/oidc?next=/account")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:x"]
)
def test_next_never_leads_elsewhere(visitor: Visitor, target: str) -> None:
    assert visitor.go(path=f"/login/oidc?next={target}").headers["Location"] == "/"


def test_a_provider_that_says_no_signs_nobody_in(app: Annotator, visitor: Visitor) -> None:
    address = visitor.provider.authorize(visitor.leave()).replace("code=", "error=access_denied&was=")
    answer = visitor.come_back(address)
    assert (answer.status_code, signed_in(app, visitor)) == (403, "")
    assert "Newsroom did not let you in" in answer.text


def test_a_provider_with_a_fault_is_told_apart_from_one_that_says_no(visitor: Visitor) -> None:
    address = visitor.provider.authorize(visitor.leave()).replace("code=", "error=server_error&was=")
    assert visitor.come_back(address).status_code == 503


def test_an_expired_code_is_said_to_be_one(visitor: Visitor) -> None:
    address = visitor.provider.authorize(visitor.leave())
    visitor.provider.codes.clear()
    answer = visitor.come_back(address)
    assert answer.status_code == 403
    assert "has expired or was used already" in answer.text


def test_an_answer_without_a_code_is_refused(visitor: Visitor) -> None:
    address = visitor.provider.authorize(visitor.leave()).replace("code=", "token=")
    assert visitor.come_back(address).status_code == 400


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, {}), (502, b"<h1>Bad gateway"), (200, b"not JSON"), (302, {}), (401, {"error": "invalid_client"})],
    ids=str,
)
def test_a_token_endpoint_that_fails_gives_a_page_and_no_error_of_ours(
    visitor: Visitor, status: int, body: Any
) -> None:
    visitor.provider.answer = (status, body)
    answer = visitor.go()
    assert answer.status_code == 503
    assert "Newsroom does not answer just now" in answer.text


def test_a_provider_that_is_down_is_said_to_be(through: Callable[..., Annotator]) -> None:
    answer = through(oidc_issuer="http://127.0.0.1:9").test_client().get("/login/oidc")
    assert answer.status_code == 503
    assert "Nothing is lost" in answer.text
    assert "Wait a few minutes and try again" in answer.text


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://other.example"},
        {"jwks_uri": ""},
        {"jwks_uri": "http://keys.example.org/"},
        {"token_endpoint": 7},
        {"authorization_endpoint": "https://user@provider.example/"},
        {"padding": "x" * 1_100_000},
    ],
    ids=lambda metadata: next(iter(metadata)),
)
def test_metadata_that_cannot_be_trusted_is_a_provider_that_is_down(
    visitor: Visitor, metadata: dict[str, Any]
) -> None:
    visitor.provider.metadata = metadata
    assert visitor.client.get("/login/oidc").status_code == 503


def test_no_proxy_and_no_password_of_the_environment_are_used(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert visitor.go().status_code == 303


def test_an_answer_that_drips_is_broken_off(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "ALTOGETHER", -1)
    assert visitor.client.get("/login/oidc").status_code == 503


def test_one_address_begins_only_so_often(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.accounts.oidc.flow.PER_ADDRESS", 2)
    statuses = [visitor.client.get("/login/oidc").status_code for _ in range(3)]
    assert statuses == [302, 302, 429]


def test_when_one_last_proved_who_one_is_stands_in_the_session(
    app: Annotator, visitor: Visitor, people: SimpleNamespace
) -> None:
    visitor.go(auth_time=1_600_000_000)
    assert [row.authenticated_at.year for row in sessions_of(app, people.ann)] == [2020]


def test_signing_out_offers_the_providers_page(visitor: Visitor) -> None:
    visitor.provider.metadata = {"end_session_endpoint": f"{visitor.provider.url}/end"}
    answer = visitor.client.get("/login/oidc/sign-out")
    assert answer.headers["Location"].startswith(f"{visitor.provider.url}/end?client_id={CLIENT}")
    assert asked(answer.headers["Location"])["post_logout_redirect_uri"] == "http://localhost/login"
    assert "/login/oidc/sign-out" in visitor.client.get("/login?notice=signed-out").text


def test_a_provider_without_such_a_page_is_not_offered(visitor: Visitor) -> None:
    assert visitor.client.get("/login/oidc/sign-out").status_code == 404
    assert "/login/oidc/sign-out" not in visitor.client.get("/login?notice=signed-out").text


@pytest.mark.parametrize("path", ["", "/return?state=x&code=y", "/sign-out", "/invitation/x", "/link/x"])
def test_without_a_provider_there_is_no_such_page(client: FlaskClient, path: str) -> None:
    assert client.get(f"/login/oidc{path}").status_code == 404


def test_nothing_of_the_person_or_the_way_is_logged(
    app: Annotator, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    state = asked(visitor.leave())["state"]
    visitor.go(email="ann@example.org", name="Ann Secret")
    visitor.client.delete_cookie("__Host-annotator")
    visitor.go("stranger-1", email="stranger@example.org")
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("annotator"))
    words = (state, "code-", "ann@example.org", "stranger", "Secret", "an access token", SECRET, "eyJ")
    assert [word for word in words if word in ours] == []
    assert "single sign-on refused: unknown person" in ours
