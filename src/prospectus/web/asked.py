"""What a route is handed of the application: the catalog, the workspace, the day."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import Depends, Request

from prospectus.app.library import Library
from prospectus.app.workspace import Workspace
from prospectus.web.rendering import Rendering, rendering_of


def _library(request: Request) -> Library:
    found = request.app.state.library
    assert isinstance(found, Library)
    return found


def _workspace(request: Request) -> Workspace:
    found = request.app.state.workspace
    assert isinstance(found, Workspace)
    return found


def _today(request: Request) -> dt.date:
    found = request.app.state.settings.day()
    assert isinstance(found, dt.date)
    return found


AskedLibrary = Annotated[Library, Depends(_library)]
AskedWorkspace = Annotated[Workspace, Depends(_workspace)]
AskedDay = Annotated[dt.date, Depends(_today)]
AskedRendering = Annotated[Rendering, Depends(rendering_of)]
