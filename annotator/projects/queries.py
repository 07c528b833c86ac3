"""Projects and members: selects with columns labelled as the schemas want them."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from annotator.accounts.models import User
from annotator.identity import Identity
from annotator.paging import Order
from annotator.permissions import visible
from annotator.projects.models import Membership, Project
from annotator.reading import dialect_of, join_people, people, person_columns, raw

PLAIN = (
    "id",
    "version",
    "name",
    "slug",
    "description",
    "rating_scale",
    "language",
    "approvals_needed",
    "independent_sources_needed",
    "primary_required",
    "archived_copy_required",
    "locator_required",
)
TIMES = ("created_at", "updated_at", "archived_at")
DEMO_SLUG = "sample"
BY_NAME = Order((Project.name, Project.id))


def project_rows(session: Session, identity: Identity) -> Select[Any]:
    """Select the projects that `identity` is a member of, with the role there, labelled as ProjectOut."""
    aliases = people("created_by", "updated_by")
    query = select(
        *(getattr(Project, name) for name in PLAIN),
        *(raw(getattr(Project, name), dialect_of(session)).label(name) for name in TIMES),
        Membership.role.label("role"),
        *person_columns(aliases),
    ).join(Membership, Membership.project_id == Project.id)
    query = query.where(Membership.user_id == identity.user_id, visible(identity, Project.id))
    return join_people(query, Project, aliases)


def my_projects(identity: Identity) -> Select[Project, str]:
    """Select (project, own role), open ones first, by name."""
    return (
        select(Project, Membership.role)
        .join(Membership, Membership.project_id == Project.id)
        .where(Membership.user_id == identity.user_id, visible(identity, Project.id))
        .order_by(Project.archived_at.is_not(None), func.lower(Project.name), Project.id)
    )


def all_projects() -> Select[Project, int]:
    """Select (project, number of members) of the whole site, open ones first, by name: for administrators."""
    members = select(func.count()).where(Membership.project_id == Project.id).scalar_subquery()
    return select(Project, members).order_by(
        Project.archived_at.is_not(None), func.lower(Project.name), Project.id
    )


def member_rows(session: Session, project_id: str) -> Select[Any]:
    """Select a project's members by name, labelled as MemberOut."""
    return (
        select(
            User.id.label("person__id"),
            User.name.label("person__name"),
            User.active.label("active"),
            Membership.role.label("role"),
            raw(Membership.created_at, dialect_of(session)).label("created_at"),
        )
        .join(User, User.id == Membership.user_id)
        .where(Membership.project_id == project_id)
        .order_by(func.lower(User.name), User.id)
    )


def people_to_add(project_id: str, identity: Identity) -> Select[User]:
    """Select the active people who are no members yet, by name: those that `identity` shares a project with.

    An administrator is given everybody; whom a member does not know already is not told by a list.
    """
    members = select(Membership.user_id).where(Membership.project_id == project_id)
    query = select(User).where(User.active, User.id.not_in(members)).order_by(func.lower(User.name), User.id)
    if identity.is_admin:
        return query
    known = select(Membership.user_id).where(visible(identity, Membership.project_id))
    return query.where(User.id.in_(known))


def roles_of(user_ids: list[str]) -> Select[str, Project, str]:
    """Select (person's id, project, role) for people, by the project's name."""
    return (
        select(Membership.user_id, Project, Membership.role)
        .join(Project, Project.id == Membership.project_id)
        .where(Membership.user_id.in_(user_ids))
        .order_by(func.lower(Project.name), Project.id)
    )
