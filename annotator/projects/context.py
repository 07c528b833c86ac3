"""What every page inside a project needs to know of the person who looks at it."""

from typing import Any

from annotator.identity import acting
from annotator.permissions import Permission, allowed, role_of
from annotator.projects.models import Project


def project_context(project: Project) -> dict[str, Any]:
    """Give the project, one's role there, and whether one may now write (`can_write`) and manage (`can_manage`)."""
    identity = acting()
    role = role_of(project.id, identity)
    is_open = project.archived_at is None
    return {
        "project": project,
        "project_role": role,
        "can_write": is_open and allowed(identity, Permission.CONTENT_CHANGE, role),
        "can_manage": is_open and allowed(identity, Permission.PROJECT_MANAGE, role),
    }
