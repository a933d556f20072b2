"""The paths that probes ask."""

from fastapi import APIRouter, Response

from app.services import Services, UsesServices


def health_router(*, asks_database: bool) -> APIRouter:
    """`asks_database` says whether /health speaks for the database too, as seed 002 wants it."""
    router = APIRouter(tags=["health"])

    @router.get("/health", summary="Whether the app is healthy")
    async def health(response: Response, services: UsesServices) -> dict[str, str]:
        if asks_database and not await services.database.answers():
            response.status_code = 503
            return {"status": "unhealthy", "database": "disconnected"}
        return {"status": "healthy"}

    @router.get("/health/live", summary="Whether the process runs")
    async def live() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/ready", summary="Whether requests can be served: the database answers, and no stop has begun")
    @router.get("/health/ready", summary="As /ready")
    async def ready(response: Response, services: UsesServices) -> dict[str, str]:
        body = await readiness(services)
        if body["status"] != "ready":
            response.status_code = 503
        return body

    return router


async def readiness(services: Services) -> dict[str, str]:
    connected = await services.database.answers()
    database = "connected" if connected else "disconnected"
    if services.drain.has_begun:
        return {"status": "stopping", "database": database}
    return {"status": "ready" if connected else "not ready", "database": database}
