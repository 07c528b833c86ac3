"""Bringing a database to a revision of the schema, with one connection and no ini file."""

from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from annotator.database import WRITING


def _config(**attributes: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", "annotator:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes.update(attributes)
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to `revision`."""
    _run(engine, command.upgrade, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database down to `revision` (`base` empties it)."""
    _run(engine, command.downgrade, revision)


def _run(engine: Engine, step: Any, revision: str) -> None:
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if (
            sqlite
        ):  # batch steps rebuild tables, which foreign keys would refuse half-way; no effect inside BEGIN
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            with connection.execution_options(**{WRITING: True}).begin():
                step(_config(connection=connection), revision)
                if sqlite:
                    _check_keys(connection)
        finally:
            if sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def _check_keys(connection: Any) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        raise RuntimeError(f"the migration would leave rows without what they refer to: {broken[:5]}")


def current(engine: Engine) -> str | None:
    """Give the database's revision, or None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Give the newest revision that this program knows."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    if found is None:
        raise RuntimeError("no migrations found; the installation is incomplete")
    return found
