"""Bodies and query strings as requests bring them, without an application's routes."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, request
from marshmallow import Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from annotator.errors import BadRequest, Invalid, TooLarge, WrongType
from annotator.jsondoor import body_of, parse, parser, refuse_unasked_query, single_values, takes_query

ONCE = {"a": ["Give this once."]}
UNKNOWN = {"a": ["There is no such field."]}


class Asked(Schema):
    """A single value and a list."""

    a = fields.String()
    many = fields.List(fields.String())


@pytest.fixture
def app() -> Flask:
    """An application with nothing in it."""
    found = Flask("test")
    found.config["MAX_CONTENT_LENGTH"] = 1_000
    return found


def sent(app: Flask, path: str = "/api/v1/x", **given: Any) -> Any:
    return app.test_request_context(path, method="POST", **given)


def test_a_body_is_read_with_or_without_a_charset(app: Flask) -> None:
    for kind in ("application/json", "application/json; charset=utf-8"):
        with sent(app, data=b'{"a": 1}', content_type=kind):
            assert body_of(request) == {"a": 1}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-json", ""])
def test_j09_a_body_of_another_type_is_refused(app: Flask, kind: str) -> None:
    with sent(app, data=b"{}", content_type=kind), pytest.raises(WrongType) as refused:
        body_of(request)
    assert refused.value.detail == "Send the body as application/json."


def test_j08_a_body_that_is_too_large_says_how_large_it_may_be(app: Flask) -> None:
    body = b'"' + b"a" * 1_000 + b'"'
    with sent(app, data=body, content_type="application/json"), pytest.raises(TooLarge) as refused:
        body_of(request)
    assert refused.value.detail == "The body is larger than 1,000 bytes."


def test_a_body_can_be_read_twice(app: Flask) -> None:
    with sent(app, data=b"[1]", content_type="application/json"):
        assert (body_of(request), body_of(request)) == ([1], [1])


def test_an_object_comes_through_the_parser(app: Flask) -> None:
    with sent(app, data=b'{"a": "x"}', content_type="application/json"):
        assert parser.load_json(request, Asked()) == {"a": "x"}


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"', b"1"])
def test_j07_what_is_no_object_is_refused(app: Flask, body: bytes) -> None:
    with sent(app, data=body, content_type="application/json"), pytest.raises(Invalid) as refused:
        parser.load_json(request, Asked())
    assert refused.value.more["errors"][0]["detail"] == "Send a JSON object."


def test_a_query_gives_single_values_and_lists(app: Flask) -> None:
    with sent(app, "/x?a=1&many=2&many=3"):
        assert parser.load_querystring(request, Asked()) == {"a": "1", "many": ["2", "3"]}


def test_a_single_value_given_twice_is_refused(app: Flask) -> None:
    with sent(app, "/x?a=1&a=2"), pytest.raises(Invalid) as refused:
        parser.load_querystring(request, Asked())
    assert refused.value.more == Invalid(ONCE).more


@pytest.mark.parametrize("text", ["\0", "\ud800"])
def test_values_with_nul_or_half_a_pair_are_refused_but_in_passwords(text: str) -> None:
    given = MultiDict([("a", text)])
    with pytest.raises(Invalid):
        single_values(given)
    assert single_values(given, as_typed=frozenset({"a"})) == {"a": text}


def test_every_value_of_a_list_is_looked_at() -> None:
    given = MultiDict([("many", "x"), ("many", "\0")])
    with pytest.raises(Invalid):
        single_values(given, frozenset({"many"}))


@pytest.mark.parametrize("location", ["json", "query", "form"])
def test_errors_of_a_place_are_told_by_their_fields(location: str) -> None:
    with pytest.raises(Invalid) as refused:
        parser.handle_error(
            ValidationError({location: UNKNOWN}), None, None, error_status_code=None, error_headers=None
        )
    assert refused.value.more == Invalid(UNKNOWN).more


def test_errors_of_a_field_that_is_called_like_a_place_stay_where_they_are() -> None:
    messages = {"a": ["Wrong."], "json": ["Wrong."]}
    with pytest.raises(Invalid) as refused:
        parser.handle_error(ValidationError(messages), None, None, error_status_code=None, error_headers=None)
    assert refused.value.more == Invalid(messages).more


@pytest.mark.parametrize(
    ("path", "checked"), [("/api/v1/x?a=1", True), ("/page?a=1", False), ("/api/v1/x", False)]
)
def test_a_query_that_no_schema_checks_is_let_through_elsewhere(app: Flask, path: str, checked: bool) -> None:
    with sent(app, path):
        refuse_unasked_query(request, SimpleNamespace(takes_query=checked))


def test_a_query_that_no_schema_checks_is_refused(app: Flask) -> None:
    view = SimpleNamespace()
    with sent(app, "/api/v1/x?a=1"), pytest.raises(Invalid) as refused:
        refuse_unasked_query(request, view)
    assert (refused.value.more, takes_query(view)) == (Invalid(UNKNOWN).more, False)


def test_places_in_a_body_that_is_no_utf_8_are_told() -> None:
    with pytest.raises(BadRequest, match=r"byte 1\)"):
        parse(b'"\xff"')


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"1e999", "A number is too large."),
        (b"NaN", "NaN is not a JSON number."),
        (b"9007199254740992", "A whole number is larger than 9007199254740991 (2^53 - 1)."),
        (b"[" * 33, "The JSON is nested deeper than 32 levels."),
        (b'["\\u0000"]', "A text holds the character NUL."),
        (b'["\\ud800"]', "A text holds half of a surrogate pair."),
        (b'{"a":1,"a":1}', "The name “a” stands twice in one object."),
    ],
)
def test_a_refusal_says_in_a_sentence_what_is_wrong(body: bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(body)
    assert refused.value.more == Invalid({"_schema": [sentence]}).more
