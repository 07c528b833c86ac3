"""What a fetch asks and gives, or why it gives nothing: limits, outcome, refusals, the heads of both. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Reason = Literal["address", "gone", "status", "time", "size", "type", "tls", "network", "busy"]
Headers = tuple[tuple[str, str], ...]

MAX_HEADERS, MAX_HEADER_TEXT = 100, 16_000
TYPES = frozenset(
    {
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "text/markdown",
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
)
# What a common browser says: it names neither this program nor who asks.
ASKING = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept: text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
    "Accept-Encoding: identity",
    "Connection: close",
)
GONE = frozenset({404, 410})
SENTENCES: dict[Reason, str] = {
    # One sentence for refused, closed and silent, so that nobody can explore the network from inside.
    "network": "No page can be reached at this address. Open it in your browser; if it is there, save it and bring in"
    " the file.",
    "time": "The page took longer than {seconds:g} seconds. Try again, or save it in your browser and bring in the"
    " file.",
    "size": "The page is larger than {megabytes:g} MB. Bring in the part that you need as a file.",
    "type": "What lies at this address is no page, text, PDF or Word file. Give the address of the page itself.",
    "tls": "The site cannot prove that it is the one it names, so nothing was fetched. Check the address.",
    "busy": "Other pages are being fetched. Nothing is lost; try again in a moment.",
    "gone": "The page is gone: the site answers {status}. An archive of the web may have kept it.",
    "status": "The site does not give the page: it answers {status}. Save it in your browser and bring in the file.",
}
BROKEN = "The connection broke before the page was complete. Try again."
CODED = "The page came compressed, although it was asked for plain. Save it in your browser and bring in the file."
DOWNGRADE = (
    "The page sends on from https to http, where anybody could change it. Give the address it ends at."
)
FAR = "The page is sent on too many times. Give the address it ends at."
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)


@dataclass(frozen=True)
class Limits:
    """How long one fetch may take, resolving and redirects included, how large a page and how long a way it may be."""

    seconds: float = 20
    bytes: int = 10_000_000
    redirects: int = 5


@dataclass(frozen=True)
class Fetched:
    """A page as it came.

    `url` is as asked; `redirects` are the addresses it was sent on to, the last being `final_url`; header names are in
    lower case; `media_type` is without parameters; `at` (UTC) is when the answer was complete.
    """

    url: str
    final_url: str
    redirects: tuple[str, ...]
    status: int
    headers: Headers
    media_type: str
    charset: str | None
    body: bytes
    at: datetime


class FetchRefused(ValueError):
    """Nothing was fetched; `reason` says why to programs, `str()` to people, `status` is the site's answer, if any.

    `inner`: the way led to an IP address that is not public. The sentence is that of closed and silent hosts; the
    journal alone tells the difference.
    """

    def __init__(
        self, reason: Reason, sentence: str, status: int | None = None, *, inner: bool = False
    ) -> None:
        """Keep what callers decide by."""
        super().__init__(sentence)
        self.reason = reason
        self.status = status
        self.inner = inner


def refused(
    reason: Reason, limits: Limits, status: int | None = None, *, inner: bool = False
) -> FetchRefused:
    """Give the refusal for a reason, in its usual words."""
    sentence = SENTENCES[reason].format(
        seconds=limits.seconds, megabytes=limits.bytes / 1_000_000, status=status
    )
    return FetchRefused(reason, sentence, status, inner=inner)


def request_of(target: str, authority: str) -> bytes:
    """Give the request for a page: path and query of its address, and the host (and port) it names."""
    return "\r\n".join((f"GET {target} HTTP/1.1", f"Host: {authority}", *ASKING, "", "")).encode("ascii")


def kept_headers(received: Iterable[tuple[str, str]]) -> Headers:
    """Give the first 100 headers, 16,000 characters at most, without the controls that break lines."""
    kept: list[tuple[str, str]] = []
    room = MAX_HEADER_TEXT
    for name, value in list(received)[:MAX_HEADERS]:
        room -= len(name) + len(value)
        if room < 0:
            break
        kept.append((_CONTROLS.sub(" ", name).lower(), _CONTROLS.sub(" ", value)))
    return tuple(kept)


def joined(headers: Headers, name: str) -> str:
    """Give all values of a header as one, in lower case; empty when it did not come (RFC 9110 5.3)."""
    return ", ".join(value for known, value in headers if known == name).strip().lower()


def content_type(headers: Headers) -> tuple[str, str | None]:
    """Give the first Content-Type as the media type, without parameters, and the declared character set."""
    value = next((value for name, value in headers if name == "content-type"), "")
    charset = _CHARSET.search(value)
    return value.partition(";")[0].strip().lower(), charset[1].lower() if charset else None


def check_head(status: int, headers: Headers, limits: Limits) -> None:
    """Raise FetchRefused unless the answer is a page of a type we read, and is not compressed."""
    if status in GONE:
        raise refused("gone", limits, status)
    if not 200 <= status < 300:
        raise refused("status", limits, status)
    if joined(headers, "content-encoding") not in ("", "identity"):
        raise FetchRefused("type", CODED, status)
    if joined(headers, "transfer-encoding") not in ("", "chunked"):
        raise FetchRefused("type", CODED, status)
    if content_type(headers)[0] not in TYPES:
        raise refused("type", limits, status)
