"""What Alembic runs: the steps, in the transaction of the connection that it is handed."""

from __future__ import annotations

from alembic import context

from prospectus.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
