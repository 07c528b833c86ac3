"""People as the administrators' list shows them: found, filtered, sorted, with second factor and last sign-in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select

from annotator.accounts.factors import factor_of
from annotator.accounts.models import User
from annotator.columns import UtcTime
from annotator.journal.models import Event
from annotator.journal.tags import Action
from annotator.paging import Order
from annotator.permissions import Role
from annotator.projects.models import Membership

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
SHOWN = [
    ("all", "Everybody"),
    ("active", "Active"),
    ("deactivated", "Deactivated"),
    ("admins", "Administrators"),
    ("no-factor", "Without second factor"),
    ("never", "Never signed in"),
    ("imported", "From an imported file"),
]
SORTS = [("name", "Name"), ("last", "Last sign-in")]
# from the journal: sessions that ended long ago are cleared away
SIGNED_IN = (Event.subject_id == User.id, Event.action == Action.SIGNED_IN.value)
LAST: Any = (
    select(Event.at)
    .where(*SIGNED_IN)
    .order_by(Event.number.desc())
    .limit(1)
    .correlate(User)
    .scalar_subquery()
)
LAST_KEY: Any = func.coalesce(LAST, literal(NEVER, UtcTime()), type_=UtcTime())
NAME_KEY: Any = func.lower(User.name)
ORDERS = {"name": Order((NAME_KEY, User.id)), "last": Order((LAST_KEY, User.id), descending=True)}


@dataclass(frozen=True)
class Filter:
    """Which people are listed, and by what they are sorted."""

    find: str = ""
    show: str = "all"
    project: str = ""
    role: str = ""
    sort: str = "name"

    def as_query(self) -> dict[str, str]:
        """Give what stands in the address of this list."""
        names = {
            "q": self.find,
            "show": self.show,
            "project": self.project,
            "role": self.role,
            "sort": self.sort,
        }
        usual = {"show": "all", "sort": "name"}
        return {name: value for name, value in names.items() if value and usual.get(name) != value}


def listed(asked: Filter) -> Select[Any]:
    """Select (person, has a second factor, last sign-in, the value sorted by), not sorted yet."""
    key = ORDERS[asked.sort].columns[0]
    query = select(User, factor_of(User.id).label("factor"), LAST.label("last"), key.label("sort_key"))
    for condition in (_named(asked.find), _shown(asked.show), _member(asked.project, asked.role)):
        if condition is not None:
            query = query.where(condition)
    return query


def _named(find: str) -> ColumnElement[bool] | None:
    if not find:
        return None
    return or_(
        func.lower(User.name).contains(find.lower(), autoescape=True),
        User.email.contains(find.casefold(), autoescape=True),
    )


def _shown(show: str) -> ColumnElement[bool] | None:
    conditions: dict[str, ColumnElement[bool]] = {
        "active": User.active.is_(True),
        "deactivated": and_(User.active.is_(False), User.email.is_not(None)),
        "admins": User.is_admin.is_(True),
        "no-factor": and_(User.active, ~factor_of(User.id)),
        "never": and_(User.active, ~exists().where(*SIGNED_IN)),
        "imported": User.email.is_(None),
    }
    return conditions.get(show)


def _member(project: str, role: str) -> ColumnElement[bool] | None:
    """Give the condition of being a member of the project ("none": of no project), in the role if one is named."""
    mine = [Membership.user_id == User.id]
    if project == "none":
        return ~exists().where(*mine)
    if project:
        mine.append(Membership.project_id == project)
    if role in set(Role):
        mine.append(Membership.role == role)
    return exists().where(*mine) if len(mine) > 1 else None


def last_sign_in(user_id: str) -> Select[Any]:
    """Select when the person signed in last."""
    mine = (Event.subject_id == user_id, Event.action == Action.SIGNED_IN.value)
    return select(Event.at).where(*mine).order_by(Event.number.desc()).limit(1)
