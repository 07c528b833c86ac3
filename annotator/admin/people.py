"""The administrator's list of people: found, filtered, sorted, paged, with what each may do and how they sign in."""

from flask import Blueprint, Response, request

from annotator import forms
from annotator.admin.access import PEOPLE
from annotator.admin.bulk_actions import ACTIONS
from annotator.admin.invitations import open_projects
from annotator.admin.people_queries import ORDERS, SHOWN, SORTS, Filter, listed
from annotator.columns import as_time
from annotator.database import db
from annotator.fields import ID
from annotator.forms import Form
from annotator.paging import count, encode, narrowed
from annotator.projects.queries import roles_of
from annotator.reading import grouped
from annotator.wording import CHOICES

blueprint = Blueprint("people", __name__)
PAGE = 50


@blueprint.get("/people")
@PEOPLE
def list_people() -> Response:
    """List people with their projects and roles, second factor and last sign-in."""
    asked = _asked()
    order = ORDERS[asked.sort]
    query = listed(asked)
    rows = db.session.execute(narrowed(query, order, PAGE, request.args.get("cursor"))).all()
    shown, last = rows[:PAGE], rows[PAGE - 1] if len(rows) > PAGE else None
    roles = db.session.execute(roles_of([row[0].id for row in shown])).all()
    return forms.page(
        "admin/people.html",
        Form(),
        rows=shown,
        roles=grouped((user_id, (project, role)) for user_id, project, role in roles),
        asked=asked,
        filters=SHOWN,
        sorts=SORTS,
        projects=open_projects(),
        role_choices=CHOICES["role"],
        actions=ACTIONS,
        total=count(db.session, query),
        cursor=encode([_plain(last.sort_key), last[0].id]) if last else None,
        paged="cursor" in request.args,
    )


def _plain(key: object) -> object:
    return as_time(key) if not isinstance(key, str) else key  # type: ignore[arg-type]


def _asked() -> Filter:
    """Give the filter of the address; what is no choice there counts as not given."""
    given = {
        name: request.args.get(name, "").replace("\0", "").strip()
        for name in ("show", "project", "role", "sort")
    }
    project = given["project"]
    return Filter(
        find=request.args.get("q", "").replace("\0", "").strip()[:200],
        show=given["show"] if given["show"] in dict(SHOWN) else "all",
        project=project if project == "none" or ID.fullmatch(project) else "",
        role=given["role"] if given["role"] in dict(CHOICES["role"]) else "",
        sort=given["sort"] if given["sort"] in dict(SORTS) else "name",
    )
