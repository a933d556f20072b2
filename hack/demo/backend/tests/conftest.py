"""What several tests share: the server, and one backend that runs all the time."""

from collections.abc import Iterator

import pytest

from tests.backend import Backend, Person
from tests.postgres import PostgresServer

ORIGIN = "http://todo.example.org"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def database(postgres: PostgresServer) -> str:
    """An empty database."""
    return postgres.new_database()


@pytest.fixture(scope="session")
def backend(postgres: PostgresServer) -> Iterator[Backend]:
    environment = {"DATABASE_URL": postgres.url(postgres.new_database()), "FRONTEND_URL": ORIGIN + "/"}
    with Backend(environment) as backend:
        yield backend.is_ready()


@pytest.fixture
def person(backend: Backend) -> Person:
    """Somebody new for each test."""
    return backend.sign_up()
