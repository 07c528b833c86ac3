"""What the administrator's forms send."""

from annotator.fields import Choice, InSchema, PublicId, YesNo
from annotator.permissions import Role
from annotator.projects.schemas import ProjectIn


class NewProject(ProjectIn):
    """A new project, and whether its maker joins it."""

    join = YesNo(load_default=False)


class RoleChoice(InSchema):
    """A project and the role a person gets in it."""

    project = PublicId(required=True, error_messages={"required": "Choose a project."})
    role = Choice(Role, required=True)
