"""The engine, the database session of the app context, and what happens around a commit.

A writing request begins with BEGIN IMMEDIATE on SQLite: a deferred transaction that reads and then writes
fails at once, whatever the busy timeout, since its snapshot cannot be renewed (docs/adr/0002).
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column

from annotator.columns import PublicId, Time, user_key
from annotator.patience import BOUNDED, SECONDS, bound

log = logging.getLogger(__name__)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
WRITING = "annotator_writing"
BUSY_SECONDS = 15


class Model(DeclarativeBase):
    """The base of every table; names of constraints follow one convention, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {}


class Thing:
    """What every changeable thing carries: public id, version (its ETag), and who made and last changed it."""

    id: Mapped[PublicId]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[Time]
    updated_at: Mapped[Time]

    @declared_attr
    def created_by_id(cls) -> Mapped[str | None]:
        """Who made it; empty only for the first administrator, whom nobody made."""
        return user_key(optional=True)  # type: ignore[no-any-return]

    @declared_attr
    def updated_by_id(cls) -> Mapped[str | None]:
        """Who changed it last."""
        return user_key(optional=True)  # type: ignore[no-any-return]

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        """Put the version into the UPDATE's WHERE, so that a lost race raises StaleDataError."""
        return {"version_id_col": cls.version}

    def stamp(self, actor_id: str | None, at: datetime) -> None:
        """Mark the row as changed by `actor_id`; the version rises with it even when only children changed."""
        self.updated_at = at
        self.updated_by_id = actor_id


def make_engine(url: str) -> Engine:
    """Make the engine for SQLite (WAL, FULL, foreign keys, explicit BEGIN) or PostgreSQL."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            pool_size=24,
            max_overflow=200,
            pool_use_lifo=True,  # the connection used last has its statements prepared and its pages at hand
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(url, pool_size=16, max_overflow=48, pool_pre_ping=True)
    bound(engine)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we send BEGIN ourselves
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    # SQLite's own knows A to Z alone, and names are found and sorted by it as on PostgreSQL
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(text: str | None) -> str | None:
    return text if text is None else text.lower()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


class Database:
    """One per app: gives the session of the current app context and commits it."""

    def __init__(self, app: Flask, url: str) -> None:
        """Make the engine and close sessions with the app context."""
        self.engine = make_engine(url)
        self.reading = self.engine.execution_options(**{BOUNDED: SECONDS})
        self.writing = self.engine.execution_options(**{WRITING: True})
        app.extensions["annotator.database"] = self
        app.teardown_appcontext(self._close)

    def session(self) -> Session:
        """Give the session of this context; outside of requests, and in writing ones, it may write.

        Where it only reads, what takes more than four seconds is broken off.
        """
        if "db_session" not in g:
            reading = has_request_context() and request.method in SAFE_METHODS
            g.db_session = Session(self.reading if reading else self.writing, expire_on_commit=False)
        session: Session = g.db_session
        return session

    def start_writing(self) -> Session:
        """Give this context a session that may write, in place of the present one: for the rare GET that must."""
        self._close(None)
        g.db_session = Session(self.writing, expire_on_commit=False)
        return self.session()

    @contextmanager
    def apart(self) -> Iterator[Session]:
        """Give a session with a transaction of its own: for what must stay when the request is rolled back."""
        with Session(self.writing, expire_on_commit=False) as session, session.begin():
            yield session

    def _close(self, _error: BaseException | None) -> None:
        session: Session | None = g.pop("db_session", None)
        if session is not None:
            session.close()


class _Proxy:
    """The database of the current app, importable everywhere."""

    @property
    def here(self) -> Database:
        database: Database = current_app.extensions["annotator.database"]
        return database

    @property
    def session(self) -> Session:
        return self.here.session()

    def commit(self) -> None:
        """Commit, then run what was handed to `after_commit`, each guarded: a kept change never becomes a 500."""
        session: Session | None = g.get("db_session")
        if session is None:
            return
        session.commit()
        for callback in session.info.pop("after_commit", []):
            try:
                callback()
            except Exception:
                log.exception("after the commit: %r failed", callback)

    def rollback(self) -> None:
        """Undo the request's changes; a database that already rolled back (disk full) is no second error."""
        session: Session | None = g.get("db_session")
        if session is None:
            return
        session.info.pop("after_commit", None)
        try:
            session.rollback()
        except Exception:
            log.exception("rollback failed; the connection is dropped")
            session.invalidate()


db = _Proxy()


def one_at_a_time(session: Session, key: str) -> None:
    """Let one transaction after the other look for `key` and then write it.

    On PostgreSQL nobody sees what another has not committed yet; on SQLite there is one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def after_commit(session: Session, callback: Callable[[], object]) -> None:
    """Run `callback` once the session's transaction is kept; give it ids, not rows."""
    session.info.setdefault("after_commit", []).append(callback)
