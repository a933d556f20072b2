"""What Alembic runs for every command; `app.migration` has opened the connection and holds the lock."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
