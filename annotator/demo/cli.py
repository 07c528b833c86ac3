"""`annotator demo`: the sample project from a terminal."""

import os

import click
from flask import current_app
from flask.cli import with_appcontext

from annotator import migrating
from annotator.accounts.cli import person, telling
from annotator.accounts.models import User
from annotator.accounts.operations import ensure_first_admin
from annotator.accounts.queries import active_admins
from annotator.database import db
from annotator.demo.operations import add_sample, sample_project


@click.command("demo")
@click.option(
    "--actor", help="The e-mail address of who becomes its editor; the first administrator otherwise."
)
@with_appcontext
def demo_command(actor: str | None) -> None:
    """Add the sample project, a place to look around; prints its link."""
    migrating.upgrade(db.here.engine)
    with telling():
        found = sample_project(db.session)
        if found is not None:
            click.echo("The sample project is here already.", err=True)
        else:
            found = add_sample(db.session, person(actor) if actor else _first_admin())
            db.commit()
        base = current_app.config["SETTINGS"].base_url or f"http://localhost:{os.environ.get('PORT') or 8123}"
        click.echo(f"{base.rstrip('/')}/projects/{found.slug}/")


def _first_admin() -> User:
    admin = db.session.scalars(active_admins()).first()
    if admin is None:
        ensure_first_admin(db.session)
        admin = db.session.scalars(active_admins()).one()
    return admin
