"""Where the database is, as DATABASE_URL says it."""

import ssl
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import URL

FORM = "must be postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with ?ssl=require where TLS is wanted"
MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
# Seconds that connecting may take (seed 001).
CONNECTION_TIMEOUT = 30


@dataclass(frozen=True)
class DatabaseURL:
    """The parts of a DATABASE_URL."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    name: str
    mode: str

    @classmethod
    def parse(cls, text: str) -> "DatabaseURL":
        """Raises a ValueError whose message holds nothing of the text: it contains a password."""
        try:
            parts = urlsplit(text)
            host, port = parts.hostname, parts.port or 5432
            query = parse_qs(parts.query)
        except ValueError:
            raise ValueError(FORM) from None
        # A driver may be named, as in postgresql+asyncpg; this app has its own.
        if parts.scheme.split("+")[0] not in ("postgresql", "postgres") or not host or not parts.username:
            raise ValueError(FORM)
        # `ssl` is seed 001's name for it, `sslmode` is libpq's. What else poolers and providers append is not ours.
        mode = (query.get("ssl") or query.get("sslmode") or ["prefer"])[-1]
        mode = {"true": "require", "false": "disable"}.get(mode, mode)
        if mode not in MODES:
            raise ValueError(f"ssl must be one of {', '.join(MODES)}")
        user = unquote(parts.username)
        return cls(host, port, user, unquote(parts.password or ""), unquote(parts.path[1:]) or user, mode)

    @property
    def ssl(self) -> ssl.SSLContext | str | bool:
        """What asyncpg wants to be told: a context where TLS is a must, so that it looks for no files in a home."""
        if self.mode == "disable":
            return False
        if self.mode in ("allow", "prefer"):
            return self.mode
        context = ssl.create_default_context()
        # `require` asks for encryption alone, `verify-ca` for a certificate that the machine trusts, whoever shows it.
        context.check_hostname = self.mode == "verify-full"
        if self.mode == "require":
            context.verify_mode = ssl.CERT_NONE
        return context

    def connect_arguments(self) -> dict[str, Any]:
        """For asyncpg."""
        return {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "database": self.name,
            "ssl": self.ssl,
            "timeout": CONNECTION_TIMEOUT,
            "server_settings": {"application_name": "todo-backend"},
        }

    def for_sqlalchemy(self) -> URL:
        """For the migrations; TLS goes with the connection's arguments."""
        return URL.create("postgresql+asyncpg", self.user, self.password, self.host, self.port, self.name)
