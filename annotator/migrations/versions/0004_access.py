"""People and access: second factors, passkeys, devices, invitations, single sign-on, sealed journal, counted tries."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.String(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
TIME = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
METHODS = "method IN ('password', 'password+totp', 'password+passkey', 'password+recovery', 'passkey', 'oidc', 'oidc+factor', 'link')"
KINDS = "'second_factor', 'passkey', 'registration', 'confirmation', 'oidc'"
ROLES = "'editor', 'reviewer', 'viewer'"
OPEN = "accepted_at IS NULL AND revoked_at IS NULL"
REFUSE_SQLITE = """
CREATE TRIGGER event_seals_{verb}_refused BEFORE {verb} ON event_seals
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
REFUSE_POSTGRESQL = """
CREATE TRIGGER event_seals_refused BEFORE UPDATE OR DELETE OR TRUNCATE ON event_seals
FOR EACH STATEMENT EXECUTE FUNCTION events_refuse()
"""
TABLES = (
    "invitation_roles",
    "invitations",
    "site_policies",
    "external_identities",
    "email_changes",
    "known_devices",
    "passkeys",
    "recovery_codes",
    "totp_factors",
    "sign_in_steps",
    "rate_counts",
    "event_seals",
)


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


def key(name: str = "id") -> sa.Column[str]:
    """Give a column that holds an id."""
    return sa.Column(name, ID, nullable=False)


def words(name: str) -> sa.Column[str]:
    """Give a column of text that must be there."""
    return sa.Column(name, sa.String(), nullable=False)


def time(name: str, *, optional: bool = False) -> sa.Column[Any]:
    """Give a column that holds a time."""
    return sa.Column(name, TIME, nullable=optional)


def made(table: str) -> list[Any]:
    """Give the columns of who made and changed a thing, and the keys behind them."""
    return [
        key(),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        time("created_at"),
        time("updated_at"),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("updated_by_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(foreign(table, column) for column in ("created_by_id", "updated_by_id")),
    ]


def foreign(table: str, column: str, to: str = "users") -> sa.ForeignKeyConstraint:
    """Give the key to another table."""
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    """Give a CHECK by its name."""
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def owned(table: str, *columns: Any, hashed: str = "", index: bool = True) -> None:
    """Make a table of what belongs to one person: id, person, the columns; `hashed` is the only one of its kind."""
    unique = [sa.UniqueConstraint(hashed, name=op.f(f"uq_{table}_{hashed}"))] if hashed else []
    op.create_table(
        table,
        key(),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        foreign(table, "user_id"),
        *unique,
    )
    if index:
        op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])


def upgrade() -> None:
    """Make the change."""
    op.add_column("users", sa.Column("time_zone", sa.String(), server_default="UTC", nullable=False))
    with changing("login_sessions") as batch:
        batch.add_column(sa.Column("method", sa.String(), server_default="password", nullable=False))
        batch.create_check_constraint(op.f("ck_login_sessions_method_known"), sa.text(METHODS))
    with changing("api_tokens") as batch:
        batch.add_column(sa.Column("project_id", ID, nullable=True))
        batch.create_foreign_key(op.f("fk_api_tokens_project_id"), "projects", ["project_id"], ["id"])
    _journal()
    _steps()
    _factors()
    _devices()
    _policy()
    _invitations()


def _journal() -> None:
    op.create_table(
        "event_seals",
        sa.Column("position", NUMBER, autoincrement=True, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        words("hash"),
        check("event_seals", "hash_whole", "length(hash) = 64"),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_event_seals")),
        sa.UniqueConstraint("number", name=op.f("uq_event_seals_number")),
        sqlite_autoincrement=True,
    )
    guards = [REFUSE_SQLITE.format(verb=verb) for verb in ("UPDATE", "DELETE")]
    for statement in guards if sqlite() else [REFUSE_POSTGRESQL]:
        op.execute(statement)
    op.create_table(
        "rate_counts",
        words("key"),
        sa.Column("ends", NUMBER, autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "ends", name=op.f("pk_rate_counts")),
    )
    op.create_index(op.f("ix_rate_counts_ends"), "rate_counts", ["ends"])


def _steps() -> None:
    owned(
        "sign_in_steps",
        words("token_hash"),
        words("kind"),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("session_id", ID, nullable=True),
        sa.Column("data", JSON, nullable=True),
        time("created_at"),
        time("expires_at"),
        time("used_at", optional=True),
        check("sign_in_steps", "kind_known", f"kind IN ({KINDS})"),
        hashed="token_hash",
    )
    op.create_index(op.f("ix_sign_in_steps_expires_at"), "sign_in_steps", ["expires_at"])


def _factors() -> None:
    op.create_table(
        "totp_factors",
        key("user_id"),
        words("secret"),
        sa.Column("last_step", sa.Integer(), nullable=False),
        time("created_at"),
        time("confirmed_at", optional=True),
        check("totp_factors", "last_step_not_negative", "last_step >= 0"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_totp_factors")),
        foreign("totp_factors", "user_id"),
    )
    owned(
        "recovery_codes",
        key("user_id"),
        words("code_hash"),
        time("created_at"),
        time("used_at", optional=True),
        hashed="code_hash",
    )
    owned(
        "passkeys",
        key("user_id"),
        words("credential_id"),
        words("public_key"),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        words("name"),
        sa.Column("transports", JSON, nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        time("created_at"),
        time("last_used_at", optional=True),
        check("passkeys", "name_said", "length(name) > 0"),
        check("passkeys", "sign_count_not_negative", "sign_count >= 0"),
        hashed="credential_id",
    )


def _devices() -> None:
    owned(
        "known_devices",
        words("token_hash"),
        key("user_id"),
        words("device"),
        time("created_at"),
        time("last_used_at"),
        hashed="token_hash",
    )
    owned(
        "email_changes",
        words("token_hash"),
        key("user_id"),
        words("email"),
        time("created_at"),
        time("expires_at"),
        time("used_at", optional=True),
        hashed="token_hash",
    )
    owned(
        "external_identities",
        key("user_id"),
        words("issuer"),
        words("subject"),
        time("created_at"),
        time("last_used_at", optional=True),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_external_identities_issuer_subject")),
    )


def _policy() -> None:
    op.create_table(
        "site_policies",
        words("key"),
        sa.Column("second_factor_for", JSON, nullable=False),
        *made("site_policies"),
        sa.UniqueConstraint("key", name=op.f("uq_site_policies_key")),
    )


def _invitations() -> None:
    op.create_table(
        "invitations",
        words("email"),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        words("locale"),
        words("token_hash"),
        time("sent_at", optional=True),
        time("expires_at"),
        time("accepted_at", optional=True),
        time("revoked_at", optional=True),
        sa.Column("user_id", ID, nullable=True),
        *made("invitations"),
        check("invitations", "email_said", "length(email) > 0"),
        check("invitations", "accepted_or_revoked", "accepted_at IS NULL OR revoked_at IS NULL"),
        check("invitations", "accepted_by_somebody", "(accepted_at IS NULL) = (user_id IS NULL)"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
        foreign("invitations", "user_id"),
    )
    only: Any = {"sqlite_where": sa.text(OPEN), "postgresql_where": sa.text(OPEN)}
    op.create_index(op.f("ix_invitations_open"), "invitations", ["email"], unique=True, **only)
    op.create_table(
        "invitation_roles",
        key("invitation_id"),
        key("project_id"),
        words("role"),
        check("invitation_roles", "role_known", f"role IN ({ROLES})"),
        sa.PrimaryKeyConstraint("invitation_id", "project_id", name=op.f("pk_invitation_roles")),
        foreign("invitation_roles", "invitation_id", "invitations"),
        foreign("invitation_roles", "project_id", "projects"),
    )


def downgrade() -> None:
    """Take the change back: factors, passkeys, invitations and seals go with their tables."""
    for table in TABLES:
        op.drop_table(table)
    with changing("api_tokens") as batch:
        batch.drop_constraint(op.f("fk_api_tokens_project_id"), type_="foreignkey")
        batch.drop_column("project_id")
    with changing("login_sessions") as batch:
        batch.drop_constraint(op.f("ck_login_sessions_method_known"), type_="check")
        batch.drop_column("method")
    with changing("users") as batch:
        batch.drop_column("time_zone")
