"""Which IP addresses are public, to the last one of each network, and which addresses are read at all."""

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.addresses import MAX_LENGTH, AddressRefused, is_public, read_address

CLOSED = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15
    198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
    ::/96 ::ffff:0:0/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23
    2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 4000::/3 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8
""".split()
# On one side or the other of these networks the next IP address is public; elsewhere a closed one follows.
BEFORE = """
    10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
    192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24
    203.0.113.0/24 224.0.0.0/4 2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20
""".split()
AFTER = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15
    198.51.100.0/24 203.0.113.0/24 2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20
""".split()
READ = [
    ("http://News.Test", "http://news.test/", "news.test", 80, "/"),
    ("https://news.test/a?b=c#d", "https://news.test/a?b=c", "news.test", 443, "/a?b=c"),
    ("HTTP://news.test:8080/", "http://news.test:8080/", "news.test", 8080, "/"),
    ("https://news.test:8443/", "https://news.test:8443/", "news.test", 8443, "/"),
    ("http://news.test:443/", "http://news.test:443/", "news.test", 443, "/"),
    ("https://news.test:80/", "https://news.test:80/", "news.test", 80, "/"),
    ("http://bücher.test/ä", "http://xn--bcher-kva.test/%C3%A4", "xn--bcher-kva.test", 80, "/%C3%A4"),
    ("http://news.test./", "http://news.test./", "news.test.", 80, "/"),
    ("http://a_b.test/@c", "http://a_b.test/@c", "a_b.test", 80, "/@c"),
    ("http://news.test?a@b", "http://news.test/?a@b", "news.test", 80, "/?a@b"),
    ("http://1.1.1.1/", "http://1.1.1.1/", "1.1.1.1", 80, "/"),
    ("http://[2606:4700::1]:8080/", "http://[2606:4700::1]:8080/", "2606:4700::1", 8080, "/"),
]
WORDS = {
    "length": "The address is longer than 2,048 characters. Leave out what follows the question mark.",
    "hidden": "The address holds a space, a backslash or a hidden character. Take it out.",
    "user": "The address holds a user name. Take out what stands before the @.",
    "whole": "Give the whole address, beginning with http:// or https://.",
    "web": "This is not an address of the web. Copy it from your browser.",
    "ports": "Only the ports 80, 443, 8080 and 8443 are fetched.",
    "host": "The address names no host that can exist. Copy it from your browser.",
    "scheme": "Only addresses that begin with http:// or https:// are fetched.",
}
UNREAD = [
    ("", "whole"), ("news.test", "whole"), ("//news.test", "whole"), ("http:news.test", "whole"),
    ("http:/news.test", "whole"), ("http:///news.test", "whole"), ("ftp://news.test/", "whole"),
    ("xhttp://news.test/", "whole"), ("https://", "whole"), ("http://news.test:65536/", "web"),
    ("http://1.2.3.4.5/", "web"), ("http://256.1.1.1/", "web"), ("http://%", "web"),
    ("http://a<b.test/", "web"), ("http://[::1", "web"), ("http://[fe80::1%25lo]/", "web"),
    ("http://a..test/", "host"), ("http://.test/", "host"), ("http://a!b.test/", "host"), ("http://a.test../", "host"),
    ("http://news.test:81/", "ports"), ("http://news.test:0/", "ports"), ("http://news.test:79/", "ports"),
    ("http://news.test:444/", "ports"), ("http://news.test:442/", "ports"), ("http://news.test:8079/", "ports"),
    ("http://news.test:8081/", "ports"), ("http://news.test:8442/", "ports"), ("http://news.test:8444/", "ports"),
    ("https://news.test:65535/", "ports"),
    ("http://ann@news.test/", "user"), ("http://ann:pw@news.test/", "user"), ("http://@news.test/", "user"),
    ("http://:@news.test/", "user"), ("http://a@b@news.test/", "user"),
]  # fmt: skip
HIDDEN = [
    "\x00",
    "\x1f",
    " ",
    "\x7f",
    "\x80",
    "\xa0",
    "\u2028",
    "\u2029",
    "\ud800",
    "\udfff",
    "\\",
    "%00",
    "\t",
    "\r\n",
]
ALLOWED_NEIGHBOURS = ["!", "~", "\xa1", "\u2027", "\u202a", "%01", "\ue000"]


def refusal(text: str, base: str | None = None) -> str:
    with pytest.raises(AddressRefused) as caught:
        read_address(text, read_address(base) if base else None)
    return str(caught.value)


def networks(names: list[str]) -> list[Any]:
    return [ip_network(name) for name in names]


@pytest.mark.parametrize("network", networks(CLOSED), ids=str)
def test_no_address_of_a_closed_network_is_public(network: Any) -> None:
    middle = network[network.num_addresses // 2]
    assert [is_public(ip) for ip in (network[0], middle, network[-1])] == [False] * 3


@pytest.mark.parametrize("network", networks(BEFORE), ids=str)
def test_the_address_before_a_closed_network_is_public(network: Any) -> None:
    assert is_public(network[0] - 1)


@pytest.mark.parametrize("network", networks(AFTER), ids=str)
def test_the_address_after_a_closed_network_is_public(network: Any) -> None:
    assert is_public(network[-1] + 1)


@pytest.mark.parametrize("ip", ["1.0.0.0", "8.8.8.8", "223.255.255.255", "2000::", "2a00:1450::1", "3ffe::1"])
def test_addresses_of_the_internet_are_public(ip: str) -> None:
    assert is_public(ip_address(ip))


@pytest.mark.parametrize("ip", ["1fff:ffff::", "4000::", "2a00:1450::1%lo"])
def test_addresses_outside_the_public_block_are_not_public(ip: str) -> None:
    assert not is_public(ip_address(ip))


@given(st.ip_addresses())
def test_nothing_is_public_that_the_standard_library_calls_special(ip: Any) -> None:
    assert not is_public(ip) or (ip.is_global and not ip.is_multicast)


@pytest.mark.parametrize(("text", "href", "host", "port", "target"), READ)
def test_address_is_read_as_browsers_read_it(text: str, href: str, host: str, port: int, target: str) -> None:
    read = read_address(text)
    assert (read.href, read.host, read.port, read.target) == (href, host, port, target)


def test_scheme_and_authority_are_told_apart() -> None:
    read = [read_address(text) for text in ("https://[2606:4700::1]:8443/", "http://news.test./")]
    assert [(one.scheme, one.authority) for one in read] == [
        ("https", "[2606:4700::1]:8443"), ("http", "news.test."),
    ]  # fmt: skip
    assert [str(one.ip) for one in read] == ["2606:4700::1", "None"]


def test_certificates_name_hosts_without_the_last_dot() -> None:
    assert [read_address(f"http://news.test{dot}").name for dot in ("", ".")] == ["news.test"] * 2


@pytest.mark.parametrize(("text", "why"), UNREAD)
def test_what_is_no_address_of_the_web_is_refused_with_the_reason(text: str, why: str) -> None:
    assert refusal(text) == WORDS[why]


@pytest.mark.parametrize("place", ["{}http://news.test/", "http://news{}.test/", "http://news.test/{}"])
@pytest.mark.parametrize("hidden", HIDDEN, ids=ascii)
def test_hidden_characters_are_refused_wherever_they_stand(hidden: str, place: str) -> None:
    assert refusal(place.format(hidden)) == WORDS["hidden"]


@pytest.mark.parametrize("seen", ALLOWED_NEIGHBOURS, ids=ascii)
def test_other_characters_may_stand_in_a_path(seen: str) -> None:
    assert read_address(f"http://news.test/{seen}").host == "news.test"


def test_an_address_may_have_exactly_2048_characters() -> None:
    longest = "http://news.test/".ljust(MAX_LENGTH, "a")
    assert len(read_address(longest).href) == 2048
    assert refusal(longest + "a") == WORDS["length"]


def test_a_label_has_63_characters_and_a_name_253_and_a_dot() -> None:
    longest = f"{'.'.join(['a' * 63] * 3)}.{'b' * 61}"
    assert [read_address(f"http://{name}/").name for name in (longest, longest + ".")] == [longest] * 2
    for name in (longest + "b", longest + "b.", "a" * 64):
        assert refusal(f"http://{name}/") == WORDS["host"]


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("/b", "https://news.test/b"),
        ("c?d#e", "https://news.test/a/c?d"),
        ("//other.test/x", "https://other.test/x"),
        ("HTTP://other.test", "http://other.test/"),
        ("?@", "https://news.test/a/b?@"),
    ],
)
def test_address_is_read_relative_to_another(text: str, href: str) -> None:
    assert read_address(text, read_address("https://news.test/a/b")).href == href


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("//ann@other.test/", "user"), ("ftp://other.test/", "scheme"),
        ("javascript:alert(1)", "scheme"), ("//other.test:22/", "ports"), ("\\\\other.test", "hidden"),
        ("http:ann@other.test", "user"), ("http::pw@other.test", "user"),
    ],
)  # fmt: skip
def test_relative_address_is_refused_like_a_whole_one(text: str, why: str) -> None:
    assert refusal(text, "https://news.test/a/b") == WORDS[why]
