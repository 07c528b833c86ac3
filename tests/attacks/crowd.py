"""Everybody who may come to the door: the people of the contract tests, two more, and a token of each scope of each."""

from collections.abc import Mapping

from contract.world import World
from factories import sign_in

from annotator.accounts.models import ApiToken, User
from annotator.accounts.proof_models import Invitation, InvitationRole
from annotator.accounts.secret_values import digest
from annotator.columns import new_id, now
from annotator.database import db
from annotator.identity import Scope
from annotator.permissions import Role
from annotator.projects.models import Membership, Project
from annotator.projects.operations import remove_member

PEOPLE = ("nobody", "olga", "ivy", "rob", "dan", "dee", "ann", "eve", "cleo")
EVERYBODY = (*PEOPLE, *(f"{who}:{scope}" for who in PEOPLE[1:] for scope in Scope))
# where who asks is never looked at
NOBODY_ASKED = {
    "/email/<token>",
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/v1/openapi.json",
    "/static/<build>/<path:filename>",
}
LIKE = {"ivy": "olga", "rob": "olga"}  # who is invited, and who was removed, are strangers


def gather(world: World) -> World:
    """Add Ivy (whose invitation is open), Rob (removed from the desk) and everybody's tokens; gives the world."""
    with world.app.app_context():
        for name in ("ivy", "rob"):
            at = now()
            row = User(
                id=new_id(), email=f"{name}@example.org", name=name.title(), created_at=at, updated_at=at
            )
            db.session.add(row)
            setattr(world.people, name, row.id)
        db.session.flush()
        _invite(world)
        _come_and_go(world)
        for name in EVERYBODY[len(PEOPLE) :]:
            _give_token(world, name)
        db.commit()
    for name in ("ivy", "rob"):
        world.clients[name] = sign_in(world.app, getattr(world.people, name))
    world.keep()
    return world


def _invite(world: World) -> None:
    at, cleo = now(), world.people.cleo
    made = {"created_at": at, "updated_at": at, "created_by_id": cleo, "updated_by_id": cleo}
    row = Invitation(
        id=new_id(), email="ivy@example.org", token_hash="8" * 64, is_admin=True, expires_at=at, **made
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(InvitationRole(invitation_id=row.id, project_id=world.desk["project"], role="editor"))


def _come_and_go(world: World) -> None:
    desk, rob = db.session.get_one(Project, world.desk["project"]), db.session.get_one(User, world.people.rob)
    db.session.add(Membership(project_id=desk.id, user_id=rob.id, role=Role.EDITOR, created_at=now()))
    db.session.flush()
    remove_member(db.session, desk, rob, actor=world.people.eve)


def _give_token(world: World, name: str) -> None:
    """As rows: Dan's are from before he was deactivated, Eve's of scope admin from when she was one."""
    person, _, scope = name.partition(":")
    row = ApiToken(
        id=new_id(), user_id=getattr(world.people, person), name="test", scope=scope, created_at=now()
    )
    value = f"ann_{row.id}{scope}"
    row.token_hash = digest(value)
    db.session.add(row)
    world.tokens[name] = value
    if scope == Scope.READ:
        world.token_ids[person] = row.id


def expected(row: Mapping[str, str], who: str) -> str:
    """Give what the reviewed table says of `who`: their own column, or the one of those they are like.

    A token gets what its person gets, where tokens of its scope get anything: `eve:read` and `eve:write` say where
    they do not. A token of scope admin is no more than one of scope write unless its person is an administrator.
    """
    person, _, scope = who.partition(":")
    own = row[LIKE.get(person, person)]
    if who in row or not scope:
        return row.get(who, own)
    if person == "dan":
        return _with_a_dead_token(row)
    if scope == Scope.READ:
        return "403" if row["eve:read"] == "403" else own
    return "403" if row["eve:write"] == "403" != row["eve"] else own


def _with_a_dead_token(row: Mapping[str, str]) -> str:
    """A token that works no more is worse than none: nobody is let in by what is open to all beside it."""
    if row["method"] != "GET":
        return "401"
    if row["route"] in NOBODY_ASKED:
        return row["dan"]
    return "401" if row["route"].startswith("/api/") else "302"
