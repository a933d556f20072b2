"""The tasks of a user."""

from typing import Annotated, Any

import asyncpg
from fastapi import APIRouter, HTTPException, Path, Query

from app.accounts import Owner
from app.services import UsesServices
from app.task_store import Task, TaskContent, TaskStore

router = APIRouter(prefix="/{user_id}/tasks", tags=["tasks"])

# PostgreSQL's bigint.
Number = Annotated[int, Path(alias="id", ge=1, le=2**63 - 1)]
LONGEST_LIST = 500
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"description": "there is no such task"}}


class ChangedTask(TaskContent):
    completed: bool | None = None


@router.get("")
async def list_tasks(
    user: Owner,
    services: UsesServices,
    limit: Annotated[int, Query(ge=1, le=LONGEST_LIST)] = LONGEST_LIST,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> list[Task]:
    """Newest first."""
    async with services.database.connection() as connection:
        return await TaskStore(connection, user).newest(limit, offset)


@router.post("", status_code=201)
async def create_task(content: TaskContent, user: Owner, services: UsesServices) -> Task:
    async with services.database.connection() as connection:
        try:
            return await TaskStore(connection, user).add(content)
        except asyncpg.ForeignKeyViolationError:
            # A good token of somebody whose account is gone.
            raise HTTPException(401, "sign in first", {"WWW-Authenticate": "Bearer"}) from None


@router.get("/{id}", responses=NOT_FOUND)
async def get_task(number: Number, user: Owner, services: UsesServices) -> Task:
    async with services.database.connection() as connection:
        return found(await TaskStore(connection, user).find(number))


@router.put("/{id}", responses=NOT_FOUND)
async def update_task(number: Number, content: ChangedTask, user: Owner, services: UsesServices) -> Task:
    async with services.database.connection() as connection:
        return found(await TaskStore(connection, user).change(number, content, content.completed))


@router.delete("/{id}", status_code=204, responses=NOT_FOUND)
async def delete_task(number: Number, user: Owner, services: UsesServices) -> None:
    async with services.database.connection() as connection:
        found(await TaskStore(connection, user).remove(number))


@router.patch("/{id}/complete", responses=NOT_FOUND)
async def toggle_task(number: Number, user: Owner, services: UsesServices) -> Task:
    """An open task is then complete, a complete one open."""
    async with services.database.connection() as connection:
        return found(await TaskStore(connection, user).toggle(number))


def found(task: Task | None) -> Task:
    if task is None:
        raise HTTPException(404, "there is no such task")
    return task
