"""The one door for JSON: what comes in is whole, plain and small, or is refused with 4xx (docs/adr/0005).

Rules beyond RFC 8259: one document of `application/json` in UTF-8 without byte order mark, nesting up to 32, up to
100,000 lists and objects, no name twice in an object, no NaN or Infinity, integers within +-(2**53 - 1), no NUL and
no lone surrogate.
"""

import json
import math
import re
from collections import Counter
from typing import Any, NoReturn

from flask import Request
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge

from annotator.errors import BadRequest, Invalid, TooLarge, WrongType

MAX_DEPTH = 32
MAX_PARTS = 100_000
"""Lists and objects of one document: three bytes of `[],` take twenty times as much once they are read."""
MAX_INTEGER = 2**53 - 1
MAX_DIGITS = 16
# The next bracket outside of texts, or the end. Possessive, and taking an unclosed text for one that ends with the
# body: one pass, whatever is sent.
_BRACKETS = re.compile(r'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+"?)*+(?:([\[\]{}])|\Z)', re.DOTALL)
_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def parse(body: bytes, *, most_parts: int = MAX_PARTS) -> Any:
    """Give the value of a JSON document; BadRequest (syntax) or Invalid (values) says what is wrong and where."""
    if body.startswith(b"\xef\xbb\xbf"):
        raise BadRequest("The body begins with a byte order mark; send plain UTF-8.")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is not UTF-8 (byte {error.start}).") from None
    _check_shape(text, most_parts)
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_number
        )
    except json.JSONDecodeError as error:
        raise BadRequest(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    if _SUSPECT.search(text):
        _check_strings(value)
    return value


def _check_shape(text: str, most_parts: int) -> None:
    depth = parts = 0
    for found in _BRACKETS.finditer(text):
        opened = found[1] in ("[", "{")
        depth += 1 if opened else -1
        parts += opened
        if depth > MAX_DEPTH:
            raise _invalid(f"The JSON is nested deeper than {MAX_DEPTH} levels.")
        if parts > most_parts:
            raise _invalid(f"The JSON holds more than {most_parts:,} lists and objects.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        _check_strings(twice)  # the sentence below must be one that can be sent
        raise _invalid(f"The name “{twice[:80]}” stands twice in one object.")
    return found


def _constant(name: str) -> NoReturn:
    raise _invalid(f"{name} is not a JSON number.")


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS or abs(int(digits)) > MAX_INTEGER:
        raise _invalid("A whole number is larger than 9007199254740991 (2^53 - 1).")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise _invalid("A number is too large.")
    return value


def _check_strings(value: Any) -> None:
    """Walk the value once escapes that could make NUL or a lone surrogate were seen."""
    if isinstance(value, str):
        if "\0" in value:
            raise _invalid("A text holds the character NUL.")
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            raise _invalid("A text holds half of a surrogate pair.")
    elif isinstance(value, list):
        for item in value:
            _check_strings(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            _check_strings(name)
            _check_strings(item)


def _invalid(sentence: str) -> Invalid:
    return Invalid({"_schema": [sentence]})


def body_of(request: Request) -> Any:
    """Give the JSON value of a request; WrongType, TooLarge, BadRequest or Invalid when it is not to be had."""
    if request.mimetype != "application/json":
        raise WrongType("Send the body as application/json.")
    try:
        body = request.get_data(cache=True)
    except RequestEntityTooLarge:
        raise TooLarge(f"The body is larger than {request.max_content_length:,} bytes.") from None
    return parse(body)


class StrictParser(FlaskParser):
    """webargs with our door in front and our errors behind; names that a schema does not know are refused."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {}

    def load_json(self, req: Request, schema: Any) -> Any:
        """Read the body through the door."""
        value = body_of(req)
        if not isinstance(value, dict):
            raise _invalid("Send a JSON object.")
        return value

    def load_querystring(self, req: Request, schema: Any) -> Any:
        """Read the query string; a single value given twice is refused."""
        return single_values(req.args, lists=_list_names(schema))

    def handle_error(
        self, error: Any, req: Any, schema: Any, *, error_status_code: Any, error_headers: Any
    ) -> NoReturn:
        """Raise our Invalid with the messages of the body alone."""
        messages = error.messages
        inner = next(iter(messages.values())) if set(messages) <= {"json", "query", "form"} else messages
        raise Invalid(inner) from error


def _list_names(schema: Any) -> frozenset[str]:
    return frozenset(name for name, field in schema.fields.items() if type(field).__name__ == "List")


def single_values(
    values: Any, lists: frozenset[str] = frozenset(), as_typed: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Give a form's or query's values as a dict; Invalid for one given twice, for NUL and lone surrogates.

    What stands in `as_typed` may hold any character: passwords, which are only hashed.
    """
    found: dict[str, Any] = {}
    for name in values:
        given = values.getlist(name)
        for text in given if name not in as_typed else ():
            _check_strings(text)
        if name in lists:
            found[name] = given
        elif len(given) > 1:
            raise Invalid({name: ["Give this once."]})
        else:
            found[name] = given[0]
    return found


def takes_query(view: Any) -> bool:
    """Tell whether a schema checks the query string of this view."""
    return getattr(view, "takes_query", False)


def refuse_unasked_query(request: Request, view: Any) -> None:
    """Raise Invalid for any name in the query of an API view that has no schema for one."""
    if request.args and request.path.startswith("/api/") and not takes_query(view):
        raise Invalid({name: ["There is no such field."] for name in request.args})


parser = StrictParser()
