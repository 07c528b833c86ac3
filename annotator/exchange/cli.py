"""`annotator export` and `annotator import`: projects and articles as files, from a terminal."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from annotator.accounts.cli import person, telling
from annotator.articles.models import Article
from annotator.database import db
from annotator.exchange import operations
from annotator.exchange.loading import Copies
from annotator.exchange.packing import pack
from annotator.exchange.queries import Scope, single_article, whole_project
from annotator.exchange.reading import Document, NotNative, Tick
from annotator.exchange.unpacking import read_file
from annotator.exchange.writing import export
from annotator.fields import ID
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.projects.cli import project_of
from annotator.projects.models import Project
from annotator.projects.schemas import Slug

STEPS = 1000


@click.command("export")
@click.option("--project", "slug", help="The project's short name.")
@click.option("--article", help="The article's id.")
@click.option("--format", "name", type=click.Choice(["native"]), default="native", show_default=True)
@click.option("--copies", is_flag=True, help="A ZIP archive, with the captured copies as files in it.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Where to write."
)
@with_appcontext
def export_command(
    slug: str | None, article: str | None, name: str, output: Path | None, *, copies: bool
) -> None:
    """Write a project or an article to a file, or to standard output."""
    if (slug is None) == (article is None):
        raise click.UsageError("give either --project or --article.")
    with telling():
        scope = _chosen(slug, article)
        with Session(db.here.engine) as session:
            pieces = (pack if copies else export)(session, scope, by=None)
            if output is None:
                _write(pieces, sys.stdout.buffer)
                return
            part = output.with_name(f"{output.name}.part")
            with part.open("wb") as file:
                _write(pieces, file)
            part.replace(output)
        click.echo(str(output), err=True)


def _chosen(slug: str | None, article: str | None) -> Scope:
    thing: Any
    if slug is not None:
        thing = project_of(slug)
        scope, action = whole_project(thing.id), Action.PROJECT_EXPORTED
    else:
        thing = _article_of(article or "")
        scope, action = single_article(thing.project_id, thing.id), Action.ARTICLE_EXPORTED
    record(db.session, action, thing, actor=None)
    db.commit()
    db.session.close()
    return scope


def _article_of(key: str) -> Article:
    found = db.session.get(Article, key) if ID.fullmatch(key) else None
    if found is None:
        raise click.ClickException(f"there is no article with the id {key}.")
    return found


def _write(pieces: Iterator[bytes], file: BinaryIO) -> None:
    for piece in pieces:
        file.write(piece)


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--project", "into", help="The short name of the project that an article's file goes into.")
@click.option("--slug", default="", help="Another short name than the file's, for a whole project.")
@click.option("--actor", help="The e-mail address of who brings it in; without it, the journal names nobody.")
@click.option("--dry-run", is_flag=True, help="Only check whether the file could be imported.")
@with_appcontext
def import_command(file: BinaryIO, into: str | None, slug: str, actor: str | None, *, dry_run: bool) -> None:
    """Bring in FILE (- for standard input): a whole project, or an article into --project; prints the id."""
    with telling():
        Slug().deserialize(slug)
        try:
            with _no_collecting(), _progress() as tick, _to_seek_in(file) as found:
                document, copies = read_file(found, tick=lambda part: tick(part / 2))
                outcome = _import(document, copies, into, slug, actor, lambda part: tick(0.5 + part / 2))
        except NotNative as error:
            db.rollback()
            for problem in error.problems:
                click.echo(f"{problem.where or '/'}: {problem.what}", err=True)
            raise click.ClickException(error.detail) from None
        key = document["articles"][0]["id"] if into else outcome.project.id
        if dry_run:
            db.rollback()
            click.echo("The file can be imported. Nothing was.", err=True)
            return
        db.commit()
        click.echo(key)


@contextmanager
def _to_seek_in(file: BinaryIO) -> Iterator[BinaryIO]:
    """Give the file, or what a pipe brings as a file without a name, which goes away with the command."""
    if file.seekable():
        yield file
        return
    with TemporaryFile() as kept:
        copyfileobj(file, kept)
        kept.seek(0)
        yield kept


def _import(
    document: Document, copies: Copies, into: str | None, slug: str, actor: str | None, tick: Tick
) -> operations.Outcome:
    who = person(actor).id if actor else None
    if into is None:
        return operations.import_project(db.session, document, actor=who, slug=slug, copies=copies, tick=tick)
    project: Project = project_of(into)
    return operations.import_article(
        db.session, document, project=project, actor=who, copies=copies, tick=tick
    )


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Keep the collector from walking the file again and again: it is a tree, without a cycle in it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _progress() -> Iterator[Tick]:
    """Show a bar on a terminal; nothing anywhere else."""
    with click.progressbar(
        length=STEPS, label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        shown = 0

        def tick(part: float) -> None:
            nonlocal shown
            steps = int(part * STEPS)
            bar.update(steps - shown)
            shown = steps

        yield tick


__all__ = ["export_command", "import_command"]
