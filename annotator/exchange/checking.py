"""Rows checked by their schema: plain tests made once from its fields, its own sentences where a test fails.

A file has tens of thousands of rows; loading each by marshmallow would take most of an import's time
(docs/adr/0003). What passes here is loaded by the schema unchanged, which a test holds for every field.
"""

from collections.abc import Callable, Iterator, Mapping, Set
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from marshmallow import Schema, ValidationError, fields

from annotator.dates import parse
from annotator.exchange.fields import (
    COPY,
    Base64,
    Entry,
    Exact,
    Fields,
    Fraction,
    Moment,
    Ref,
    WorldDate,
    is_moment,
    is_plain,
)
from annotator.fields import ID, Choice, Day, PublicId, WholeNumber, YesNo

Test = Callable[[Any], bool]
NOT_AS_WRITTEN = "This is not written as this format writes it."


class Problem(NamedTuple):
    """What is wrong in a file, and where: a pointer into it (RFC 6901)."""

    where: str
    what: str


@lru_cache(maxsize=4096)
def is_world_date(text: str) -> bool:
    """Tell whether the text is a date, `YYYY[-MM[-DD]]`."""
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _is_day(value: Any) -> bool:
    try:
        return type(value) is str and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _exact(field: Exact) -> Test:
    if type(field) is not Exact:
        return lambda value: type(value) is str and field.holds(value)
    least, most = field.least, field.most
    return lambda value: type(value) is str and least <= len(value) <= most and "\0" not in value


def _choice(field: Choice) -> Test:
    known = frozenset(field.validate.choices)  # type: ignore[union-attr]
    return lambda value: type(value) is str and value in known


def _whole(field: WholeNumber) -> Test:
    bounds: Any = field.validate
    least, most = bounds.min, bounds.max
    return lambda value: type(value) is int and least <= value <= most


PLAIN: Mapping[type, Test] = {
    Moment: lambda value: type(value) is str and is_moment(value),
    WorldDate: lambda value: type(value) is str and is_world_date(value),
    Day: _is_day,
    YesNo: lambda value: value is True or value is False,
    Fraction: lambda value: type(value) in (int, float) and 0 <= value <= 1,
    Base64: lambda value: type(value) is str,
    Entry: lambda value: type(value) is str and COPY.fullmatch(value) is not None,
    Fields: lambda value: type(value) is dict and is_plain(value),
    PublicId: lambda value: type(value) is str and ID.fullmatch(value) is not None,
}


class Checker:
    """Checks rows of one schema; `ids` holds, by list, the ids that the file has."""

    def __init__(self, schema: Schema, ids: Mapping[str, Set[str]]) -> None:
        """Make the tests of the schema's fields."""
        self.ids = ids
        self.fields = schema.fields
        self.names = frozenset(schema.fields)
        self.needed = frozenset(name for name, field in schema.fields.items() if field.required)
        self.inner: dict[int, Checker] = {}
        self.tests = [(name, self._test(field)) for name, field in schema.fields.items()]
        self.needed_tests = [(name, test) for name, test in self.tests if name in self.needed]

    def _test(self, field: fields.Field[Any]) -> Test:
        test = self._strict(field)
        return (lambda value: value is None or test(value)) if field.allow_none else test

    def _strict(self, field: Any) -> Test:
        if isinstance(field, Ref):
            known = self.ids[field.to]
            return lambda value: type(value) is str and value in known
        if isinstance(field, fields.List):
            test = self._test(field.inner)
            return lambda value: type(value) is list and all(map(test, value))
        if isinstance(field, fields.Nested):
            return self._checker(field).holds
        if isinstance(field, Exact):
            return _exact(field)
        if isinstance(field, Choice):
            return _choice(field)
        return _whole(field) if isinstance(field, WholeNumber) else PLAIN[type(field)]

    def _checker(self, field: fields.Nested) -> "Checker":
        found = self.inner.get(id(field))
        if found is None:
            found = self.inner[id(field)] = Checker(field.schema, self.ids)
        return found

    def holds(self, value: Any) -> bool:
        """Tell whether the row is as an export writes it."""
        if type(value) is not dict:
            return False
        tests = self.tests
        if value.keys() != self.names:
            if value.keys() != self.needed:
                return False
            tests = self.needed_tests
        for name, test in tests:  # noqa: SIM110 - a generator would cost a third of the time
            if not test(value[name]):
                return False
        return True

    def problems(self, value: Any, where: str) -> Iterator[Problem]:
        """Say what is wrong with a row that does not hold."""
        if not isinstance(value, dict):
            yield Problem(where, "Give an object here.")
            return
        for name in value.keys() - self.names:
            yield Problem(f"{where}/{_step(name)}", "This field is not known in this version of the format.")
        for name, field in self.fields.items():
            if name in value:
                yield from self._field_problems(field, value[name], f"{where}/{name}")
            elif field.required:
                yield Problem(f"{where}/{name}", "This field is missing.")

    def _field_problems(self, field: Any, value: Any, where: str) -> Iterator[Problem]:
        if self._test(field)(value):
            return
        if isinstance(field, fields.Nested) and value is not None:
            yield from self._checker(field).problems(value, where)
        elif isinstance(field, fields.List) and isinstance(value, list):
            for place, item in enumerate(value):
                yield from self._field_problems(field.inner, item, f"{where}/{place}")
        else:
            yield Problem(where, self._sentence(field, value))

    @staticmethod
    def _sentence(field: Any, value: Any) -> str:
        try:
            field.deserialize(value)
        except ValidationError as error:
            return " ".join(str(message) for message in error.messages)
        return (
            f"This refers to nothing in the file’s list “{field.to}”."
            if isinstance(field, Ref)
            else NOT_AS_WRITTEN
        )


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")[:80]
