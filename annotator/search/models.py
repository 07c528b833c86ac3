"""The table of what can be found, and the full-text index over it that each database has in its own way."""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from annotator.columns import IdType, OptionalDay, Words, one_of
from annotator.database import Model

PREFIXES = 3  # beginnings of up to so many signs are terms of their own to FTS5


class EntryKind(StrEnum):
    """What kinds of things can be found."""

    STATEMENT = "statement"
    ANNOTATION = "annotation"
    SOURCE = "source"
    SPEAKER = "speaker"


class SearchEntry(Model):
    """The terms of one thing, with one space between; those that begin with `@` name where it belongs.

    The thing is named by kind and id, never by a foreign key: search stands left of every feature that it finds
    things of. `version` is that of the analysis, `language` the one the terms were made in, if any.
    """

    __tablename__ = "search_entries"
    __table_args__ = (
        UniqueConstraint("thing_id", "kind"),
        one_of("kind", EntryKind),
        CheckConstraint("length(terms) > 0", name="terms_made"),
        Index(None, "project_id", "language"),
        Index(None, "project_id", "kind", "number"),
        Index(None, "version"),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(IdType, ForeignKey("projects.id"))
    kind: Mapped[str]
    thing_id: Mapped[str] = mapped_column(IdType)
    speaker_id: Mapped[str | None] = mapped_column(IdType)
    day: Mapped[OptionalDay]
    language: Mapped[Words]
    terms: Mapped[str]
    version: Mapped[int]


# Every term is made by annotator/terms.py and holds no white space, so only that parts terms here; each lies alone,
# so that neither places (detail) nor lengths (columnsize) are kept. The vocabulary serves words that are being typed.
TABLE_SQLITE = """
CREATE VIRTUAL TABLE search_index USING fts5(
    terms, content='search_entries', content_rowid='number', detail=none, columnsize=0, prefix='1 2 3',
    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'"
)
"""
TERMS_SQLITE = "CREATE VIRTUAL TABLE search_terms USING fts5vocab('search_index', 'instance')"
ADDED_SQLITE = """
CREATE TRIGGER search_entries_added AFTER INSERT ON search_entries
BEGIN INSERT INTO search_index(rowid, terms) VALUES (new.number, new.terms); END
"""
REMOVED_SQLITE = """
CREATE TRIGGER search_entries_removed AFTER DELETE ON search_entries
BEGIN INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.number, old.terms); END
"""
CHANGED_SQLITE = """
CREATE TRIGGER search_entries_changed AFTER UPDATE ON search_entries WHEN old.terms <> new.terms
BEGIN
    INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.number, old.terms);
    INSERT INTO search_index(rowid, terms) VALUES (new.number, new.terms);
END
"""
COLUMN_POSTGRESQL = """
ALTER TABLE search_entries ADD COLUMN lexemes tsvector NOT NULL
GENERATED ALWAYS AS (array_to_tsvector(string_to_array(terms, ' '))) STORED
"""
INDEX_POSTGRESQL = "CREATE INDEX ix_search_entries_lexemes ON search_entries USING gin (lexemes)"


def full_text(dialect: str) -> list[str]:
    """Give the statements that make the full-text index over the table, for `sqlite` or `postgresql`."""
    if dialect == "sqlite":
        return [TABLE_SQLITE, TERMS_SQLITE, ADDED_SQLITE, REMOVED_SQLITE, CHANGED_SQLITE]
    return [COLUMN_POSTGRESQL, INDEX_POSTGRESQL]


def _make(table: Any, connection: Any, **_: Any) -> None:
    for statement in full_text(connection.dialect.name):
        connection.exec_driver_sql(statement)


def _drop(table: Any, connection: Any, **_: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TABLE IF EXISTS search_terms")
        connection.exec_driver_sql("DROP TABLE IF EXISTS search_index")


event.listen(SearchEntry.__table__, "after_create", _make)
event.listen(SearchEntry.__table__, "before_drop", _drop)
