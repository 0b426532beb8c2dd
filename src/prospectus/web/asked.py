"""What a route is handed of the application: the catalog, the workspace, the day."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import Depends, Request

from prospectus.app.front_work import FrontWork
from prospectus.app.library import Library
from prospectus.app.program_work import Programs
from prospectus.app.student_work import StudentWork
from prospectus.app.workspace import Workspace
from prospectus.web.rendering import Rendering, rendering_of


def _library(request: Request) -> Library:
    found = request.app.state.library
    assert isinstance(found, Library)
    return found


def _workspace(request: Request) -> Workspace:
    found = request.app.state.workspace
    assert isinstance(found, Workspace)
    once = getattr(request.state, "once", "")
    return found.for_form(once) if once else found


def _today(request: Request) -> dt.date:
    found = request.app.state.settings.day()
    assert isinstance(found, dt.date)
    return found


AskedLibrary = Annotated[Library, Depends(_library)]
AskedWorkspace = Annotated[Workspace, Depends(_workspace)]
AskedDay = Annotated[dt.date, Depends(_today)]


def _front(
    request: Request, workspace: AskedWorkspace, library: AskedLibrary, today: AskedDay
) -> FrontWork:
    catalogs = request.app.state.settings.catalogs
    return FrontWork(workspace=workspace, library=library, today=today, catalogs=catalogs)


def _documents(workspace: AskedWorkspace, library: AskedLibrary, today: AskedDay) -> StudentWork:
    return StudentWork(workspace=workspace, library=library, today=today)


def _programs(request: Request) -> Programs:
    found = request.app.state.programs
    assert isinstance(found, Programs)
    return found


AskedFront = Annotated[FrontWork, Depends(_front)]
AskedDocuments = Annotated[StudentWork, Depends(_documents)]
AskedPrograms = Annotated[Programs, Depends(_programs)]
AskedRendering = Annotated[Rendering, Depends(rendering_of)]
