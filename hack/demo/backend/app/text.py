"""Text that people type."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

# What is no character of a line: PostgreSQL stores no NUL, and nobody means the others. Tab and line feed are fine.
CONTROL = {*map(chr, range(32)), "\x7f"} - {"\t", "\n"}


def without_control(text: str) -> str:
    if CONTROL.intersection(text):
        raise ValueError("must have no control characters")
    return text


Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(without_control)
]
Description = Annotated[str, StringConstraints(max_length=2000), AfterValidator(without_control)]
ChatMessage = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(without_control)
]
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        to_lower=True,
        max_length=254,
        pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s.\x00-\x1f]+$",
    ),
]
Password = Annotated[str, StringConstraints(min_length=8, max_length=128)]
PersonName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), AfterValidator(without_control)]
