"""The start page: whose documents there are, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from prospectus.app.workspace import KeptBoard, KeptStudent
from prospectus.web.asked import AskedPrograms, AskedRendering, AskedWorkspace

router = APIRouter(tags=["pages"], include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage:
    """What is kept, and how much the catalog holds; `names` are those of people by their ids."""

    title: str
    students: tuple[KeptStudent, ...]
    boards: tuple[KeptBoard, ...]
    names: dict[str, str]
    n_programs: int
    n_complete: int


@router.get("/")
def start(
    request: Request,
    workspace: AskedWorkspace,
    programs: AskedPrograms,
    rendering: AskedRendering,
) -> Response:
    """Show the start page."""
    students = workspace.students.all()
    page = StartPage(
        title="Start",
        students=students,
        boards=workspace.boards.all()[:6],
        names={one.id: one.name for one in students},
        n_programs=len(programs.lines()),
        n_complete=len(programs.found(only_complete=True)),
    )
    return rendering.page(request, "start.html", page)
