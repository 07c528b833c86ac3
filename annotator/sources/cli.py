"""`annotator source`: what only the command line can do for sources."""

import click
from flask.cli import AppGroup

from annotator.accounts.cli import person, telling
from annotator.database import db
from annotator.fields import ID
from annotator.sources.models import Source
from annotator.sources.readers import name_reader

source_group = AppGroup("source", help="Name readers of protected sources.")


@source_group.command("reader")
@click.argument("source_id")
@click.argument("email")
def source_reader(source_id: str, email: str) -> None:
    """Let the person with EMAIL read the protected source with SOURCE_ID; the journal says so.

    For a source whose readers have all left. The id stands in the address of the source's page.
    """
    with telling():
        source = db.session.get(Source, source_id) if ID.fullmatch(source_id) else None
        if source is None:
            raise click.ClickException(
                f"no source has the id {source_id}; it stands in the address of its page."
            )
        user = person(email)
        added = name_reader(db.session, source, user.id, actor=None)
        db.commit()
        click.echo(f"{email} may read the source now." if added else f"{email} could read the source before.")
