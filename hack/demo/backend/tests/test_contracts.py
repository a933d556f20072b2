"""Each contract's port, paths, variables and entry command; what a seed does not say is not set."""

from dataclasses import dataclass, field

import pytest

from tests.backend import Backend
from tests.postgres import PostgresServer
from tests.waiting import eventually

pytestmark = pytest.mark.slow

KEY = "a-key-that-is-long-enough-for-everybody"
PROVIDER_KEY = "not-a-real-key"


@dataclass(frozen=True)
class Contract:
    """What a container of this contract is started with and asked for."""

    seed: str
    entry: str
    liveness: str
    readiness: str
    environment: dict[str, str]
    query: str = ""
    answers_without_database: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        return self.seed


CONTRACTS = [
    Contract(
        "openai-000",
        "app.main:app",
        "/health/live",
        "/health/ready",
        {
            "BETTER_AUTH_SECRET": KEY,
            "OPENAI_API_KEY": PROVIDER_KEY,
            "PORT": "8000",
            "LOG_LEVEL": "info",
            "WORKERS": "1",
        },
        answers_without_database={"/health/live"},
    ),
    Contract(
        "groq-001",
        "app.main:app",
        "/health",
        "/ready",
        {
            # Thirty characters: the seed's own smoke test.
            "BETTER_AUTH_SECRET": "test-secret-32-characters-long",
            "GROQ_API_KEY": PROVIDER_KEY,
            "FRONTEND_URL": "http://localhost:3000",
            "LLM_PROVIDER": "GROQ",
            "JWT_ALGORITHM": "HS256",
            "JWT_EXPIRATION_DAYS": "7",
            "GROQ_BASE_URL": "https://api.groq.com",
            "GROQ_MODEL": "openai/gpt-oss-20b",
            "AGENT_NAME": "TodoAssistant",
            "MAX_TOKENS": "2000",
            "TEMPERATURE": "0.7",
            "LOG_LEVEL": "INFO",
        },
        query="?ssl=require",
        answers_without_database={"/health"},
    ),
    Contract(
        "taskflow-002",
        "main:app",
        "/health",
        "/health",
        {"BETTER_AUTH_SECRET": KEY, "OPENAI_API_KEY": PROVIDER_KEY, "FRONTEND_URL": "http://localhost:3000"},
    ),
    Contract("fastapi-003", "main:app", "/health", "/health", {"BETTER_AUTH_SECRET": KEY}),
    Contract(
        "cohere-004",
        "app.main:app",
        "/health",
        "/health",
        {
            "JWT_SECRET": KEY,
            "COHERE_API_KEY": PROVIDER_KEY,
            "CORS_ORIGINS": "http://a.example",
            "ENVIRONMENT": "development",
        },
        answers_without_database={"/health"},
    ),
]


@pytest.mark.parametrize("contract", CONTRACTS, ids=str)
def test_the_app_starts_and_answers_its_contracts_probes(
    contract: Contract, postgres: PostgresServer, database: str
) -> None:
    environment = {"BETTER_AUTH_SECRET": "", "DATABASE_URL": postgres.url(database, contract.query)}
    with Backend(environment | contract.environment, entry=contract.entry) as backend:
        backend.is_ready()
        assert backend.status(contract.liveness) == backend.status(contract.readiness) == backend.status("/docs") == 200
        person = backend.sign_up()
        person.add("one")
        assert person.say("list")["source"] == "rule"
        assert backend.stop().exit_code == 0
        assert backend.stderr == ""
        for line in (
            "Started server process",
            "Waiting for application startup.",
            "Application startup complete.",
            "Uvicorn running on",
        ):
            assert f"INFO:     {line}" in backend.stdout


@pytest.mark.parametrize("contract", CONTRACTS, ids=str)
def test_without_a_database_only_what_asks_it_says_so(contract: Contract, postgres: PostgresServer) -> None:
    nowhere = "postgresql://todo:canary-password@127.0.0.1:1/todo" + contract.query
    with Backend({"DATABASE_URL": nowhere} | contract.environment, entry=contract.entry) as backend:
        backend.is_ready(status=503)
        for path in {contract.liveness, contract.readiness}:
            assert backend.status(path) == (200 if path in contract.answers_without_database else 503), path


def test_port_and_workers_come_from_the_environment_where_the_command_line_says_nothing(
    postgres: PostgresServer, database: str
) -> None:
    environment = {"DATABASE_URL": postgres.url(database), "WORKERS": "2", "LOG_LEVEL": "debug"}
    with Backend(environment, module="app") as backend:
        backend.is_ready()
        # One worker is ready before the other has begun.
        eventually(lambda: backend.stdout.count("Started server process") == 2, "two workers have started")
        person = backend.sign_up()
        person.add("one")
        assert person.titles() == ["one"]
        assert backend.stop().exit_code == 0


def test_the_schema_can_be_made_beforehand(postgres: PostgresServer, database: str) -> None:
    environment = {"DATABASE_URL": postgres.url(database), "MIGRATE_ON_START": "false"}
    with Backend(environment, module="app", arguments=["migrate"]) as migration:
        assert migration.process.wait(60) == 0, migration.stderr
    with Backend(environment) as backend:
        assert backend.is_ready().sign_up().titles() == []
        assert "Running upgrade" not in backend.stdout


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        (
            {"DATABASE_URL": "canary-database-url"},
            "configuration: DATABASE_URL: must be postgresql://USER:PASSWORD@HOST",
        ),
        ({"BETTER_AUTH_SECRET": ""}, "configuration: BETTER_AUTH_SECRET or JWT_SECRET must be set"),
        ({"JWT_ALGORITHM": "RS256"}, "configuration: JWT_ALGORITHM must be one of"),
    ],
)
def test_a_process_that_cannot_start_says_why_in_one_line(variables: dict[str, str], message: str) -> None:
    with Backend({"DATABASE_URL": "postgresql://u:canary-password@h/d"} | variables) as backend:
        assert backend.process.wait(60) == 1
        assert backend.stderr.startswith(message)
        assert backend.stderr.count("\n") == 1
        assert "canary" not in backend.stdout + backend.stderr
