"""What is done to projects: made, changed, archived, reopened; members added, changed, removed."""

from typing import Any

from sqlalchemy import Delete, delete, select
from sqlalchemy.orm import Session

from annotator.accounts.editors import refuse_last_editor
from annotator.accounts.models import User
from annotator.accounts.proof_models import Invitation, InvitationRole
from annotator.columns import as_time, new_id, now
from annotator.database import Model, one_at_a_time
from annotator.errors import Invalid, NotFound, WrongState
from annotator.journal.operations import FOLLOWERS, changed_fields, record
from annotator.journal.tags import Action
from annotator.permissions import ARCHIVED, Role
from annotator.projects.models import Membership, Project
from annotator.projects.slugs import slug_of

CHANGEABLE = (
    "name",
    "description",
    "rating_scale",
    "language",
    "approvals_needed",
    "independent_sources_needed",
    "primary_required",
    "archived_copy_required",
    "locator_required",
)


def add_project(
    session: Session, *, name: str, actor: str | None, slug: str = "", description: str = "", **settings: Any
) -> Project:
    """Make a project (checked by ProjectIn); the slug is made from the name unless given. Invalid when it is taken."""
    if slug and _taken(session, slug):
        raise Invalid({"slug": ["Another project has this short name."]})
    at = now()
    project = Project(
        id=new_id(),
        name=name,
        slug=slug or _free_slug(session, name),
        description=description,
        created_at=at,
        created_by_id=actor,
        updated_at=at,
        updated_by_id=actor,
        **settings,
    )
    session.add(project)
    session.flush()
    record(
        session,
        Action.PROJECT_ADDED,
        project,
        actor=actor,
        after={**_state(project), "slug": project.slug},
        at=at,
    )
    return project


def change_project(
    session: Session, project: Project, changes: dict[str, Any], *, actor: str | None
) -> Project:
    """Change the given settings (checked by ProjectChange); the slug stays, so that addresses hold.

    Raises WrongState when the project is archived.
    """
    before = _state(project)
    for name, value in changes.items():
        if name not in CHANGEABLE:
            raise ValueError(name)
        setattr(project, name, value)
    old, new = changed_fields(before, _state(project))
    if new and project.archived_at is not None:
        raise WrongState(ARCHIVED)
    if new:
        _keep(session, project, actor)
        record(session, Action.PROJECT_CHANGED, project, actor=actor, before=old, after=new)
    return project


def archive_project(session: Session, project: Project, *, actor: str | None) -> None:
    """Close a project: it can be read, not changed."""
    if project.archived_at is None:
        project.archived_at = now()
        _keep(session, project, actor)
        after = {"archived_at": as_time(project.archived_at)}
        record(session, Action.PROJECT_ARCHIVED, project, actor=actor, after=after)


def reopen_project(session: Session, project: Project, *, actor: str | None) -> None:
    """Open an archived project again."""
    if project.archived_at is not None:
        before = {"archived_at": as_time(project.archived_at)}
        project.archived_at = None
        _keep(session, project, actor)
        record(session, Action.PROJECT_REOPENED, project, actor=actor, before=before)


def set_member(
    session: Session, project: Project, user: User, role: Role, *, actor: str | None, leave: bool = False
) -> Membership:
    """Give a person this role in the project.

    WrongState for adding somebody who is deactivated and, unless `leave` is said, for taking the role from the last
    active editor of an open project.
    """
    member = session.get(Membership, (project.id, user.id))
    after = {"user": user.id, "name": user.name, "role": role.value}
    if member is None:
        if not user.active:
            raise WrongState("This person is deactivated. An administrator can reactivate them.")
        member = Membership(
            project_id=project.id, user_id=user.id, role=role.value, created_at=now(), created_by_id=actor
        )
        session.add(member)
        session.flush()
        record(session, Action.MEMBER_ADDED, project, actor=actor, after=after)
    elif member.role != role.value:
        if not leave:
            refuse_last_editor(session, user, project.id)
        before = {**after, "role": member.role}
        member.role = role.value
        session.flush()
        record(session, Action.MEMBER_CHANGED, project, actor=actor, before=before, after=after)
    return member


def remove_member(
    session: Session, project: Project, user: User, *, actor: str | None, leave: bool = False
) -> None:
    """Take a person out of the project; what they did stays.

    NotFound when they are no member; WrongState, unless `leave` is said, for the last active editor of an open
    project. They are no longer reader of its protected sources: whoever comes back is named anew (docs/adr/0013).
    """
    member = session.get(Membership, (project.id, user.id))
    if member is None:
        raise NotFound
    if not leave:
        refuse_last_editor(session, user, project.id)
    before = {"user": user.id, "name": user.name, "role": member.role}
    session.delete(member)
    session.execute(_readings(project.id, user.id))
    session.flush()
    record(session, Action.MEMBER_REMOVED, project, actor=actor, before=before)


def _readings(project_id: str, user_id: str) -> Delete:
    """Give the Delete of what the person may read of the project's protected sources."""
    readers, sources = Model.metadata.tables["source_readers"], Model.metadata.tables["sources"]
    mine = select(sources.c.id).where(sources.c.project_id == project_id)
    return delete(readers).where(readers.c.user_id == user_id, readers.c.source_id.in_(mine))


def join_project(session: Session, project: Project, user: User, role: Role = Role.EDITOR) -> Membership:
    """Let an administrator become a member; the journal shows them as actor and as member."""
    return set_member(session, project, user, role, actor=user.id)


def _state(project: Project) -> dict[str, Any]:
    return {name: getattr(project, name) for name in CHANGEABLE}


def _keep(session: Session, project: Project, actor: str | None) -> None:
    project.stamp(actor, now())
    session.flush()


def _taken(session: Session, slug: str) -> bool:
    return session.scalar(select(Project.id).where(Project.slug == slug)) is not None


def _free_slug(session: Session, name: str) -> str:
    base = slug_of(name)
    one_at_a_time(session, f"slug:{base}")
    found = set(session.scalars(select(Project.slug).where(Project.slug.startswith(base, autoescape=True))))
    number = 1
    slug = base
    while slug in found:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _join_invited(
    session: Session,
    invitation: Invitation,
    _action: Action,
    _before: Any,
    after: dict[str, Any],
    _actor: str | None,
) -> None:
    """Give who accepted an invitation the roles in it; they come from whoever sent it."""
    user = session.get_one(User, after["user"])
    given = select(InvitationRole).where(InvitationRole.invitation_id == invitation.id)
    for row in session.scalars(given.order_by(InvitationRole.project_id)).all():
        project = session.get_one(Project, row.project_id)
        set_member(session, project, user, Role(row.role), actor=invitation.created_by_id)


FOLLOWERS.setdefault(Action.INVITATION_ACCEPTED, []).append(_join_invited)
