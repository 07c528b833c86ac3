"""A provider of the tests' own on loopback, which says whatever a test wants of it, right or wrong."""

import hashlib
import hmac
import json
import ssl
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jws, jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

CLIENT = "annotator-tests"
SECRET = "a secret of the tests"
KEYS: dict[str, Key] = {
    "RS256": RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}),
    "ES256": ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"}),
    "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "okp", "use": "sig"}),
}
STRANGE = RSAKey.generate_key(2048, {"kid": "rsa"})


class Provider:
    """What it answers can be changed by a test: `claims`, `header`, `sign`, `metadata`, `userinfo`, `token`."""

    def __init__(self) -> None:
        self.url = ""
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "rsa"}
        self.metadata: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.keys = list(KEYS.values())
        self.sign: Callable[[dict[str, Any], dict[str, Any]], str] = signed
        self.answer: tuple[int, Any] | None = None  # of the token endpoint, instead of a token
        self.asked: list[dict[str, str]] = []  # what the token endpoint was asked
        self.codes: dict[str, dict[str, str]] = {}
        self.authenticated_at: float | None = None

    def authorize(self, address: str, subject: str = "ann-1", **claims: Any) -> str:
        """Do what a person does there: sign in at the address we sent them to; gives the address they come back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        self.claims = {"sub": subject, **claims}
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def exchange(self, asked: dict[str, str]) -> tuple[int, Any]:
        """Answer the token endpoint."""
        self.asked.append(asked)
        begun = self.codes.pop(asked["code"], None)
        if self.answer is not None:
            return self.answer
        made = urlsafe_b64encode(hashlib.sha256(asked.get("code_verifier", "").encode()).digest())
        if begun is None or begun["code_challenge"] != made.decode().rstrip("="):
            return 400, {"error": "invalid_grant"}
        at = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": begun["nonce"]}
        token = self.sign(dict(self.header), {**claims, **self.claims})
        return 200, {"access_token": "an access token", "token_type": "Bearer", "id_token": token}

    def discovery(self) -> dict[str, Any]:
        """Say what it is."""
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        addresses = {name: f"{self.url}/{path}" for name, path in names.items()}
        more = {"userinfo_endpoint": f"{self.url}/userinfo"} if self.userinfo else {}
        return {"issuer": self.url, **addresses, **more, **self.metadata}


class Plain(jws.JWSRegistry):
    """Signs with every algorithm there is, under any header, without a warning."""

    max_header_length = 4096

    def get_alg(self, name: str) -> jws.JWSAlgModel:
        return self.algorithms[name]


def encode(header: dict[str, Any], claims: dict[str, Any], key: Key) -> str:
    """Sign with this key."""
    return jwt.encode(header, claims, key, registry=Plain(strict_check_header=False))


def signed(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Sign as a right provider does, with the key that the header names."""
    return encode(header, claims, KEYS.get(header["alg"], KEYS["RS256"]))


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Sign with nothing, as the algorithm `none` does."""
    parts = (json.dumps({**header, "alg": "none"}).encode(), json.dumps(claims).encode())
    return ".".join([*(urlsafe_b64encode(part).decode().rstrip("=") for part in parts), ""])


def strangely(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Sign with a key of somebody else that claims the same name."""
    return encode(header, claims, STRANGE)


def with_public_key(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Sign with the provider's public key as a shared secret."""
    head = {**header, "alg": "HS256"}
    parts = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (head, claims)]
    pem = KEYS["RS256"].as_pem(private=False)
    mark = hmac.digest(pem, b".".join(parts), "sha256")
    return b".".join([*parts, urlsafe_b64encode(mark).rstrip(b"=")]).decode()


def handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = {
                "/.well-known/openid-configuration": provider.discovery,
                "/keys": lambda: {"keys": [key.as_dict(private=False) for key in provider.keys]},
                "/userinfo": lambda: provider.userinfo,
            }.get(urlsplit(self.path).path)
            self._answer(404, {}) if found is None else self._answer(200, found())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(
                *provider.exchange({**asked, "authorization": self.headers.get("Authorization", "")})
            )

        def _answer(self, status: int, found: Any) -> None:
            body = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Answers


@contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[Provider]:
    """Run a provider on a free port of this machine."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(provider))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    provider.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
