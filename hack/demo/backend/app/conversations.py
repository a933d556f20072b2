"""Conversations in the database."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

# How much of what was said a model is told again.
REMEMBERED = 20


@dataclass(frozen=True)
class ConversationStore:
    """The conversations of one user."""

    connection: Any
    user: UUID

    async def begin(self) -> UUID:
        identifier = uuid4()
        await self.connection.execute("INSERT INTO conversations (id, user_id) VALUES ($1, $2)", identifier, self.user)
        return identifier

    async def exists(self, conversation: UUID) -> bool:
        return bool(
            await self.connection.fetchval(
                "SELECT true FROM conversations WHERE id = $1 AND user_id = $2", conversation, self.user
            )
        )

    async def messages(self, conversation: UUID) -> list[dict[str, str]]:
        """The last ones, in the order in which they were said."""
        rows = await self.connection.fetch(
            "SELECT role, content FROM messages WHERE conversation_id = $1 ORDER BY id DESC LIMIT $2",
            conversation,
            REMEMBERED,
        )
        return [dict(row) for row in reversed(rows)]

    async def say(self, conversation: UUID, question: str, reply: str) -> None:
        await self.connection.executemany(
            "INSERT INTO messages (conversation_id, role, content) VALUES ($1, $2, $3)",
            [(conversation, "user", question), (conversation, "assistant", reply)],
        )
