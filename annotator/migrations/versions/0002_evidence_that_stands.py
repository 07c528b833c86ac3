"""Evidence that stands: copies of sources, readers of protected ones, tags, merges, decided contradictions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.String(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
TIME = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

REFUSE_SQLITE = """
CREATE TRIGGER snapshots_{verb}_refused BEFORE {verb} ON snapshots
BEGIN SELECT RAISE(ABORT, 'a snapshot is immutable'); END
"""
FUNCTION_POSTGRESQL = """
CREATE FUNCTION snapshots_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a snapshot is immutable'; END $$
"""
TRIGGER_POSTGRESQL = """
CREATE TRIGGER snapshots_refused BEFORE UPDATE OR DELETE OR TRUNCATE ON snapshots
FOR EACH STATEMENT EXECUTE FUNCTION snapshots_refuse()
"""
LINK_CHECKS = {
    "words_or_locator_or_draft": (
        "draft OR source_id IS NULL OR passage_snapshot_id IS NOT NULL OR length(locator) > 0"
    ),
    "contradiction_state_known": "contradiction_state IN ('proposed', 'accepted', 'rejected')",
    "contradiction_has_state": "(relation = 'contradicts') = (contradiction_state IS NOT NULL)",
    "contradiction_has_proposer": "(contradiction_state IS NULL) = (proposed_by_id IS NULL)",
    "decided_by_somebody": (
        "(COALESCE(contradiction_state, 'proposed') <> 'proposed') = (decided_by_id IS NOT NULL)"
        " AND (decided_by_id IS NULL) = (decided_at IS NULL)"
    ),
    "decided_by_a_second_person": "decided_by_id <> proposed_by_id",
    "rejection_has_reason": "COALESCE(contradiction_state, '') <> 'rejected' OR length(decision_reason) > 0",
    "explanation_of_contradiction": "explanation = '' OR relation = 'contradicts'",
}
NEW_COLUMNS = {
    "snapshots": ("filename", "unread", "status_code", "headers", "redirects", "request_sha256"),
    "sources": ("doi", "interests", "url_key", "deleted_at", "deleted_by_id"),
    "speakers": ("merged_into_id",),
    "statements": ("deleted_at", "deleted_by_id"),
    "links": (
        "explanation",
        "contradiction_state",
        "proposed_by_id",
        "decided_by_id",
        "decided_at",
        "decision_reason",
        "draft",
    ),
}


@contextmanager
def changing(name: str) -> Iterator[Any]:
    """Give the batch for a table: plain ALTERs on PostgreSQL; on SQLite the table is made anew with its CHECKs."""
    if not sqlite():
        with op.batch_alter_table(name, recreate="never") as batch:
            yield batch
        return
    bind = op.get_bind()
    table = sa.Table(name, sa.MetaData(), autoload_with=bind)
    for rule in sa.inspect(bind).get_check_constraints(name):
        table.append_constraint(sa.CheckConstraint(sa.text(rule["sqltext"]), name=op.f(str(rule["name"]))))
    with op.batch_alter_table(name, copy_from=table, recreate="always") as batch:
        yield batch


def sqlite() -> bool:
    """Tell whether the database is SQLite."""
    return op.get_bind().dialect.name == "sqlite"


def guard_snapshots() -> None:
    """Make snapshots immutable."""
    if sqlite():
        for verb in ("UPDATE", "DELETE"):
            op.execute(REFUSE_SQLITE.format(verb=verb))
    else:
        op.execute(FUNCTION_POSTGRESQL)
        op.execute(TRIGGER_POSTGRESQL)


def words(name: str) -> sa.Column[str]:
    """Give a column of text that may be empty."""
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def user_key(batch: Any, table: str, column: str) -> None:
    """Let a column name a person."""
    batch.add_column(sa.Column(column, ID, nullable=True))
    batch.create_foreign_key(op.f(f"fk_{table}_{column}"), "users", [column], ["id"])


def upgrade() -> None:
    """Make the change."""
    _snapshots()
    _sources()
    _statements()
    _links()
    guard_snapshots()


def _snapshots() -> None:
    with changing("snapshots") as batch:
        batch.add_column(words("filename"))
        batch.add_column(words("unread"))
        batch.add_column(sa.Column("status_code", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("headers", JSON, nullable=True))
        batch.add_column(sa.Column("redirects", JSON, nullable=True))
        batch.add_column(sa.Column("request_sha256", sa.String(), nullable=True))
        batch.create_unique_constraint(op.f("uq_snapshots_project_id_id"), ["project_id", "id"])
    op.execute("UPDATE snapshots SET unread = 'No words were found in it.' WHERE length = 0")
    with changing("snapshots") as batch:
        batch.create_check_constraint(
            op.f("ck_snapshots_text_or_reason"), sa.text("length > 0 OR length(unread) > 0")
        )
        batch.create_check_constraint(
            op.f("ck_snapshots_status_of_fetched"), sa.text("status_code IS NULL OR method = 'fetch'")
        )


def _sources() -> None:
    with changing("sources") as batch:
        for name in ("doi", "interests", "url_key"):
            batch.add_column(words(name))
        batch.add_column(sa.Column("deleted_at", TIME, nullable=True))
        user_key(batch, "sources", "deleted_by_id")
        for name in ("url_key", "doi"):
            batch.create_index(op.f(f"ix_sources_project_id_{name}"), ["project_id", name])
    _readers_and_checks()


def _readers_and_checks() -> None:
    op.create_table(
        "source_readers",
        sa.Column("source_id", ID, sa.ForeignKey("sources.id", name=op.f("fk_source_readers_source_id"))),
        sa.Column("user_id", ID, sa.ForeignKey("users.id", name=op.f("fk_source_readers_user_id"))),
        sa.PrimaryKeyConstraint("source_id", "user_id", name=op.f("pk_source_readers")),
    )
    op.create_index(op.f("ix_source_readers_user_id"), "source_readers", ["user_id"])
    op.create_table(
        "source_checks",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("snapshot_id", ID, nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        words("detail"),
        sa.Column("request_sha256", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(outcome IN ('gone', 'failed')) = (snapshot_id IS NULL)",
            name=op.f("ck_source_checks_snapshot_of_success"),
        ),
        sa.CheckConstraint(
            "outcome <> 'failed' OR length(detail) > 0", name=op.f("ck_source_checks_failure_explained")
        ),
        sa.CheckConstraint(
            "outcome IN ('first', 'unchanged', 'changed', 'gone', 'failed')",
            name=op.f("ck_source_checks_outcome_known"),
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_source_checks_project_id")),
        sa.ForeignKeyConstraint(
            ["project_id", "source_id"],
            ["sources.project_id", "sources.id"],
            name=op.f("fk_source_checks_project_id_source_id"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "snapshot_id"],
            ["snapshots.project_id", "snapshots.id"],
            name=op.f("fk_source_checks_project_id_snapshot_id"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_source_checks_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_checks")),
    )
    op.create_index(op.f("ix_source_checks_source_id_at"), "source_checks", ["source_id", "at"])
    op.create_index(op.f("ix_source_checks_project_id"), "source_checks", ["project_id"])
    op.create_index(op.f("ix_source_checks_snapshot_id"), "source_checks", ["snapshot_id"])


def _statements() -> None:
    with changing("speakers") as batch:
        batch.add_column(sa.Column("merged_into_id", ID, nullable=True))
        batch.create_foreign_key(
            op.f("fk_speakers_project_id_merged_into_id"),
            "speakers",
            ["project_id", "merged_into_id"],
            ["project_id", "id"],
        )
        batch.create_check_constraint(
            op.f("ck_speakers_not_merged_into_itself"), sa.text("merged_into_id <> id")
        )
    with changing("statements") as batch:
        batch.add_column(sa.Column("deleted_at", TIME, nullable=True))
        user_key(batch, "statements", "deleted_by_id")
        batch.create_index(op.f("ix_statements_source_id"), ["source_id"])
    op.create_table(
        "statement_tags",
        sa.Column(
            "statement_id", ID, sa.ForeignKey("statements.id", name=op.f("fk_statement_tags_statement_id"))
        ),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(tag) > 0", name=op.f("ck_statement_tags_tag_said")),
        sa.PrimaryKeyConstraint("statement_id", "tag", name=op.f("pk_statement_tags")),
    )
    op.create_index(op.f("ix_statement_tags_tag"), "statement_tags", ["tag"])
    _merges()


def _merges() -> None:
    op.create_table(
        "speaker_merges",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("kept_id", ID, nullable=False),
        sa.Column("merged_id", ID, nullable=False),
        sa.Column("moved", JSON, nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("made_by_id", ID, nullable=False),
        sa.Column("undone_at", TIME, nullable=True),
        sa.Column("undone_by_id", ID, nullable=True),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_speaker_merges_two_speakers")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_speaker_merges_undone_by_somebody")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_speaker_merges_project_id")),
        *(
            sa.ForeignKeyConstraint(
                ["project_id", column],
                ["speakers.project_id", "speakers.id"],
                name=op.f(f"fk_speaker_merges_project_id_{column}"),
            )
            for column in ("kept_id", "merged_id")
        ),
        *(
            sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"fk_speaker_merges_{column}"))
            for column in ("made_by_id", "undone_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker_merges")),
    )
    for column in ("kept_id", "merged_id", "project_id"):
        op.create_index(op.f(f"ix_speaker_merges_{column}"), "speaker_merges", [column])


def _links() -> None:
    with changing("links") as batch:
        batch.add_column(words("explanation"))
        batch.add_column(sa.Column("contradiction_state", sa.String(), nullable=True))
        user_key(batch, "links", "proposed_by_id")
        user_key(batch, "links", "decided_by_id")
        batch.add_column(sa.Column("decided_at", TIME, nullable=True))
        batch.add_column(words("decision_reason"))
        batch.add_column(sa.Column("draft", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.drop_constraint(op.f("fk_links_passage_snapshot_id"), type_="foreignkey")
        batch.create_foreign_key(
            op.f("fk_links_project_id_passage_snapshot_id"),
            "snapshots",
            ["project_id", "passage_snapshot_id"],
            ["project_id", "id"],
        )
    op.execute(
        "UPDATE links SET contradiction_state = 'proposed', proposed_by_id = COALESCE(created_by_id, updated_by_id)"
        " WHERE relation = 'contradicts'"
    )
    op.execute(
        "UPDATE links SET draft = (source_id IS NOT NULL AND passage_snapshot_id IS NULL AND locator = '')"
    )
    with changing("links") as batch:
        for name, rule in LINK_CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_links_{name}"), sa.text(rule))
        batch.create_index(op.f("ix_links_passage_snapshot_id"), ["passage_snapshot_id"])


def downgrade() -> None:
    """Take the change back."""
    _unguard()
    with changing("links") as batch:
        batch.drop_index(op.f("ix_links_passage_snapshot_id"))
        for name in LINK_CHECKS:
            batch.drop_constraint(op.f(f"ck_links_{name}"), type_="check")
        for name in ("project_id_passage_snapshot_id", "proposed_by_id", "decided_by_id"):
            batch.drop_constraint(op.f(f"fk_links_{name}"), type_="foreignkey")
        batch.create_foreign_key(
            op.f("fk_links_passage_snapshot_id"), "snapshots", ["passage_snapshot_id"], ["id"]
        )
    for table in ("statement_tags", "speaker_merges", "source_checks", "source_readers"):
        op.drop_table(table)
    with changing("statements") as batch:
        batch.drop_constraint(op.f("fk_statements_deleted_by_id"), type_="foreignkey")
        batch.drop_index(op.f("ix_statements_source_id"))
    with changing("speakers") as batch:
        batch.drop_constraint(op.f("ck_speakers_not_merged_into_itself"), type_="check")
        batch.drop_constraint(op.f("fk_speakers_project_id_merged_into_id"), type_="foreignkey")
    with changing("sources") as batch:
        batch.drop_constraint(op.f("fk_sources_deleted_by_id"), type_="foreignkey")
        for name in ("url_key", "doi"):
            batch.drop_index(op.f(f"ix_sources_project_id_{name}"))
    with changing("snapshots") as batch:
        for name in ("text_or_reason", "status_of_fetched"):
            batch.drop_constraint(op.f(f"ck_snapshots_{name}"), type_="check")
        batch.drop_constraint(op.f("uq_snapshots_project_id_id"), type_="unique")
    for table, columns in NEW_COLUMNS.items():
        with changing(table) as batch:
            for column in columns:
                batch.drop_column(column)


def _unguard() -> None:
    if sqlite():
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"DROP TRIGGER snapshots_{verb}_refused")
    else:
        op.execute("DROP TRIGGER snapshots_refused ON snapshots")
        op.execute("DROP FUNCTION snapshots_refuse")
