"""SIGTERM: readiness first, then the end, and no request lost."""

import asyncio

import httpx
import pytest

from tests.backend import Backend
from tests.load import Load
from tests.postgres import PostgresServer
from tests.waiting import eventually

pytestmark = pytest.mark.slow


def test_a_replica_stops_under_load_and_no_request_is_lost(postgres: PostgresServer, database: str) -> None:
    environment = {"DATABASE_URL": postgres.url(database), "DRAIN_SECONDS": "5"}
    with Backend(environment) as stopping, Backend(environment) as staying:
        person = stopping.is_ready().sign_up()
        load = Load([stopping, staying.is_ready()], person)
        stopped = asyncio.run(load.run())
        print(f"{load.answers.total()} requests, {load.of_stopping} of them after SIGTERM; stopped in {stopped:.1f} s")
        assert load.errors == []
        assert set(load.answers) == {200, 201}
        assert load.of_stopping > 0, "requests that come during the drain are served"
        assert stopping.process.returncode == 0
        assert stopping.stderr == ""
        assert postgres.query(database, "SELECT count(*) FROM tasks") == [(load.answers[201],)]


def test_while_it_drains_it_serves_says_so_and_keeps_no_connection(postgres: PostgresServer, database: str) -> None:
    with Backend({"DATABASE_URL": postgres.url(database), "DRAIN_SECONDS": "20"}) as backend:
        person = backend.is_ready().sign_up()
        assert "connection" not in backend.client.get("/health").headers
        backend.process.terminate()
        eventually(lambda: backend.status("/ready") == 503, "not ready")
        assert backend.client.get("/ready").json() == {"status": "stopping", "database": "connected"}
        response = person.ask("POST", "/tasks", json={"title": "late"})
        assert (response.status_code, response.headers["connection"]) == (201, "close")
        # A second signal makes an end of it.
        stopped = backend.stop()
        assert stopped.exit_code == 0
        assert stopped.seconds < 15, "and not after the drain"


def test_what_is_in_flight_is_finished(postgres: PostgresServer, database: str) -> None:
    with Backend({"DATABASE_URL": postgres.url(database)}) as backend:
        person = backend.is_ready().sign_up()

        async def stop_meanwhile() -> httpx.Response:
            blocker = await postgres.connect(database)
            transaction = blocker.transaction()
            await transaction.start()
            await blocker.execute("LOCK TABLE tasks")
            request = asyncio.create_task(asyncio.to_thread(person.ask, "POST", "/tasks", json={"title": "in flight"}))
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            while not await blocker.fetchval(waiting):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            backend.process.terminate()
            while "Waiting for connections to close" not in backend.stdout:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            await transaction.rollback()
            await blocker.close()
            return await request

        assert asyncio.run(stop_meanwhile()).status_code == 201
        assert backend.process.wait(60) == 0
        assert postgres.query(database, "SELECT title FROM tasks") == [("in flight",)]


def test_a_process_without_a_database_stops_as_well(postgres: PostgresServer) -> None:
    with Backend({"DATABASE_URL": "postgresql://u:p@127.0.0.1:1/d"}) as backend:
        backend.is_ready(status=503)
        assert backend.stop().exit_code == 0
