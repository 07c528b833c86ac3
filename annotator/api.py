"""The JSON API: OpenAPI 3.1 from the same schemas and routes, problems as `application/problem+json`."""

from collections.abc import Callable
from functools import cache
from typing import Any, Protocol, TypeVar, cast

import orjson
from flask import Flask, Response, render_template
from flask_smorest import Api
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import INCLUDE, Schema, fields

from annotator import __version__
from annotator.fields import ID, Day, PublicId
from annotator.jsondoor import parser, takes_query
from annotator.permissions import Permission, permit

PREFIX = "/api/v1"
SHARED_REFUSALS = ("400", "401", "403", "404", "405", "429", "503")
ID_PATTERN = f"^{ID.pattern}$"
DAY_PATTERN = "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "the ETag of the state that the change is based on",
    "schema": {"type": "string", "pattern": '^(W/)?"[0-9]{1,15}"$', "examples": ['"3"']},
}
View = TypeVar("View", bound=Callable[..., Any])


class Decorator(Protocol):
    """What gives a view back with its own type."""

    def __call__(self, view: View, /) -> View:
        """Decorate the view."""


class ProblemError(Schema):
    """One field that does not hold."""

    pointer = fields.String(metadata={"description": "RFC 6901 pointer into the body"})
    detail = fields.String()


class Problem(Schema):
    """RFC 9457 problem details; `type` is stable, and a kind of problem may bring members of its own."""

    class Meta:
        """Say so in the document."""

        unknown = INCLUDE

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String(metadata={"description": "a sentence a person can act on"})
    errors = fields.List(fields.Nested(ProblemError))
    current = fields.Raw(metadata={"description": "with 412: the thing as it is now"})
    existing = fields.Raw(metadata={"description": "with 409: what is already there"})
    used = fields.Raw(metadata={"description": "with 409: what uses it"})
    newest = fields.Raw(metadata={"description": "with 409: the snapshot that is the newest now"})


@cache
def page_of(schema: type[Schema]) -> type[Schema]:
    """Give the schema of a page of a list: `{items, next}`, and `total` where it was asked for."""
    shape: dict[str, Any] = {
        "items": fields.List(fields.Nested(schema)),
        "next": fields.String(
            allow_none=True, metadata={"description": "the `cursor` of the next page; null on the last"}
        ),
        "total": fields.Integer(metadata={"description": "how many there are in all, with `?total=true`"}),
    }
    return Schema.from_dict(shape, name=schema.__name__.removesuffix("Out") + "Page")


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A blueprint whose arguments come through our JSON door; its decorators keep the views' types."""

    ARGUMENTS_PARSER = parser

    def get(self, rule: str) -> Decorator:
        """Route GET."""
        return self._typed(super().get(rule))

    def put(self, rule: str) -> Decorator:
        """Route PUT."""
        return self._typed(super().put(rule))

    def post(self, rule: str) -> Decorator:
        """Route POST."""
        return self._typed(super().post(rule))

    def patch(self, rule: str) -> Decorator:
        """Route PATCH."""
        return self._typed(super().patch(rule))

    def delete(self, rule: str) -> Decorator:
        """Route DELETE."""
        return self._typed(super().delete(rule))

    def arguments(self, schema: Any, *, location: str = "json", **options: Any) -> Decorator:
        """Check the body (or the query) by a schema and hand it to the view first.

        The schema is made here, once: to make one costs as much as to check a body with it.
        """
        schema = schema() if isinstance(schema, type) else schema
        decorate = super().arguments(schema, location=location, **options)

        def check(view: Any) -> Any:
            checked = decorate(view)
            checked.takes_query = location == "query" or takes_query(view)
            return checked

        return self._typed(check)

    def response(self, status: int, schema: Any = None, **options: Any) -> Decorator:
        """Document what the view answers."""
        return self._typed(super().response(status, schema, **options))

    def changes(self, *, conditional: bool = False) -> Decorator:
        """Document the refusals a writing view may answer; a conditional one needs If-Match."""
        codes = [400, 409, 413, 415, 422, *([412, 428] if conditional else [])]

        def decorate(view: Any) -> Any:
            for code in codes:
                view = self.alt_response(code, schema=Problem, content_type="application/problem+json")(view)
            return view

        return self._typed(decorate)

    def doc(self, **info: Any) -> Decorator:
        """Document what no schema of ours says."""
        return self._typed(super().doc(**info))

    @staticmethod
    def _typed(decorate: Any) -> Decorator:
        return cast(Decorator, decorate)


class AnnotatorApi(Api):  # type: ignore[misc]
    """flask-smorest's Api with our problem document."""

    ERROR_SCHEMA = Problem
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave errors to app.py, which answers pages and API alike."""


def make_api(app: Flask) -> AnnotatorApi:
    """Configure the API and its readable page; blueprints are registered by app.py."""
    app.config.update(
        API_TITLE="Annotator API",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
    )
    api = AnnotatorApi(app)
    _document_kinds(app, api)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    api.spec.components.security_scheme(
        "cookie",
        {"type": "apiKey", "in": "cookie", "name": "__Host-annotator", "description": "with X-CSRF-Token"},
    )
    api.spec.options["security"] = [{"bearer": []}, {"cookie": []}]
    api.spec.options["info"] = {**api.spec.options.get("info", {}), "description": f"Annotator {__version__}"}
    _document_pages(app, api)
    return api


def _document_kinds(app: Flask, api: AnnotatorApi) -> None:
    """Say in the document what an id is and what a day is, which may be empty."""
    named = {"type": "string", "format": "uuid", "pattern": ID_PATTERN}
    api.register_converter(app.url_map.converters["id"], lambda _: named)
    api.register_field(Day, "string", None)

    def of_kind(_converter: Any, field: fields.Field[Any], **_: Any) -> dict[str, str]:
        if isinstance(field, PublicId):
            return {"format": "uuid", "pattern": ID_PATTERN}
        return {"pattern": DAY_PATTERN} if isinstance(field, Day) else {}

    api.ma_plugin.converter.add_attribute_function(of_kind)


def _document_pages(app: Flask, api: AnnotatorApi) -> None:
    @permit(Permission.PUBLIC)
    def openapi() -> Response:
        """Give the OpenAPI 3.1 document."""
        return Response(orjson.dumps(document(app, api)), content_type="application/json")

    @permit(Permission.PUBLIC)
    def api_docs() -> str:
        """Show the OpenAPI document as a page to read."""
        return render_template("api_docs.html", document=document(app, api))

    app.add_url_rule(f"{PREFIX}/openapi.json", "openapi", openapi)
    app.add_url_rule("/api/docs", "api_docs", api_docs)


def document(app: Flask, api: AnnotatorApi) -> dict[str, Any]:
    """Give the OpenAPI document with the refusals every route shares."""
    found: dict[str, Any] = api.spec.to_dict()
    refusal = {
        "description": "refused",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path in found["paths"].values():
        for method, operation in path.items():
            if isinstance(operation, dict) and "responses" in operation:
                answers = operation["responses"]
                bare = {code for code, answer in answers.items() if code >= "400" and "content" not in answer}
                answers.update(dict.fromkeys({*SHARED_REFUSALS, *bare}, refusal))
                if "428" in answers:
                    others = [one for one in operation.get("parameters", ()) if one["name"] != "If-Match"]
                    operation["parameters"] = [*others, IF_MATCH]
                if (
                    method == "put" or "201" in answers
                ):  # what was made before, and what is made now, are alike
                    done = answers.get("201") or answers["200"]
                    answers.update({"200": done, "201": done})
    return found
