"""`annotator project`: projects and their members from a terminal."""

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from annotator.accounts.cli import person, telling
from annotator.accounts.models import User
from annotator.database import db
from annotator.permissions import Role
from annotator.projects import operations
from annotator.projects.models import Membership, Project
from annotator.projects.schemas import ProjectIn

project_group = AppGroup("project", help="Make, list, archive projects; give people their roles.")
ROLES = click.Choice([*(role.value for role in Role), "none"])
LEAVE = click.option(
    "--leave-without-editor",
    "leave",
    is_flag=True,
    help="Do it even if the project is left without an editor.",
)


def project_of(slug: str) -> Project:
    """Give the project with this short name; ClickException when there is none."""
    found = db.session.scalar(select(Project).where(Project.slug == slug))
    if found is None:
        raise click.ClickException(f"no project has the short name {slug}; see `annotator project list`.")
    return found


@project_group.command("add")
@click.argument("name")
@click.option("--slug", default="", help="The short name in addresses; made from NAME unless given.")
def project_add(name: str, slug: str) -> None:
    """Make a project and print its short name."""
    with telling():
        checked = ProjectIn().load({"name": name, "slug": slug})
        project = operations.add_project(db.session, **checked, actor=None)
        db.commit()
        click.echo(project.slug)


@project_group.command("list")
def project_list() -> None:
    """List projects: short name, name, open or archived; a tab between."""
    with telling():
        for project in db.session.scalars(select(Project).order_by(func.lower(Project.name), Project.id)):
            state = "archived" if project.archived_at else "open"
            click.echo(f"{project.slug}\t{project.name}\t{state}")


@project_group.command("members")
@click.argument("slug")
def project_members(slug: str) -> None:
    """List a project's members: e-mail address, name, role, active or not; a tab between."""
    with telling():
        mine = Membership.project_id == project_of(slug).id
        query = select(User, Membership.role).join(Membership, Membership.user_id == User.id).where(mine)
        for user, role in db.session.execute(query.order_by(func.lower(User.name), User.id)):
            state = "active" if user.active else "deactivated"
            click.echo("\t".join([user.email or "-", user.name, role, state]))


@project_group.command("member")
@click.argument("slug")
@click.argument("email")
@click.argument("role", type=ROLES)
@LEAVE
def project_member(slug: str, email: str, role: str, *, leave: bool) -> None:
    """Give the person with EMAIL this ROLE in the project; `none` takes them out."""
    with telling():
        set_role(slug, email, role, leave=leave)
        db.commit()


@project_group.command("remove-member")
@click.argument("slug")
@click.argument("email")
@LEAVE
def project_remove_member(slug: str, email: str, *, leave: bool) -> None:
    """Take the person with EMAIL out of the project; what they did stays."""
    with telling():
        set_role(slug, email, "none", leave=leave)
        db.commit()


def set_role(slug: str, email: str, role: str, *, leave: bool) -> None:
    """Give a person a role in a project, or with `none` take them out; ClickException says who or what is unknown."""
    project, user = project_of(slug), person(email)
    if role != "none":
        operations.set_member(db.session, project, user, Role(role), actor=None, leave=leave)
        return
    if db.session.get(Membership, (project.id, user.id)) is None:
        raise click.ClickException(f"{email} is no member of {slug}; see `annotator project members {slug}`.")
    operations.remove_member(db.session, project, user, actor=None, leave=leave)


@project_group.command("archive")
@click.argument("slug")
def project_archive(slug: str) -> None:
    """Close a project: it can be read, not changed."""
    with telling():
        operations.archive_project(db.session, project_of(slug), actor=None)
        db.commit()


@project_group.command("reopen")
@click.argument("slug")
def project_reopen(slug: str) -> None:
    """Open an archived project again."""
    with telling():
        operations.reopen_project(db.session, project_of(slug), actor=None)
        db.commit()
