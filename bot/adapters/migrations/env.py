"""Runs Alembic on the connection that `Database.migrate` hands over."""

from alembic import context

from bot.adapters.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table="spotter_version",
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
