"""A project for each test on a running server, with the same people in it, made by the real commands and the API."""

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Page
from running import RunningServer

from annotator.app import create_app
from annotator.cli import group
from annotator.columns import new_id
from annotator.config import read_settings

PASSWORD = "plain words behind a door"
ROLES = {"ann": "reviewer", "ben": "reviewer", "eve": "editor", "dee": "viewer"}
TEXT = (
    "The mayor signed a decree on 3 May 2022. It closes the old bridge to lorries.\n\n"
    "“We will never open it again,” she said. The council had asked for repairs, and the council had paid for them.\n\n"
    "Lorries now drive through the village. Nobody counted them."
)
NUMBERS = count(1)


class Commands:
    """`annotator ...` on a server's instance, run in this process to save the start of Python."""

    def __init__(self, instance: Path) -> None:
        self.app = create_app(read_settings(str(instance)))

    def __call__(self, *arguments: str, typed: str = "") -> str:
        """Run one command; return the last line that it printed, raise when it fails."""
        ended = self.app.test_cli_runner().invoke(group, list(arguments), input=typed)
        if ended.exit_code:
            raise RuntimeError(f"annotator {' '.join(arguments)}: {ended.output}")
        return ended.output.strip().rpartition("\n")[2]


class People:
    """Ann, Ben (reviewers), Eve (editor), Dee (viewer) and Cleo (administrator) of one server, and their API tokens."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.commands = Commands(server.instance)
        self.states: dict[str, Any] = {}
        for name in (*ROLES, "cleo"):
            admin = ["--admin"] if name == "cleo" else []
            given = ("--name", name.title(), "--password-stdin", *admin)
            self.commands("user", "add", self.email(name), *given, typed=f"{PASSWORD}\n")
        self.tokens = {name: self._token(name) for name in ROLES}

    @staticmethod
    def email(name: str) -> str:
        """The address that a person signs in with."""
        return f"{name}@example.org"

    def _token(self, name: str) -> str:
        return self.commands("token", "add", self.email(name), "--name", "tests", "--scope", "write")

    def sign_in(self, page: Page, name: str) -> None:
        """Sign a person in by the page, in a session of its own."""
        page.goto(f"{self.server.url}/login")
        page.get_by_label("E-mail address").fill(self.email(name))
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{self.server.url}/")

    def state(self, open_page: Callable[..., Page], name: str) -> Any:
        """What a browser keeps of a person who is signed in; the sign-in itself happens once."""
        if name not in self.states:
            page = open_page()
            self.sign_in(page, name)
            self.states[name] = page.context.storage_state()
        return self.states[name]


class Team:
    """A new project in which these people have their roles; `article` is brought in by Ann."""

    def __init__(self, people: People, open_page: Callable[..., Page], text: str = TEXT) -> None:
        self.people = people
        self.url = people.server.url
        self._open_page = open_page
        self.slug = people.commands("project", "add", f"Bridges {next(NUMBERS)}")
        for name, role in ROLES.items():
            people.commands("project", "member", self.slug, people.email(name), role)
        projects = self.call("GET", "/projects?limit=200")["items"]
        self.project = next(project["id"] for project in projects if project["slug"] == self.slug)
        self.article = self.bring_in(text)

    def call(
        self, method: str, path: str, body: Any = None, *, by: str = "ann", version: int | None = None
    ) -> Any:
        """Ask the API as one of the people; the answer's JSON, None when it has no body."""
        headers = {"Authorization": f"Bearer {self.people.tokens[by]}", "Content-Type": "application/json"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}/api/v1{path}", data=data, headers=headers, method=method)
        with urlopen(request, timeout=30) as answer:
            words = answer.read()
        return json.loads(words) if words else None

    def put(self, things: str, **fields: Any) -> Any:
        """Make a source, statement, speaker or annotation of the project."""
        return self.call("PUT", f"/{things}/{new_id()}", {"project": self.project, **fields})

    def bring_in(self, text: str, **details: Any) -> dict[str, Any]:
        """Bring an article in; gives its `id`, `snapshot`, canonical `text` and `url`."""
        about = {"title": "A bridge is closed", "published_on": "2022-05-04", "language": "en"}
        made = self.put("articles", **{"text": text, "media_type": "text/plain", **about, **details})
        snapshot = self.call("GET", f"/articles/{made['id']}/snapshots")["items"][0]["id"]
        full = self.call("GET", f"/snapshots/{snapshot}")["text"]
        return {
            "id": made["id"],
            "snapshot": snapshot,
            "text": full,
            "url": f"{self.url}/articles/{made['id']}/",
        }

    def annotate(self, *words: str, kind: str = "claim", by: str = "ann", **fields: Any) -> Any:
        """Annotate the first place of these words; each of them is a span."""
        spans = [self.span(one) for one in words]
        place = {"article": self.article["id"], "snapshot": self.article["snapshot"], "spans": spans}
        return self.call("PUT", f"/annotations/{new_id()}", {**place, "kind": kind, **fields}, by=by)

    def link(self, annotation: Any, relation: str, **fields: Any) -> Any:
        """Link an annotation to a `source`, `statement` or `target` (ids)."""
        body = {"annotation": annotation["id"], "relation": relation, **fields}
        return self.call("PUT", f"/links/{new_id()}", body)

    def span(self, words: str) -> dict[str, int]:
        """Where words stand first in the article."""
        start = self.article["text"].index(words)
        return {"start": start, "end": start + len(words)}

    def annotations(self) -> list[dict[str, Any]]:
        """What the server has of the article, in the order of the text."""
        return list(self.call("GET", f"/articles/{self.article['id']}/annotations")["items"])

    def page(self, name: str = "ann", path: str | None = None, **options: Any) -> Page:
        """A browser of its own in which a person is signed in, at the article or at another path of the site."""
        state = self.people.state(self._open_page, name)
        page = self._open_page(storage_state=state, **options)
        page.goto(self.article["url"] if path is None else f"{self.url}{path}")
        return page
