"""`annotator user` and `annotator token`: people and API tokens from a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
from flask.cli import AppGroup
from marshmallow import Schema, ValidationError
from sqlalchemy.exc import OperationalError, ProgrammingError

from annotator import mailing
from annotator.accounts import operations, tokens
from annotator.accounts.handing_over import address_of, hand_over_password_link
from annotator.accounts.models import User
from annotator.accounts.queries import by_email, people, projects_of, tokens_of
from annotator.accounts.schemas import NewPassword, TokenIn, UserIn
from annotator.columns import as_time, now
from annotator.database import db
from annotator.errors import AnnotatorError, Invalid, pointers
from annotator.identity import Scope

user_group = AppGroup("user", help="People: add, list, show, change, deactivate and reactivate them.")
token_group = AppGroup("token", help="Make, list and revoke API tokens.")
SCOPES = click.Choice([scope.value for scope in Scope])


@contextmanager
def telling() -> Iterator[None]:
    """Turn our errors into a sentence on the terminal and exit code 1."""
    try:
        yield
    except (AnnotatorError, ValidationError) as error:
        messages = error.messages if isinstance(error, Invalid | ValidationError) else {}
        rows = pointers(messages)
        said = [f"{row['pointer'].strip('/')}: {row['detail']}".removeprefix(": ") for row in rows]
        raise click.ClickException(" ".join(said) or str(error)) from None
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            f"the database does not answer as it should: {error.orig}. If it is new, run `annotator db upgrade`."
        ) from None


def person(email: str) -> User:
    """Give the person with this e-mail address; ClickException when there is none."""
    found = db.session.scalar(by_email(email))
    if found is None:
        raise click.ClickException(f"nobody here has the e-mail address {email}; see `annotator user list`.")
    return found


def _check(schema: Schema, **values: str) -> None:
    schema.load(values)


@user_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name, as others see it.")
@click.option("--admin", is_flag=True, help="Make the person an administrator.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)
def user_add(email: str, name: str, *, admin: bool, password_stdin: bool) -> None:
    """Add a person; without a password, print a one-time link to set one (it works for 24 hours)."""
    with telling():
        checked = UserIn().load({"email": email, "name": name})
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
        if password is not None:
            _check(NewPassword(), password=password)
        user = operations.add_user(db.session, **checked, is_admin=admin, password=password, actor=None)
        token = None if password is not None else operations.make_password_link(db.session, user, actor=None)
        db.commit()
        click.echo(address_of(f"/password/{token}") if token else user.id)


@user_group.command("list")
@click.option(
    "--show", type=click.Choice(["all", "active", "deactivated", "admins"]), default="all", show_default=True
)
@click.option("--find", default="", help="A part of the name or e-mail address.")
def user_list(show: str, find: str) -> None:
    """List people: e-mail address, name, administrator or not, active or not; a tab between."""
    with telling():
        for user in db.session.scalars(people(find, show)):
            state = "active" if user.active else "deactivated"
            click.echo("\t".join([user.email or "-", user.name, "admin" if user.is_admin else "-", state]))


@user_group.command("deactivate")
@click.argument("email")
@click.option(
    "--leave-without-editor", "leave", is_flag=True, help="Do it even if projects are left without an editor."
)
def user_deactivate(email: str, *, leave: bool) -> None:
    """Take away every way in; the person's work and name stay."""
    with telling():
        operations.deactivate_user(db.session, person(email), actor=None, leave=leave)
        db.commit()


@user_group.command("activate")
@click.argument("email")
def user_activate(email: str) -> None:
    """Let a deactivated person in again."""
    with telling():
        operations.activate_user(db.session, person(email), actor=None)
        db.commit()


@user_group.command("reset-password")
@click.argument("email")
@click.option("--mail", is_flag=True, help="Mail the link to the person instead of printing it.")
def user_reset_password(email: str, *, mail: bool) -> None:
    """Print a one-time link to set a password; earlier links of the person stop working."""
    if mail and not mailing.possible():
        raise click.ClickException("this site sends no mail; set SMTP_URL, or leave --mail out.")
    with telling():
        user = person(email)
        token = operations.make_password_link(db.session, user, actor=None)
        said = hand_over_password_link(user, token, mail=mail) or "mailed"
        db.commit()
        click.echo(said)


@token_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What the token is for.")
@click.option("--scope", required=True, type=SCOPES, help="How far it reaches.")
@click.option("--project", help="The short name of the one project it reaches; without, all of the person's.")
@click.option(
    "--days", type=click.IntRange(1, 3650), help="How many days it works; without, until it is revoked."
)
def token_add(email: str, name: str, scope: str, project: str | None, days: int | None) -> None:
    """Make an API token for a person and print it; it cannot be shown again."""
    with telling():
        _check(TokenIn(), purpose=name, scope=scope)
        user = person(email)
        _, value = tokens.make_token(
            db.session,
            user,
            name=name,
            scope=Scope(scope),
            expires_at=now() + timedelta(days=days) if days else None,
            project_id=_project_of(user, project) if project else None,
            actor=None,
        )
        db.commit()
        click.echo(value)


def _project_of(user: User, slug: str) -> str:
    found = db.session.scalar(projects_of(user.id, slug))
    if found is None:
        raise click.ClickException(
            f"{user.email} is no member of a project {slug}; see `annotator project list`."
        )
    return str(found)


@token_group.command("list")
@click.argument("email")
def token_list(email: str) -> None:
    """List a person's tokens: id, scope, name, made, expires, last used; a tab between."""
    with telling():
        for row in db.session.scalars(tokens_of(person(email).id)):
            times = [as_time(at) or "-" for at in (row.created_at, row.expires_at, row.last_used_at)]
            click.echo("\t".join([row.id, row.scope, row.name, *times]))


@token_group.command("revoke")
@click.argument("email")
@click.argument("token_id")
def token_revoke(email: str, token_id: str) -> None:
    """Revoke the token with this id; see `annotator token list EMAIL`."""
    with telling():
        tokens.revoke_token(db.session, token_id, user_id=person(email).id, actor=None)
        db.commit()
