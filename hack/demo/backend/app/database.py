"""The connections to PostgreSQL."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from app import migration
from app.database_url import CONNECTION_TIMEOUT, DatabaseURL

# Seed 001's figures: connections, and seconds after which one above the smallest number is given back.
SMALLEST_POOL = 5
LARGEST_POOL = 20
IDLE_TIMEOUT = 300
# Seconds that a check may take: probes give up after three.
CHECK_TIMEOUT = 2
# Seconds between attempts to reach a database that is away.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0

# What says that the database is away or turns us off, and not that a query is wrong.
AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresConnectionError,
    asyncpg.TooManyConnectionsError,
)

log = logging.getLogger(__name__)


class DatabaseUnavailableError(Exception):
    """The database cannot be reached; the message says why and holds no secret."""


class Database:
    """A pool that comes into being as soon as the database can be reached, and heals by itself."""

    def __init__(self, url: DatabaseURL, *, migrates: bool) -> None:
        self.url = url
        self.migrates = migrates
        self.pool: Any = None
        self.opening: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begins to connect. A database that is away keeps no process from starting: readiness tells."""
        self.opening = asyncio.create_task(self.open_at_last())

    async def open_at_last(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                if self.migrates:
                    await migration.upgrade(self.url)
                self.pool = await asyncpg.create_pool(
                    **self.url.connect_arguments(),
                    min_size=SMALLEST_POOL,
                    max_size=LARGEST_POOL,
                    max_inactive_connection_lifetime=IDLE_TIMEOUT,
                    command_timeout=CONNECTION_TIMEOUT,
                )
            # Whatever it was, trying again is all that can be done; what went wrong is in the log.
            except Exception as error:
                log.error("Database connection failed: %s", reason(error))
                log.debug("where it failed", exc_info=True)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                log.info("Database connected")
                return

    async def close(self) -> None:
        """Ends all connections."""
        if self.opening:
            self.opening.cancel()
        if self.pool is None:
            return
        try:
            async with asyncio.timeout(CHECK_TIMEOUT):
                await self.pool.close()
        except AWAY:
            self.pool.terminate()

    @asynccontextmanager
    async def connection(self, timeout: float = CONNECTION_TIMEOUT) -> AsyncIterator[Any]:  # noqa: ASYNC109
        """A connection for a while; a DatabaseUnavailableError where there is none, or where it breaks."""
        if self.pool is None:
            raise DatabaseUnavailableError("not connected yet")
        try:
            async with self.pool.acquire(timeout=timeout) as connection:
                try:
                    yield connection
                except (TimeoutError, asyncio.CancelledError):
                    # The pool would wait for the answer before it takes the connection back, perhaps for ever.
                    connection.terminate()
                    raise
        except AWAY as error:
            raise DatabaseUnavailableError(reason(error)) from error

    async def answers(self) -> bool:
        """Whether a query gets an answer now."""
        try:
            async with asyncio.timeout(CHECK_TIMEOUT), self.connection() as connection:
                await connection.execute("SELECT 1")
        except (DatabaseUnavailableError, TimeoutError):
            return False
        return True


def reason(error: BaseException) -> str:
    """One line about an error; the driver's and PostgreSQL's own sentences name users and hosts at most."""
    text = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
