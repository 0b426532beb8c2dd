"""Plan boards as things that are kept: the list, a new one, names, copies, files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from prospectus.app.board_answers import BoardView, Repaired
from prospectus.app.compare_work import CompareWork, Comparison, Otherwise
from prospectus.app.program_names import way_name, ways
from prospectus.app.workspace import KeptBoard, KeptStudent
from prospectus.domain.errors import InternalError, ProspectusError
from prospectus.web.asked import AskedDay, AskedLibrary, AskedRendering, AskedWorkspace
from prospectus.web.pages.board import Field, Fields, Version, Work, changes_in
from prospectus.web.rendering import frame_of, turn_to

router = APIRouter(prefix="/boards", tags=["pages"], include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardsPage:
    """The boards that are kept, and the form of a new one.

    `boards` come with whose they are and of which programme and track. `ways` are what the form
    offers, by what it sends; `chosen` is one of them or "". `compared` is what was supposed where
    the plan was asked for, None for what the details say.
    """

    title: str
    boards: tuple[tuple[KeptBoard, str, str], ...]
    students: tuple[KeptStudent, ...]
    ways: tuple[tuple[str, str], ...]
    chosen: str
    student: str
    compared: Comparison | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandsPage:
    """Whether one board holds, its end and its cost; `view` None: it cannot be checked."""

    title: str
    kept: KeptBoard
    view: BoardView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPlanPage:
    """Why there is no plan for a new board, which is not kept, and the ways out."""

    title: str
    student: KeptStudent
    way: str
    way_name: str
    name: str
    found: Repaired


@router.get("")
def list_boards(
    request: Request,
    workspace: AskedWorkspace,
    library: AskedLibrary,
    rendering: AskedRendering,
    today: AskedDay,
    otherwise: Annotated[Otherwise, Depends()],
    way: str = "",
    student: str = "",
) -> Response:
    """Show the boards, and the form of a new one, for whom it was asked."""
    offered = ways(library)
    compared = None
    if student:
        # whose pages the navigation links to
        request.state.student = student
        work = CompareWork(workspace=workspace, today=today)
        found = work.read(student, otherwise)
        compared = None if found.otherwise.is_nothing or found.faults else found
    people = workspace.students.all()
    if not frame_of(request).student and len(people) == 1:
        request.state.student = people[0].id
    names = {one.id: one.name for one in people}
    page = BoardsPage(
        title="Plans",
        boards=tuple(
            (one, names.get(one.student_id, ""), way_name(library, one.program, one.track))
            for one in workspace.boards.all()
        ),
        students=people,
        ways=offered,
        chosen=way if way in dict(offered) else "",
        student=student or frame_of(request).student,
        compared=compared,
    )
    return rendering.page(request, "boards.html", page)


@router.post("")
def new_board(
    request: Request,
    work: Work,
    rendering: AskedRendering,
    student: Field,
    way: Field,
    name: Field = "",
    start: Field = "planned",
    document: Annotated[int, Form(ge=0)] = 0,
    change: Fields = (),
) -> Response:
    """Keep a new board and show it; where no plan exists, say why and what would make one."""
    program, _, track = way.partition("/")
    name = name.strip()
    if start != "planned":
        kept = work.create(student, program, track, name=name, is_planned=False)
        return turn_to(request, f"/boards/{kept.id}")
    work.change_details(student, document, changes_in(change))
    made = work.begin(student, program, track, name=name)
    if isinstance(made, KeptBoard):
        said = "Your details were changed, and this is the plan with them" if change else ""
        return turn_to(request, f"/boards/{made.id}", said=said)
    request.state.student = student
    page = NoPlanPage(
        title="No plan",
        student=work.workspace.students.get(student),
        way=way,
        way_name=way_name(work.library, program, track),
        name=name,
        found=made,
    )
    return rendering.page(request, "board_none.html", page)


@router.get("/{board}/stands")
def show_stands(request: Request, work: Work, rendering: AskedRendering, board: str) -> Response:
    """Tell of a board in the list whether it holds; it is checked, and nothing is solved."""
    kept = work.workspace.boards.get(board)
    request.state.student = kept.student_id
    try:
        view = work.open(board).view
    except InternalError:
        raise
    except ProspectusError:
        # the page of the board says what is in the way
        view = None
    page = StandsPage(title=kept.name, kept=kept, view=view)
    return rendering.page(request, "board_stands.html", page, block="stands")


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
    return turn_to(request, f"/boards/{kept.id}", said="This is the copy")


@router.post("/{board}/delete")
def delete(request: Request, work: Work, board: str, version: Version) -> Response:
    """Remove a board with its history."""
    work.delete(board, version)
    return turn_to(request, "/boards", said="The plan is deleted")


@router.get("/{board}/plan.json")
def plan_file(work: Work, board: str) -> Response:
    """Hand out the plan as the command line reads it."""
    headers = {"content-disposition": 'attachment; filename="plan.json"'}
    return Response(work.document(board), media_type="application/json", headers=headers)
