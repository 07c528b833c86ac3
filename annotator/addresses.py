"""Which web addresses may be fetched, and which IP addresses are public. Pure: nothing here asks the network.

An address is read once, by the rules of browsers (WHATWG URL Standard); what is asked, shown and compared afterwards
is the outcome of that one reading, never the text again.
"""

import ipaddress
import re
from dataclasses import dataclass

from ada_url import URL, HostType

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_LENGTH = 2048
PORTS = {"http:": 80, "https:": 443}
ALLOWED_PORTS = frozenset({80, 443, 8080, 8443})
# Controls and spaces are dropped by browsers, so that two readers of one text may see two addresses.
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff\\]|%00")
_WEB = re.compile(r"https?://[^/]", re.IGNORECASE)
_AUTHORITY = re.compile(r"(?:[A-Za-z]+:)?//([^/?#]*)")
_NAME = re.compile(r"(?=.{1,253}\.?\Z)(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?")

# IANA special-purpose registries (RFC 6890 and later), and what clouds use within public ranges.
_CLOSED_V4 = [
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's host
        "169.254.0.0/16",  # link-local, metadata of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocols, Oracle's metadata
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # multicast tunnels
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # measuring
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
]
# The one block that holds public addresses; mapped, NAT64, local, site-local and multicast ones lie outside.
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = [
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocols, Teredo, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
]


class AddressRefused(ValueError):
    """An address that is not fetched whatever stands behind it; `str()` says why and what to do."""


@dataclass(frozen=True)
class WebAddress:
    """An address as read: `href` without the fragment, `host` without brackets, `ip` where the host is one."""

    href: str
    scheme: str
    host: str
    port: int
    authority: str
    target: str
    ip: Ip | None

    @property
    def name(self) -> str:
        """The host as a certificate names it: without the dot that may end a name."""
        return self.host.removesuffix(".")


def is_public(ip: Ip) -> bool:
    """Tell whether anybody on the internet may be meant by this IP address (docs/adr/0015)."""
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _CLOSED_V4)
    return ip.scope_id is None and ip in _OPEN_V6 and not any(ip in network for network in _CLOSED_V6)


def read_address(text: str, base: WebAddress | None = None) -> WebAddress:
    """Read an address, relative to `base` where one is given; AddressRefused when it is none we fetch."""
    _check_text(text)
    if base is None and not _WEB.match(text):
        raise AddressRefused("Give the whole address, beginning with http:// or https://.")
    try:
        url = URL(text) if base is None else URL(text, base=base.href)
    except ValueError as error:
        raise AddressRefused("This is not an address of the web. Copy it from your browser.") from error
    return _checked(url)


def _check_text(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise AddressRefused(
            "The address is longer than 2,048 characters. Leave out what follows the question mark."
        )
    if _UNSAFE.search(text):
        raise AddressRefused("The address holds a space, a backslash or a hidden character. Take it out.")
    authority = _AUTHORITY.match(text)
    if authority and "@" in authority[1]:
        raise AddressRefused("The address holds a user name. Take out what stands before the @.")


def _checked(url: URL) -> WebAddress:
    if url.protocol not in PORTS:
        raise AddressRefused("Only addresses that begin with http:// or https:// are fetched.")
    if url.username or url.password:
        raise AddressRefused("The address holds a user name. Take out what stands before the @.")
    port = int(url.port) if url.port else PORTS[url.protocol]
    if port not in ALLOWED_PORTS:
        raise AddressRefused("Only the ports 80, 443, 8080 and 8443 are fetched.")
    host = url.hostname.strip("[]")
    if url.host_type == HostType.DEFAULT and not _NAME.fullmatch(host):
        raise AddressRefused("The address names no host that can exist. Copy it from your browser.")
    url.hash = ""
    return WebAddress(
        href=url.href,
        scheme=url.protocol.removesuffix(":"),
        host=host,
        port=port,
        authority=url.host,
        target=url.pathname + url.search,
        ip=None if url.host_type == HostType.DEFAULT else ipaddress.ip_address(host),
    )
