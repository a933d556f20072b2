"""A language model that answers what no rule does."""

import logging
from dataclasses import dataclass
from typing import Any

import httpx

from app.provider import Provider

# Seconds: an answer is expected within 5, and one that takes longer than this will not be waited for (seed 001).
TIMEOUT = httpx.Timeout(8, connect=3)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LanguageModel:
    """One provider's model, asked in the form that they all understand."""

    provider: Provider
    client: httpx.AsyncClient
    name: str
    instructions: str
    max_tokens: int
    temperature: float

    async def answer(self, messages: list[dict[str, str]], tasks: str) -> str | None:
        """None where the provider does not answer; the log says why."""
        system = f"You are {self.name}, the assistant of a todo list. {self.instructions}\n{tasks}"
        try:
            response = await self.client.post(
                self.provider.url,
                headers={"Authorization": f"Bearer {self.provider.key}"},
                json={
                    "model": self.provider.model,
                    "messages": [{"role": "system", "content": system}, *messages],
                    "max_tokens": self.max_tokens,
                    "temperature": self.temperature,
                },
                timeout=TIMEOUT,
            )
            response.raise_for_status()
            return text_of(response.json())
        except httpx.HTTPStatusError as error:
            log.warning("%s answered %d", self.provider.name, error.response.status_code)
        except httpx.HTTPError as error:
            log.warning("%s did not answer: %s", self.provider.name, type(error).__name__)
        except (ValueError, LookupError, TypeError):
            log.warning("%s answered something else than a message", self.provider.name)
        return None


def text_of(answer: Any) -> str | None:
    text = answer["choices"][0]["message"]["content"]
    # PostgreSQL stores no NUL.
    return text.replace("\0", "").strip() or None if isinstance(text, str) else None
