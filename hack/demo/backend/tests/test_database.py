"""What becomes of the app when its database goes, hangs, comes back, or is new to several replicas at once."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from tests.backend import Backend, Person
from tests.postgres import PostgresServer
from tests.waiting import eventually

pytestmark = pytest.mark.slow

CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'todo-backend' AND datname = '{}'"


@pytest.fixture
def fragile() -> Iterator[PostgresServer]:
    """A server that a test may stop."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


def test_readiness_follows_the_database_and_heals(fragile: PostgresServer) -> None:
    with Backend({"DATABASE_URL": fragile.url(fragile.new_database())}) as backend:
        person = backend.is_ready().sign_up()
        person.add("before")

        fragile.stop()
        stopped = time.monotonic()
        eventually(lambda: backend.status("/ready") == 503, "/ready answers 503")
        print(f"not ready {time.monotonic() - stopped:.2f} s after the database was stopped")
        assert backend.client.get("/ready").json() == {"status": "not ready", "database": "disconnected"}
        assert backend.status("/health/ready") == 503
        assert backend.status("/health") == backend.status("/health/live") == 200
        response = person.ask("GET", "/tasks")
        assert (response.status_code, response.headers["retry-after"]) == (503, "2")
        assert "ERROR:    Database connection failed:" in backend.stderr
        assert "Traceback" not in backend.stderr

        fragile.start()
        started = time.monotonic()
        eventually(lambda: backend.status("/ready") == 200, "/ready answers 200")
        print(f"ready {time.monotonic() - started:.2f} s after the database was started")
        assert person.titles() == ["before"]


def test_a_database_that_hangs_is_told_in_time_for_a_probe_and_heals(fragile: PostgresServer) -> None:
    with Backend({"DATABASE_URL": fragile.url(fragile.new_database())}) as backend:
        backend.is_ready()
        fragile.freeze()
        try:
            asked = time.monotonic()
            assert backend.status("/ready") == 503
            seconds = time.monotonic() - asked
            print(f"/ready answers 503 after {seconds:.2f} s; probes give up after 3 s")
            assert seconds < 15
            assert backend.status("/health") == 200
        finally:
            fragile.thaw()
        eventually(lambda: backend.status("/ready") == 200, "/ready answers 200")


def test_an_app_that_starts_before_its_database_becomes_ready_with_it(fragile: PostgresServer) -> None:
    url = fragile.url(fragile.new_database())
    fragile.stop()
    with Backend({"DATABASE_URL": url}) as backend:
        backend.is_ready(status=503)
        assert backend.client.post("/api/auth/signin", json={"email": "a@b.cd", "password": "x"}).status_code == 503
        fragile.start()
        assert backend.is_ready().sign_up().titles() == []


def test_the_pool_keeps_five_connections_and_takes_no_more_than_twenty(postgres: PostgresServer, database: str) -> None:
    with Backend({"DATABASE_URL": postgres.url(database, "?ssl=disable")}) as backend:
        person = backend.is_ready().sign_up()

        def connections() -> int:
            return int(postgres.query("postgres", CONNECTIONS.format(database))[0][0])

        eventually(lambda: connections() == 5, "the pool has five connections")

        async def crowd() -> int:
            blocker, observer = await postgres.connect(database), await postgres.connect("postgres")
            transaction = blocker.transaction()
            await transaction.start()
            # Every request now keeps its connection until the lock is gone.
            await blocker.execute("LOCK TABLE tasks")
            async with httpx.AsyncClient(base_url=str(backend.client.base_url), timeout=60) as client:
                headers = {"Authorization": f"Bearer {person.token}"}
                path = f"/api/{person.id}/tasks"
                requests = [asyncio.create_task(client.get(path, headers=headers)) for _ in range(40)]
                deadline = time.monotonic() + 25
                count = 0
                while count < 20 and time.monotonic() < deadline:
                    await asyncio.sleep(0.1)
                    count = await observer.fetchval(CONNECTIONS.format(database))
                # Were there more to come, they would come now.
                await asyncio.sleep(0.5)
                count = await observer.fetchval(CONNECTIONS.format(database))
                await transaction.rollback()
                responses = await asyncio.gather(*requests)
            await blocker.close()
            await observer.close()
            assert {response.status_code for response in responses} == {200}
            return int(count)

        assert asyncio.run(crowd()) == 20


def test_replicas_that_start_together_migrate_once(postgres: PostgresServer, database: str) -> None:
    with ExitStack() as stack:
        replicas = [stack.enter_context(Backend({"DATABASE_URL": postgres.url(database)})) for _ in range(4)]
        for replica in replicas:
            replica.is_ready()
        assert sum("Running upgrade" in replica.stdout for replica in replicas) == 1
        assert [replica.stderr for replica in replicas] == [""] * 4
        somebody = replicas[0].sign_up()
        somebody.add("seen by all")
        for replica in replicas[1:]:
            assert Person(replica.client, somebody.id, somebody.email, somebody.token).titles() == ["seen by all"]


def test_the_schema_has_the_seeds_tables(postgres: PostgresServer, database: str) -> None:
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    with Backend({"DATABASE_URL": postgres.url(database)}) as backend:
        backend.is_ready()
    assert [name for (name,) in postgres.query(database, tables)] == [
        "alembic_version", "conversations", "messages", "tasks", "users",
    ]  # fmt: skip


def test_connections_are_encrypted_where_the_url_asks_for_it(postgres: PostgresServer, database: str) -> None:
    encrypted = "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'todo-backend'"
    with Backend({"DATABASE_URL": postgres.url(database, "?ssl=require")}) as backend:
        backend.is_ready()
        assert postgres.query(database, encrypted + " AND datname = current_database()") == [(True,)] * 5
    # The certificate of the tests is nobody's.
    with Backend({"DATABASE_URL": postgres.url(database, "?sslmode=verify-full")}) as backend:
        eventually(lambda: "CERTIFICATE_VERIFY_FAILED" in backend.stderr, "the certificate is refused")
        assert backend.status("/ready") == 503
