"""A list of people to invite: each line checked against who and what is here, then done as a whole."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from annotator.accounts.invitations import invite
from annotator.accounts.models import User
from annotator.accounts.proof_models import Invitation
from annotator.admin.list_reading import RawLine, read_lines
from annotator.admin.schemas import InvitationIn
from annotator.columns import now
from annotator.errors import pointers
from annotator.permissions import Role
from annotator.projects.models import Membership, Project
from annotator.projects.operations import set_member

YES = {"yes", "y", "true", "1", "x", "admin", "administrator"}
NO = {"", "no", "n", "false", "0"}


@dataclass
class Line:
    """A line of the list: what it asks for, what will happen ("invite", "roles", "nothing"), and each problem."""

    number: int
    email: str = ""
    name: str = ""
    is_admin: bool = False
    roles: list[tuple[Project, Role]] = field(default_factory=list)
    does: str = "nothing"
    problems: list[str] = field(default_factory=list)
    user: User | None = None


@dataclass(frozen=True)
class Checked:
    """A list that was looked at: its text and lines; nothing of it is done yet."""

    text: str
    lines: list[Line]

    def number_of(self, does: str) -> int:
        """Count the lines of which this will come."""
        return sum(line.does == does for line in self.lines)

    @property
    def wrong(self) -> int:
        """Count the lines of which nothing comes because of a problem."""
        return sum(bool(line.problems) for line in self.lines)

    @property
    def mark(self) -> str:
        """Give what tells this outcome from another: text and what comes of each line."""
        told = [
            (line.number, line.email, line.does, sorted((p.id, r) for p, r in line.roles))
            for line in self.lines
        ]
        return hashlib.sha256(repr((self.text, told)).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Known:
    """Who and what is here that the lines speak of."""

    people: dict[str, User]
    waiting: set[str]
    projects: dict[str, Project]
    roles: dict[tuple[str, str], str]


def check_list(session: Session, text: str) -> Checked:
    """Look at a whole list and change nothing; NoList when it cannot be read at all."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as a form gives it back
    raws = read_lines(text)
    lines = [_read(raw) for raw in raws]
    known = _known(session, [line.email for line in lines])
    seen: set[str] = set()
    for line, raw in zip(lines, raws, strict=True):
        line.roles = _roles(raw.cells.get("projects", ""), known, line.problems)
        if line.email and line.email in seen:
            line.problems.append("This address stands further up in the list already.")
        seen.add(line.email)
        _decide(line, known)
    return Checked(text, lines)


def _read(raw: RawLine) -> Line:
    line = Line(raw.number, email=raw.cells.get("email", ""), name=raw.cells.get("name", ""))
    if raw.problem:
        line.problems.append(raw.problem)
    admin = raw.cells.get("admin", "").casefold()
    line.is_admin = admin in YES
    if admin not in YES | NO:
        line.problems.append(f"admin: write yes or no, not “{admin[:40]}”.")
    try:
        found = InvitationIn().load({"email": line.email, "name": line.name})
        line.email, line.name = found["email"], found["name"]
    except ValidationError as error:
        line.problems += [f"{row['pointer'].strip('/')}: {row['detail']}" for row in pointers(error.messages)]
    return line


def _roles(text: str, known: Known, problems: list[str]) -> list[tuple[Project, Role]]:
    found: dict[str, tuple[Project, Role]] = {}
    for part in (part.strip() for part in text.replace(",", ";").split(";")):
        if not part:
            continue
        slug, sign, role = (piece.strip().casefold() for piece in part.partition(":"))
        project = known.projects.get(slug)
        if not sign:
            problems.append(f"projects: “{part[:80]}” is not like desk:reviewer.")
        elif project is None:
            problems.append(f"projects: no open project has the short name “{slug[:80]}”.")
        elif role not in set(Role):
            problems.append(f"projects: “{role[:40]}” is no role. The roles are editor, reviewer and viewer.")
        elif slug in found:
            problems.append(f"projects: {project.name} stands here twice.")
        else:
            found[slug] = (project, Role(role))
    return list(found.values())


def _decide(line: Line, known: Known) -> None:
    """Say what comes of the line; people who are here can be given the roles instead."""
    line.user = known.people.get(line.email)
    if line.user is None and line.email in known.waiting:
        line.problems.append(
            "There is an open invitation for this address already. Make a new link for it in the list."
        )
    if line.problems:
        return
    if line.user is None:
        line.does = "invite"
    elif not line.user.active:
        line.problems.append("This person is here and deactivated. Reactivate them on their page.")
    else:
        mine = line.user.id
        line.roles = [pair for pair in line.roles if known.roles.get((mine, pair[0].id)) != pair[1].value]
        line.does = "roles" if line.roles else "nothing"


def _known(session: Session, emails: list[str]) -> Known:
    people = {user.email or "": user for user in _in_parts(session, select(User), User.email, emails)}
    waiting = _in_parts(session, _open_ones(), Invitation.email, emails)
    rows = session.scalars(select(Project).where(Project.archived_at.is_(None))).all()
    ids = [user.id for user in people.values()]
    mine = _in_parts(session, select(Membership), Membership.user_id, ids)
    return Known(
        people,
        {row.email for row in waiting},
        {row.slug: row for row in rows},
        {(row.user_id, row.project_id): row.role for row in mine},
    )


def _open_ones() -> Select[Invitation]:
    return select(Invitation).where(
        Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > now()
    )


def _in_parts(session: Session, query: Any, column: Any, values: list[str]) -> list[Any]:
    """Give the rows whose column holds one of the values, asked for in parts that every database takes."""
    parts = (values[start : start + 400] for start in range(0, len(values), 400))
    return [row for part in parts for row in session.scalars(query.where(column.in_(part)))]


def carry_out(
    session: Session, checked: Checked, *, give_roles: bool, actor: str | None
) -> list[tuple[Line, Invitation, str]]:
    """Do what the lines say; gives the invitations with their tokens, in the order of the list.

    With `give_roles` people who are here get the roles of their lines; else nothing comes of those lines.
    """
    made = []
    for line in checked.lines:
        if line.does == "invite":
            row, token = invite(
                session,
                email=line.email,
                name=line.name,
                is_admin=line.is_admin,
                roles={project.id: role for project, role in line.roles},
                actor=actor,
            )
            made.append((line, row, token))
        elif line.does == "roles" and give_roles and line.user is not None:
            for project, role in line.roles:
                set_member(session, project, line.user, role, actor=actor)
    return made
