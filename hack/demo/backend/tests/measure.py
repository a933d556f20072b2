"""`python -m tests.measure [URL]`: seed 001's figures, measured with wrk at one replica of one worker, as a table.

Without a URL the backend is started here, and its start and its stop are measured too; then everything runs on this one
machine: wrk, the backend and PostgreSQL share its processors.
"""

import asyncio
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.backend import Backend, Person
from tests.load import Load
from tests.postgres import PostgresServer

# Requests at a time that seed 001 names, and seconds for each path.
CONCURRENCY = 50
SECONDS = 5
TASKS = 20


@dataclass(frozen=True)
class Row:
    """What is asked for, and milliseconds that seed 001 allows for half, 95 and 99 of a hundred answers."""

    name: str
    method: str
    path: str
    allowed: tuple[int, int, int]
    body: str = ""


ROWS = [
    Row("`GET /health`", "GET", "/health", (50, 100, 200)),
    Row("`GET /ready`", "GET", "/ready", (200, 500, 1000)),
    Row(f"`GET /api/…/tasks`, {TASKS} tasks", "GET", "/tasks?limit=20", (200, 500, 1000)),
    Row("`POST /api/…/tasks`", "POST", "/tasks", (300, 700, 1500), '{"title": "measured"}'),
    Row("`POST /api/…/chat`, by rule", "POST", "/chat", (2000, 5000, 10000), '{"message": "help"}'),
]


def measure() -> None:
    postgres = PostgresServer()
    try:
        postgres.start()
        # What a container has: the default five seconds of drain, and access lines, to a file.
        environment = {"DATABASE_URL": postgres.url(postgres.new_database(), "?ssl=require"), "DRAIN_SECONDS": "5"}
        started = time.monotonic()
        with Backend(environment) as backend, Backend(environment) as second:
            backend.is_ready()
            start_up = time.monotonic() - started
            person = backend.sign_up()
            print(f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
            print_table(person)
            memory = resident(backend)
            load = Load([backend, second.is_ready()], person)
            stopped = asyncio.run(load.run())
            print(f"\n- ready {start_up:.1f} s after its start, with two replicas starting (seed 001: 30 s)")
            print(f"- {memory:.0f} MiB resident after all this (seed 001: 128 MiB at least, 256 MiB recommended)")
            print(
                f"- stopped under load in {stopped:.1f} s (seed 001: 30 s): exit code {backend.process.returncode},"
                f" {load.of_stopping} requests served after SIGTERM, {len(load.errors)} of {load.answers.total()} lost"
            )
            print("".join(f"  - {error}\n" for error in load.errors), end="")
    finally:
        postgres.remove()


def measure_at(url: str) -> None:
    with httpx.Client(base_url=url, timeout=60) as client:
        print_table(Person.new(client))


def print_table(person: Person) -> None:
    for number in range(TASKS):
        person.add(f"task {number}")
    print("| | requests/s | p50 | p95 | p99 | seed 001: p50, p95, p99 | |")
    print("|---|---|---|---|---|---|---|")
    for row in ROWS:
        print(line(row, person), flush=True)


def line(row: Row, person: Person) -> str:
    script = Path(__file__).with_suffix(".lua")
    path = row.path if row.path in ("/health", "/ready") else f"/api/{person.id}{row.path}"
    run = subprocess.run(
        [
            "wrk",
            "-t1",
            f"-c{CONCURRENCY}",
            f"-d{SECONDS}s",
            "-s",
            script,
            f"{person.client.base_url}{path}",
        ],
        env=os.environ | {"METHOD": row.method, "BODY": row.body, "TOKEN": person.token},
        check=True,
        capture_output=True,
        text=True,
    )
    result = json.loads(run.stdout.splitlines()[-1])
    measured = [result["p50"], result["p95"], result["p99"]]
    met = all(value < allowed for value, allowed in zip(measured, row.allowed, strict=True))
    good = met and result["lost"] == result["refused"] == 0
    figures = " | ".join(f"{value:.0f} ms" for value in measured)
    allowed = ", ".join(f"{value} ms" for value in row.allowed)
    rate = result["requests"] / result["seconds"]
    return f"| {row.name} | {rate:.0f} | {figures} | {allowed} | {'met' if good else 'MISSED'} |"


def resident(backend: Backend) -> float:
    for text in Path(f"/proc/{backend.process.pid}/status").read_text().splitlines():
        if text.startswith("VmRSS:"):
            return int(text.split()[1]) / 1024
    return 0


if __name__ == "__main__":
    if sys.argv[1:]:
        measure_at(sys.argv[1])
    else:
        measure()
