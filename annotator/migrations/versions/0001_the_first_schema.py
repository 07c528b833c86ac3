"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.String(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
TIME = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

REFUSE_SQLITE = """
CREATE TRIGGER events_{verb}_refused BEFORE {verb} ON events
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
FUNCTION_POSTGRESQL = """
CREATE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$
"""
TRIGGER_POSTGRESQL = """
CREATE TRIGGER events_refused BEFORE UPDATE OR DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION events_refuse()
"""


def guard_journal() -> None:
    """Make the journal append-only."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(REFUSE_SQLITE.format(verb=verb))
    else:
        op.execute(FUNCTION_POSTGRESQL)
        op.execute(TRIGGER_POSTGRESQL)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "sign_in_tries",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_tries")),
    )
    with op.batch_alter_table("sign_in_tries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_tries_key_at"), ["key", "at"], unique=False)

    op.create_table(
        "users",
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("updated_by_id", ID, nullable=True),
        sa.CheckConstraint("active OR NOT is_admin", name=op.f("ck_users_admin_active")),
        sa.CheckConstraint("email IS NOT NULL OR NOT active", name=op.f("ck_users_active_has_email")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_users_name_said")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_users_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["users.id"], name=op.f("fk_users_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=True),
        sa.Column("last_used_at", TIME, nullable=True),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.CheckConstraint("scope IN ('read', 'write', 'admin')", name=op.f("ck_api_tokens_scope_known")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_api_tokens_name_said")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_tokens_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_tokens_user_id"), ["user_id"], unique=False)

    op.create_table(
        "events",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=True),
        sa.Column("article_id", ID, nullable=True),
        sa.Column("before", JSON, nullable=True),
        sa.Column("after", JSON, nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.CheckConstraint("length(action) > 0", name=op.f("ck_events_action_said")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_events_actor_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_events")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_actor_id_number"), ["actor_id", "number"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_events_article_id_number"), ["article_id", "number"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_events_project_id_number"), ["project_id", "number"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_events_subject_id_number"), ["subject_id", "number"], unique=False
        )

    op.create_table(
        "login_sessions",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("last_seen_at", TIME, nullable=False),
        sa.Column("authenticated_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_login_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_sessions_token_hash")),
    )
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_login_sessions_user_id_ended_at"), ["user_id", "ended_at"], unique=False
        )

    op.create_table(
        "password_links",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_password_links_created_by_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_password_links_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_links_token_hash")),
    )
    with op.batch_alter_table("password_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_password_links_user_id"), ["user_id"], unique=False)

    op.create_table(
        "projects",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("rating_scale", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("approvals_needed", sa.Integer(), nullable=False),
        sa.Column("independent_sources_needed", sa.Integer(), nullable=False),
        sa.Column("primary_required", sa.Boolean(), nullable=False),
        sa.Column("archived_copy_required", sa.Boolean(), nullable=False),
        sa.Column("locator_required", sa.Boolean(), nullable=False),
        sa.Column("archived_at", TIME, nullable=True),
        sa.Column("request_sha256", sa.String(), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("updated_by_id", ID, nullable=True),
        sa.CheckConstraint("approvals_needed >= 1", name=op.f("ck_projects_approvals_needed_positive")),
        sa.CheckConstraint(
            "independent_sources_needed >= 0",
            name=op.f("ck_projects_independent_sources_needed_not_negative"),
        ),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_projects_name_said")),
        sa.CheckConstraint("length(slug) > 0", name=op.f("ck_projects_slug_said")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_projects_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["users.id"], name=op.f("fk_projects_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("slug", name=op.f("uq_projects_slug")),
    )
    op.create_table(
        "articles",
        sa.Column("project_id", ID, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("publisher", sa.Text(), server_default="", nullable=False),
        sa.Column("byline", sa.Text(), server_default="", nullable=False),
        sa.Column("published_on", sa.String(), nullable=True),
        sa.Column("published_earliest", sa.Date(), nullable=True),
        sa.Column("published_latest", sa.Date(), nullable=True),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("deleted_at", TIME, nullable=True),
        sa.Column("deleted_by_id", ID, nullable=True),
        sa.Column("request_sha256", sa.String(), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("updated_by_id", ID, nullable=True),
        sa.CheckConstraint("direction IN ('ltr', 'rtl', 'auto')", name=op.f("ck_articles_direction_known")),
        sa.CheckConstraint(
            "status IN ('new', 'in_progress', 'in_review', 'approved', 'archived')",
            name=op.f("ck_articles_status_known"),
        ),
        sa.CheckConstraint(
            "(published_on IS NULL AND published_earliest IS NULL AND published_latest IS NULL) OR (published_on IS NOT NULL AND published_earliest IS NOT NULL AND published_latest IS NOT NULL AND published_earliest <= published_latest)",
            name=op.f("ck_articles_published_bounds"),
        ),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_articles_title_said")),
        sa.CheckConstraint("priority BETWEEN 0 AND 3", name=op.f("ck_articles_priority_known")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_articles_created_by_id")),
        sa.ForeignKeyConstraint(["deleted_by_id"], ["users.id"], name=op.f("fk_articles_deleted_by_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_articles_project_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["users.id"], name=op.f("fk_articles_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("project_id", "id", name=op.f("uq_articles_project_id_id")),
    )
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_articles_project_id_created_at"), ["project_id", "created_at"], unique=False
        )

    op.create_table(
        "memberships",
        sa.Column("project_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "role IN ('editor', 'reviewer', 'viewer')", name=op.f("ck_memberships_role_known")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_memberships_created_by_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_memberships_project_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id")),
        sa.PrimaryKeyConstraint("project_id", "user_id", name=op.f("pk_memberships")),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memberships_user_id"), ["user_id"], unique=False)

    op.create_table(
        "sources",
        sa.Column("project_id", ID, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("publisher", sa.Text(), server_default="", nullable=False),
        sa.Column("authors", JSON, nullable=False),
        sa.Column("published_on", sa.String(), nullable=True),
        sa.Column("published_earliest", sa.Date(), nullable=True),
        sa.Column("published_latest", sa.Date(), nullable=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=True),
        sa.Column("independence_group", sa.Text(), server_default="", nullable=False),
        sa.Column("confidentiality", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("updated_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "confidentiality IN ('public', 'internal', 'protected')",
            name=op.f("ck_sources_confidentiality_known"),
        ),
        sa.CheckConstraint(
            "tier IN ('primary', 'secondary', 'tertiary')", name=op.f("ck_sources_tier_known")
        ),
        sa.CheckConstraint(
            "type IN ('article', 'article-journal', 'article-magazine', 'article-newspaper', 'bill', 'book', 'broadcast', 'chapter', 'dataset', 'document', 'entry-encyclopedia', 'figure', 'graphic', 'hearing', 'interview', 'legal_case', 'legislation', 'manuscript', 'motion_picture', 'pamphlet', 'personal_communication', 'post', 'post-weblog', 'regulation', 'report', 'song', 'speech', 'standard', 'thesis', 'treaty', 'webpage')",
            name=op.f("ck_sources_type_known"),
        ),
        sa.CheckConstraint(
            "(published_on IS NULL AND published_earliest IS NULL AND published_latest IS NULL) OR (published_on IS NOT NULL AND published_earliest IS NOT NULL AND published_latest IS NOT NULL AND published_earliest <= published_latest)",
            name=op.f("ck_sources_published_bounds"),
        ),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_sources_title_said")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_sources_created_by_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_sources_project_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["users.id"], name=op.f("fk_sources_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("project_id", "id", name=op.f("uq_sources_project_id_id")),
    )
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sources_project_id_created_at"), ["project_id", "created_at"], unique=False
        )

    op.create_table(
        "speakers",
        sa.Column("project_id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("also_known_as", JSON, nullable=False),
        sa.Column("same_as", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("updated_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "kind IN ('person', 'organisation', 'state_body', 'other')", name=op.f("ck_speakers_kind_known")
        ),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_speakers_name_said")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_speakers_created_by_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_speakers_project_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["users.id"], name=op.f("fk_speakers_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speakers")),
        sa.UniqueConstraint("project_id", "id", name=op.f("uq_speakers_project_id_id")),
    )
    with op.batch_alter_table("speakers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_speakers_project_id_name"), ["project_id", "name"], unique=False)

    op.create_table(
        "annotations",
        sa.Column("project_id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("body_html", sa.Text(), server_default="", nullable=False),
        sa.Column("assignee_id", ID, nullable=True),
        sa.Column("claim_text", sa.Text(), server_default="", nullable=False),
        sa.Column("claimant_id", ID, nullable=True),
        sa.Column("claimed_on", sa.String(), nullable=True),
        sa.Column("claimed_earliest", sa.Date(), nullable=True),
        sa.Column("claimed_latest", sa.Date(), nullable=True),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("deleted_at", TIME, nullable=True),
        sa.Column("deleted_by_id", ID, nullable=True),
        sa.Column("request_sha256", sa.String(), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("updated_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "(state = 'not_checkable') = (reason IS NOT NULL)",
            name=op.f("ck_annotations_not_checkable_has_reason"),
        ),
        sa.CheckConstraint(
            "kind IN ('claim', 'quote', 'number', 'attribution', 'headline', 'image', 'legal', 'wording', 'opinion', 'note')",
            name=op.f("ck_annotations_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'in_progress', 'submitted', 'approved', 'not_checkable')",
            name=op.f("ck_annotations_state_known"),
        ),
        sa.CheckConstraint(
            "(claimed_on IS NULL AND claimed_earliest IS NULL AND claimed_latest IS NULL) OR (claimed_on IS NOT NULL AND claimed_earliest IS NOT NULL AND claimed_latest IS NOT NULL AND claimed_earliest <= claimed_latest)",
            name=op.f("ck_annotations_claimed_bounds"),
        ),
        sa.ForeignKeyConstraint(["assignee_id"], ["users.id"], name=op.f("fk_annotations_assignee_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_annotations_created_by_id")),
        sa.ForeignKeyConstraint(["deleted_by_id"], ["users.id"], name=op.f("fk_annotations_deleted_by_id")),
        sa.ForeignKeyConstraint(
            ["project_id", "article_id"],
            ["articles.project_id", "articles.id"],
            name=op.f("fk_annotations_project_id_article_id"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "claimant_id"],
            ["speakers.project_id", "speakers.id"],
            name=op.f("fk_annotations_project_id_claimant_id"),
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_annotations_project_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["users.id"], name=op.f("fk_annotations_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotations")),
        sa.UniqueConstraint("project_id", "id", name=op.f("uq_annotations_project_id_id")),
    )
    with op.batch_alter_table("annotations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_annotations_article_id_deleted_at"), ["article_id", "deleted_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_annotations_project_id_created_at"), ["project_id", "created_at"], unique=False
        )

    op.create_table(
        "article_assignees",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_assignees_article_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_article_assignees_user_id")),
        sa.PrimaryKeyConstraint("article_id", "user_id", name=op.f("pk_article_assignees")),
    )
    with op.batch_alter_table("article_assignees", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_assignees_user_id"), ["user_id"], unique=False)

    op.create_table(
        "snapshots",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=True),
        sa.Column("source_id", ID, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("captured_at", TIME, nullable=False),
        sa.Column("captured_by_id", ID, nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("final_url", sa.Text(), server_default="", nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("raw_sha256", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("text_sha256", sa.String(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("blocks", JSON, nullable=False),
        sa.Column("marks", JSON, nullable=False),
        sa.Column("sentences", JSON, nullable=False),
        sa.Column("sentence_rule", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("method IN ('paste', 'upload', 'fetch')", name=op.f("ck_snapshots_method_known")),
        sa.CheckConstraint(
            "(article_id IS NULL) <> (source_id IS NULL)", name=op.f("ck_snapshots_one_owner")
        ),
        sa.CheckConstraint("length >= 0", name=op.f("ck_snapshots_length_not_negative")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_snapshots_number_positive")),
        sa.ForeignKeyConstraint(["captured_by_id"], ["users.id"], name=op.f("fk_snapshots_captured_by_id")),
        sa.ForeignKeyConstraint(
            ["project_id", "article_id"],
            ["articles.project_id", "articles.id"],
            name=op.f("fk_snapshots_project_id_article_id"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "source_id"],
            ["sources.project_id", "sources.id"],
            name=op.f("fk_snapshots_project_id_source_id"),
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_snapshots_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_snapshots_article_id_number")),
        sa.UniqueConstraint("source_id", "number", name=op.f("uq_snapshots_source_id_number")),
    )
    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_snapshots_project_id_text_sha256"), ["project_id", "text_sha256"], unique=False
        )

    op.create_table(
        "statements",
        sa.Column("project_id", ID, nullable=False),
        sa.Column("speaker_id", ID, nullable=False),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("translation", sa.Text(), server_default="", nullable=False),
        sa.Column("translator", sa.Text(), server_default="", nullable=False),
        sa.Column("said_on", sa.String(), nullable=True),
        sa.Column("said_earliest", sa.Date(), nullable=True),
        sa.Column("said_latest", sa.Date(), nullable=True),
        sa.Column("occasion", sa.Text(), server_default="", nullable=False),
        sa.Column("medium", sa.String(), nullable=False),
        sa.Column("source_id", ID, nullable=True),
        sa.Column("locator_kind", sa.String(), nullable=True),
        sa.Column("locator", sa.Text(), server_default="", nullable=False),
        sa.Column("valid_from_on", sa.String(), nullable=True),
        sa.Column("valid_from_earliest", sa.Date(), nullable=True),
        sa.Column("valid_from_latest", sa.Date(), nullable=True),
        sa.Column("valid_until_on", sa.String(), nullable=True),
        sa.Column("valid_until_earliest", sa.Date(), nullable=True),
        sa.Column("valid_until_latest", sa.Date(), nullable=True),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("updated_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "locator_kind IN ('page', 'paragraph', 'line', 'section', 'table_cell', 'timecode', 'url_fragment')",
            name=op.f("ck_statements_locator_kind_known"),
        ),
        sa.CheckConstraint(
            "medium IN ('speech', 'interview', 'press_conference', 'post', 'decree', 'law', 'vote', 'document', 'broadcast', 'other')",
            name=op.f("ck_statements_medium_known"),
        ),
        sa.CheckConstraint(
            "(said_on IS NULL AND said_earliest IS NULL AND said_latest IS NULL) OR (said_on IS NOT NULL AND said_earliest IS NOT NULL AND said_latest IS NOT NULL AND said_earliest <= said_latest)",
            name=op.f("ck_statements_said_bounds"),
        ),
        sa.CheckConstraint(
            "(valid_from_on IS NULL AND valid_from_earliest IS NULL AND valid_from_latest IS NULL) OR (valid_from_on IS NOT NULL AND valid_from_earliest IS NOT NULL AND valid_from_latest IS NOT NULL AND valid_from_earliest <= valid_from_latest)",
            name=op.f("ck_statements_valid_from_bounds"),
        ),
        sa.CheckConstraint(
            "(valid_until_on IS NULL AND valid_until_earliest IS NULL AND valid_until_latest IS NULL) OR (valid_until_on IS NOT NULL AND valid_until_earliest IS NOT NULL AND valid_until_latest IS NOT NULL AND valid_until_earliest <= valid_until_latest)",
            name=op.f("ck_statements_valid_until_bounds"),
        ),
        sa.CheckConstraint("length(quote) > 0", name=op.f("ck_statements_quote_said")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_statements_created_by_id")),
        sa.ForeignKeyConstraint(
            ["project_id", "source_id"],
            ["sources.project_id", "sources.id"],
            name=op.f("fk_statements_project_id_source_id"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "speaker_id"],
            ["speakers.project_id", "speakers.id"],
            name=op.f("fk_statements_project_id_speaker_id"),
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_statements_project_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["users.id"], name=op.f("fk_statements_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("project_id", "id", name=op.f("uq_statements_project_id_id")),
    )
    with op.batch_alter_table("statements", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_statements_project_id_created_at"), ["project_id", "created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_statements_speaker_id_said_earliest"),
            ["speaker_id", "said_earliest"],
            unique=False,
        )

    op.create_table(
        "annotation_tags",
        sa.Column("annotation_id", ID, nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(tag) > 0", name=op.f("ck_annotation_tags_tag_said")),
        sa.ForeignKeyConstraint(
            ["annotation_id"], ["annotations.id"], name=op.f("fk_annotation_tags_annotation_id")
        ),
        sa.PrimaryKeyConstraint("annotation_id", "tag", name=op.f("pk_annotation_tags")),
    )
    with op.batch_alter_table("annotation_tags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_annotation_tags_tag"), ["tag"], unique=False)

    op.create_table(
        "links",
        sa.Column("project_id", ID, nullable=False),
        sa.Column("annotation_id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=True),
        sa.Column("statement_id", ID, nullable=True),
        sa.Column("target_id", ID, nullable=True),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("passage_snapshot_id", ID, nullable=True),
        sa.Column("passage_start", sa.Integer(), nullable=True),
        sa.Column("passage_end", sa.Integer(), nullable=True),
        sa.Column("passage_exact", sa.Text(), nullable=True),
        sa.Column("passage_prefix", sa.Text(), nullable=True),
        sa.Column("passage_suffix", sa.Text(), nullable=True),
        sa.Column("locator_kind", sa.String(), nullable=True),
        sa.Column("locator", sa.Text(), server_default="", nullable=False),
        sa.Column("evidence_group", sa.Text(), server_default="", nullable=False),
        sa.Column("assumption", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("contradiction_kind", sa.String(), nullable=True),
        sa.Column("acknowledged", sa.String(), nullable=True),
        sa.Column("consistency", sa.String(), nullable=True),
        sa.Column("deleted_at", TIME, nullable=True),
        sa.Column("deleted_by_id", ID, nullable=True),
        sa.Column("request_sha256", sa.String(), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("updated_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "acknowledged IN ('yes', 'no', 'unknown')", name=op.f("ck_links_acknowledged_known")
        ),
        sa.CheckConstraint(
            "acknowledged IS NULL OR relation = 'contradicts'",
            name=op.f("ck_links_acknowledged_of_contradiction"),
        ),
        sa.CheckConstraint(
            "consistency IN ('no_flip', 'half_flip', 'full_flop', 'not_applicable')",
            name=op.f("ck_links_consistency_known"),
        ),
        sa.CheckConstraint(
            "consistency IS NULL OR relation = 'contradicts'",
            name=op.f("ck_links_consistency_of_contradiction"),
        ),
        sa.CheckConstraint(
            "contradiction_kind IN ('direct_negation', 'reversal_over_time', 'numeric', 'scope', 'attribution', 'omission', 'promise_broken')",
            name=op.f("ck_links_contradiction_kind_known"),
        ),
        sa.CheckConstraint(
            "contradiction_kind IS NULL OR relation = 'contradicts'",
            name=op.f("ck_links_contradiction_kind_of_contradiction"),
        ),
        sa.CheckConstraint(
            "locator_kind IN ('page', 'paragraph', 'line', 'section', 'table_cell', 'timecode', 'url_fragment')",
            name=op.f("ck_links_locator_kind_known"),
        ),
        sa.CheckConstraint(
            "relation IN ('supports', 'contradicts', 'qualifies', 'context', 'same_claim', 'supersedes', 'quotes', 'corrects')",
            name=op.f("ck_links_relation_known"),
        ),
        sa.CheckConstraint(
            "(CASE WHEN source_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN statement_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN target_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_links_one_far_end"),
        ),
        sa.CheckConstraint(
            "(passage_snapshot_id IS NULL) = (passage_start IS NULL) AND (passage_snapshot_id IS NULL) = (passage_end IS NULL) AND (passage_snapshot_id IS NULL) = (passage_exact IS NULL)",
            name=op.f("ck_links_passage_whole"),
        ),
        sa.CheckConstraint(
            "0 <= passage_start AND passage_start < passage_end", name=op.f("ck_links_passage_in_order")
        ),
        sa.CheckConstraint("target_id <> annotation_id", name=op.f("ck_links_not_to_itself")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_links_created_by_id")),
        sa.ForeignKeyConstraint(["deleted_by_id"], ["users.id"], name=op.f("fk_links_deleted_by_id")),
        sa.ForeignKeyConstraint(
            ["passage_snapshot_id"], ["snapshots.id"], name=op.f("fk_links_passage_snapshot_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "annotation_id"],
            ["annotations.project_id", "annotations.id"],
            name=op.f("fk_links_project_id_annotation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "source_id"],
            ["sources.project_id", "sources.id"],
            name=op.f("fk_links_project_id_source_id"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "statement_id"],
            ["statements.project_id", "statements.id"],
            name=op.f("fk_links_project_id_statement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "target_id"],
            ["annotations.project_id", "annotations.id"],
            name=op.f("fk_links_project_id_target_id"),
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_links_project_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["users.id"], name=op.f("fk_links_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("project_id", "id", name=op.f("uq_links_project_id_id")),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_links_annotation_id_deleted_at"), ["annotation_id", "deleted_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_links_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_links_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_links_statement_id"), ["statement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_links_target_id"), ["target_id"], unique=False)

    op.create_table(
        "spans",
        sa.Column("annotation_id", ID, nullable=False),
        sa.Column("snapshot_id", ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("exact", sa.String(), nullable=False),
        sa.Column("prefix", sa.Text(), server_default="", nullable=False),
        sa.Column("suffix", sa.Text(), server_default="", nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("confirmed_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "(anchor = 'changed') = (reason IS NOT NULL)", name=op.f("ck_spans_changed_has_reason")
        ),
        sa.CheckConstraint(
            "anchor IN ('exact', 'moved', 'changed', 'orphaned')", name=op.f("ck_spans_anchor_known")
        ),
        sa.CheckConstraint(
            "reason IN ('number', 'negation', 'name', 'words', 'typography', 'ambiguous')",
            name=op.f("ck_spans_reason_known"),
        ),
        sa.CheckConstraint('0 <= "start" AND "start" < "end"', name=op.f("ck_spans_range_in_order")),
        sa.CheckConstraint("ordinal >= 0", name=op.f("ck_spans_ordinal_not_negative")),
        sa.ForeignKeyConstraint(["annotation_id"], ["annotations.id"], name=op.f("fk_spans_annotation_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["users.id"], name=op.f("fk_spans_confirmed_by_id")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshots.id"], name=op.f("fk_spans_snapshot_id")),
        sa.PrimaryKeyConstraint("annotation_id", "snapshot_id", "ordinal", name=op.f("pk_spans")),
    )
    with op.batch_alter_table("spans", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_spans_snapshot_id_start_end"), ["snapshot_id", "start", "end"], unique=False
        )
    guard_journal()


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("spans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spans_snapshot_id_start_end"))

    op.drop_table("spans")
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_links_target_id"))
        batch_op.drop_index(batch_op.f("ix_links_statement_id"))
        batch_op.drop_index(batch_op.f("ix_links_source_id"))
        batch_op.drop_index(batch_op.f("ix_links_project_id"))
        batch_op.drop_index(batch_op.f("ix_links_annotation_id_deleted_at"))

    op.drop_table("links")
    with op.batch_alter_table("annotation_tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_annotation_tags_tag"))

    op.drop_table("annotation_tags")
    with op.batch_alter_table("statements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statements_speaker_id_said_earliest"))
        batch_op.drop_index(batch_op.f("ix_statements_project_id_created_at"))

    op.drop_table("statements")
    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_snapshots_project_id_text_sha256"))

    op.drop_table("snapshots")
    with op.batch_alter_table("article_assignees", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_assignees_user_id"))

    op.drop_table("article_assignees")
    with op.batch_alter_table("annotations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_annotations_project_id_created_at"))
        batch_op.drop_index(batch_op.f("ix_annotations_article_id_deleted_at"))

    op.drop_table("annotations")
    with op.batch_alter_table("speakers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_speakers_project_id_name"))

    op.drop_table("speakers")
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sources_project_id_created_at"))

    op.drop_table("sources")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memberships_user_id"))

    op.drop_table("memberships")
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_articles_project_id_created_at"))

    op.drop_table("articles")
    op.drop_table("projects")
    with op.batch_alter_table("password_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_password_links_user_id"))

    op.drop_table("password_links")
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_sessions_user_id_ended_at"))

    op.drop_table("login_sessions")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_events_subject_id_number"))
        batch_op.drop_index(batch_op.f("ix_events_project_id_number"))
        batch_op.drop_index(batch_op.f("ix_events_article_id_number"))
        batch_op.drop_index(batch_op.f("ix_events_actor_id_number"))

    op.drop_table("events")
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_tokens_user_id"))

    op.drop_table("api_tokens")
    op.drop_table("users")
    with op.batch_alter_table("sign_in_tries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_tries_key_at"))

    op.drop_table("sign_in_tries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS events_refuse()")
