"""Carries out what a chat message asks for, and says so."""

from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from app.command import Add, Command, Complete, Delete, Help, Show
from app.task_store import Task, TaskContent, TaskStore

# How many tasks are looked through and told of.
LOOKED_THROUGH, TOLD = 500, 20
HELP = "You can say: add buy milk · show my tasks · complete buy milk · delete buy milk."


@dataclass(frozen=True)
class Reply:
    """What is said, and whether the list of tasks is another one now."""

    text: str
    changed: bool = False


async def carry_out(command: Command | None, tasks: TaskStore) -> Reply:
    match command:
        case Add(title):
            return await add(title, tasks)
        case Show():
            return Reply(told(await tasks.newest(LOOKED_THROUGH)))
        case Complete(which):
            return await complete(which, tasks)
        case Delete(which):
            return await delete(which, tasks)
        case Help():
            return Reply(f"Hello! {HELP}")
        case None:
            return Reply(f"I did not understand that. {HELP}")


async def add(title: str, tasks: TaskStore) -> Reply:
    try:
        content = TypeAdapter(TaskContent).validate_python({"title": title})
    except ValidationError:
        return Reply("A task needs a title of 1 to 200 characters.")
    task = await tasks.add(content)
    return Reply(f"Added “{task.title}”.", changed=True)


async def complete(which: str, tasks: TaskStore) -> Reply:
    match await meant(which, tasks):
        case Reply() as reply:
            return reply
        case task if task.completed:
            return Reply(f"“{task.title}” is done already.")
        case task:
            await tasks.toggle(task.id)
            return Reply(f"Done: “{task.title}”.", changed=True)


async def delete(which: str, tasks: TaskStore) -> Reply:
    match await meant(which, tasks):
        case Reply() as reply:
            return reply
        case task:
            await tasks.remove(task.id)
            return Reply(f"Deleted “{task.title}”.", changed=True)


async def meant(which: str, tasks: TaskStore) -> Task | Reply:
    """The one task with this title, or else the one with these words in its title."""
    wanted = which.casefold()
    known = await tasks.newest(LOOKED_THROUGH)
    found = [task for task in known if task.title.casefold() == wanted]
    found = found or [task for task in known if wanted in task.title.casefold()]
    if len(found) == 1:
        return found[0]
    if not found:
        return Reply(f"There is no task like “{which}”.")
    return Reply(f"Which one do you mean?\n{lines(found)}")


def told(tasks: list[Task]) -> str:
    if not tasks:
        return "You have no tasks."
    remaining = sum(not task.completed for task in tasks)
    return f"You have {remaining} open of {len(tasks)}:\n{lines(tasks)}"


def lines(tasks: list[Task]) -> str:
    shown = [f"{'✓' if task.completed else '•'} {task.title}" for task in tasks[:TOLD]]
    if len(tasks) > TOLD:
        shown.append(f"… and {len(tasks) - TOLD} more")
    return "\n".join(shown)
