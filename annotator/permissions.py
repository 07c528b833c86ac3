"""Who may do what, in one table; every view states its permission, and the app does not start otherwise.

`permit` loads the thing of the route and asks for the right in one query. What a person may not see answers
404, like what does not exist; what a member may see but not do answers 403 (docs/adr/0004).
"""

from collections.abc import Callable
from enum import StrEnum
from functools import cache, wraps
from typing import Any, TypeVar

from flask import Flask, has_request_context, request
from sqlalchemy import ColumnElement, Select, and_, bindparam, select

from annotator.database import SAFE_METHODS, Model, db
from annotator.errors import FactorNeeded, NotAllowed, NotFound, NotSignedIn, WrongState
from annotator.freshness import refuse_stale
from annotator.identity import Identity, Scope, current
from annotator.jsondoor import refuse_unasked_query
from annotator.reading import rows_of

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    """A member's role in a project."""

    EDITOR = "editor"
    REVIEWER = "reviewer"
    VIEWER = "viewer"


class Permission(StrEnum):
    """Each right, as `resource:action`."""

    PUBLIC = "public:read"  # everybody, signed in or not
    SIGNED_IN = "account:self"  # one's own account
    PROJECT_READ = "project:read"  # read, search and export a project
    CONTENT_ADD = "content:add"  # add articles, sources, statements, annotations, links
    CONTENT_CHANGE = "content:change"  # change what oneself or others made
    PROJECT_MANAGE = "project:manage"  # settings, members, assignments, due dates, archive, import
    PEOPLE_MANAGE = "people:manage"  # people, their roles, all projects' names
    SITE_MANAGE = "site:manage"  # make projects, import whole projects, read the site's journal


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.PROJECT_READ}),
    Role.REVIEWER: frozenset({Permission.PROJECT_READ, Permission.CONTENT_ADD, Permission.CONTENT_CHANGE}),
    Role.EDITOR: frozenset(
        {
            Permission.PROJECT_READ,
            Permission.CONTENT_ADD,
            Permission.CONTENT_CHANGE,
            Permission.PROJECT_MANAGE,
        }
    ),
}
ADMIN_PERMISSIONS = frozenset({Permission.PEOPLE_MANAGE, Permission.SITE_MANAGE})
SCOPE_PERMISSIONS: dict[Scope, frozenset[Permission]] = {
    Scope.READ: frozenset({Permission.PUBLIC, Permission.SIGNED_IN, Permission.PROJECT_READ}),
    Scope.WRITE: frozenset(Permission) - ADMIN_PERMISSIONS,
    Scope.ADMIN: frozenset(Permission),
}
ARCHIVED = "This project is archived: it can be read, but not changed. An editor can reopen it."
CHANGES = frozenset({Permission.CONTENT_CHANGE, Permission.PROJECT_MANAGE})
OWN = frozenset({Permission.PUBLIC, Permission.SIGNED_IN})  # what needs no more than to be there
FACTOR_NEEDED = (
    "This site asks you for a second factor, and you have none yet. Add one in your account; the rest waits."
)
WRITES = frozenset({Permission.CONTENT_ADD, Permission.CONTENT_CHANGE})


def allowed(identity: Identity, permission: Permission, role: str | None) -> bool:
    """Tell whether `identity`, with this role in the project (None: no member), has the right."""
    if permission not in SCOPE_PERMISSIONS[identity.scope]:
        return False
    if permission in OWN:
        return True
    if identity.needs_factor:
        return False
    if permission in ADMIN_PERMISSIONS:
        return identity.is_admin and identity.project_id is None
    return role is not None and permission in ROLE_PERMISSIONS[Role(role)]


def memberships() -> Any:
    """Give the table of memberships; it belongs to a feature, which the kernel must not import."""
    return Model.metadata.tables["memberships"]


def role_of(project_id: str, identity: Identity) -> str | None:
    """Give the person's role in the project, None for no member."""
    if not _reaches(identity, project_id):
        return None
    table = memberships()
    query = select(table.c.role).where(table.c.project_id == project_id, table.c.user_id == identity.user_id)
    return db.session.scalar(query)


def _reaches(identity: Identity, project_id: str) -> bool:
    """Tell whether the token, if it is one of a single project, is one of this project."""
    return identity.project_id in (None, project_id)


def _refuse_without_factor(identity: Identity) -> None:
    if identity.needs_factor:
        raise FactorNeeded(FACTOR_NEEDED)


def project_key(model: Any) -> Any:
    """Give the column that says which project a row belongs to."""
    return model.id if model.__tablename__ == "projects" else model.project_id


def visible(identity: Identity, project_column: Any) -> ColumnElement[bool]:
    """Give the condition that starts every list, search, export and stream: projects this person is a member of.

    Raises FactorNeeded for a person who must add a second factor first.
    """
    _refuse_without_factor(identity)
    table = memberships()
    condition: ColumnElement[bool] = project_column.in_(
        select(table.c.project_id).where(table.c.user_id == identity.user_id)
    )
    return (
        condition if identity.project_id is None else and_(condition, project_column == identity.project_id)
    )


@cache
def _loading(model: Any, key: str, *, deleted: bool, keys: bool = False) -> Select[Any]:
    """Give the Select of a row (`keys`: of its id and project) with this person's role and when it was archived."""
    table, projects = memberships(), Model.metadata.tables["projects"].alias("owner")
    membership = and_(table.c.project_id == project_key(model), table.c.user_id == bindparam("person"))
    wanted = (model.id, project_key(model).label("project_id")) if keys else (model,)
    query: Select[Any] = select(*wanted, table.c.role, projects.c.archived_at)
    query = query.join(table, membership).join(projects, projects.c.id == table.c.project_id)
    query = query.where(getattr(model, key) == bindparam("wanted"))
    return query.where(model.live(deleted=deleted)) if hasattr(model, "live") else query


def load(model: Any, key: str, identity: Identity, permission: Permission, *, deleted: bool = False) -> Any:
    """Load a row of a project and ask for the right in one query.

    Raises NotFound for a stranger's or a deleted row, NotAllowed when the role is too small, WrongState when the
    project is archived and the right is one to change it.
    """
    return load_by(model, "id", key, identity, permission, deleted=deleted)


def load_by(
    model: Any, column: str, value: str, identity: Identity, permission: Permission, *, deleted: bool = False
) -> Any:
    """Do as `load` does, by any unique column."""
    query = _loading(model, column, deleted=deleted)
    if permission in CHANGES and has_request_context() and request.method not in SAFE_METHODS:
        # on PostgreSQL the second of two at once waits here, and then finds that its version is the older one
        query = query.with_for_update(of=model, key_share=True)
    found = db.session.execute(query, {"person": identity.user_id, "wanted": value}).one_or_none()
    if found is None or not _reaches(identity, project_key(found[0])):
        raise NotFound
    _check(identity, permission, found.role, found.archived_at)
    return found[0]


def reach(model: Any, key: str, identity: Identity, permission: Permission) -> Any:
    """Do as `load` does, and give no more than `id` and `project_id` of the row: for what is only added to."""
    query = _loading(model, "id", deleted=False, keys=True)
    found = rows_of(db.session, query, {"person": identity.user_id, "wanted": key}).one_or_none()
    if found is None or not _reaches(identity, found.project_id):
        raise NotFound
    _check(identity, permission, found.role, found.archived_at)
    return found


def _check(identity: Identity, permission: Permission, role: str, archived_at: Any) -> None:
    _refuse_without_factor(identity)
    if not allowed(identity, permission, role):
        raise NotAllowed(refusal(permission, role))
    if permission in WRITES and archived_at is not None:
        raise WrongState(ARCHIVED)


def refuse_archived(project_id: str) -> None:
    """Raise WrongState when the project is archived: it may be read, no more."""
    projects = Model.metadata.tables["projects"]
    if db.session.scalar(select(projects.c.archived_at).where(projects.c.id == project_id)) is not None:
        raise WrongState(ARCHIVED)


def refusal(permission: Permission, role: str | None) -> str:
    """Say in a sentence what the person's role lacks."""
    if permission in ADMIN_PERMISSIONS:
        return "Only an administrator may do this."
    return (
        f"Your role here is {role}, which does not allow this. An editor of the project can change your role."
    )


def permit(
    permission: Permission, model: Any = None, *, key: str = "", deleted: bool = False
) -> Callable[[View], View]:
    """State a view's permission; with a model, load `<id:thing_id>` and hand the row on as `thing`.

    Outermost below the route, so that it refuses before anything is validated. `key` names another column than
    the id: `permit(PROJECT_READ, Project, key="slug")` takes `<slug:project_slug>`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if permission is not Permission.PUBLIC:
                kwargs = _checked(kwargs)
            refuse_unasked_query(request, view)
            return view(*args, **kwargs)

        def _checked(kwargs: dict[str, Any]) -> dict[str, Any]:
            identity = require(permission, project=model is not None)
            if model is None:
                return kwargs
            name = model.__name__.lower()
            value = kwargs.pop(f"{name}_{key or 'id'}")
            return {**kwargs, name: load_by(model, key or "id", value, identity, permission, deleted=deleted)}

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.permission_model = model  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def require(permission: Permission, *, project: bool = False) -> Identity:
    """Give who acts; NotSignedIn, NotAllowed for a right that needs no project, NotFresh for an administrator's."""
    identity = current()
    if identity is None:
        raise NotSignedIn(
            "You are not signed in. Sign in and try again; what you typed is kept in this browser."
        )
    if permission not in SCOPE_PERMISSIONS[identity.scope]:
        raise NotAllowed(f"This token has the scope {identity.scope}, which does not reach this.")
    if permission not in OWN:
        _refuse_without_factor(identity)
    if not project and permission in ADMIN_PERMISSIONS and not allowed(identity, permission, None):
        raise NotAllowed(refusal(permission, None))
    if permission in ADMIN_PERMISSIONS:
        refuse_stale("admin_fresh_for")
    return identity


def check_views(app: Flask) -> None:
    """Refuse to start with a view that states no permission."""
    silent = sorted(name for name, view in app.view_functions.items() if not hasattr(view, "permission"))
    if silent:
        raise RuntimeError(f"these views state no permission: {', '.join(silent)}")


def table() -> list[tuple[str, list[str]]]:
    """Give the whole table for `annotator permissions`: each right and who has it."""
    rows = []
    for permission in Permission:
        holders = [role.value for role in Role if permission in ROLE_PERMISSIONS[role]]
        if permission in ADMIN_PERMISSIONS:
            holders = ["admin"]
        if permission is Permission.PUBLIC:
            holders = ["everybody"]
        if permission is Permission.SIGNED_IN:
            holders = ["everybody signed in"]
        rows.append((permission.value, holders))
    return rows
