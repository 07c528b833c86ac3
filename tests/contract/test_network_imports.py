"""One door to the network: which modules may import what can open a connection, read from the syntax tree."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "annotator"
NETWORK = frozenset(
    """
    _socket _ssl aiohttp asyncio ftplib http.client http.server httpcore httpx imaplib nntplib poplib pycurl requests
    smtplib socket socketserver ssl telnetlib trio urllib.request urllib3 websockets xmlrpc
    """.split()
)
ALLOWED = {
    "annotator/fetching.py": {"http.client", "socket", "ssl"},
    # listens, and connects to nothing
    "annotator/cli.py": {"socket"},
}
# What connects somewhere, by whatever name a socket goes.
CONNECTING = {"connect", "connect_ex", "create_connection", "sendto"}
# Ways to import what no import statement names.
HIDDEN = {"__import__", "import_module", "exec", "eval"}
# runs code that it writes itself, from schemas of ours
WRITES_CODE = {"annotator/compiled.py": {"exec"}}
PLANTED = {
    "import socket": {"socket"},
    "import socket as s, ssl": {"socket", "ssl"},
    "from socket import create_connection": {"socket"},
    "import http.client": {"http.client"},
    "from http import client": {"http.client"},
    "from urllib import request": {"urllib.request"},
    "import urllib.request as r": {"urllib.request"},
    "from urllib.request import urlopen": {"urllib.request"},
    "def f():\n    import requests": {"requests"},
    "try:\n    import httpx\nexcept ImportError:\n    pass": {"httpx"},
    "from urllib.parse import urlsplit": set(),
    "import socketless, sslfree": set(),
    "from http import HTTPStatus": set(),
}


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def to_the_network(source: str) -> set[str]:
    """Give the modules of the list that are imported, themselves or a part of them."""
    return {door for name in imported(source) for door in NETWORK if f"{name}.".startswith(f"{door}.")}


def called(source: str) -> set[str]:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {ast.unparse(node.func).rsplit(".", 1)[-1] for node in calls}


def modules() -> dict[str, str]:
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in PACKAGE.rglob("*.py")}


def test_only_the_guard_and_the_listener_import_what_reaches_the_network() -> None:
    found = {name: doors for name, source in modules().items() if (doors := to_the_network(source))}
    assert found == ALLOWED


def test_the_listener_connects_to_nothing() -> None:
    assert called(modules()["annotator/cli.py"]) & CONNECTING == set()


def test_no_module_is_imported_by_a_name_made_up_at_run_time() -> None:
    found = {name: hidden for name, source in modules().items() if (hidden := called(source) & HIDDEN)}
    assert found == WRITES_CODE


@pytest.mark.parametrize(("source", "doors"), PLANTED.items(), ids=range(len(PLANTED)))
def test_every_way_to_import_is_seen(source: str, doors: set[str]) -> None:
    assert to_the_network(source) == doors
