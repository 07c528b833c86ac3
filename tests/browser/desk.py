"""A desk to try the reader on: a person, a project and articles on a running server, made by command line and API."""

import json
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Page
from running import RunningServer

from annotator.columns import new_id

PASSWORD = "long words for a test"
NUMBERS = count(1)


@dataclass(frozen=True)
class Article:
    """An article as brought in; the text is the canonical one."""

    id: str
    snapshot: str
    text: str
    blocks: list[dict[str, Any]]
    address: str


class Desk:
    """Ann, a reviewer, and her project on a server that others may use too."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.email = f"ann{next(NUMBERS)}.{new_id()[-6:]}@example.org"
        server.run("user", "add", self.email, "--name", "Ann", "--password-stdin", typed=PASSWORD + "\n")
        self.slug = server.run("project", "add", f"Desk {new_id()[-6:]}").splitlines()[-1].strip()
        server.run("project", "member", self.slug, self.email, "reviewer")
        said = server.run("token", "add", self.email, "--name", "test", "--scope", "write")
        self.token = said.splitlines()[-1].strip()

    @cached_property
    def project(self) -> str:
        """The project's id."""
        return str(self.call("GET", "/projects")["items"][0]["id"])

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the API as Ann."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.server.url}/api/v1{path}", data=data, headers=headers, method=method)
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def article(self, text: str, *, html: bool = False, **details: Any) -> Article:
        """Bring an article in."""
        media_type = "text/html" if html else "text/plain"
        body = {"project": self.project, "text": text, "media_type": media_type, "title": "A trial", "allow_same": True}
        made = self.call("PUT", f"/articles/{new_id()}", body | details)
        snapshot = self.call("GET", f"/articles/{made['id']}/snapshots")["items"][0]["id"]
        full = self.call("GET", f"/snapshots/{snapshot}")
        address = f"{self.server.url}/articles/{made['id']}/"
        return Article(made["id"], snapshot, full["text"], full["blocks"], address)

    def annotate(self, article: Article, *spans: tuple[int, int], kind: str = "claim", **fields: Any) -> str:
        """Annotate these spans (code points); gives the id."""
        places = [{"start": start, "end": end} for start, end in spans]
        body = {"article": article.id, "snapshot": article.snapshot, "kind": kind, "spans": places, **fields}
        return str(self.call("PUT", f"/annotations/{new_id()}", body)["id"])

    def words(self, article: Article, words: str, **fields: Any) -> str:
        """Annotate the first place of these words."""
        start = article.text.index(words)
        return self.annotate(article, (start, start + len(words)), **fields)

    def sign_in(self, page: Page) -> None:
        """Sign Ann in on this page's context."""
        page.goto(f"{self.server.url}/login")
        page.get_by_label("E-mail address").fill(self.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.server.url}/")
