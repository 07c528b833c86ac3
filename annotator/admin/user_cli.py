"""`annotator user show|rename|email|admin|unadmin|role|end-sessions|reset-factor|unbind`: one person, by terminal."""

import json
from typing import Any

import click

from annotator.accounts import operations
from annotator.accounts.cli import person, telling, user_group
from annotator.accounts.editors import last_editor_of
from annotator.accounts.factor_changes import reset_factors
from annotator.accounts.factors import methods_of
from annotator.accounts.login_sessions import end_sessions_of
from annotator.accounts.models import User
from annotator.accounts.oidc.people import unbind
from annotator.accounts.queries import sessions_of, tokens_of
from annotator.accounts.schemas import UserIn
from annotator.accounts.sessions import in_force
from annotator.admin.people_queries import last_sign_in
from annotator.columns import as_time, now
from annotator.database import db
from annotator.projects.cli import LEAVE, set_role
from annotator.projects.queries import roles_of


@user_group.command("show")
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")
def user_show(email: str, *, as_json: bool) -> None:
    """Show a person: state, roles, second factor, devices, tokens; a name and a value to the line, a tab between."""
    with telling():
        facts = _facts(person(email))
        if as_json:
            click.echo(json.dumps(facts, ensure_ascii=False, indent=1))
            return
        for name, value in facts.items():
            for one in value if isinstance(value, list) else [value]:
                shown = "\t".join(str(part) for part in one.values()) if isinstance(one, dict) else one
                click.echo(f"{name}\t{shown}")


def _facts(user: User) -> dict[str, Any]:
    session = db.session
    last = {row.id for row in last_editor_of(session, user.id)}
    roles = [(project, role) for _, project, role in session.execute(roles_of([user.id]))]
    return {
        "id": user.id,
        "email": user.email or "",
        "name": user.name,
        "administrator": "yes" if user.is_admin else "no",
        "state": "active" if user.active else "deactivated",
        "password": "set" if user.password_hash else "none",
        "second_factor": ",".join(methods_of(session, user.id)) or "none",
        "last_sign_in": as_time(session.scalar(last_sign_in(user.id))) or "never",
        "role": [
            {
                "project": project.slug,
                "role": role,
                "last_editor": "last editor" if project.id in last else "",
            }
            for project, role in roles
        ],
        "session": [
            {
                "device": row.device,
                "method": row.method,
                "begun": as_time(row.created_at),
                "seen": as_time(row.last_seen_at),
            }
            for row in session.scalars(sessions_of(user.id, *in_force(now())))
        ],
        "token": [
            {
                "id": row.id,
                "scope": row.scope,
                "name": row.name,
                "last_used": as_time(row.last_used_at) or "never",
            }
            for row in session.scalars(tokens_of(user.id))
        ],
    }


@user_group.command("rename")
@click.argument("email")
@click.argument("name")
def user_rename(email: str, name: str) -> None:
    """Change the name that others see on the person's work."""
    _change(email, {"name": name})


@user_group.command("email")
@click.argument("email")
@click.argument("new")
def user_email(email: str, new: str) -> None:
    """Change the address a person signs in with; their sessions and tokens end."""
    _change(email, {"email": new})


def _change(email: str, changes: dict[str, str]) -> None:
    with telling():
        user = person(email)
        about = UserIn().load({"email": user.email, "name": user.name} | changes)
        operations.change_user(db.session, user, **about, actor=None)
        db.commit()


@user_group.command("admin")
@click.argument("email")
def user_admin(email: str) -> None:
    """Make a person an administrator; they sign in anew."""
    with telling():
        operations.grant_admin(db.session, person(email), actor=None)
        db.commit()


@user_group.command("unadmin")
@click.argument("email")
def user_unadmin(email: str) -> None:
    """Take the administrator's right from a person."""
    with telling():
        operations.withdraw_admin(db.session, person(email), actor=None)
        db.commit()


@user_group.command("role")
@click.argument("email")
@click.argument("slug")
@click.argument("role", type=click.Choice(["editor", "reviewer", "viewer", "none"]))
@LEAVE
def user_role(email: str, slug: str, role: str, *, leave: bool) -> None:
    """Give a person this ROLE in the project SLUG; `none` takes them out."""
    with telling():
        set_role(slug, email, role, leave=leave)
        db.commit()


@user_group.command("end-sessions")
@click.argument("email")
def user_end_sessions(email: str) -> None:
    """Sign a person out on all devices; prints how many there were."""
    with telling():
        count = end_sessions_of(db.session, person(email), actor=None)
        db.commit()
        click.echo(count)


@user_group.command("reset-factor")
@click.argument("email")
def user_reset_factor(email: str) -> None:
    """Take all second factors of a person away who lost the phone or the key; their sessions end."""
    with telling():
        reset_factors(db.session, person(email), actor=None)
        db.commit()


@user_group.command("unbind")
@click.argument("email")
def user_unbind(email: str) -> None:
    """Take a person's identity at the provider of single sign-on away; every way in ends, a new link joins another."""
    with telling():
        unbind(db.session, person(email), actor=None)
        db.commit()


__all__ = ["user_group"]
