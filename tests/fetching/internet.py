"""A small internet for tests: names, public hosts that are really servers on loopback, and an inner host.

The guard sees true public and private IP addresses; only the last step, the connection, is led to loopback. Whatever
address is no public host here belongs to the inner host, which counts its connections and must have none.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from ipaddress import ip_address
from queue import SimpleQueue
from typing import Any

import pytest

from annotator.addresses import Ip
from annotator.fetching import Fetched, FetchRefused, Limits, connect, fetch

Answer = bytes | Callable[[bytes], Iterable[bytes]]

LOOPBACK = ip_address("127.0.0.1")
PUBLIC = "93.184.215.14"
OTHER = "2606:2800:21f:cb07:6820:80da:af6b:8b2c"
SHORT = Limits(seconds=0.6)
PATIENT = Limits(seconds=15)


def page(
    body: bytes = b"<p>Words.</p>", *more: str, status: str = "200 OK", kind: str = "text/html"
) -> bytes:
    """Give a whole answer with the length of its body; `more` are further header lines."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *more]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def bare(body: bytes, *headers: str) -> bytes:
    """Give an answer that says of its length only what `headers` say."""
    return "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: text/html", *headers, "", ""]).encode() + body


def onward(to: str, status: str = "302 Found") -> bytes:
    """Give an answer that sends on to another address."""
    return page(b"", f"Location: {to}", status=status)


def asked_path(request: bytes) -> str:
    return request.split(b" ")[1].decode()


def rounds(hops: int) -> Callable[[bytes], Iterable[bytes]]:
    """Give a host that sends on `hops` times and then gives a page."""

    def answer(request: bytes) -> Iterable[bytes]:
        hop = int(asked_path(request)[1:])
        return [onward(f"/{hop + 1}") if hop < hops else page()]

    return answer


class Host:
    """A real server on loopback; it counts connections and keeps the requests it got."""

    def __init__(self, answer: Answer = b"", context: ssl.SSLContext | None = None) -> None:
        self.answer = answer
        self.context = context
        self.asked: list[bytes] = []
        self._came: SimpleQueue[Any] = SimpleQueue()
        self._count = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def reached(self) -> int:
        """Give how many connections came: a last one of our own is waited for, as they come in order."""
        with connect(LOOPBACK, self.port, 10) as own:
            mine = own.getsockname()
            while self._came.get(timeout=10) != mine:
                self._count += 1
        return self._count

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                came, peer = self._listener.accept()
                self._came.put(peer)
                threading.Thread(target=self._serve, args=(came,), daemon=True).start()

    def _serve(self, came: socket.socket) -> None:
        with came, suppress(OSError):
            if self.context is None:
                self._talk(came)
                return
            with self.context.wrap_socket(came, server_side=True) as secured:
                self._talk(secured)

    def _talk(self, came: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            piece = came.recv(65_536)
            if not piece:
                return
            request += piece
        self.asked.append(request)
        for piece in [self.answer] if isinstance(self.answer, bytes) else self.answer(request):
            came.sendall(piece)


class Internet:
    """Names and hosts, and fetching among them."""

    def __init__(self) -> None:
        self.inner = Host(page(b"Inner words."))
        self.hosts: dict[str, Host] = {}
        self.names: dict[str, list[list[str]]] = {}
        self.resolved: list[tuple[str, int]] = []
        self.contacted: list[tuple[str, int]] = []

    def add(
        self, answer: Answer, name: str = "news.test", ip: str = PUBLIC, context: ssl.SSLContext | None = None
    ) -> Host:
        """Put a host at a public IP address and give it a name."""
        self.names[name] = [[ip]]
        self.hosts[ip] = Host(answer, context)
        return self.hosts[ip]

    def resolver(self, host: str, port: int) -> list[str]:
        """Give the IP addresses of a name; one with several answers gives the next one each time."""
        self.resolved.append((host, port))
        turns = self.names.get(host)
        if turns is None:
            raise socket.gaierror
        return turns.pop(0) if len(turns) > 1 else turns[0]

    def connector(self, ip: Ip, port: int, seconds: float) -> socket.socket:
        self.contacted.append((str(ip), port))
        return connect(LOOPBACK, self.hosts.get(str(ip), self.inner).port, seconds)

    def fetch(self, address: str, limits: Limits = PATIENT, **more: Any) -> Fetched:
        return fetch(
            address, limits=limits, **{"resolver": self.resolver, "connector": self.connector, **more}
        )

    def refusal(self, address: str, limits: Limits = PATIENT, **more: Any) -> FetchRefused:
        """Give the refusal that fetching raises."""
        with pytest.raises(FetchRefused) as caught:
            self.fetch(address, limits, **more)
        return caught.value

    def close(self) -> None:
        for host in (self.inner, *self.hosts.values()):
            host.close()
