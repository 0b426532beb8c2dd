"""What uvicorn asks for when it starts a worker."""

from __future__ import annotations

from fastapi import FastAPI

from prospectus.web.application import create_app
from prospectus.web.settings import Settings


def app() -> FastAPI:
    """Return the application as the environment says.

    Raises
    ------
    ProspectusError
        For settings, a catalog or a database that cannot be used.
    """
    return create_app(Settings.from_environment())
