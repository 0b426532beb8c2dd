"""The start page: whose documents there are, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from prospectus.app.workspace import KeptBoard, KeptStudent
from prospectus.web.asked import AskedLibrary, AskedRendering, AskedWorkspace

router = APIRouter(tags=["pages"], include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage:
    """What is kept, and how much the catalog holds."""

    title: str
    students: tuple[KeptStudent, ...]
    boards: tuple[KeptBoard, ...]
    n_programs: int


@router.get("/")
def start(
    request: Request, workspace: AskedWorkspace, library: AskedLibrary, rendering: AskedRendering
) -> Response:
    """Show the start page."""
    page = StartPage(
        title="Start",
        students=workspace.students.all(),
        boards=workspace.boards.all()[:6],
        n_programs=len(library.ids()),
    )
    return rendering.page(request, "start.html", page)
