"""Full-text search over our own terms; the program fills the table when it has brought the database here."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.String(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
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


def upgrade() -> None:
    """Make the table and each database's index over it."""
    op.create_table(
        "search_entries",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("thing_id", ID, nullable=False),
        sa.Column("speaker_id", ID, nullable=True),
        sa.Column("day", sa.Date, nullable=True),
        sa.Column("language", sa.Text, server_default="", nullable=False),
        sa.Column("terms", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_entries")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_search_entries_project_id")),
        sa.UniqueConstraint("thing_id", "kind", name=op.f("uq_search_entries_thing_id_kind")),
        sa.CheckConstraint(
            "kind IN ('statement', 'annotation', 'source', 'speaker')",
            name=op.f("ck_search_entries_kind_known"),
        ),
        sa.CheckConstraint("length(terms) > 0", name=op.f("ck_search_entries_terms_made")),
    )
    op.create_index(
        op.f("ix_search_entries_project_id_language"), "search_entries", ["project_id", "language"]
    )
    op.create_index(
        op.f("ix_search_entries_project_id_kind_number"), "search_entries", ["project_id", "kind", "number"]
    )
    op.create_index(op.f("ix_search_entries_version"), "search_entries", ["version"])
    if op.get_bind().dialect.name == "sqlite":
        statements = [TABLE_SQLITE, TERMS_SQLITE, ADDED_SQLITE, REMOVED_SQLITE, CHANGED_SQLITE]
    else:
        statements = [COLUMN_POSTGRESQL, INDEX_POSTGRESQL]
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    """Take the index and the table away; nothing is lost that cannot be made anew."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_terms")
        op.execute("DROP TABLE search_index")
    op.drop_table("search_entries")
