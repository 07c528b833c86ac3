"""`annotator policy`: the rules of signing in from a terminal."""

import click
from flask.cli import AppGroup

from annotator.accounts import policies
from annotator.accounts.cli import telling
from annotator.database import db

policy_group = AppGroup("policy", help="The rules of signing in: who must have a second factor.")


@policy_group.command("show")
def policy_show() -> None:
    """Print of whom a second factor is demanded, one group to the line; nothing when of nobody."""
    with telling():
        for name in policies.current(db.session).second_factor_for:
            click.echo(name)


@policy_group.command("second-factor")
@click.argument("groups", nargs=-1, required=True, type=click.Choice([*policies.GROUPS, "nobody"]))
def policy_second_factor(groups: tuple[str, ...]) -> None:
    """Demand a second factor of these groups and of nobody else; `nobody` takes the demand back.

    Prints how many people have none yet.
    """
    if "nobody" in groups and len(set(groups)) > 1:
        raise click.ClickException("nobody cannot stand beside other groups.")
    with telling():
        wanted = [name for name in groups if name != "nobody"]
        policies.set_policy(db.session, wanted, policies.current(db.session).version, None)
        db.commit()
        click.echo(len(policies.without_factor(db.session)))


@policy_group.command("missing")
def policy_missing() -> None:
    """List whom the rule meets and who has no second factor yet: e-mail address, name; a tab between."""
    with telling():
        for user in policies.without_factor(db.session):
            click.echo(f"{user.email}\t{user.name}")
