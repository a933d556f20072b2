"""From SIGTERM to the end, without losing a request.

Readiness turns to 503 at once; requests go on being served for a while, each with `Connection: close`, so that nobody
keeps a connection that is about to end; then the socket is closed, and what is in flight is finished.
"""

import asyncio
import logging
import signal
from datetime import timedelta

import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Seconds from SIGTERM until what is still in flight is given up, before the 30 s at which SIGKILL comes.
LIMIT = 28

log = logging.getLogger(__name__)


class Drain:
    """Whether the process is on its way out."""

    def __init__(self, length: timedelta) -> None:
        self.length = length
        self.has_begun = False

    def listen(self) -> None:
        """Takes SIGTERM over from the uvicorn server that runs this app; under another server nothing changes."""
        server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
        if isinstance(server, uvicorn.Server):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.begin, server)

    def begin(self, server: uvicorn.Server) -> None:
        """The first call begins, a second one makes an end of it.

        uvicorn is told by its flags and not by the signal, which it would raise once more at the end: the process
        would die of it, where the contracts want exit code 0.
        """
        if self.has_begun:
            server.should_exit = True
            return
        self.has_begun = True
        log.info("Stopping: not ready from now on, no new connections in %g s", self.length.total_seconds())
        loop = asyncio.get_running_loop()
        loop.call_later(self.length.total_seconds(), setattr, server, "should_exit", True)
        loop.call_later(LIMIT, setattr, server, "force_exit", True)


class CloseWhileDraining:
    """Middleware that ends each connection with its next answer."""

    def __init__(self, app: ASGIApp, drain: Drain) -> None:
        self.app = app
        self.drain = drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_and_close(message: Message) -> None:
            if message["type"] == "http.response.start" and self.drain.has_begun:
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        await self.app(scope, receive, send_and_close if scope["type"] == "http" else send)
