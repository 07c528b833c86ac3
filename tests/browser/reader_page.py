"""A reader page from the real templates and scripts, with text and spans of a test's own making, served over HTTP."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, render_template
from werkzeug.serving import make_server

from annotator.articles.rendering import block_views

ROOT = Path(__file__).parents[2]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
KINDS = [
    ("claim", "Claim", "c"), ("quote", "Quote", "q"), ("number", "Number", "u"), ("attribution", "Attribution", "a"),
    ("headline", "Headline", "h"), ("image", "Image", "i"), ("legal", "Legal", "g"), ("wording", "Wording", "w"),
    ("opinion", "Opinion", "o"), ("note", "Note", "t"),
]  # fmt: skip
TONES = {
    "open": "Open", "submitted": "Submitted", "supported": "Supported", "refuted": "Refuted",
    "conflicting": "Conflicting", "unproven": "Unproven", "aside": "Aside", "unconfirmed": "Unconfirmed",
}  # fmt: skip
CHOICES = (
    "medium", "source_type", "tier", "confidentiality", "locator_kind", "contradiction_kind", "acknowledged",
    "consistency", "state",
)  # fmt: skip


@dataclass
class Page:
    """What one reader page shows: paragraphs, their sentences, and compact span rows (code points)."""

    paragraphs: Sequence[str]
    spans: Sequence[tuple[str, int, int, str]] = ()
    sentences: Sequence[tuple[int, int]] = ()
    marks: Sequence[dict[str, Any]] = ()
    kinds: dict[int, str] = field(default_factory=dict)
    title: str = "An article"
    view: str = "live"
    language: str = "en"

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)

    def blocks(self) -> list[dict[str, Any]]:
        found, start = [], 0
        for number, words in enumerate(self.paragraphs):
            kind = self.kinds.get(number, "paragraph")
            found.append({"kind": kind, "level": 1, "depth": 0, "start": start, "end": start + len(words)})
            start += len(words) + 2
        return found

    def context(self) -> dict[str, Any]:
        article = SimpleNamespace(
            id="article", title=self.title, publisher="The Desk", byline="Ann Author", published_on="2022-10-04",
            language=self.language, direction="auto",
        )  # fmt: skip
        data = {
            "project": "project", "article": "article", "title": self.title, "published_on": "2022-10-04",
            "snapshot": "snapshot", "language": self.language, "can_write": True, "me": {"id": "ann", "name": "Ann"},
            "spans": list(self.spans), "sentences": list(self.sentences), "kinds": KINDS, "relations": [],
            "tones": TONES, "choices": dict.fromkeys(CHOICES, []),
        }  # fmt: skip
        marked = self.spans if self.view == "marks" else None
        views = block_views(self.text, self.blocks(), self.marks, marked)
        return {
            "article": article, "blocks": views, "view": self.view, "reader_data": data, "annotations": [],
            "project": None, "identity": None, "notice": None,
        }  # fmt: skip


@contextmanager
def served(pages: dict[str, Page]) -> Iterator[str]:
    """Serve each page under its name; gives the address of the site."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.add_template_global(lambda: "token", "csrf_token")
    app.add_template_global(str, "shown_date")
    app.add_template_global(lambda _: [], "asset_modules")

    @app.get("/page/<name>")
    def page(name: str) -> str:
        return render_template("articles/reader.html", **pages[name].context())

    @app.after_request
    def guard(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/page/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
