"""The app: parts, routes, middleware, and what happens at its start and its end."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

from app import VERSION, accounts, chat, tasks
from app.body_limit import BodyLimit
from app.database import Database, DatabaseUnavailableError
from app.drain import CloseWhileDraining, Drain
from app.health import health_router
from app.language_model import LanguageModel
from app.passwords import Passwords
from app.services import Services
from app.settings import Settings
from app.tokens import Tokens

log = logging.getLogger(__name__)


def create_app(settings: Settings, *, health_asks_database: bool = False) -> FastAPI:
    """An app by these settings, which begins to connect when it is started."""
    drain = Drain(settings.drain)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        log.info("todo-backend %s, %s, chat by %s", VERSION, settings.environment, chat_by(settings))
        for remark in settings.remarks:
            log.warning(remark)
        async with httpx.AsyncClient() as client:
            app.state.services = services = make_services(settings, drain, client)
            services.database.open()
            drain.listen()
            yield
            await services.database.close()

    app = FastAPI(title="Todo backend", version=VERSION, lifespan=lifespan)
    app.include_router(health_router(asks_database=health_asks_database))
    api = APIRouter()
    for module in (accounts, tasks, chat):
        api.include_router(module.router)
    app.include_router(api, prefix="/api")
    # Seed 001 lists its paths without a version, and says that versions are in the path: this is version 1.
    app.include_router(api, prefix="/api/v1", include_in_schema=False)

    app.add_middleware(BodyLimit)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.origins,
        allow_methods=["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"],
        allow_headers=["Authorization", "Content-Type"],
    )
    app.add_middleware(CloseWhileDraining, drain=drain)
    app.add_exception_handler(DatabaseUnavailableError, database_unavailable)
    app.add_exception_handler(RequestValidationError, invalid_request)
    return app


def make_services(settings: Settings, drain: Drain, client: httpx.AsyncClient) -> Services:
    model = None
    if settings.provider:
        model = LanguageModel(
            settings.provider,
            client,
            settings.agent_name,
            settings.agent_instructions,
            settings.max_tokens,
            settings.temperature,
        )
    return Services(
        database=Database(settings.database, migrates=settings.migrates_on_start),
        drain=drain,
        passwords=Passwords(),
        tokens=Tokens(settings.signing_key, settings.algorithm, settings.token_lifetime),
        model=model,
    )


def chat_by(settings: Settings) -> str:
    return f"rule and {settings.provider.name}" if settings.provider else "rule"


async def database_unavailable(request: Request, error: Exception) -> JSONResponse:
    log.error("Database connection failed: %s", error)
    return JSONResponse({"detail": "the database cannot be reached"}, 503, {"Retry-After": "2"})


async def invalid_request(request: Request, error: Exception) -> JSONResponse:
    """FastAPI's answer without what was sent: it may be a password."""
    details = error.errors() if isinstance(error, RequestValidationError) else []
    return JSONResponse({"detail": [{key: detail[key] for key in ("type", "loc", "msg")} for detail in details]}, 422)
