"""Canaries: nothing secret is in what the process writes, whatever goes wrong."""

import pytest

from tests.backend import PASSWORD, SIGNING_KEY, Backend
from tests.postgres import PASSWORD as DATABASE_PASSWORD
from tests.postgres import PostgresServer
from tests.waiting import eventually

pytestmark = pytest.mark.slow

API_KEY = "canary-api-key-of-the-provider"


def test_no_log_line_holds_a_secret(postgres: PostgresServer, database: str) -> None:
    url = postgres.url(database)
    environment = {
        "DATABASE_URL": url,
        "LOG_LEVEL": "DEBUG",
        "GROQ_API_KEY": API_KEY,
        # Nobody listens there.
        "GROQ_BASE_URL": "http://127.0.0.1:1",
    }
    with Backend(environment) as backend:
        person = backend.is_ready().sign_up()
        client, headers = backend.client, {"Authorization": f"Bearer {person.token}"}
        client.post("/api/auth/signin", json={"email": person.email, "password": PASSWORD})
        client.post("/api/auth/signup", json={"email": person.email, "password": PASSWORD})
        client.post("/api/auth/signup", json={"email": "none", "password": PASSWORD})
        client.post("/api/auth/signin", content=f'{{"email": "{person.email}", "password": "{PASSWORD}"')
        client.get(f"/api/{person.id}/tasks?token={person.token}&url={url}")
        assert person.say("what is the capital of France?")["source"] == "rule"
        postgres.query(database, "DROP TABLE tasks; ")
        response = client.get(f"/api/{person.id}/tasks", headers=headers)
        assert (response.status_code, response.text) == (500, "Internal Server Error")
        backend.stop()
        written = backend.stdout + backend.stderr

    assert 'relation "tasks" does not exist' in backend_errors(written)
    assert "GROQ did not answer: ConnectError" in written
    for secret in (PASSWORD, DATABASE_PASSWORD, url, SIGNING_KEY, API_KEY, person.token, person.email):
        assert secret not in written
    assert "canary" not in written


def backend_errors(written: str) -> str:
    return written[written.index("ERROR:") :]


def test_a_database_that_refuses_the_password_does_not_make_it_known(postgres: PostgresServer, database: str) -> None:
    with Backend(
        {"DATABASE_URL": postgres.url(database, password="canary-wrong-one"), "LOG_LEVEL": "DEBUG"}
    ) as backend:
        eventually(lambda: "password authentication failed" in backend.stderr, "the log says why")
        assert backend.status("/ready") == 503
        assert "canary" not in backend.stdout + backend.stderr


def test_errors_go_to_stderr_and_all_else_to_stdout(postgres: PostgresServer, database: str) -> None:
    with Backend({"DATABASE_URL": postgres.url(database)}) as backend:
        backend.is_ready()
        postgres.query(database, "DROP TABLE users CASCADE")
        assert backend.client.post("/api/auth/signin", json={"email": "a@b.cd", "password": "x"}).status_code == 500
        backend.stop()
        assert backend.stderr.startswith("ERROR:    Exception in ASGI application\nTraceback")
        assert "INFO:     127.0.0.1:" in backend.stdout
        assert '"GET /ready HTTP/1.1" 200 OK' in backend.stdout
        assert "ERROR" not in backend.stdout
