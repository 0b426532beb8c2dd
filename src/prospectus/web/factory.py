"""What uvicorn asks for when it starts a worker."""

from __future__ import annotations

import gc

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
    made = create_app(Settings.from_environment())
    # the catalog stays as long as the process: looking through it for garbage, again and again,
    # would hold up a request for a sixth of a second each time
    gc.collect()
    gc.freeze()
    return made
