"""Addresses that attacks fetch, and asking the API to fetch them."""

import threading
import time
from collections.abc import Iterable
from typing import Any

from contract.world import HTTP
from fetching.internet import page

from annotator.columns import new_id


def bring(client: Any, project: Any, address: str) -> Any:
    """Ask for the page at an address as a new article."""
    body = {"project": project.id, "url": address, "fetch": True}
    return client.put(f"{HTTP}/articles/{new_id()}", json=body)


class Crowded:
    """A host that takes its time over each page, and knows how many it served at once."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def __call__(self, request: bytes) -> Iterable[bytes]:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(self.seconds)
        with self._lock:
            self._now -= 1
        return [page(b"<p>Words of %s</p>" % request.split(b" ")[1])]


def spelled(ip: str) -> list[str]:
    """Give the ways to write an IPv4 address that browsers read as the same one, in an address of the web."""
    parts = [int(part) for part in ip.split(".")]
    whole = int.from_bytes(bytes(parts))
    last_three, last_two = whole & 0xFFFFFF, whole & 0xFFFF
    hosts = [ip, f"{ip}.", str(whole), f"{whole:#x}", f"{whole:#X}", f"0{whole:o}"]
    for shown in ("{}", "{:#x}", "{:#06x}", "0{:o}", "000{:o}"):
        dotted = [shown.format(part) for part in parts]
        hosts += [
            ".".join(dotted),
            ".".join([*dotted[:3], str(parts[3])]),
            ".".join([dotted[0], *map(str, parts[1:])]),
        ]
        hosts += [
            f"{dotted[0]}.{shown.format(last_three)}",
            f"{dotted[0]}.{dotted[1]}.{shown.format(last_two)}",
        ]
    hosts += [ip.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"})]
    hosts += [ip.replace(".", dot) for dot in "。．｡"] + ["".join(f"%{ord(sign):02x}" for sign in ip)]
    hosts += [f"[::ffff:{ip}]", f"[::{ip}]", f"[64:ff9b::{ip}]", f"[::ffff:0:{ip}]", f"[64:ff9b:1::{ip}]"]
    hosts += [f"[::ffff:{whole >> 16:x}:{last_two:x}]", f"[0:0:0:0:0:ffff:{whole >> 16:x}:{last_two:04X}]"]
    hosts += [f"[2002:{whole >> 16:x}:{last_two:x}::]", f"[2001:0:{whole >> 16:x}:{last_two:x}::]"]
    return list(dict.fromkeys(hosts))


def addresses(ips: Iterable[str], paths: Iterable[str]) -> list[str]:
    """Give the addresses of all spellings of all IP addresses, over both schemes and the ports that are fetched."""
    starts = ("http://{}", "https://{}", "HTTP://{}", "http://{}:8080", "https://{}:8443", "http://{}:80")
    return [
        start.format(host) + path for ip in ips for host in spelled(ip) for start in starts for path in paths
    ]
