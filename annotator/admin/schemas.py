"""What the administrator's forms send."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validate

from annotator.accounts.policies import GROUPS
from annotator.accounts.schemas import Email, Name
from annotator.fields import ID, Choice, InSchema, Prose, PublicId, WholeNumber, YesNo
from annotator.permissions import Role
from annotator.projects.schemas import MemberChoice, ProjectIn


class NewProject(ProjectIn):
    """A new project, and whether its maker joins it."""

    join = YesNo(load_default=False)


class RoleChoice(InSchema):
    """A project and the role a person gets in it."""

    project = PublicId(required=True, error_messages={"required": "Choose a project."})
    role = Choice(Role, required=True)
    leave = YesNo(load_default=False)


class MemberAndSure(MemberChoice):
    """A member's role, and whether the project may be left without an editor."""

    leave = YesNo(load_default=False)


class Sure(InSchema):
    """Whether a project may be left without an editor."""

    leave = YesNo(load_default=False)


class InvitationIn(InSchema):
    """Whom an invitation is for; without a name the person says it."""

    email = Email(max=254, needed=True, required=True)
    name = Name(max=120, load_default="")


class ProjectRole(fields.Raw):
    """A project and a role in it, as one value of a form: `id:role`; empty for none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[str, Role] | None:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if not text:
            return None
        project, _, role = text.partition(":")
        if not ID.fullmatch(project) or role not in set(Role):
            raise ValidationError("Choose one of the roles.")
        return project, Role(role)


class InvitationForm(InvitationIn):
    """An invitation by the page: `role` is given for each project."""

    is_admin = YesNo(load_default=False)
    role = fields.List(ProjectRole(), load_default=list, validate=validate.Length(max=2000))


class ListForm(InSchema):
    """A list of people to invite, as text; `mark` says that its preview was seen, and what it said."""

    text = Prose(max=110_000, load_default="")
    mark = fields.String(load_default="", validate=validate.Length(max=64))
    give_roles = YesNo(load_default=False)


class Ticked(fields.Raw):
    """A person who was ticked: their id and, once the page has shown who it is, the version it showed: `id.version`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[str, int | None]:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        key, sign, version = text.partition(".")
        if not ID.fullmatch(key) or (sign and not re.fullmatch("[0-9]{1,9}", version)):
            raise ValidationError("Tick the people in the list.")
        return key, int(version) if sign else None


TICK = "Tick the people first; at most 100 at once."


class BulkForm(InSchema):
    """What is to be done to ticked people; `sure` once it has been shown what that means."""

    person = fields.List(
        Ticked(),
        required=True,
        validate=validate.Length(1, 100, error=TICK),
        error_messages={"required": TICK},
    )
    action = fields.String(load_default="")
    project = fields.String(load_default="")
    role = Choice(Role, load_default=Role.REVIEWER.value)
    leave = YesNo(load_default=False)
    sure = YesNo(load_default=False)


class PolicyForm(InSchema):
    """Of whom a second factor is demanded, and the version of the rule that the page showed (0: none was set yet)."""

    second_factor_for = fields.List(
        fields.String(validate=validate.OneOf(GROUPS, error="Choose among the groups shown.")),
        load_default=list,
    )
    version = WholeNumber(load_default=0)
