"""A PostgreSQL server of the tests' own: in a temporary folder, on a free port, with TLS, and not as root."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from tests.waiting import eventually, free_port

# A canary: it needs quoting in a URL, and must be found in no log.
PASSWORD = "canary-database/p@ss%word"
USER = "todo"


class PostgresServer:
    """A server that can be stopped, started again, and frozen."""

    def __init__(self) -> None:
        # initdb refuses root, and wants a user that the machine knows.
        self.runs_as: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        if os.geteuid() != 0:
            self.runs_as = {}
        self.folder = Path(tempfile.mkdtemp(prefix="todo-postgres-"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.databases = 0
        if self.runs_as:
            shutil.chown(self.folder, "nobody", "nogroup")
        self.make()

    def make(self) -> None:
        password_file = self.folder / "password"
        password_file.write_text(PASSWORD)
        password_file.chmod(0o644)
        data = self.folder / "data"
        self.run("initdb", "-D", data, "-U", USER, "-A", "scram-sha-256", "--pwfile", password_file, "-N", "-E", "UTF8")
        key = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        subprocess.run(
            [*key, "-keyout", data / "server.key", "-out", data / "server.crt"],
            check=True,
            capture_output=True,
            **self.runs_as,
        )

    def run(self, name: str, *arguments: object) -> None:
        subprocess.run(
            [program(name), *map(str, arguments)], check=True, capture_output=True, cwd=self.folder, **self.runs_as
        )

    def start(self) -> None:
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "ssl": "on",
            "fsync": "off",
            "max_connections": 200,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [program("postgres"), "-D", self.folder / "data", *options],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self.runs_as,
            )
        eventually(lambda: self.query("postgres", "SELECT 1"), "PostgreSQL answers")

    def stop(self) -> None:
        """At once, as when its machine goes away: clients are told nothing."""
        if self.process:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
            self.process = None

    def freeze(self) -> None:
        """From here on it takes connections and answers nothing."""
        for pid in self.pids():
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        for pid in self.pids():
            os.kill(pid, signal.SIGCONT)

    def pids(self) -> list[int]:
        assert self.process
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *map(int, children)]

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def new_database(self) -> str:
        """The name of an empty one."""
        self.databases += 1
        name = f"todo{self.databases}"
        self.query("postgres", f"CREATE DATABASE {name}")
        return name

    def url(self, database: str, query: str = "", password: str = PASSWORD) -> str:
        return f"postgresql://{USER}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}{query}"

    async def connect(self, database: str) -> Any:
        return await asyncpg.connect(
            host="127.0.0.1", port=self.port, user=USER, password=PASSWORD, database=database, ssl="require"
        )

    def query(self, database: str, sql: str) -> list[tuple[Any, ...]]:
        async def run() -> list[tuple[Any, ...]]:
            connection = await self.connect(database)
            try:
                return [tuple(row) for row in await connection.fetch(sql)]
            finally:
                await connection.close()

        return asyncio.run(run())


def program(name: str) -> str:
    """Debian keeps them out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = str(found[-1]) if found else shutil.which(name)
    assert path, f"PostgreSQL's {name} is not installed"
    return path
