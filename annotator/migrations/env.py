"""Alembic's environment: the connection comes from `annotator.migrating`, never from an ini file."""

from alembic import context

from annotator.database import Model
from annotator.tables import ALL_TABLES

assert ALL_TABLES, "the models must be imported before they are compared"
connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Model.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
