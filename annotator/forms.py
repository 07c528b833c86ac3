"""An HTML form checked by a schema: what came in, what is wrong, and what to show again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, make_response, render_template, request
from marshmallow import Schema, ValidationError, fields

from annotator.errors import AnnotatorError, Invalid, pointers
from annotator.fields import FormValues
from annotator.jsondoor import single_values


@dataclass
class Form:
    """A form: `data` as the schema gives it (empty when wrong), `errors` by field, `shown` as typed."""

    data: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    shown: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """True when everything holds."""
        return not self.errors

    def refuse(self, error: AnnotatorError, name: str = "") -> None:
        """Take an operation's refusal into the form, at the field it names."""
        found = (
            pointers(error.messages)
            if isinstance(error, Invalid)
            else [{"pointer": name, "detail": error.detail}]
        )
        for row in found:
            key = row["pointer"].strip("/").split("/")[0] or name or "_form"
            self.errors.setdefault(key, []).append(row["detail"])


def check(schema: Schema, values: Any = None) -> Form:
    """Check the request's form (or `values`) by `schema`; an empty field counts as not given.

    A check box that is not ticked sends nothing: the schema's boolean fields are False then.
    """
    raw = request.form if values is None else values
    lists = frozenset(name for name, kind in schema.fields.items() if isinstance(kind, fields.List))
    free = frozenset(name for name, kind in schema.fields.items() if getattr(kind, "as_typed", False))
    shown = single_values(raw, lists, free) if hasattr(raw, "getlist") else dict(raw)
    given = FormValues()
    for name, kind in schema.fields.items():
        if isinstance(kind, fields.Boolean):
            given[name] = bool(shown.get(name))
        elif name in shown:
            given[name] = shown[name]
    try:
        return Form(data=schema.load(given), shown=shown)
    except ValidationError as error:
        form = Form(shown=shown)
        form.refuse(Invalid(error.messages))
        return form


def page(template: str, form: Form, **context: Any) -> Response:
    """Render a page with a form; 422 when the form has errors, so that scripts and tests can tell."""
    return make_response(render_template(template, form=form, **context), 200 if form else 422)
