"""`annotator search`: making anew what search looks into."""

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from annotator.database import db

# says what can be found, which must be known before anything of it is made anew
from annotator.links import indexing as indexing
from annotator.projects.cli import project_of
from annotator.search.operations import rebuild, stale

search_group = AppGroup("search", help="Look after what the search looks into.")


@search_group.command("rebuild")
@click.option(
    "--project", "slug", default="", help="The short name of one project; all of them unless given."
)
def search_rebuild(slug: str) -> None:
    """Make the entries of search anew, and say how many things can be found."""
    count = rebuild(db.session, project_of(slug).id if slug else None)
    db.commit()
    click.echo(f"{count} things can be found.")


def bring_up_to_date(session: Session) -> None:
    """Make all entries anew when they are missing or of an older kind: after an upgrade, before serving."""
    if stale(session):
        click.echo("Making the search ready; this takes about a second for every 1,000 things ...", err=True)
        rebuild(session)
