"""Plan boards as things that are kept: the list, a new one, names, copies, files."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from prospectus.app.options import tracks
from prospectus.app.workspace import KeptBoard, KeptStudent
from prospectus.domain.facts import Completeness
from prospectus.web.asked import AskedLibrary, AskedRendering, AskedWorkspace
from prospectus.web.pages.board import Field, Version, Work
from prospectus.web.rendering import turn_to

_NO_PLAN = "No plan was found that keeps every rule and wish: Repair says why"

router = APIRouter(prefix="/boards", tags=["pages"], include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way through a programme that can be planned: `value` is what its form sends."""

    value: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardsPage:
    """The boards that are kept, and the form of a new one."""

    title: str
    boards: tuple[KeptBoard, ...]
    students: tuple[KeptStudent, ...]
    ways: tuple[Way, ...]
    chosen: str


@router.get("")
def list_boards(
    request: Request,
    workspace: AskedWorkspace,
    library: AskedLibrary,
    rendering: AskedRendering,
    way: str = "",
) -> Response:
    """Show the boards, and the form of a new one."""
    ways = []
    for name in library.ids():
        program = library.named(name)
        if program.completeness is not Completeness.COMPLETE:
            continue
        for track in tracks(program):
            if track.is_complete:
                label = f"{program.name}, {track.name}" if track.name else program.name
                ways.append(Way(value=f"{name}/{track.id or ''}", name=label))
    page = BoardsPage(
        title="Plans",
        boards=workspace.boards.all(),
        students=workspace.students.all(),
        ways=tuple(sorted(ways, key=lambda one: one.name)),
        chosen=way,
    )
    return rendering.page(request, "boards.html", page)


@router.post("")
def new_board(
    request: Request,
    work: Work,
    student: Field,
    way: Field,
    name: Field = "",
    start: Field = "planned",
) -> Response:
    """Keep a new board and show it."""
    program, _, track = way.partition("/")
    kept = work.create(student, program, track, name=name.strip(), is_planned=start == "planned")
    said = "" if kept.cards or start != "planned" else f"?said={quote(_NO_PLAN)}"
    return turn_to(request, f"/boards/{kept.id}{said}")


@router.post("/{board}/rename")
def rename(
    request: Request, work: Work, board: str, version: Version, name: Field = ""
) -> Response:
    """Give a board another name."""
    work.rename(board, version, name.strip())
    return turn_to(request, f"/boards/{board}")


@router.post("/{board}/copy")
def copy(request: Request, work: Work, board: str) -> Response:
    """Keep a copy of a board and show it."""
    kept = work.copy(board)
    return turn_to(request, f"/boards/{kept.id}?said={quote('This is the copy')}")


@router.post("/{board}/delete")
def delete(request: Request, work: Work, board: str, version: Version) -> Response:
    """Remove a board with its history."""
    work.delete(board, version)
    return turn_to(request, f"/boards?said={quote('The plan is deleted')}")


@router.get("/{board}/plan.json")
def plan_file(work: Work, board: str) -> Response:
    """Hand out the plan as the command line reads it."""
    headers = {"content-disposition": 'attachment; filename="plan.json"'}
    return Response(work.document(board), media_type="application/json", headers=headers)
