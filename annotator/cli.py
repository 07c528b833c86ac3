"""The `annotator` command."""

import ctypes
import gc
import socket
import sys
from typing import Any

import click
from flask import current_app
from flask.cli import FlaskGroup, with_appcontext
from waitress.server import create_server

from annotator import __version__, logs, migrating
from annotator.accounts.cli import token_group
from annotator.accounts.oidc.people import end_local_sessions
from annotator.accounts.oidc.settings import single_sign_on
from annotator.accounts.operations import ensure_first_admin
from annotator.admin.invite_cli import invite_group
from annotator.admin.policy_cli import policy_group
from annotator.admin.user_cli import user_group
from annotator.app import create_app
from annotator.articles.cli import article_group
from annotator.config import ConfigError, Settings
from annotator.database import db
from annotator.demo.cli import demo_command
from annotator.doctor import doctor_command
from annotator.exchange.cli import export_command, import_command
from annotator.journal.cli import audit_group
from annotator.journal.sealer import start_sealer
from annotator.links.cli import bring_up_to_date, search_group
from annotator.permissions import table
from annotator.projects.cli import project_group
from annotator.sources.cli import source_group

M_ARENA_MAX = -8  # mallopt(3)
FIRST_PASSWORD = "Set the first administrator's password"  # noqa: S105 - words to be printed


def _make_app() -> Any:
    try:
        return create_app()
    except ConfigError as error:
        raise click.ClickException(str(error)) from None


group = FlaskGroup(
    name="annotator",
    create_app=_make_app,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    set_debug_flag=False,
    help="Annotator: mark the claims of an article and tie each to its evidence.",
)
click.version_option(__version__, prog_name="annotator")(group)
for part in (
    user_group,
    invite_group,
    token_group,
    policy_group,
    project_group,
    article_group,
    source_group,
    export_command,
    import_command,
    demo_command,
    search_group,
    doctor_command,
    audit_group,
):
    group.add_command(part)


@group.command("run")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8123, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@with_appcontext
def run(host: str, port: int) -> None:
    """Bring the database up to date and serve."""
    migrating.upgrade(db.here.engine)
    bring_up_to_date(db.session)
    token = ensure_first_admin(db.session)
    provider = single_sign_on()
    if provider is not None:
        end_local_sessions(db.session, provider)
    db.commit()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.config["SETTINGS"]
    listener = _listen(host, port)
    shown = host if host not in ("0.0.0.0", "::", "127.0.0.1") else "localhost"  # noqa: S104 - compared, not bound
    address = settings.base_url.rstrip("/") or f"http://{shown}:{listener.getsockname()[1]}"
    click.echo(f"Annotator serves at {address}/")
    if token:
        first = f"Sign in by {provider.name} as the first administrator" if provider else FIRST_PASSWORD
        click.echo(f"{first} with this link (it works once, for 24 hours):")
        click.echo(f"{address}/password/{token}")
    sys.stdout.flush()
    logs.set_up(settings.log_level, settings.log_format)
    _serve(app, listener, settings.threads)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host}:{port}: {error.strerror}. Choose another --port."
        ) from None
    listener.listen(1024)  # before the address is printed: who reads it may come at once
    return listener


def look_less_for_garbage() -> None:
    """Collect less often: what start-up made stays for good, and a long list makes thousands of objects at once."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def keep_memory_together() -> None:
    """Let threads share what they free: glibc gives each an arena of its own, and each export then costs anew."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_ARENA_MAX, 1)


def _serve(app: Any, listener: socket.socket, threads: int) -> None:
    look_less_for_garbage()
    keep_memory_together()
    db.here.engine.dispose()
    start_sealer(app)
    server = create_server(
        app,
        sockets=[listener],
        threads=threads,
        connection_limit=1000,  # waitress's own limit of 100 lets a hundred slow clients stop the site
        max_request_body_size=4 * app.config["SETTINGS"].max_upload,  # beyond that no page of ours says so
        outbuf_high_watermark=1 << 20,  # bytes of an export that wait in memory for a slow client
        ident=None,
    )
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()


@group.group("db")
def db_group() -> None:
    """Look after the database's schema."""


@db_group.command("upgrade")
@with_appcontext
def db_upgrade() -> None:
    """Bring the database up to date."""
    migrating.upgrade(db.here.engine)
    bring_up_to_date(db.session)
    db.commit()
    click.echo(migrating.current(db.here.engine))


@db_group.command("downgrade")
@click.argument("revision")
@with_appcontext
def db_downgrade(revision: str) -> None:
    """Take the database down to REVISION; `base` empties it."""
    migrating.downgrade(db.here.engine, revision)
    click.echo(migrating.current(db.here.engine) or "base")


@db_group.command("check")
@with_appcontext
def db_check() -> None:
    """Say whether the database fits this program; exit with 1 when not."""
    here, newest = migrating.current(db.here.engine), migrating.head()
    click.echo(f"{here or 'base'} (this program: {newest})")
    if here != newest:
        raise click.ClickException("run `annotator db upgrade`")


@group.command("permissions")
def permissions() -> None:
    """Print who may do what."""
    for permission, holders in table():
        click.echo(f"{permission}\t{', '.join(holders)}")


def main() -> None:
    """Run the command."""
    group()
