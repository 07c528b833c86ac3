"""Clients that take their time keep nobody from a page: the program as it is started, and raw sockets against it."""

import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.request import urlopen

import pytest
from running import RunningServer

EACH = 50
KEPT = 500
HEADERS = b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = (
    b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 100000\r\n\r\nemail="
)
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("slow-clients")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The program in a process of its own, which outlives every case here."""
    found = RunningServer(tmp_path_factory.mktemp("slow") / "instance")
    found.start()
    yield found
    found.stop()


def connect(server: RunningServer, stack: ExitStack, count: int, first: bytes = b"") -> list[socket.socket]:
    """Open connections that send `first` and then stay."""
    address = ("127.0.0.1", int(server.url.rsplit(":", 1)[1]))
    made = [stack.enter_context(socket.create_connection(address, timeout=30)) for _ in range(count)]
    for one in made:
        one.sendall(first)
    return made


def drip(slow: list[socket.socket]) -> None:
    """Send one byte more on each."""
    for one in slow:
        one.sendall(b"a")


def seconds_for_a_page(server: RunningServer) -> float:
    """Ask for a page; gives how long it took."""
    began = time.monotonic()
    with urlopen(f"{server.url}/login", timeout=30) as answer:
        assert b"</html>" in answer.read()
    return time.monotonic() - began


def typical(server: RunningServer, slow: list[socket.socket]) -> float:
    """Give the middle of nine pages' times while the slow ones go on, the best of three tries on a busy machine."""
    tries = []
    for _ in range(3):
        times = []
        for _ in range(9):
            drip(slow)
            times.append(seconds_for_a_page(server))
        tries.append(statistics.median(times))
    return min(tries)


def test_h09_slow_headers_slow_bodies_and_silent_connections_keep_nobody_waiting(
    server: RunningServer,
) -> None:
    with ExitStack() as stack:
        slow = [*connect(server, stack, EACH, HEADERS), *connect(server, stack, EACH, BODY)]
        connect(server, stack, EACH)
        assert typical(server, slow) < 1
    assert seconds_for_a_page(server) < 30


def test_h09_idle_connections_kept_open_keep_nobody_waiting(server: RunningServer) -> None:
    with ExitStack() as stack:
        kept = connect(server, stack, KEPT, WHOLE)
        assert {one.recv(12) for one in kept} == {b"HTTP/1.1 200"}
        assert typical(server, []) < 1
    assert seconds_for_a_page(server) < 30


def test_h09_a_client_that_never_ends_its_headers_is_cut_off(server: RunningServer) -> None:
    with ExitStack() as stack:
        (slow,) = connect(server, stack, 1, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        slow.sendall(b"X-Long: " + b"a" * 400_000)
        assert slow.recv(12)[9:] == b"431"
    assert seconds_for_a_page(server) < 30
