"""What groups at the provider are worth here: administrator, and roles in projects (docs/adr/0024).

A project that `oidc_roles` names is ruled by groups alone: whoever signs in has there what the groups give, no more
and no less. Other projects are ruled by hand. The same for administrators, once `oidc_admin_group` is set.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from annotator.config import ConfigError
from annotator.permissions import Role

SLUG = re.compile("[a-z0-9][a-z0-9-]{0,79}")
RANK = {Role.VIEWER: 0, Role.REVIEWER: 1, Role.EDITOR: 2}


@dataclass(frozen=True)
class GroupRole:
    """A group at the provider and the role its members have in one project here, named by its short name."""

    group: str
    project: str
    role: Role


def read_roles(text: str) -> tuple[GroupRole, ...]:
    """Read `group=project:role, ...`; ConfigError names the part that is wrong."""
    return tuple(_read_one(part.strip()) for part in text.split(",") if part.strip())


def _read_one(part: str) -> GroupRole:
    group, _, place = part.rpartition("=")
    project, _, role = place.partition(":")
    if not group.strip() or not SLUG.fullmatch(project.strip()) or role.strip() not in set(Role):
        raise ConfigError(
            f"OIDC_ROLES: {part!r} is not like fact-desk=desk:reviewer (group, project's short name, role)"
        )
    return GroupRole(group.strip(), project.strip(), Role(role.strip()))


def roles_of(groups: Iterable[str], mapped: Iterable[GroupRole]) -> dict[str, Role | None]:
    """Give for each project that is named what these groups are worth there: the highest role, or None."""
    mine = frozenset(groups)
    found: dict[str, Role | None] = {}
    for row in mapped:
        known = found.setdefault(row.project, None)
        if row.group in mine and (known is None or RANK[row.role] > RANK[known]):
            found[row.project] = row.role
    return found
