"""What can be done to many people at once: for each person what would come of it, or why not; then done one by one."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from annotator.accounts.editors import last_editor_of
from annotator.accounts.login_sessions import end_sessions_of
from annotator.accounts.models import User
from annotator.accounts.operations import activate_user, deactivate_user, make_password_link
from annotator.accounts.queries import active_admins
from annotator.errors import AnnotatorError, WrongState
from annotator.permissions import Role
from annotator.projects.models import Membership, Project
from annotator.projects.operations import remove_member, set_member
from annotator.wording import words_of

ACTIONS = [
    ("deactivate", "Deactivate"),
    ("activate", "Reactivate"),
    ("sessions", "End all sessions"),
    ("link", "Make a link to set the password"),
    ("join", "Add to project"),
    ("leave", "Remove from project"),
]
NEEDS_PROJECT = ("join", "leave")


@dataclass(frozen=True)
class Wish:
    """What an administrator wants done to each of the people: one of ACTIONS, and for two of them a project."""

    action: str
    project: Project | None = None
    role: Role = Role.REVIEWER
    leave: bool = False  # a project may be left without an editor


@dataclass
class Outcome:
    """What comes, or came, of it for one person: done or not, in a sentence; a link is to be handed on."""

    user: User
    possible: bool
    words: str
    warning: str = ""
    link: str | None = None


def foresee(session: Session, users: list[User], wish: Wish) -> list[Outcome]:
    """Say for each person what would come of it, changing nothing; the last administrator counts after the others."""
    admins = {user.id for user in session.scalars(active_admins())}
    found = []
    for user in users:
        outcome = _FORESEEN[wish.action](session, user, wish)
        if wish.action == "deactivate" and admins == {user.id}:
            outcome = Outcome(user, False, "The last active administrator cannot be deactivated.")
        elif wish.action == "deactivate" and outcome.possible:
            admins.discard(user.id)
        found.append(outcome)
    return found


def carry_out(session: Session, user: User, wish: Wish, *, actor: str | None) -> str | None:
    """Do it to one person; gives the token of a link that was asked for, AnnotatorError when it is not possible."""
    project = wish.project
    if wish.action == "deactivate":
        deactivate_user(session, user, actor=actor, leave=wish.leave)
    elif wish.action == "activate":
        activate_user(session, user, actor=actor)
    elif wish.action == "sessions":
        end_sessions_of(session, user, actor=actor)
    elif wish.action == "link":
        return make_password_link(session, user, actor=actor)
    elif wish.action == "join" and project is not None:
        set_member(session, project, user, wish.role, actor=actor, leave=wish.leave)
    elif project is not None:
        remove_member(session, project, user, actor=actor, leave=wish.leave)
    return None


def attempt_one(session: Session, user: User, wish: Wish, *, actor: str | None) -> Outcome:
    """Do it to one person within the transaction; what is refused leaves nothing of itself and says why."""
    before = foresee(session, [user], wish)[0]
    if not before.possible:
        return before
    try:
        with session.begin_nested():
            token = carry_out(session, user, wish, actor=actor)
    except AnnotatorError as error:
        return Outcome(user, False, error.detail)
    return Outcome(user, True, before.words, link=token)


def _deactivate(session: Session, user: User, wish: Wish) -> Outcome:
    if not user.active:
        return Outcome(user, False, "Deactivated already.")
    names = [row.name for row in last_editor_of(session, user.id)]
    warning = f"Last editor of {' and of '.join(names)}." if names else ""
    if warning and not wish.leave:
        return Outcome(user, False, f"{warning} Make somebody else editor there first.", warning)
    return Outcome(user, True, "Is signed out everywhere; tokens end. Work, name and roles stay.", warning)


def _activate(_session: Session, user: User, _wish: Wish) -> Outcome:
    if user.email is None:
        return Outcome(user, False, "Came with an imported file and has no e-mail address.")
    if user.active:
        return Outcome(user, False, "Active already.")
    return Outcome(user, True, "Can sign in again.")


def _sessions(_session: Session, user: User, _wish: Wish) -> Outcome:
    if not user.active:
        return Outcome(user, False, "Deactivated; has no sessions.")
    return Outcome(user, True, "Is signed out on all devices.")


def _link(_session: Session, user: User, _wish: Wish) -> Outcome:
    if not user.active:
        return Outcome(user, False, "Deactivated; gets no link.")
    return Outcome(user, True, "Gets a link to set the password; earlier links end.")


def _join(session: Session, user: User, wish: Wish) -> Outcome:
    project, role = wish.project, words_of("role", wish.role.value)
    if project is None:
        raise WrongState("Choose a project.")
    member = session.get(Membership, (project.id, user.id))
    if member is None and not user.active:
        return Outcome(user, False, "Deactivated; cannot be added.")
    if member is None:
        return Outcome(user, True, f"Becomes {role.lower()} of {project.name}.")
    if member.role == wish.role.value:
        return Outcome(user, False, f"Is {role.lower()} of {project.name} already.")
    change = f"{words_of('role', member.role)} of {project.name} becomes {role.lower()}."
    return _guarded(session, user, project, wish, change)


def _leave(session: Session, user: User, wish: Wish) -> Outcome:
    project = wish.project
    if project is None:
        raise WrongState("Choose a project.")
    if session.get(Membership, (project.id, user.id)) is None:
        return Outcome(user, False, f"Is not a member of {project.name}.")
    return _guarded(session, user, project, wish, f"Leaves {project.name}. What they did stays.")


def _guarded(session: Session, user: User, project: Project, wish: Wish, words: str) -> Outcome:
    """Give the outcome of a change that takes the project from one of its editors, who may be the last."""
    last = any(row.id == project.id for row in last_editor_of(session, user.id))
    warning = f"Last editor of {project.name}." if last else ""
    if warning and not wish.leave:
        return Outcome(user, False, f"{warning} Make somebody else editor there first.", warning)
    return Outcome(user, True, words, warning)


_FORESEEN: dict[str, Callable[[Session, User, Wish], Outcome]] = {
    "deactivate": _deactivate,
    "activate": _activate,
    "sessions": _sessions,
    "link": _link,
    "join": _join,
    "leave": _leave,
}
