"""What a chat message asks for, told by rule."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Add:
    title: str


@dataclass(frozen=True)
class Show:
    pass


@dataclass(frozen=True)
class Complete:
    which: str


@dataclass(frozen=True)
class Delete:
    which: str


@dataclass(frozen=True)
class Help:
    pass


Command = Add | Show | Complete | Delete | Help

VERBS: dict[str, type[Add | Complete | Delete]] = {
    **dict.fromkeys(("add", "create", "remember", "remind me"), Add),
    **dict.fromkeys(("complete", "finish", "check off", "tick off", "mark"), Complete),
    **dict.fromkeys(("delete", "remove", "drop"), Delete),
}
VERB = "|".join(map(re.escape, VERBS))
# "add a task to buy milk", "delete the task buy milk", "add buy milk" all mean: buy milk.
ORDER = re.compile(
    rf"""
    (?:please\ +)?
    (?P<verb> {VERB} ) \ +
    (?:to\ +)?
    (?: (?:(?:a|the|my)\ +)? (?:new\ +)? (?:task|todo|to-do) \b :? \ * (?:(?:to|called|named)\ +)? )?
    (?P<rest> .+ )
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
# What may follow a task that is to be completed.
DONE = re.compile(r" +(?:as +)?(?:done|complete|completed)$", re.IGNORECASE)
SHOW = re.compile(r"(?:please +)?(?:list|show)\b.*|what\b.*\b(?:tasks?|todos?|do)\b.*|(?:my +)?(?:tasks|todos|to-dos)")
HELP = re.compile(r"help|hi|hello|hey")
QUOTES = "\"'\u201c\u201d\u2018\u2019"


def read(message: str) -> Command | None:
    """None where no rule knows what is meant."""
    text = message.strip().rstrip(".!?").strip()
    if order := ORDER.fullmatch(text):
        command = VERBS[order["verb"].lower()]
        rest = DONE.sub("", order["rest"]) if command is Complete else order["rest"]
        return command(rest.strip().strip(QUOTES))
    if SHOW.fullmatch(text.lower()):
        return Show()
    if HELP.fullmatch(text.lower()):
        return Help()
    return None
