"""`annotator article`: articles from a terminal."""

from pathlib import Path

import click
from flask.cli import AppGroup

from annotator.accounts.cli import person, telling
from annotator.accounts.models import User
from annotator.accounts.queries import active_admins
from annotator.articles.capturing import Input, read_input
from annotator.articles.models import Method
from annotator.articles.operations import bring_in
from annotator.database import db
from annotator.projects.cli import project_of

article_group = AppGroup("article", help="Bring articles in.")


@article_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--project", "slug", required=True, help="The project's short name.")
@click.option("--actor", help="The e-mail address of who brings it in; the first administrator otherwise.")
@click.option("--allow-same", is_flag=True, help="Bring it in also when the project has this very text.")
def article_import(file: Path, slug: str, actor: str | None, *, allow_same: bool) -> None:
    """Bring in FILE (HTML, Markdown, plain text, PDF or DOCX) as an article and print its id."""
    with telling():
        given = Input(file.read_bytes(), None, Method.UPLOAD, filename=file.name)
        language = project_of(slug).language
        db.rollback()  # nobody waits while the file is read
        document = read_input(given, language)
        who = person(actor) if actor else _first_admin()
        article = bring_in(
            db.session,
            given,
            {},
            project=project_of(slug),
            actor=who.id,
            allow_same=allow_same,
            document=document,
        )
        db.commit()
        click.echo(article.id)


def _first_admin() -> User:
    admin = db.session.scalars(active_admins()).first()
    if admin is None:
        raise click.ClickException("there is no active administrator: say with --actor who brings it in.")
    return admin
