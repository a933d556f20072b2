"""Tasks in the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from app.text import Description, Title


class TaskContent(BaseModel):
    title: Title
    description: Description = ""


class Task(BaseModel):
    id: int
    user_id: UUID
    title: str
    description: str
    completed: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class TaskStore:
    """The tasks of one user; those of others are as if they were not there."""

    connection: Any
    user: UUID

    async def newest(self, limit: int, offset: int = 0) -> list[Task]:
        rows = await self.connection.fetch(
            "SELECT * FROM tasks WHERE user_id = $1 ORDER BY id DESC LIMIT $2 OFFSET $3", self.user, limit, offset
        )
        return [Task(**row) for row in rows]

    async def add(self, content: TaskContent) -> Task:
        row = await self.connection.fetchrow(
            "INSERT INTO tasks (user_id, title, description) VALUES ($1, $2, $3) RETURNING *",
            self.user,
            content.title,
            content.description,
        )
        return Task(**row)

    async def find(self, number: int) -> Task | None:
        return self.one(
            await self.connection.fetchrow("SELECT * FROM tasks WHERE user_id = $1 AND id = $2", self.user, number)
        )

    async def change(self, number: int, content: TaskContent, completed: bool | None) -> Task | None:
        """`completed` stays as it is where it is None."""
        return self.one(
            await self.connection.fetchrow(
                "UPDATE tasks SET title = $3, description = $4, completed = coalesce($5, completed), updated_at = now()"
                " WHERE user_id = $1 AND id = $2 RETURNING *",
                self.user,
                number,
                content.title,
                content.description,
                completed,
            )
        )

    async def toggle(self, number: int) -> Task | None:
        return self.one(
            await self.connection.fetchrow(
                "UPDATE tasks SET completed = NOT completed, updated_at = now()"
                " WHERE user_id = $1 AND id = $2 RETURNING *",
                self.user,
                number,
            )
        )

    async def remove(self, number: int) -> Task | None:
        return self.one(
            await self.connection.fetchrow(
                "DELETE FROM tasks WHERE user_id = $1 AND id = $2 RETURNING *", self.user, number
            )
        )

    @staticmethod
    def one(row: Any) -> Task | None:
        return None if row is None else Task(**row)
