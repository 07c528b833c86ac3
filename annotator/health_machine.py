"""Checks of what the program stands on: database, disk, clock, mail; and the list of all checks.

Features add to `CHECKS` what they know of themselves.
"""

import logging
import os
import shutil
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from annotator import mailing, migrating
from annotator.columns import new_id
from annotator.database import WRITING, Model
from annotator.health import Check, Checker, Site, State
from annotator.health_settings import files, https, origin, proxy, secret_key

log = logging.getLogger(__name__)
FULL, SCARCE = 100_000_000, 1_000_000_000  # bytes that are free on the disk
SKEW = timedelta(seconds=5)


def database(site: Site) -> Check:
    """Tell whether the database answers and takes changes; what is tried is taken back."""
    name, counts = "Database", Model.metadata.tables["rate_counts"]
    try:
        with site.engine.connect().execution_options(**{WRITING: True}) as connection:
            trying = connection.begin()
            connection.execute(insert(counts).values(key=new_id(), ends=0, count=0))
            trying.rollback()
    except SQLAlchemyError as error:
        log.warning("the database takes no change", exc_info=error)
        return Check(
            name,
            State.WRONG,
            "The database does not answer, or takes no change.",
            "See whether it runs, whether its disk has room, and whether this account may write to it.",
        )
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[site.engine.dialect.name]
    return Check(name, State.GOOD, f"{kind} answers and takes changes.")


def serving(site: Site) -> Check:
    """Tell whether the database answers and would take changes, without changing or holding anything.

    For what anybody may ask at any time: on SQLite there is one place to write, which people need.
    """
    name, counts = "Database", Model.metadata.tables["rate_counts"]
    try:
        with site.engine.connect() as connection:
            connection.execute(select(counts.c.key).limit(1))
            if connection.dialect.name == "postgresql":
                writable = connection.scalar(text("SHOW transaction_read_only")) == "off"
            else:
                writable = all(os.access(file, os.W_OK) for file in _sqlite_files(connection))
    except SQLAlchemyError as error:
        log.warning("the database does not answer", exc_info=error)
        writable = False
    if not writable:
        return Check(name, State.WRONG, "The database does not answer, or takes no change.")
    return Check(name, State.GOOD, "The database answers.")


def _sqlite_files(connection: Connection) -> list[Path]:
    """Give the database's file and its folder, where the journal of a change is written; none in memory."""
    name = connection.engine.url.database
    file = Path(name) if name and name != ":memory:" else None
    return [file, file.parent] if file is not None else []


def schema(site: Site) -> Check:
    """Tell whether the database has the schema of this program."""
    name = "Schema"
    if migrating.current(site.engine) != _newest_schema():
        return Check(
            name,
            State.WRONG,
            "The database's schema is not the one of this program.",
            "Stop the program, make a backup, run: annotator db upgrade, and start it again.",
        )
    return Check(name, State.GOOD, "The database's schema fits the program.")


@cache
def _newest_schema() -> str:
    return migrating.head()


def disk(site: Site) -> Check:
    """Tell whether the disk of the instance folder has room."""
    name, free = "Disk", shutil.disk_usage(site.settings.instance).free
    said = f"{free / 1e9:,.1f} GB are free."
    if free < FULL:
        return Check(
            name, State.WRONG, f"The disk is nearly full: {said}", "Make room before work is refused."
        )
    if free < SCARCE:
        return Check(name, State.NOTICE, f"The disk gets full: {said}", "Make room, or get a larger disk.")
    return Check(name, State.GOOD, said)


def room(site: Site) -> Check:
    """Tell the same as `disk` without a figure: for whoever asks."""
    found = disk(site)
    return replace(found, sentence=found.sentence.partition(":")[0] + ".", todo="")


def clock(site: Site) -> Check:
    """Tell whether the clock agrees with the database's and with the journal."""
    name, events = "Clock", Model.metadata.tables["events"]
    with site.engine.connect() as connection:
        newest = connection.scalar(select(events.c.at).order_by(events.c.number.desc()).limit(1))
        theirs = site.at
        if connection.dialect.name == "postgresql":
            theirs = connection.scalar(select(func.clock_timestamp())) or site.at
    if abs(theirs - site.at) > SKEW:
        seconds = round(abs((theirs - site.at).total_seconds()))
        return Check(
            name,
            State.WRONG,
            f"The clocks of this machine and of the database differ by {seconds:,} seconds.",
            "Set both by a time service (NTP).",
        )
    if newest is not None and newest - site.at > SKEW:
        return Check(
            name,
            State.WRONG,
            "The newest line of the journal lies in the future: the clock was set back, or was wrong.",
            "Set the clock by a time service (NTP).",
        )
    return Check(name, State.GOOD, "It agrees with the database and the journal.")


def mail(site: Site) -> Check:
    """Tell whether the mail server, if there is one, lets the program in; nothing is sent."""
    name = "Mail"
    if not site.settings.smtp_url:
        return Check(
            name,
            State.NOTICE,
            "No mail is sent: SMTP_URL is not set. Invitations and links for passwords are handed on by you.",
            "If people shall get them by mail, set SMTP_URL and MAIL_FROM.",
        )
    if kind := mailing.trouble(site.settings):
        return Check(
            name,
            State.WRONG,
            f"The mail server cannot be reached, or does not let the program in ({kind}).",
            "See whether SMTP_URL names the right host, port, name and password, and whether TLS works there.",
        )
    return Check(name, State.GOOD, "The mail server lets the program in.")


def backups(_site: Site) -> Check:
    """Say that backups are nobody's but the administrator's."""
    return Check(
        "Backups",
        State.UNKNOWN,
        "Annotator cannot see whether this database is backed up.",
        "Back it up daily as the manual says, keep a copy elsewhere, and try now and then to restore one.",
    )


READY: tuple[Checker, ...] = (serving, schema, room)
CHECKS: list[Checker] = [
    secret_key,
    files,
    https,
    proxy,
    origin,
    database,
    schema,
    disk,
    clock,
    mail,
    backups,
]
