"""The one way out: fetch a page of the public web, whatever its address, its redirects and its server try.

A name is resolved once; if any of its IP addresses is not public, nothing is contacted, and what is contacted is one of
those that were looked at. Every redirect starts from the beginning. A timer shuts the socket when the time is
over, since a server that drips a byte at a time outlives every check between two reads (docs/adr/0015).
"""

import functools
import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Self, cast

from annotator.addresses import AddressRefused, Ip, WebAddress, is_public, read_address
from annotator.columns import now
from annotator.fetched import (
    BROKEN,
    DOWNGRADE,
    FAR,
    Fetched,
    FetchRefused,
    Headers,
    Limits,
    check_head,
    content_type,
    kept_headers,
    refused,
    request_of,
)

__all__ = ["DEFAULT", "FetchRefused", "Fetched", "Limits", "connect", "fetch", "resolve", "trusted"]

Resolver = Callable[[str, int], list[str]]
Connector = Callable[[Ip, int, float], socket.socket]

DEFAULT = Limits()
AT_ONCE = 4
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_slots = threading.BoundedSemaphore(AT_ONCE)


def resolve(host: str, port: int) -> list[str]:
    """Give the IP addresses of a name as this machine knows them; OSError when there are none."""
    # as bytes: for text Python applies an older reading of international names
    found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def connect(ip: Ip, port: int, seconds: float) -> socket.socket:
    """Give a socket connected to this very IP address; OSError when it cannot be had within `seconds`."""
    made = socket.socket(socket.AF_INET if ip.version == 4 else socket.AF_INET6, socket.SOCK_STREAM)
    try:
        made.settimeout(seconds)
        made.connect((str(ip), port))
    except OSError:
        made.close()
        raise
    return made


@functools.cache
def trusted() -> ssl.SSLContext:
    """Give the rules of TLS: the system's authorities, name and dates checked, TLS 1.2 or newer."""
    return ssl.create_default_context()


def fetch(
    address: str,
    *,
    limits: Limits = DEFAULT,
    resolver: Resolver = resolve,
    allow: Callable[[Ip], bool] = is_public,
    connector: Connector = connect,
    trust: Callable[[], ssl.SSLContext] = trusted,
) -> Fetched:
    """Give the page at an address, or raise FetchRefused; four run at a time, further ones are refused as busy."""
    if not _slots.acquire(blocking=False):
        raise refused("busy", limits)
    try:
        with _Clock(limits.seconds) as clock:
            return _Journey(limits, clock, resolver, allow, connector, trust).go(address)
    finally:
        _slots.release()


class _Clock:
    """The time of one fetch. When it is over, the socket in use is shut, and whoever waits for it wakes up."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._used: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def left(self) -> float:
        """Give the seconds that are left, more than 0; TimeoutError when there are none."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    def watch(self, used: socket.socket) -> None:
        """Shut this socket when the time is over, at once if it is."""
        with self._lock:
            self._used = used
            if self.over:
                self._shut()

    def _cut(self) -> None:
        with self._lock:
            self.over = True
            self._shut()

    def _shut(self) -> None:
        # the plain method: that of TLS sockets first takes away what another thread is reading from
        if self._used is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._used, socket.SHUT_RDWR)


class _Overflow(OSError):
    """More bytes than any page within the limit needs; no ValueError, as http.client takes those for bad chunks."""


class _Metered(io.RawIOBase):
    """The bytes of a socket, for http.client: whatever it asks for, `most` are read in all."""

    def __init__(self, used: socket.socket, most: int) -> None:
        super().__init__()
        self.ended = False
        self._used = used
        self._left = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader gives
        count = self._used.recv_into(buffer)
        self.ended = count == 0
        self._left -= count
        if self._left < 0:
            raise _Overflow
        return count

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)


@dataclass(frozen=True)
class _Journey:
    """One fetch, from the address asked for to the page it ends at."""

    limits: Limits
    clock: _Clock
    resolver: Resolver
    allow: Callable[[Ip], bool]
    connector: Connector
    trust: Callable[[], ssl.SSLContext]

    def go(self, asked: str) -> Fetched:
        here, passed = _read(asked), list[str]()
        while True:
            with ExitStack() as opened, self._explained():
                response = self._answer(here, opened)
                headers = kept_headers(response.getheaders())
                onward = _onward(response, here)
                if onward is None:
                    check_head(response.status, headers, self.limits)
                    return self._page(response, headers, asked, here, passed)
            if len(passed) == self.limits.redirects:
                raise FetchRefused("address", FAR)
            passed.append(onward.href)
            here = onward

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn whatever goes wrong on the way into a refusal."""
        try:
            yield
        except FetchRefused:
            raise
        except (OSError, HTTPException, ValueError) as error:
            raise self._why(error) from error

    def _why(self, error: Exception) -> FetchRefused:
        if self.clock.over:
            return refused("time", self.limits)
        if isinstance(error, _Overflow):
            return refused("size", self.limits)
        if isinstance(error, ssl.SSLError):
            return refused("tls", self.limits)
        return FetchRefused("network", BROKEN)

    def _answer(self, here: WebAddress, opened: ExitStack) -> HTTPResponse:
        """Give what `here` answers, its head read; its body can be read until `opened` is left."""
        used = opened.enter_context(closing(self._connected(here)))
        if here.scheme == "https":
            used = self._secured(used, here, opened)
        used.sendall(request_of(here.target, here.authority))
        # twice the page: the head, and the frames of chunks
        metered = _Metered(used, 2 * self.limits.bytes + 65_536)
        response = HTTPResponse(cast(socket.socket, metered))
        opened.enter_context(closing(response)).begin()
        # http.client takes the end of the connection for the end of the head
        if metered.ended:
            raise HTTPException
        return response

    def _connected(self, here: WebAddress) -> socket.socket:
        vetted = self._vetted(here)
        for tried, ip in enumerate(vetted):
            with suppress(OSError):
                used = self.connector(ip, here.port, self.clock.left() / (len(vetted) - tried))
                # from here on the clock alone ends waiting
                used.settimeout(None)
                self.clock.watch(used)
                return used
        raise refused("network", self.limits)

    def _vetted(self, here: WebAddress) -> list[Ip]:
        """Give the IP addresses of the host: all of them allowed, or none is contacted."""
        found = self._resolved(here) if here.ip is None else [here.ip]
        if not found or not all(self.allow(ip) for ip in found):
            raise refused("network", self.limits, inner=bool(found))
        return found

    def _resolved(self, here: WebAddress) -> list[Ip]:
        answer: Future[list[str]] = Future()
        # a thread of its own, since asking the system for a name cannot be broken off
        threading.Thread(target=_settle, args=(answer, self.resolver, here), daemon=True).start()
        try:
            return [ipaddress.ip_address(ip) for ip in answer.result(self.clock.left())]
        except (OSError, ValueError) as error:
            raise refused("network", self.limits) from error

    def _secured(self, used: socket.socket, here: WebAddress, opened: ExitStack) -> socket.socket:
        tls = self.trust().wrap_socket(used, server_hostname=here.name, do_handshake_on_connect=False)
        opened.enter_context(closing(tls))
        self.clock.watch(tls)
        tls.do_handshake()
        return tls

    def _page(
        self, response: HTTPResponse, headers: Headers, asked: str, here: WebAddress, passed: list[str]
    ) -> Fetched:
        media_type, charset = content_type(headers)
        return Fetched(
            url=asked,
            final_url=here.href,
            redirects=tuple(passed),
            status=response.status,
            headers=headers,
            media_type=media_type,
            charset=charset,
            body=self._body(response),
            at=now(),
        )

    def _body(self, response: HTTPResponse) -> bytes:
        body = bytearray()
        too_large = (response.length or 0) > self.limits.bytes
        while not too_large and (piece := response.read(65_536)):
            body += piece
            too_large = len(body) > self.limits.bytes
        if too_large:
            raise refused("size", self.limits)
        # what the clock has shut looks like an end, too
        if self.clock.over or response.length:
            raise HTTPException
        return bytes(body)


def _settle(answer: Future[list[str]], resolver: Resolver, here: WebAddress) -> None:
    try:
        answer.set_result(resolver(here.host, here.port))
    except (OSError, ValueError) as error:
        answer.set_exception(error)


def _read(text: str, base: WebAddress | None = None) -> WebAddress:
    try:
        return read_address(text, base)
    except AddressRefused as error:
        raise FetchRefused("address", str(error)) from error


def _onward(response: HTTPResponse, here: WebAddress) -> WebAddress | None:
    """Give the address that an answer sends on to; None when it is a page, or nothing."""
    location = response.headers.get("location")
    if response.status not in REDIRECTS or not location:
        return None
    # sent as bytes: UTF-8 where it is that (browsers do the same)
    onward = _read(location.encode("latin-1").decode("utf-8", "replace").strip().replace(" ", "%20"), here)
    if (here.scheme, onward.scheme) == ("https", "http"):
        raise FetchRefused("address", DOWNGRADE)
    return onward
