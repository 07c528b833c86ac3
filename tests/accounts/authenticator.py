"""A passkey's device in software: makes credentials and answers challenges as a browser would hand them on."""

import json
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from annotator.accounts.totp import code_of, present_step

PRESENT, VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw_of(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Device:
    """One passkey. `flags`, `count`, `origin` and `site` may be set to what a liar would send."""

    def __init__(self, origin: str = "http://localhost", site: str = "localhost") -> None:
        self.origin, self.site = origin, site
        self.key = generate_private_key(SECP256R1())
        self.id = os.urandom(32)
        self.user: bytes | None = None
        self.count = 0
        self.flags = PRESENT | VERIFIED

    def create(self, options: dict[str, Any]) -> str:
        """Answer the options of an adding."""
        self.user = raw_of(options["user"]["id"])
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data(HAS_CREDENTIAL) + attested
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._answer(
            clientDataJSON=self._client("webauthn.create", options["challenge"]),
            attestationObject=cbor2.dumps(attestation),
        )

    def get(self, options: dict[str, Any]) -> str:
        """Answer the options of a sign-in, and count it."""
        self.count += 1
        data, client = self._data(), self._client("webauthn.get", options["challenge"])
        signature = self.key.sign(data + sha256(client).digest(), ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=self.user or b""
        )

    def _data(self, more: int = 0) -> bytes:
        flags = (self.flags | more).to_bytes(1, "big")
        return sha256(self.site.encode()).digest() + flags + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **response: bytes) -> str:
        answer = {name: b64(value) for name, value in response.items()}
        return json.dumps(
            {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": answer}
        )


def add_passkey(client: Any, name: str = "My phone", **device: Any) -> Device:
    """Add a passkey to the account that the client is signed in to."""
    made = Device(**device)
    asked = client.post("/account/passkeys/challenge").json
    form = {"name": name, "step": asked["step"], "passkey": made.create(asked["options"])}
    assert client.post("/account/passkeys", data=form).status_code in (200, 303)
    return made


def add_app(client: Any) -> str:
    """Set up an authenticator app in the account that the client is signed in to; gives the secret."""
    client.post("/account/second-factor/app")
    page = client.get("/account/second-factor/app").text
    secret = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    assert secret is not None
    plain = secret[1].replace(" ", "")
    answer = client.post("/account/second-factor/app/confirm", data={"code": code_of(plain, present_step())})
    assert answer.status_code in (200, 303), answer.text
    return plain
