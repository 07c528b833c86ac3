"""The table of events and the triggers that keep it append-only on both databases."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, event
from sqlalchemy.orm import Mapped, mapped_column

from annotator.columns import IdType, JsonType, OptionalWords, Time, user_key
from annotator.database import Model


class Event(Model):
    """One line of the journal: who did what to which thing, with the fields before and after.

    The subject is named by kind and public id, never by a foreign key, so that the journal depends on no feature.
    `origin` names the installation's export that a line was imported with; such a line is history, not audit.
    """

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("length(action) > 0", name="action_said"),
        Index(None, "subject_id", "number"),
        Index(None, "project_id", "number"),
        Index(None, "article_id", "number"),
        Index(None, "actor_id", "number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[Time]
    actor_id: Mapped[str | None] = user_key(optional=True)
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str] = mapped_column(IdType)
    project_id: Mapped[str | None] = mapped_column(IdType)
    article_id: Mapped[str | None] = mapped_column(IdType)
    before: Mapped[Any] = mapped_column(JsonType, nullable=True)
    after: Mapped[Any] = mapped_column(JsonType, nullable=True)
    origin: Mapped[OptionalWords]


class EventSeal(Model):
    """A line's place in the hash chain: SHA-256 over the hash before, the position and the line (docs/adr/0021).

    Lines are sealed after their commit, so that writers do not queue; `number` is the line's, without a foreign key,
    so that a line that was taken out is missed.
    """

    __tablename__ = "event_seals"
    __table_args__ = (
        CheckConstraint("length(hash) = 64", name="hash_whole"),
        {"sqlite_autoincrement": True},
    )

    position: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    number: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), unique=True)
    hash: Mapped[str]


REFUSE_SQLITE = """
CREATE TRIGGER {table}_{verb}_refused BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
FUNCTION_POSTGRESQL = """
CREATE OR REPLACE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$
"""
TRIGGER_POSTGRESQL = """
CREATE TRIGGER {table}_refused BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION events_refuse()
"""


def guards(dialect: str, table: str) -> list[str]:
    """Give the statements that make a table of the journal append-only, for `sqlite` or `postgresql`."""
    if dialect == "sqlite":
        return [REFUSE_SQLITE.format(table=table, verb=verb) for verb in ("UPDATE", "DELETE")]
    return [FUNCTION_POSTGRESQL, TRIGGER_POSTGRESQL.format(table=table)]


def _guard(table: Any, connection: Any, **_: Any) -> None:
    for statement in guards(connection.dialect.name, table.name):
        connection.exec_driver_sql(statement)


for _table in (Event.__table__, EventSeal.__table__):
    event.listen(_table, "after_create", _guard)
