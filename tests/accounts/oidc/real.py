"""A real provider in a process of its own (oidc-provider-mock), and a browser of few words that walks through it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

import requests

# Its pages ask another host for their looks; without them they ask nobody.
SERVE = """
import json, os, re, sys, warnings
warnings.simplefilter("ignore")
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
from oidc_provider_mock import User, _server, run_server_in_thread
make = _server.app
def bare(answer):
    if answer.mimetype == "text/html":
        answer.set_data(re.sub(rb"<link[^>]*>", b"<title>Provider</title>", answer.get_data()))
    return answer
def app(**given):
    made = make(**given)
    made.after_request(bare)
    made.add_url_rule("/favicon.ico", view_func=lambda: ("", 204))
    return made
_server.app = app
people = [User(sub=row.pop("sub"), claims=row) for row in json.loads(sys.argv[1])]
with run_server_in_thread(require_nonce=True, user_claims=people) as server:
    print(server.server_port, flush=True)
    sys.stdin.read()
"""


@contextmanager
def real_provider(*people: dict[str, Any]) -> Iterator[str]:
    """Run the provider with these people (`sub` and claims); gives its issuer."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, json.dumps(people)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield f"http://localhost:{int(process.stdout.readline())}"
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


def change_person(issuer: str, claims: dict[str, Any]) -> None:
    """Change what the provider says of the person `sub` from now on."""
    requests.put(f"{issuer}/users/{claims['sub']}", json=claims, timeout=10).raise_for_status()


class Walker:
    """Somebody who follows links and answers the provider's form; cookies are kept for each site."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.cookies: dict[str, dict[str, str]] = {}

    def open(self, address: str, **form: str) -> requests.Response:
        """Open one address, or send a form there; nothing is followed."""
        origin = "/".join(address.split("/")[:3])
        kept = self.cookies.setdefault(origin, {})
        answer = requests.request(
            "POST" if form else "GET",
            address,
            data=form or None,
            cookies=kept,
            headers={"Sec-Fetch-Site": "same-origin"},
            allow_redirects=False,
            timeout=30,
        )
        kept.update({name: value for name, value in answer.cookies.items() if value is not None})
        return answer

    def follow(self, answer: requests.Response) -> requests.Response:
        """Follow redirects to the page where they end."""
        while answer.is_redirect:
            answer = self.open(urljoin(answer.url, answer.headers["Location"]))
        return answer

    def sign_in(self, sub: str, path: str = "/login/oidc?next=/account") -> requests.Response:
        """Go to the provider, sign in there as `sub`, come back; gives the page where that ends."""
        form = self.follow(self.open(f"{self.site}{path}"))
        return self.follow(self.open(form.url, sub=sub))
