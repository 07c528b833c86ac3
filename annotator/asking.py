"""Who asks, as far as tries are counted by network addresses."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from flask import Request

# of an IPv6 address belong to whoever asks: one machine has as many as it likes (RFC 4291 2.5.4)
OWN_BITS = 64


def asker(asked: Request) -> str:
    """Give what tries of one network are counted by: the IPv4 address, or the /64 that an IPv6 address lies in.

    An IPv4 address written as IPv6 (`::ffff:192.0.2.1`) is that IPv4 address.
    """
    given = asked.remote_addr or ""
    try:
        address = ip_address(given)
    except ValueError:
        return given
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address) >> OWN_BITS << OWN_BITS, OWN_BITS)))
