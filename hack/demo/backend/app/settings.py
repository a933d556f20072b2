"""What the environment says, under the names of all five contracts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from app.database_url import DatabaseURL
from app.provider import Provider

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
# Only these: the key is a shared secret.
ALGORITHMS = ("HS256", "HS384", "HS512")
# What seed 001 asks for. Its own smoke test has 30, so a shorter key is said, not refused.
RECOMMENDED_KEY_LENGTH = 32


class ConfigurationError(Exception):
    """A variable is missing or wrong. The message names the variable and the rule, never the value of a secret."""


@dataclass(frozen=True)
class Settings:
    """The environment, checked."""

    database: DatabaseURL
    signing_key: str = field(repr=False)
    algorithm: str
    token_lifetime: timedelta
    origins: tuple[str, ...]
    provider: Provider | None
    agent_name: str
    agent_instructions: str
    max_tokens: int
    temperature: float
    environment: str
    log_level: str
    port: int
    workers: int
    migrates_on_start: bool
    drain: timedelta

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Reads and checks every variable; the first that is wrong is an error."""
        read = Reader(environment)
        try:
            database = DatabaseURL.parse(read.required("DATABASE_URL"))
        except ValueError as error:
            raise ConfigurationError(f"DATABASE_URL: {error}") from None
        return cls(
            database=database,
            # Seed 004 calls it JWT_SECRET, all others BETTER_AUTH_SECRET.
            signing_key=read.required("BETTER_AUTH_SECRET", "JWT_SECRET"),
            algorithm=read.one_of("JWT_ALGORITHM", ALGORITHMS, "HS256"),
            token_lifetime=timedelta(days=read.whole("JWT_EXPIRATION_DAYS", 7, 1, 3650)),
            origins=read.origins("FRONTEND_URL", "CORS_ORIGINS"),
            provider=Provider.chosen(environment),
            agent_name=read.text("AGENT_NAME", "TodoAssistant"),
            agent_instructions=read.text("AGENT_INSTRUCTIONS", ""),
            max_tokens=read.whole("MAX_TOKENS", 2000, 1, 1_000_000),
            temperature=read.number("TEMPERATURE", 0.7, 0, 2),
            environment=read.text("ENVIRONMENT", "production"),
            log_level=read.one_of("LOG_LEVEL", LOG_LEVELS, "INFO"),
            port=read.whole("PORT", 8000, 1, 65535),
            workers=read.whole("WORKERS", 1, 1, 64),
            migrates_on_start=read.one_of("MIGRATE_ON_START", ("TRUE", "FALSE"), "TRUE") == "TRUE",
            # How long the pod is still sent requests after it was told to stop: endpoints take a moment to follow.
            drain=timedelta(seconds=read.number("DRAIN_SECONDS", 5, 0, 20)),
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be written anywhere."""
        key = (self.provider.key,) if self.provider else ()
        return (self.signing_key, self.database.password, *key)

    @property
    def remarks(self) -> list[str]:
        """What is allowed, but should be known."""
        if len(self.signing_key) < RECOMMENDED_KEY_LENGTH:
            return [f"the signing key is shorter than {RECOMMENDED_KEY_LENGTH} characters"]
        return []


@dataclass(frozen=True)
class Reader:
    """Reads variables; one that is empty is as one that is not set."""

    environment: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        return self.environment.get(name) or default

    def required(self, *names: str) -> str:
        for name in names:
            if value := self.environment.get(name):
                return value
        raise ConfigurationError(f"{' or '.join(names)} must be set")

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default).upper()
        if value not in allowed:
            raise ConfigurationError(f"{name} must be one of {', '.join(allowed)}")
        return value

    def whole(self, name: str, default: int, smallest: int, largest: int) -> int:
        try:
            value = int(self.text(name, str(default)))
        except ValueError:
            value = smallest - 1
        if not smallest <= value <= largest:
            raise ConfigurationError(f"{name} must be a whole number from {smallest} to {largest}")
        return value

    def number(self, name: str, default: float, smallest: float, largest: float) -> float:
        try:
            value = float(self.text(name, str(default)))
        except ValueError:
            value = smallest - 1
        # A NaN is in no range.
        if not smallest <= value <= largest:
            raise ConfigurationError(f"{name} must be a number from {smallest} to {largest}")
        return value

    def origins(self, *names: str) -> tuple[str, ...]:
        """The origins that browsers may call from: scheme, host and port of each URL, separated by commas."""
        found = []
        for name in names:
            for url in filter(None, (part.strip() for part in self.text(name, "").split(","))):
                parts = urlsplit(url)
                if url != "*" and (parts.scheme not in ("http", "https") or not parts.netloc):
                    raise ConfigurationError(f"{name} must be URLs as http://HOST, separated by commas")
                found.append(url if url == "*" else f"{parts.scheme}://{parts.netloc}")
        return tuple(dict.fromkeys(found))
