"""The backend as a process of its own."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from tests.waiting import eventually, free_port

ROOT = Path(__file__).parent.parent
SIGNING_KEY = "canary-signing-key-of-more-than-32-characters"
PASSWORD = "canary-user-password"


@dataclass(frozen=True)
class Stopped:
    """How a process ended."""

    exit_code: int
    seconds: float


class Backend:
    """Runs until it is stopped; what it writes is kept."""

    def __init__(
        self,
        environment: dict[str, str],
        *,
        entry: str = "app.main:app",
        module: str = "uvicorn",
        arguments: list[str] | None = None,
        wrapper: list[str] | None = None,
        port: int | None = None,
    ) -> None:
        self.port = port or free_port()
        self.folder = tempfile.TemporaryDirectory(prefix="todo-backend-")
        if module == "uvicorn":
            arguments = [entry, "--host", "127.0.0.1", "--port", str(self.port)]
        # Nothing of this process's environment that the app would read; a short drain, or every test waits for it.
        clean = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        defaults = {"BETTER_AUTH_SECRET": SIGNING_KEY, "DRAIN_SECONDS": "0", "PORT": str(self.port)}
        with self.file("stdout").open("wb") as out, self.file("stderr").open("wb") as err:
            self.process = subprocess.Popen(
                [*(wrapper or [sys.executable]), "-m", module, *(arguments or [])],
                cwd=ROOT,
                env=clean | defaults | environment,
                stdout=out,
                stderr=err,
            )
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)

    def __enter__(self) -> "Backend":
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    def end(self) -> None:
        """At once, as by SIGKILL."""
        self.client.close()
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()

    def file(self, name: str) -> Path:
        return Path(self.folder.name) / name

    @property
    def stdout(self) -> str:
        return self.file("stdout").read_text()

    @property
    def stderr(self) -> str:
        return self.file("stderr").read_text()

    def status(self, path: str) -> int:
        return self.client.get(path).status_code

    def is_ready(self, status: int = 200) -> "Backend":
        eventually(lambda: self.status("/ready") == status, f"/ready answers {status}")
        return self

    def stop(self) -> Stopped:
        started = time.monotonic()
        self.process.terminate()
        return Stopped(self.process.wait(40), time.monotonic() - started)

    def sign_up(self) -> "Person":
        return Person.new(self.client)


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in."""

    client: httpx.Client
    id: str
    email: str
    token: str

    @classmethod
    def new(cls, client: httpx.Client) -> "Person":
        """Somebody new."""
        email = f"{uuid4()}@example.org"
        response = client.post("/api/auth/signup", json={"email": email, "password": PASSWORD, "name": "Ada"})
        assert response.status_code == 201, response.text
        body = response.json()
        return cls(client, body["user"]["id"], email, body["token"])

    def ask(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        return self.client.request(
            method, f"/api/{self.id}{path}", headers={"Authorization": f"Bearer {self.token}"}, **arguments
        )

    def add(self, title: str) -> dict[str, Any]:
        response = self.ask("POST", "/tasks", json={"title": title})
        assert response.status_code == 201, response.text
        task: dict[str, Any] = response.json()
        return task

    def titles(self) -> list[str]:
        return [task["title"] for task in self.ask("GET", "/tasks").json()]

    def say(self, message: str, conversation: str | None = None) -> dict[str, Any]:
        response = self.ask("POST", "/chat", json={"message": message, "conversation_id": conversation})
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer
