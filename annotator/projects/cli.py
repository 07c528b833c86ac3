"""`annotator project`: projects and their members from a terminal."""

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from annotator.accounts.cli import person, telling
from annotator.database import db
from annotator.permissions import Role
from annotator.projects import operations
from annotator.projects.models import Project
from annotator.projects.schemas import ProjectIn

project_group = AppGroup("project", help="Make and list projects; give people their roles.")


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


@project_group.command("member")
@click.argument("slug")
@click.argument("email")
@click.argument("role", type=click.Choice([*(role.value for role in Role), "none"]))
def project_member(slug: str, email: str, role: str) -> None:
    """Give the person with EMAIL this ROLE in the project; `none` takes them out."""
    with telling():
        project, user = project_of(slug), person(email)
        if role == "none":
            operations.remove_member(db.session, project, user, actor=None)
        else:
            operations.set_member(db.session, project, user, Role(role), actor=None)
        db.commit()
