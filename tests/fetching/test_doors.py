"""The two places where the guard meets the machine's network: names looked up, and a socket connected."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest

from annotator.fetching import FetchRefused, connect, fetch, resolve


def test_a_name_is_looked_up_as_bytes_for_this_port_and_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def lookup(*given: Any, **more: Any) -> list[Any]:
        asked.append((given, more))
        return [(0, 0, 0, "", ("192.0.2.1", 443)), (0, 0, 0, "", ("2001:db8::1", 443, 0, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    assert resolve("news.test", 443) == ["192.0.2.1", "2001:db8::1"]
    assert asked == [((b"news.test", 443), {"type": socket.SOCK_STREAM})]


def test_this_machine_knows_itself() -> None:
    assert set(resolve("localhost", 80)) <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_socket_is_connected_to_this_address_and_waits_no_longer_than_told(
    family: socket.AddressFamily, address: str
) -> None:
    with socket.socket(family) as listener:
        listener.bind((address, 0))
        listener.listen(1)
        with connect(ip_address(address), listener.getsockname()[1], 2.5) as made:
            assert (made.gettimeout(), made.type) == (2.5, socket.SOCK_STREAM)
            assert made.getpeername()[:2] == (address, listener.getsockname()[1])


def test_a_closed_port_leaves_no_socket_behind() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectionRefusedError):
            connect(ip_address("127.0.0.1"), taken.getsockname()[1], 2.5)


def test_an_address_that_is_none_is_refused_in_the_words_of_the_address() -> None:
    with pytest.raises(FetchRefused) as refused:
        fetch("ftp://files.example.org/a")
    assert (refused.value.reason, refused.value.inner) == ("address", False)
    assert str(refused.value) == "Give the whole address, beginning with http:// or https://."


def test_a_name_that_leads_inside_is_told_apart_for_the_journal() -> None:
    found: dict[str, list[str]] = {"inner.test": ["10.0.0.5"], "nowhere.test": []}
    told = {}
    for name in found:
        with pytest.raises(FetchRefused) as refused:
            fetch(f"http://{name}/", resolver=lambda host, _: found[host])
        told[name] = (refused.value.reason, refused.value.inner)
    assert told == {"inner.test": ("network", True), "nowhere.test": ("network", False)}
