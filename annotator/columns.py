"""Named column types, so that an id, a time or a choice means the same in every table."""

import os
import time
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import JSON, CheckConstraint, Date, DateTime, Dialect, ForeignKey, String, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def new_id() -> str:
    """Give a version 7 UUID as text: time-ordered, so that rows made together lie together (RFC 9562 5.7)."""
    raw = bytearray((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def now() -> datetime:
    """Give the present moment, aware, in UTC."""
    return datetime.now(UTC)


def as_time(value: datetime | str | None) -> str | None:
    """Write a time as all our JSON does: UTC, six digits, `Z`; text from SQLite is in that form already."""
    if value is None or isinstance(value, str):
        return value
    return value.astimezone(UTC).strftime(TIME_FORMAT)


def from_time(text: str) -> datetime:
    """Read a time written by `as_time`; ValueError for what is no time, or a local one."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time must be aware")
    return moment


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time; text of fixed width on SQLite, so that it sorts and goes into JSON as it lies."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Choose text on SQLite, `timestamptz` elsewhere."""
        kind = String(27) if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse a naive time: it would be somebody's local one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time must be aware")
        return as_time(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give an aware datetime in UTC."""
        if value is None:
            return None
        return from_time(value) if isinstance(value, str) else value.astimezone(UTC)


ID_LENGTH = 36
IdType = String(ID_LENGTH).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
JsonType = JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

PublicId = Annotated[str, mapped_column(IdType, primary_key=True)]
Time = Annotated[datetime, mapped_column(UtcTime)]
OptionalTime = Annotated[datetime | None, mapped_column(UtcTime)]
Words = Annotated[str, mapped_column(Text, default="", server_default="")]
OptionalWords = Annotated[str | None, mapped_column(Text)]
OptionalDay = Annotated[date | None, mapped_column(Date)]


def user_key(*, optional: bool = False) -> Any:
    """Give a column that names a person; people are deactivated and never deleted, so it always holds."""
    return mapped_column(IdType, ForeignKey("users.id"), nullable=optional)


def one_of(column: str, choices: type[StrEnum]) -> CheckConstraint:
    """Give the CHECK that keeps `column` to the values of `choices` (NULL passes, as in SQL)."""
    values = ", ".join(f"'{choice.value}'" for choice in choices)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_known")


def imprecise(prefix: str) -> CheckConstraint:
    """Give the CHECK that a date known to day, month or year has its two bounds, in order, or nothing at all."""
    on, earliest, latest = f"{prefix}_on", f"{prefix}_earliest", f"{prefix}_latest"
    return CheckConstraint(
        f"({on} IS NULL AND {earliest} IS NULL AND {latest} IS NULL) OR "
        f"({on} IS NOT NULL AND {earliest} IS NOT NULL AND {latest} IS NOT NULL AND {earliest} <= {latest})",
        name=f"{prefix}_bounds",
    )


__all__ = [
    "ID_LENGTH",
    "IdType",
    "JsonType",
    "OptionalDay",
    "OptionalTime",
    "OptionalWords",
    "PublicId",
    "Time",
    "UtcTime",
    "Words",
    "as_time",
    "from_time",
    "imprecise",
    "new_id",
    "now",
    "one_of",
    "user_key",
]
