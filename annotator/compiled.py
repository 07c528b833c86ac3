"""Schemas compiled to plain functions over Core rows, for lists and exports (docs/adr/0003).

marshmallow stays the one definition of every shape. Its `dump` walks the fields for each object; here that walk
is done once, and the outcome is a function that builds one dict literal. `annotator.compiled.nested` builds from
the same row what `dump` takes; a test holds both answers equal for every schema.

A row's columns are labelled by the fields: `name`, and `claimant__id` for the field `id` of the nested `claimant`.
A nested value is None when its `id` (or its first field) is. Children come from a mapping id -> list.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from marshmallow import Schema, fields

from annotator.columns import as_time
from annotator.fields import Children, Computed, Day, UtcTime, as_day

Lookup = Mapping[str, Mapping[str, list[Any]]]
Dump = Callable[[Any, Lookup], dict[str, Any]]


@lru_cache(maxsize=256)
def compile_dump(schema: type[Schema], labels: tuple[str, ...]) -> Dump:
    """Give the function `(row, children) -> dict` for rows whose columns carry `labels`, in order.

    Raises KeyError when a field has no column.
    """
    places = {label: place for place, label in enumerate(labels)}
    names: dict[str, Any] = {"as_time": as_time, "as_day": as_day, "none": []}
    body = _dict_source(schema(), places, names, "")
    source = f"def dump(r, children):\n    return {body}\n"
    exec(compile(source, f"<compiled {schema.__name__}>", "exec"), names)  # noqa: S102 - our own schemas alone
    dump: Dump = names["dump"]
    return dump


def _dict_source(schema: Schema, places: dict[str, int], names: dict[str, Any], prefix: str) -> str:
    parts = [
        f"{field.data_key or name!r}: {_value_source(field, name, places, names, prefix)}"
        for name, field in schema.dump_fields.items()
    ]
    return "{" + ", ".join(parts) + "}"


def _value_source(
    field: fields.Field[Any], name: str, places: dict[str, int], names: dict[str, Any], prefix: str
) -> str:
    if isinstance(field, Children):
        return f"children[{name!r}].get(r[{places[prefix + 'id']}], none)"
    if isinstance(field, Computed):
        function = f"f{len(names)}"
        names[function] = field.function
        return f"{function}({', '.join(f'r[{places[label]}]' for label in field.labels)})"
    if isinstance(field, fields.Nested):
        inner = f"{prefix}{name}__"
        first = next(iter(field.schema.dump_fields))
        key = places[inner + ("id" if inner + "id" in places else first)]
        return f"(None if r[{key}] is None else {_dict_source(field.schema, places, names, inner)})"
    value = f"r[{places[prefix + name]}]"
    if isinstance(field, UtcTime):
        return f"({value} if {value}.__class__ is str else as_time({value}))"
    return f"as_day({value})" if isinstance(field, Day) else value


def dump_rows(
    schema: type[Schema], labels: Sequence[str], rows: Sequence[Any], children: Lookup
) -> list[dict[str, Any]]:
    """Dump rows by the compiled schema."""
    dump = compile_dump(schema, tuple(labels))
    return [dump(row, children) for row in rows]


def nested(schema: Schema, row: Mapping[str, Any], children: Lookup, prefix: str = "") -> dict[str, Any]:
    """Build from a flat row what the schema's own `dump` takes: the slow and plain way, to compare with."""
    found: dict[str, Any] = dict(row)
    for name, field in schema.dump_fields.items():
        if isinstance(field, Children):
            found[name] = children[name].get(row[prefix + "id"], [])
        elif isinstance(field, fields.Nested):
            inner: Schema = field.schema
            below = f"{prefix}{name}__"
            first = next(iter(inner.dump_fields))
            key = below + ("id" if below + "id" in row else first)
            found[name] = None if row[key] is None else nested(inner, row, children, below)
        elif not isinstance(field, Computed):
            found[name] = row[prefix + name]
    return found
