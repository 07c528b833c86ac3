"""A web site for tests: a real server on loopback, which the fetcher takes for a site of the public web."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from annotator import fetching
from annotator.articles import incoming

ADDRESS = "http://news.example"


class Website:
    """What the site answers by path: status, body, headers. A path in `held` waits until its event is set."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, bytes, dict[str, str]]] = {}
        self.held: dict[str, threading.Event] = {}
        self.asked: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    def put(
        self, path: str, body: str | bytes, media_type: str = "text/html; charset=utf-8", status: int = 200
    ) -> str:
        """Let a path answer; gives its address."""
        raw = body.encode() if isinstance(body, str) else body
        self.pages[path] = (status, raw, {"Content-Type": media_type})
        return ADDRESS + path

    def send_on(self, path: str, target: str) -> str:
        """Let a path redirect; gives its address."""
        self.pages[path] = (302, b"", {"Location": target})
        return ADDRESS + path

    def hold(self, path: str) -> threading.Event:
        """Let a path wait until the event is set."""
        self.held[path] = threading.Event()
        return self.held[path]

    def connect(self, _ip: Any, _port: int, seconds: float) -> socket.socket:
        """Connect to this site, whatever IP address its name has."""
        return socket.create_connection(("127.0.0.1", self.server.server_address[1]), seconds)

    def _handler(site) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                if self.path in site.held:
                    site.held[self.path].wait(20)
                status, body, headers = site.pages.get(self.path, (404, b"", {"Content-Type": "text/html"}))
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Say nothing."""

        return Handler


@contextmanager
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Website]:
    """Run a site that `news.example` names, and let the app fetch it as it fetches any other."""
    site = Website()
    thread = threading.Thread(target=site.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    public = {"resolver": lambda host, port: ["93.184.216.34"], "connector": site.connect}
    monkeypatch.setattr(incoming, "fetch", partial(fetching.fetch, **public))
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()
        thread.join(5)
