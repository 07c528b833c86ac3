"""`annotator audit`: the journal's chain of seals, and the journal itself, from a terminal."""

import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from annotator.database import db
from annotator.errors import pointers
from annotator.journal.audit import as_csv, as_json, exported, note_export
from annotator.journal.schemas import AuditFilter
from annotator.journal.sealing import Head, read_head, seal, waiting
from annotator.journal.verifying import verify

audit_group = AppGroup("audit", help="Look after the journal: verify it, note its head, export it.")
FORMATS = {"json": as_json, "csv": as_csv}


@audit_group.command("verify")
@click.option("--head", "noted", help="A head noted before: the line itself, or a file with such lines.")
def audit_verify(noted: str | None) -> None:
    """Walk the whole journal; exit with 1 when a line was changed, taken out, put in or cut off."""
    heads = _heads(noted) if noted else []
    with Session(db.here.engine) as session:
        found = verify(session, *heads)
        head, waits = read_head(session), waiting(session)
    for fault in found:
        click.echo(f"{fault.kind}: {fault.sentence}")
    if found:
        count = "1 fault" if len(found) == 1 else f"{len(found)} faults"
        raise click.ClickException(f"{count} found. Keep this database as it is, and its backups.")
    click.echo(
        f"{head.position} lines are as they were sealed."
        + (f" {waits} more wait for their seal." if waits else "")
    )
    if not heads:
        click.echo(
            "Without a head noted outside, a cut end or a chain computed anew is not seen: see the manual."
        )


def _heads(noted: str) -> list[Head]:
    """Read the head, or the heads in a file."""
    words = noted if noted.strip().startswith("annotator-journal") else _words(Path(noted))
    try:
        return [Head.read(line) for line in words.splitlines() if line.strip()]
    except ValueError:
        raise click.ClickException("this is no head: give what `annotator audit head` printed.") from None


def _words(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError):
        raise click.ClickException(f"{path} cannot be read.") from None


@audit_group.command("head")
@click.option(
    "--file", type=click.Path(dir_okay=False, path_type=Path), help="Add the line to this file, too."
)
def audit_head(file: Path | None) -> None:
    """Seal what waits and print the chain's head, to be kept where whoever runs this machine cannot change it."""
    while seal(db.session):
        db.commit()
    head = str(read_head(db.session))
    click.echo(head)
    if file is not None:
        with file.open("a") as out:
            out.write(f"{head}\n")


@audit_group.command("export")
@click.option(
    "--person",
    default="",
    help="Who did it, or whom it concerns: an id, or part of the name or e-mail address.",
)
@click.option("--action", default="", help="An action, or all of a resource: member:added, member.")
@click.option("--thing", default="", help="The id of what it was done to.")
@click.option("--project", default="", help="The id of a project.")
@click.option("--since", default="", help="The first day: 2025-04-30.")
@click.option("--until", default="", help="The last day.")
@click.option("--format", "name", type=click.Choice(list(FORMATS)), default="json", show_default=True)
def audit_export(name: str, **given: str) -> None:
    """Write the lines of the journal to standard output; the journal keeps a line of it."""
    wanted = _wanted(given)
    note_export(db.session, name, wanted, actor=None)
    db.commit()
    with Session(db.here.engine) as session:
        for piece in FORMATS[name](exported(session, wanted)):
            sys.stdout.buffer.write(piece)


def _wanted(given: dict[str, str]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = AuditFilter().load({key: value for key, value in given.items() if value})
    except ValidationError as error:
        said = [f"{row['pointer'].strip('/')}: {row['detail']}" for row in pointers(error.messages)]
        raise click.ClickException(" ".join(said)) from None
    return found
