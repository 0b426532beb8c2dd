"""The application: its settings, what is read once, its routers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from prospectus.app.apart import Apart
from prospectus.app.library import open_library
from prospectus.app.workspace import Workspace
from prospectus.web import faults
from prospectus.web.pages import boards, records, start
from prospectus.web.rendering import STATIC, Rendering
from prospectus.web.safety import Safety
from prospectus.web.settings import Settings

_A_YEAR = "public, max-age=31536000, immutable"


class _Static(StaticFiles):
    """Our scripts, styles and fonts; the address of a file changes with it."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if b"v=" in scope.get("query_string", b""):
            answer.headers["cache-control"] = _A_YEAR
        return answer


def create_app(settings: Settings) -> FastAPI:
    """Return the application.

    Raises
    ------
    ProspectusError
        For a catalog that cannot be read, or a database that cannot be opened.
    """
    library = open_library(settings.catalogs)
    workspace = Workspace.open(settings.database)
    apart = Apart(settings.catalogs)

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        apart.warm()
        yield
        apart.close()
        workspace.close()

    application = FastAPI(
        title="Prospectus",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=running,
    )
    application.state.settings = settings
    application.state.library = library
    application.state.workspace = workspace
    application.state.apart = apart
    application.state.rendering = Rendering()
    faults.install(application)
    for page in (start, boards, records):
        application.include_router(page.router)
    application.mount("/static", _Static(directory=STATIC), name="static")
    application.add_middleware(GZipMiddleware, minimum_size=1_000)
    application.add_middleware(Safety, settings=settings)
    return application
