"""The rules of people, roles and tokens once more, in plain Python and without a database: what tests compare with."""

from dataclasses import dataclass, field

READS = {"read", "account"}
NEEDS = {"read": {"viewer", "reviewer", "editor"}, "add": {"reviewer", "editor"}, "manage": {"editor"}}


@dataclass
class Credential:
    """A way in: a session's cookie (scope "all") or a token, which may reach one project alone."""

    person: str
    value: str
    scope: str = "all"
    project: str | None = None
    alive: bool = True
    id: str = ""


@dataclass
class Rights:
    """Who is there, who is a member of what, and which ways in count."""

    active: dict[str, bool] = field(default_factory=dict)
    roles: dict[tuple[str, str], str] = field(default_factory=dict)
    credentials: list[Credential] = field(default_factory=list)

    def answer(self, with_: Credential, wish: str, project: str) -> int:
        """Give the status of a wish; 200 stands for every success."""
        if not with_.alive:
            return 401
        if with_.scope == "read" and wish not in READS:
            return 403
        if wish == "account":
            return 200
        role = self.role(with_, project)
        if role is None:
            return 404
        return 200 if role in NEEDS[wish] else 403

    def role(self, with_: Credential, project: str) -> str | None:
        """Give the role that the way in carries in a project."""
        if with_.project not in (None, project):
            return None
        return self.roles.get((project, with_.person))

    def projects(self, with_: Credential) -> set[str]:
        """Give the projects that are listed."""
        return {project for project, _ in self.roles if self.role(with_, project) is not None}

    def last_editor(self, person: str, project: str) -> bool:
        """Tell whether nobody else who is active edits the project."""
        editors = {who for (what, who), role in self.roles.items() if (what, role) == (project, "editor")}
        return {who for who in editors if self.active[who]} == {person}

    def set_role(self, with_: Credential, person: str, project: str, role: str) -> int:
        """Give somebody a role."""
        allowed = self.answer(with_, "manage", project)
        present = self.roles.get((project, person))
        if allowed != 200:
            return allowed
        if (present is None and not self.active[person]) or (
            present not in (None, role) and self.last_editor(person, project)
        ):
            return 409
        self.roles[project, person] = role
        return 200

    def remove(self, with_: Credential, person: str, project: str) -> int:
        """Take somebody out of a project."""
        allowed = self.answer(with_, "manage", project)
        if allowed != 200:
            return allowed
        if (project, person) not in self.roles:
            return 404
        if self.last_editor(person, project):
            return 409
        del self.roles[project, person]
        return 200

    def deactivate(self, person: str) -> None:
        """Take every way in from somebody, unless a project would be left without an editor."""
        if any(self.last_editor(person, project) for project in {project for project, _ in self.roles}):
            return
        self.active[person] = False
        for one in self.credentials:
            one.alive = one.alive and one.person != person
