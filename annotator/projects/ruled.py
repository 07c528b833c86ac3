"""Projects that are ruled by groups of the provider of single sign-on: members come and go with each sign-in."""

import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator.accounts.models import User
from annotator.permissions import Role
from annotator.projects.models import Membership, Project
from annotator.projects.operations import remove_member, set_member

log = logging.getLogger(__name__)


def rule_memberships(session: Session, user: User, roles: dict[str, Role | None]) -> None:
    """Give the person these roles, by the short name of the project; None takes the membership.

    A project that is not here (any more) is passed over, and the log says so.
    """
    found = {row.slug: row for row in session.scalars(select(Project).where(Project.slug.in_(roles)))}
    for slug, role in roles.items():
        project = found.get(slug)
        if project is None:
            log.warning("single sign-on: OIDC_ROLES names the project %s, which is not here", slug)
        elif role is not None:
            set_member(session, project, user, role, actor=None, leave=True)
        elif session.get(Membership, (project.id, user.id)) is not None:
            remove_member(session, project, user, actor=None, leave=True)
