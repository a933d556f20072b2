"""Requests without pause to two replicas, one of which is stopped meanwhile."""

import asyncio
import time
from collections import Counter

import httpx

from tests.backend import Backend, Person

CLIENTS = 20


class Load:
    """Clients of a Service, which sends nothing more to a replica that is not ready. The first replica is stopped."""

    def __init__(self, replicas: list[Backend], person: Person) -> None:
        self.replicas = replicas
        self.person = person
        self.ready = list(replicas)
        self.answers: Counter[int] = Counter()
        self.errors: list[str] = []
        # When SIGTERM went out, and when the one that stops was seen not to be ready; 0 before.
        self.signalled = self.known = 0.0
        self.of_stopping = 0
        self.ends = False

    async def run(self) -> float:
        """Stops the first replica after a second, and gives the seconds that this took."""
        stopping = self.replicas[0].process
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=CLIENTS * 2)
        # No TLS here, and no certificates to be read for it.
        async with httpx.AsyncClient(timeout=60, limits=limits, verify=False) as client:  # noqa: S501
            tasks = [asyncio.create_task(self.ask(client, number)) for number in range(CLIENTS)]
            tasks.append(asyncio.create_task(self.follow_readiness(client)))
            await asyncio.sleep(1)
            self.signalled = time.monotonic()
            stopping.terminate()
            await asyncio.to_thread(stopping.wait, 60)
            seconds = time.monotonic() - self.signalled
            await asyncio.sleep(0.5)
            self.ends = True
            await asyncio.gather(*tasks)
        return seconds

    async def ask(self, client: httpx.AsyncClient, number: int) -> None:
        headers = {"Authorization": f"Bearer {self.person.token}"}
        while not self.ends:
            number += 1
            replica = self.ready[number % len(self.ready)]
            url = f"{replica.client.base_url}/api/{self.person.id}/tasks"
            asked = time.monotonic()
            try:
                if number % 4:
                    response = await client.get(url, params={"limit": 5}, headers=headers)
                else:
                    response = await client.post(url, json={"title": "x"}, headers=headers)
            except httpx.HTTPError as error:
                self.errors.append(
                    f"{type(error).__name__} at {'the one that stops' if replica is self.replicas[0] else 'the other'},"
                    f" asked {asked - self.signalled:.2f} s and failed {time.monotonic() - self.signalled:.2f} s"
                    f" after SIGTERM, which was known {self.known - self.signalled:.2f} s after it"
                )
            else:
                self.answers[response.status_code] += 1
                self.of_stopping += bool(self.signalled) and replica is self.replicas[0]

    async def follow_readiness(self, client: httpx.AsyncClient) -> None:
        """As kubelet and endpoints do; each question on a connection of its own."""
        while not self.ends:
            are_ready = await asyncio.gather(*(self.is_ready(client, replica) for replica in self.replicas))
            if not are_ready[0] and self.signalled and not self.known:
                self.known = time.monotonic()
            ready = [replica for replica, is_ready in zip(self.replicas, are_ready, strict=True) if is_ready]
            self.ready = ready or self.ready
            await asyncio.sleep(0.1)

    async def is_ready(self, client: httpx.AsyncClient, replica: Backend) -> bool:
        try:
            response = await client.get(f"{replica.client.base_url}/ready", headers={"Connection": "close"}, timeout=3)
        except httpx.HTTPError:
            return False
        return response.status_code == 200
