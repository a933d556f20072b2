"""Brings the database's schema to what this version needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.database_url import CONNECTION_TIMEOUT, DatabaseURL

# Any number will do, as long as all replicas, whatever their version, take the same.
LOCK = 0x746F646F


async def upgrade(database: DatabaseURL) -> None:
    """Runs what is missing, in one transaction.

    Replicas that start together queue for a lock that lasts as long as the transaction, also through a pooler; the
    first one migrates, the others find nothing left to do.
    """
    engine = create_async_engine(
        database.for_sqlalchemy(),
        poolclass=NullPool,
        connect_args={"ssl": database.ssl, "timeout": CONNECTION_TIMEOUT},
    )
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            await connection.run_sync(run)
    finally:
        await engine.dispose()


def run(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
