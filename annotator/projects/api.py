"""The JSON API of projects and their members."""

from typing import Any

from flask import Response

from annotator.accounts.operations import find_user
from annotator.api import Blueprint, page_of
from annotator.compiled import dump_rows
from annotator.concurrency import answer, check_version
from annotator.database import db
from annotator.identity import Identity, acting
from annotator.paging import PageArgs, count, encode, narrowed
from annotator.permissions import Permission, Role, permit
from annotator.projects import operations
from annotator.projects.models import Membership, Project
from annotator.projects.queries import BY_NAME, member_rows, project_rows
from annotator.projects.schemas import MemberIn, MemberOut, ProjectChange, ProjectOut

blueprint = Blueprint("projects_api", __name__, description="Projects and who belongs to them.")


@blueprint.get("/projects")
@permit(Permission.PROJECT_READ)
@blueprint.arguments(PageArgs, location="query")
@blueprint.response(200, page_of(ProjectOut))
def list_projects(args: dict[str, Any]) -> Response:
    """List the projects that one is a member of, by name."""
    query = project_rows(db.session, acting())
    found = db.session.execute(narrowed(query, BY_NAME, args["limit"], args["cursor"]))
    labels = list(found.keys())
    rows = found.all()
    items = dump_rows(ProjectOut, labels, rows[: args["limit"]], {})
    last = items[-1] if len(rows) > args["limit"] else None
    body: dict[str, Any] = {"items": items, "next": encode([last["name"], last["id"]]) if last else None}
    if args["total"]:
        body["total"] = count(db.session, query)
    return answer(body)


@blueprint.get("/projects/<id:project_id>")
@permit(Permission.PROJECT_READ, Project)
@blueprint.response(200, ProjectOut)
def get_project(project: Project) -> Response:
    """Give a project and one's own role in it."""
    return answer(read_project(project.id, acting()))


@blueprint.patch("/projects/<id:project_id>")
@permit(Permission.PROJECT_MANAGE, Project)
@blueprint.arguments(ProjectChange)
@blueprint.response(200, ProjectOut)
@blueprint.changes(conditional=True)
def change_project(data: dict[str, Any], project: Project) -> Response:
    """Change the given settings; `archived` closes or reopens the project. Needs If-Match.

    The settings of an archived project can be changed only in the request that reopens it.
    """
    identity = acting()
    check_version(project, lambda: read_project(project.id, identity))
    archived = data.pop("archived", None)
    if archived is False:
        operations.reopen_project(db.session, project, actor=identity.user_id)
    operations.change_project(db.session, project, data, actor=identity.user_id)
    if archived:
        operations.archive_project(db.session, project, actor=identity.user_id)
    return answer(read_project(project.id, identity))


@blueprint.get("/projects/<id:project_id>/members")
@permit(Permission.PROJECT_READ, Project)
@blueprint.response(200, page_of(MemberOut))
def list_members(project: Project) -> Response:
    """List a project's members by name."""
    return answer({"items": read_members(project.id), "next": None})


@blueprint.put("/projects/<id:project_id>/members/<id:user_id>")
@permit(Permission.PROJECT_MANAGE, Project)
@blueprint.arguments(MemberIn)
@blueprint.response(200, MemberOut)
@blueprint.changes()
def set_member(data: dict[str, Any], project: Project, user_id: str) -> Response:
    """Give a person this role in the project, whether they are a member already or not."""
    user = find_user(db.session, user_id)
    known = db.session.get(Membership, (project.id, user.id)) is not None
    operations.set_member(db.session, project, user, Role(data["role"]), actor=acting().user_id)
    mine = next(row for row in read_members(project.id) if row["person"]["id"] == user.id)
    return answer(mine, 200 if known else 201)


@blueprint.delete("/projects/<id:project_id>/members/<id:user_id>")
@permit(Permission.PROJECT_MANAGE, Project)
@blueprint.response(204)
def remove_member(project: Project, user_id: str) -> Response:
    """Take a person out of the project; what they did stays."""
    operations.remove_member(db.session, project, find_user(db.session, user_id), actor=acting().user_id)
    return Response(status=204)


def read_project(project_id: str, identity: Identity) -> dict[str, Any]:
    """Give a project as the API shows it."""
    found = db.session.execute(project_rows(db.session, identity).where(Project.id == project_id))
    labels = list(found.keys())
    return dump_rows(ProjectOut, labels, found.all(), {})[0]


def read_members(project_id: str) -> list[dict[str, Any]]:
    """Give a project's members as the API shows them."""
    found = db.session.execute(member_rows(db.session, project_id))
    return dump_rows(MemberOut, list(found.keys()), found.all(), {})
