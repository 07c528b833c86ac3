"""What goes to standard error: one line for each record, as JSON or as text, without personal data and secrets.

Of a request a line has its id, method, route as it is written in the code, status and time: never the address that was
asked for, its query, who asked, or from where. Of an exception it has the kind and the places in the code: what an
exception says may hold what somebody typed.
"""

import logging
import re
import secrets
import sys
import time
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import orjson
from flask import Flask, Response, g, has_request_context, request

from annotator.columns import as_time

REQUESTS = logging.getLogger("annotator.requests")
HEADER = "X-Request-Id"
CUT = 2_000  # code points of a message
FRAMES = 40  # of an exception's way through the code
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SILENT = ("/static/", "/healthz", "/readyz", "/metrics")  # asked for all the time: told at DEBUG
# control signs, and those that turn or hide text on a terminal
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
SECRET = re.compile(
    r"(?<![^\s@:/,;<>()\"'])[^\s@:/,;<>()\"']+@[^\s@:/,;<>()\"']+|://[^\s/@]+@|\b(?:ann_)?[A-Za-z0-9_-]{40,}",
    re.ASCII,
)
HIDDEN = "(hidden)"


def request_id() -> str:
    """Give the id of this request: 12 hexadecimal digits of ours, never one that a client sent."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    found: str = g.request_id
    return found


def route() -> str:
    """Give the rule that the request's address fits, `none` for an address that nothing answers at."""
    return request.url_rule.rule if request.url_rule else "none"


def method() -> str:
    """Give the request's method, `other` for one that HTTP does not know."""
    return request.method if request.method in METHODS else "other"


def cleaned(text: str) -> str:
    """Give `text` as a log may keep it: cut, without addresses and values that stand for a right, signs escaped."""
    kept = text if len(text) <= CUT else f"{text[:CUT]} ... ({len(text) - CUT} more)"
    return UNSAFE.sub(_escaped, SECRET.sub(HIDDEN, kept))


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def places(trace: TracebackType | None) -> list[str]:
    """Give an exception's way through the code, `module:line function`, the place that raised it last."""
    frames = traceback.walk_tb(trace)
    found = [f"{frame.f_globals.get('__name__')}:{line} {frame.f_code.co_name}" for frame, line in frames]
    return found[-FRAMES:]


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        return orjson.dumps(self.told(record)).decode()

    def told(self, record: logging.LogRecord) -> dict[str, Any]:
        """Give what is told of a record."""
        found: dict[str, Any] = {
            "time": as_time(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname,
            "logger": cleaned(record.name),
            "message": cleaned(_message(record)),
        }
        if has_request_context():
            found |= {"request": request_id(), "method": method(), "route": route()}
        found |= getattr(record, "more", {})
        if record.exc_info and record.exc_info[0]:
            found |= {"error": record.exc_info[0].__name__, "trace": places(record.exc_info[2])}
        return found


class TextLines(JsonLines):
    """Writes a record for people: one line, and one more for each place of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, or lines."""
        told = self.told(record)
        head = [told["time"], told["level"], told.get("request", "-"), f"{told['logger']}: {told['message']}"]
        tail = [f"{told['ms']} ms"] if "ms" in told else []
        trace = [told["error"], *told["trace"]] if "error" in told else []
        return "\n    ".join([" ".join(head + tail), *trace])


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # signs in it that were taken for places of values
        return str(record.msg)


def set_up(level: str, kind: str) -> None:
    """Send every record of `level` or above to standard error: `json`, `text`, or by where it goes for neither."""
    chosen = kind or ("text" if sys.stderr.isatty() else "json")
    handler = logging.StreamHandler()
    handler.setFormatter(TextLines() if chosen == "text" else JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # says at every look at the schema that it looks


def init_app(app: Flask) -> None:
    """Give each request an id, in its answer too, and a line in the log."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    request_id()
    g.began = time.perf_counter()


def elapsed() -> float:
    """Give the seconds since the request came in."""
    began: float = g.get("began", 0.0)
    return time.perf_counter() - began if began else 0.0


def _end(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    level = logging.DEBUG if route().startswith(SILENT) else logging.INFO
    if REQUESTS.isEnabledFor(level):
        more = {"status": response.status_code, "ms": round(elapsed() * 1000, 1)}
        REQUESTS.log(level, "%s %s %s", method(), route(), response.status_code, extra={"more": more})
    return response
