"""The application: its settings, what is read once, its routers."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from prospectus.app import compare_work, front_work
from prospectus.app.apart import Apart
from prospectus.app.job_work import JobRunner
from prospectus.app.library import open_library
from prospectus.app.program_work import Programs
from prospectus.app.workspace import Workspace
from prospectus.web import faults
from prospectus.web.api import docs, routes
from prospectus.web.jobs import Closing
from prospectus.web.pages import (
    board,
    boards,
    calendar,
    compare,
    front,
    jobs,
    programmes,
    records,
    start,
    you,
    you_finished,
)
from prospectus.web.rendering import STATIC, Rendering
from prospectus.web.safety import Safety
from prospectus.web.settings import Settings

_PAGES = (
    start,
    calendar,
    front,
    boards,
    board,
    programmes,
    records,
    docs,
    compare,
    jobs,
    you_finished,
    you,
)
_ABOUT = """Everything that the pages do, for programs on the same machine.

Answers come in the envelope that the command line prints with `--json`, and so do faults. Changes
carry the `version` that they were made from: a stale one is refused with 409, and nothing is
overwritten.
"""
_WORKS = {
    compare_work.KIND: compare_work.compare_job,
    front_work.KIND: front_work.front_job,
}
_BETWEEN = 0.05
"""Seconds between two pages that are made ready; requests have their turn meanwhile."""
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
    runner = JobRunner(workspace.jobs, _WORKS)
    closing = Closing()

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        apart.warm()
        runner.start()
        closing.watch()
        over = threading.Event()
        warming = threading.Thread(
            target=application.state.programs.warm,
            args=(settings.day(), lambda: over.wait(_BETWEEN)),
            daemon=True,
        )
        warming.start()
        try:
            yield
        finally:
            over.set()
            warming.join()
            runner.stop()
            apart.close()
            workspace.close()

    application = FastAPI(
        title="Prospectus",
        version="1",
        description=_ABOUT,
        license_info={"name": "Apache-2.0"},
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{routes.ROOT}/openapi.json",
        generate_unique_id_function=lambda route: route.name,
        lifespan=running,
    )
    application.state.settings = settings
    application.state.library = library
    application.state.programs = Programs(library)
    application.state.workspace = workspace
    application.state.apart = apart
    application.state.closing = closing
    application.state.rendering = Rendering()
    faults.install(application)
    for page in _PAGES:
        application.include_router(page.router)
    application.include_router(routes.router)
    application.mount("/static", _Static(directory=STATIC), name="static")
    application.add_middleware(GZipMiddleware, minimum_size=1_000)
    application.add_middleware(Safety, settings=settings)
    return application
