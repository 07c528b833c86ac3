"""`annotator doctor`: whether the installation is well, said on a terminal."""

import click
from flask import current_app
from flask.cli import with_appcontext

from annotator.database import db
from annotator.health import Check, Site, State, examine, worst_first
from annotator.health_machine import CHECKS

COLOURS = {State.WRONG: "red", State.NOTICE: "yellow", State.GOOD: "green", State.UNKNOWN: "blue"}
WIDTH = max(len(state) for state in State)


@click.command("doctor")
@with_appcontext
def doctor_command() -> None:
    """Look at settings, files, database, disk, clock and mail; exit with 1 when something is wrong."""
    found = worst_first(examine(Site(current_app.config["SETTINGS"], db.here.engine), CHECKS))
    for check in found:
        click.echo(_line(check))
    wrong = sum(check.state is State.WRONG for check in found)
    if wrong:
        raise click.ClickException(f"{wrong} of {len(found)} checks found something wrong.")


def _line(check: Check) -> str:
    state = click.style(f"{check.state:<{WIDTH}}", fg=COLOURS[check.state])
    todo = f"\n{'':<{WIDTH}}  What to do: {check.todo}" if check.todo else ""
    return f"{state}  {check.name}: {check.sentence}{todo}"
