import pytest

from app.command import Add, Command, Complete, Delete, Help, Show, read


@pytest.mark.parametrize(
    ("message", "command"),
    [
        ("add buy milk", Add("buy milk")),
        ("Add a task to buy milk.", Add("buy milk")),
        ("please add a new todo: Buy Milk!", Add("Buy Milk")),
        ("remind me to call Ada", Add("call Ada")),
        ("add the task called \u201cthe end\u201d", Add("the end")),
        ("create tasks for the team", Add("tasks for the team")),
        ("complete buy milk", Complete("buy milk")),
        ("mark buy milk as done", Complete("buy milk")),
        ("finish my task 'buy milk'", Complete("buy milk")),
        ("delete the task buy milk", Delete("buy milk")),
        ("remove milk", Delete("milk")),
        ("show my tasks", Show()),
        ("What do I have to do?", Show()),
        ("list", Show()),
        ("help", Help()),
        ("Hello!", Help()),
        ("what is the capital of France?", None),
        ("address the meeting", None),
        ("add", None),
        ("", None),
    ],
)
def test_a_message_is_read_by_rule(message: str, command: Command | None) -> None:
    assert read(message) == command
