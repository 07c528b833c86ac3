"""What a reading of the site's journal takes, and a line of it as the API gives it."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from annotator.fields import Day, InSchema, Line, PersonOut, UtcTime
from annotator.journal.tags import Action
from annotator.paging import PageArgs

RESOURCES = tuple(dict.fromkeys(action.value.partition(":")[0] for action in Action))


class AuditFilter(InSchema):
    """Which lines of the journal are wanted; what is empty filters nothing."""

    person = Line(
        load_default="",
        metadata={"description": "whose doing, or about whom: id, or part of name or e-mail address"},
    )
    action = Line(
        max=80, load_default="", metadata={"description": "an action, or all of a resource: `member`"}
    )
    thing = Line(max=36, load_default="", metadata={"description": "the id of what it was done to"})
    project = Line(max=36, load_default="", metadata={"description": "the id of a project"})
    since = Day(load_default=None, allow_none=True, metadata={"description": "the first day, in UTC"})
    until = Day(load_default=None, allow_none=True, metadata={"description": "the last day, in UTC"})

    @validates_schema
    def check_days(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse days the wrong way round."""
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            raise ValidationError("The last day is before the first.", "until")


class AuditArgs(AuditFilter, PageArgs):
    """A page of the journal."""

    total = None  # type: ignore[assignment]
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class SubjectOut(Schema):
    """What something was done to; a name only of people and projects."""

    kind = fields.String()
    id = fields.String()
    name = fields.String(allow_none=True)


class NamedOut(Schema):
    """A project."""

    id = fields.String()
    name = fields.String(allow_none=True)


class EventOut(Schema):
    """A line of the site's journal; of what a project holds only the names of the fields, never their values."""

    number = fields.Integer()
    at = UtcTime()
    actor = fields.Nested(PersonOut, allow_none=True)
    action = fields.String()
    subject = fields.Nested(SubjectOut)
    project = fields.Nested(NamedOut, allow_none=True)
    article = fields.String(allow_none=True)
    fields_changed = fields.List(fields.String())
    before = fields.Dict(allow_none=True)
    after = fields.Dict(allow_none=True)
    imported = fields.Boolean(metadata={"description": "history that came with an imported file"})
