"""`python -m app` serves with PORT and WORKERS from the environment; `python -m app migrate` only migrates."""

import asyncio
import sys

import uvicorn

from app import migration
from app.main import settings

match sys.argv[1:]:
    case []:
        uvicorn.run(
            "app.main:app",
            # A container is reached from outside.
            host="0.0.0.0",  # noqa: S104
            port=settings.port,
            workers=settings.workers,
            log_level=settings.log_level.lower(),
        )
    case ["migrate"]:
        asyncio.run(migration.upgrade(settings.database))
    case _:
        sys.exit("usage: python -m app [migrate]")
