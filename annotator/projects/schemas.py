"""What a project and a member look like, coming in and going out."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validates_schema

from annotator.accounts.schemas import Email
from annotator.fields import (
    Choice,
    FormValues,
    InSchema,
    Line,
    PersonOut,
    Prose,
    PublicId,
    ThingOut,
    UtcTime,
    WholeNumber,
    YesNo,
)
from annotator.permissions import Role
from annotator.projects.slugs import PATTERN


class Slug(Line):
    """A short name for addresses: a-z, 0-9, hyphens; empty to have one made."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and not PATTERN.fullmatch(text):
            raise ValidationError("Use small letters a to z, digits and hyphens, at most 80.")
        return text


class ProjectIn(InSchema):
    """A new project."""

    name = Line(max=200, needed=True, required=True)
    slug = Slug(max=80, load_default="")
    description = Prose(max=4000, load_default="")


class ProjectChange(InSchema):
    """The settings of a project; only those given are changed."""

    name = Line(max=200, needed=True)
    description = Prose(max=4000)
    rating_scale = Prose(max=4000)
    language = Line(max=35, needed=True)
    approvals_needed = WholeNumber(least=1, most=5)
    independent_sources_needed = WholeNumber(least=0, most=10)
    primary_required = YesNo()
    archived_copy_required = YesNo()
    locator_required = YesNo()
    archived = YesNo()


class ProjectOut(ThingOut):
    """A project with one's own role in it."""

    name = fields.String()
    slug = fields.String()
    description = fields.String()
    rating_scale = fields.String()
    language = fields.String()
    approvals_needed = fields.Integer()
    independent_sources_needed = fields.Integer()
    primary_required = fields.Boolean()
    archived_copy_required = fields.Boolean()
    locator_required = fields.Boolean()
    archived_at = UtcTime(allow_none=True)
    role = fields.String()


class MemberIn(InSchema):
    """A member's role."""

    role = Choice(Role, required=True)


class MemberChoice(MemberIn):
    """A person, chosen or named by their e-mail address, and their role, as a form gives them."""

    user = PublicId()
    email = Email()

    @pre_load
    def leave_out_empty(self, data: Mapping[str, Any], **_: Any) -> FormValues:
        """Take a field that was left empty as not given."""
        return FormValues({name: value for name, value in data.items() if value})

    @validates_schema(skip_on_field_errors=True)
    def name_one_person(self, data: Mapping[str, Any], **_: Any) -> None:
        """Ask for either, and not for both."""
        if ("user" in data) == ("email" in data):
            raise ValidationError({"user": ["Choose a person, or give an e-mail address."]})


class MemberOut(Schema):
    """A person in a project."""

    person = fields.Nested(PersonOut)
    role = fields.String()
    active = fields.Boolean(metadata={"description": "false for a person who is deactivated"})
    created_at = UtcTime()
