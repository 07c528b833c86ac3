"""Servers that drip, flood, break off or lie about the length end in time and size."""

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from fetching.internet import (
    PUBLIC,
    SHORT,
    Internet,
    bare,
    page,
    rounds,
)

from annotator.fetching import Limits

SMALL = Limits(seconds=15, bytes=1000)
GARBAGE = [
    b"", b"\n", b"\x00\xff" * 50, b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 abc OK\r\n\r\n",
    b"HTTP/1.1 99 Low\r\n\r\n", b"HTTP/2.0 200 OK\r\n\r\n", b"<p>no head</p>", b"HTTP/1.1 200 OK" + b"x" * 70_000,
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", b"HTTP/1.1 200 OK\r\nContent-Type: text/html",
    b"HTTP/1.1 302 Found\r\nLocation: /ne",
    b"HTTP/1.1 200 OK\r\nA: " + b"x" * 70_000, b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 101 + b"\r\n",
]  # fmt: skip
CHUNKED = "Transfer-Encoding: chunked"


def chunks(*parts: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + end


def drip(first: bytes, piece: bytes = b"x", pause: float = 0.05) -> Callable[[bytes], Iterable[bytes]]:
    """Give a host that sends `first` at once and `piece` again and again, for ten seconds."""

    def answer(_: bytes) -> Iterator[bytes]:
        yield first
        for _turn in range(int(10 / pause)):
            time.sleep(pause)
            yield piece

    return answer


def flood(first: bytes, piece: bytes, times: int) -> Callable[[bytes], Iterable[bytes]]:
    return lambda _: [first, *[piece] * times]


SLOW = {
    "silence": lambda _: drip(b"")(b""),
    "status-line": drip(b"HTTP/1.1 2"),
    "header-letters": drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nA: "),
    "header-lines": drip(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n", 0.11),
    "hundred-continue": drip(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body-with-length": drip(page(b"")[:-5].replace(b"th: ", b"th: 500")),
    "body-to-the-end": drip(bare(b"")),
    "one-byte-and-no-more": drip(bare(b"x"), b"x", 1.0),
    "chunk-frame": drip(bare(b"", CHUNKED)),
    "chunks": drip(bare(b"", CHUNKED), b"1\r\nx\r\n"),
    "trailers": drip(bare(chunks(b"x", end=b"0\r\n"), CHUNKED), b"A: b\r\n"),
}


@pytest.mark.parametrize("answer", SLOW.values(), ids=SLOW)
def test_slow_server_is_left_when_the_time_is_over(internet: Internet, answer: Any) -> None:
    internet.add(answer)
    start = time.monotonic()
    refusal = internet.refusal("http://news.test/", SHORT)
    assert SHORT.seconds <= time.monotonic() - start < SHORT.seconds + 2
    assert (refusal.reason, "longer than 0.6 seconds" in str(refusal)) == ("time", True)


def test_time_is_one_for_all_redirects(internet: Internet) -> None:
    def slowly(request: bytes) -> Iterator[bytes]:
        time.sleep(0.25)
        yield from rounds(5)(request)

    host = internet.add(slowly)
    assert internet.refusal("http://news.test/0", SHORT).reason == "time"
    assert host.reached() == 3


def test_reader_that_stalls_is_left_too(internet: Internet) -> None:
    ours, theirs = socket.socketpair()
    internet.names["news.test"] = [[PUBLIC]]
    with ours, theirs:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
        ours.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                ours.send(b"x" * 65_536)
        refusal = internet.refusal("http://news.test/", SHORT, connector=lambda *_: ours)
    assert refusal.reason == "time"


@pytest.mark.parametrize("answer", GARBAGE, ids=range(len(GARBAGE)))
def test_what_is_no_answer_of_the_web_is_a_broken_connection(internet: Internet, answer: bytes) -> None:
    internet.add(answer)
    refusal = internet.refusal("http://news.test/")
    assert (refusal.reason, str(refusal)[:20]) == ("network", "The connection broke")


@pytest.mark.parametrize("body", [b"x" * 1000, b"", b"x"], ids=["limit", "empty", "one"])
@pytest.mark.parametrize("form", ["length", "end", "chunks"])
def test_page_up_to_the_limit_comes_in_whole(internet: Internet, form: str, body: bytes) -> None:
    parts = [body[start : start + 7] for start in range(0, len(body), 7)]
    internet.add({"length": page(body), "end": bare(body), "chunks": bare(chunks(*parts), CHUNKED)}[form])
    assert internet.fetch("http://news.test/", SMALL).body == body


@pytest.mark.parametrize("form", ["length", "end", "chunks"])
def test_page_one_byte_over_the_limit_is_refused(internet: Internet, form: str) -> None:
    body = b"x" * 1001
    internet.add({"length": page(body), "end": bare(body), "chunks": bare(chunks(body), CHUNKED)}[form])
    refusal = internet.refusal("http://news.test/", SMALL)
    assert (refusal.reason, "larger than 0.001 MB" in str(refusal)) == ("size", True)


def test_page_of_forty_megabytes_is_refused_before_it_is_read(internet: Internet) -> None:
    internet.add(drip(page(b"").replace(b"Length: 0", b"Length: 40000000")))
    start = time.monotonic()
    assert internet.refusal("http://news.test/").reason == "size"
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "first",
    [bare(b""), bare(b"2625a00\r\n", CHUNKED), bare(b"-1\r\n", CHUNKED)],
    ids=["end", "chunk", "minus"],
)
def test_page_without_end_is_refused_at_ten_megabytes(internet: Internet, first: bytes) -> None:
    sent: list[bytes] = []
    internet.add(lambda _: (sent.append(piece) or piece for piece in [first, *[b"x" * 100_000] * 400]))
    refusal = internet.refusal("http://news.test/", Limits(seconds=60))
    assert (refusal.reason, "larger than 10 MB" in str(refusal)) == ("size", True)
    assert len(sent) < 300


def test_flood_of_continues_is_refused_by_its_size(internet: Internet) -> None:
    internet.add(flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, 1000))
    assert internet.refusal("http://news.test/", SMALL).reason == "size"


def test_chunks_may_weigh_as_much_as_the_page_itself(internet: Internet) -> None:
    internet.add(bare(chunks(*[b"x" * 6] * 100_000), CHUNKED))
    assert len(internet.fetch("http://news.test/", Limits(seconds=60, bytes=600_000)).body) == 600_000
    internet.hosts[PUBLIC].answer = bare(chunks(*[b"x"] * 100_000), CHUNKED)
    assert internet.refusal("http://news.test/", Limits(seconds=60, bytes=100_000)).reason == "size"


@pytest.mark.parametrize(
    "answer",
    [
        page(b"x" * 9)[:-1],
        bare(chunks(b"abc", end=b""), CHUNKED),
        bare(b"5\r\nab", CHUNKED),
        bare(b"zz\r\n", CHUNKED),
    ],
)
def test_page_that_breaks_off_is_not_kept(internet: Internet, answer: bytes) -> None:
    internet.add(answer)
    refusal = internet.refusal("http://news.test/")
    assert (refusal.reason, str(refusal)[:20]) == ("network", "The connection broke")
