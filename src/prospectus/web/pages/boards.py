"""Plan boards: a column for each period, a card for each course."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from prospectus.app.board_answers import Repaired, Spot
from prospectus.app.board_work import BoardState, BoardWork
from prospectus.app.options import tracks
from prospectus.app.workspace import KeptBoard, KeptStudent
from prospectus.domain.facts import Completeness
from prospectus.web.asked import AskedDay, AskedLibrary, AskedRendering, AskedWorkspace
from prospectus.web.rendering import Rendering, is_fragment, turn_to

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


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """One board: its state, what repair said last, and the courses that can be added."""

    title: str
    state: BoardState
    repaired: Repaired | None
    courses: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotsPage:
    """Where a card could stand."""

    title: str
    key: str
    spots: tuple[Spot, ...]


def _work(
    request: Request, workspace: AskedWorkspace, library: AskedLibrary, today: AskedDay
) -> BoardWork:
    state = request.app.state
    return BoardWork(
        workspace=workspace,
        library=library,
        apart=state.apart,
        today=today,
        catalogs=state.settings.catalogs,
    )


Work = Annotated[BoardWork, Depends(_work)]
Field = Annotated[str, Form()]
Version = Annotated[int, Form(ge=0)]


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
    return turn_to(request, f"/boards/{kept.id}")


@router.get("/{board}")
def show_board(request: Request, work: Work, rendering: AskedRendering, board: str) -> Response:
    """Show a board."""
    return _shown(request, rendering, work.open(board))


@router.get("/{board}/spots")
def show_spots(
    request: Request, work: Work, rendering: AskedRendering, board: str, card: str
) -> Response:
    """Show where a card could stand."""
    page = SpotsPage(title=f"Where {card} could stand", key=card, spots=work.spots(board, card))
    return rendering.page(request, "spots.html", page, block="spots")


@router.post("/{board}/move")
def move(
    request: Request,
    work: Work,
    rendering: AskedRendering,
    board: str,
    version: Version,
    card: Field,
    period: Field,
) -> Response:
    """Move a card."""
    return _done(request, rendering, work.move(board, version, card, period))


@router.post("/{board}/add")
def add(
    request: Request,
    work: Work,
    rendering: AskedRendering,
    board: str,
    version: Version,
    course: Field,
    period: Field,
) -> Response:
    """Add a card."""
    return _done(request, rendering, work.add(board, version, course, period))


@router.post("/{board}/remove")
def remove(
    request: Request,
    work: Work,
    rendering: AskedRendering,
    board: str,
    version: Version,
    card: Field,
) -> Response:
    """Take a card off."""
    return _done(request, rendering, work.remove(board, version, card))


@router.post("/{board}/pin")
def pin(
    request: Request,
    work: Work,
    rendering: AskedRendering,
    board: str,
    version: Version,
    card: Field,
    pinned: Field = "",
) -> Response:
    """Pin a card, or let it go."""
    state = work.pin(board, version, card, is_pinned=pinned == "yes")
    return _done(request, rendering, state)


@router.post("/{board}/undo")
def undo(
    request: Request, work: Work, rendering: AskedRendering, board: str, version: Version
) -> Response:
    """Take the last action back."""
    return _done(request, rendering, work.undo(board, version))


@router.post("/{board}/redo")
def redo(
    request: Request, work: Work, rendering: AskedRendering, board: str, version: Version
) -> Response:
    """Do again what was taken back."""
    return _done(request, rendering, work.redo(board, version))


@router.post("/{board}/repair")
def repair(
    request: Request, work: Work, rendering: AskedRendering, board: str, version: Version
) -> Response:
    """Mend the board by the planner."""
    state, found = work.repair(board, version)
    return _shown(request, rendering, state, found)


def _done(request: Request, rendering: Rendering, state: BoardState) -> Response:
    """Show the board after an action: in place, or as the page that a form leads to."""
    if is_fragment(request):
        return _shown(request, rendering, state)
    return turn_to(request, f"/boards/{state.kept.id}")


def _shown(
    request: Request, rendering: Rendering, state: BoardState, found: Repaired | None = None
) -> Response:
    on_board = {card.course for card in state.kept.cards}
    courses = tuple(
        (str(code), course.title)
        for code, course in sorted(state.case.resolved.courses.items())
        if str(code) not in on_board and state.case.resolved.runs_of(code)
    )
    page = BoardPage(title=state.kept.name, state=state, repaired=found, courses=courses)
    told = {"said": state.said, "focusCard": state.moved}
    headers = {"HX-Trigger": json.dumps(told)} if is_fragment(request) else {}
    return rendering.page(request, "board.html", page, block="board", headers=headers)
