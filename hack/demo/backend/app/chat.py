"""The chat: commands are carried out by rule, everything else is for a language model, where there is one."""

from typing import Literal
from uuid import UUID

import asyncpg
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

from app import assistant, command
from app.accounts import Owner
from app.conversations import ConversationStore
from app.services import UsesServices
from app.task_store import TaskStore
from app.text import ChatMessage

router = APIRouter(prefix="/{user_id}/chat", tags=["chat"])


class Question(BaseModel):
    message: ChatMessage
    # None begins a conversation.
    conversation_id: UUID | None = None


class Answer(BaseModel):
    conversation_id: UUID
    reply: str
    # Who answered.
    source: Literal["rule", "model"]
    # Whether the list of tasks is another one now.
    tasks_changed: bool


@router.post("", responses={404: {"description": "there is no such conversation"}})
async def chat(question: Question, user: Owner, services: UsesServices) -> Answer:
    wanted = command.read(question.message)
    async with services.database.connection() as connection:
        conversations, tasks = ConversationStore(connection, user), TaskStore(connection, user)
        conversation = question.conversation_id
        if conversation is None:
            try:
                conversation = await conversations.begin()
            except asyncpg.ForeignKeyViolationError:
                raise HTTPException(401, "sign in first", {"WWW-Authenticate": "Bearer"}) from None
        elif not await conversations.exists(conversation):
            raise HTTPException(404, "there is no such conversation")
        reply = await assistant.carry_out(wanted, tasks)
        known = assistant.told(await tasks.newest(assistant.TOLD)) if wanted is None else ""
        said = await conversations.messages(conversation) if wanted is None else []

    # No connection is held while a model thinks.
    text = None
    if wanted is None and services.model:
        text = await services.model.answer([*said, {"role": "user", "content": question.message}], known)

    async with services.database.connection() as connection:
        await ConversationStore(connection, user).say(conversation, question.message, text or reply.text)
    return Answer(
        conversation_id=conversation,
        reply=text or reply.text,
        source="model" if text else "rule",
        tasks_changed=reply.changed,
    )
