"""Waiting for what happens elsewhere."""

import socket
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(attempt: Callable[[], T], what: str, within: float = 60) -> T:
    """What the attempt gives as soon as that is true; an error counts as not yet."""
    deadline = time.monotonic() + within
    last: object = None
    while time.monotonic() < deadline:
        try:
            if result := attempt():
                return result
            last = result
        except Exception as error:
            last = error
        time.sleep(0.05)
    raise AssertionError(f"not within {within} s: {what}; at last {last!r}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
