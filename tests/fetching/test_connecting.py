"""Resolving, connecting, the time they share, and how many fetches run at once."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fetching.internet import (
    LOOPBACK,
    OTHER,
    PUBLIC,
    SHORT,
    Host,
    Internet,
    page,
)

from annotator.fetching import Limits, connect


def test_slow_resolver_counts_and_reads_like_a_silent_host(internet: Internet) -> None:
    asked = threading.Event()
    start = time.monotonic()
    refusal = internet.refusal("http://news.test/", SHORT, resolver=lambda *_: [str(asked.wait(5))])
    assert SHORT.seconds <= time.monotonic() - start < SHORT.seconds + 2
    assert (refusal.reason, str(refusal)[:38]) == ("network", "No page can be reached at this address")
    asked.set()


def test_fifth_fetch_at_once_is_told_to_wait(internet: Internet) -> None:
    enter, leave = threading.Semaphore(0), threading.Event()

    def held(_: bytes) -> Iterator[bytes]:
        enter.release()
        leave.wait(10)
        yield page()

    internet.add(held)
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(internet.fetch, "http://news.test/") for _ in range(4)]
        assert [enter.acquire(timeout=10) for _ in range(4)] == [True] * 4
        assert internet.refusal("http://news.test/").reason == "busy"
        leave.set()
        assert [one.result().status for one in running] == [200] * 4


def test_refused_fetches_leave_room_for_others(internet: Internet) -> None:
    internet.add(page())
    assert {internet.refusal("http://10.0.0.5/").reason for _ in range(9)} == {"network"}
    assert internet.fetch("http://news.test/").status == 200


def test_next_address_of_a_host_is_tried_when_the_first_is_closed(internet: Internet) -> None:
    internet.add(page(), "six.test", OTHER).close()
    internet.add(page())
    internet.names["both.test"] = [[OTHER, PUBLIC]]
    assert internet.fetch("https://both.test:80/".replace("https", "http")).status == 200
    assert internet.contacted == [(OTHER, 80), (PUBLIC, 80)]


def test_addresses_of_a_host_share_the_time(internet: Internet) -> None:
    given: list[float] = []

    def silent(ip: object, port: int, seconds: float) -> socket.socket:
        given.append(seconds)
        raise TimeoutError

    internet.names["news.test"] = [[PUBLIC, OTHER, PUBLIC, OTHER]]
    assert internet.refusal("http://news.test/", Limits(seconds=12), connector=silent).reason == "network"
    assert [round(seconds) for seconds in given] == [3, 4, 6, 12]


def test_nothing_is_contacted_once_the_time_is_over(internet: Internet) -> None:
    internet.add(page())
    internet.names["news.test"] = [[PUBLIC] * 3]
    refusal = internet.refusal("http://news.test/", Limits(seconds=0))
    assert (refusal.reason, internet.contacted) == ("network", [])


def test_connection_that_comes_too_late_is_shut_at_once(internet: Internet) -> None:
    leave = threading.Event()
    internet.add(lambda _: [page()[: leave.wait(8)]])

    def late(ip: Any, port: int, seconds: float) -> socket.socket:
        time.sleep(SHORT.seconds + 0.3)
        return internet.connector(ip, port, 5)

    start = time.monotonic()
    assert internet.refusal("http://news.test/", SHORT, connector=late).reason == "time"
    assert time.monotonic() - start < 5
    leave.set()


def test_connecting_to_a_closed_port_fails() -> None:
    host = Host()
    host.close()
    with pytest.raises(ConnectionRefusedError):
        connect(LOOPBACK, host.port, 5)


def test_connecting_to_a_silent_port_ends_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        with pytest.raises(TimeoutError):
            connect(LOOPBACK, full.getsockname()[1], 0.3)
        for one in waiting:
            one.close()


def test_connection_leads_to_the_address_it_was_asked_for() -> None:
    host = Host()
    with connect(LOOPBACK, host.port, 5) as made:
        assert (made.getpeername(), made.gettimeout()) == (("127.0.0.1", host.port), 5)
    host.close()


def test_threads_of_a_fetch_hold_up_nothing_and_end_with_it(internet: Internet) -> None:
    def alive() -> list[threading.Thread]:
        return [one for one in threading.enumerate() if isinstance(one, threading.Timer)]

    seen: list[bool] = []

    def resolver(host: str, port: int) -> list[str]:
        seen.extend(one.daemon for one in [threading.current_thread(), *alive()])
        return [PUBLIC]

    internet.add(page())
    internet.fetch("http://news.test/", resolver=resolver)
    assert (len(seen) >= 2, set(seen)) == (True, {True})
    for timer in alive():
        timer.join(10)
    assert alive() == []


def test_unknown_name_is_refused_at_once(internet: Internet) -> None:
    start = time.monotonic()
    assert internet.refusal("http://unknown.test/").reason == "network"
    assert time.monotonic() - start < 5
